# SPDX-License-Identifier: ISC
# Versions: ETag, If-Match, If-None-Match as in RFC 9110.
use Todo;

my $t = Todo->new;
my $u = $t->user;
my $task = $t->task($u, title => 'x');
my $path = "$u->{tasks}/$task->{id}";
my $tag = sub { $t->as($u, GET => $path)->{headers}{etag} };
my $with = sub { my ($method, $tail, $json, @h) = @_;
    $t->as($u, $method => "$path$tail", $json, headers => [ @h ]) };

# --- it is there, and moves -------------------------------------------------
my $first = $tag->();
like($first, qr/^"[^"]+"\z/, 'etag: GET has a strong one');
is($tag->(), $first, 'etag: which stays while nothing is written');
is($t->as($u, HEAD => $path)->{headers}{etag}, $first, 'etag: HEAD has the same');
my $r = $with->(PUT => '', { title => 'y' });
isnt($r->{headers}{etag}, $first, 'etag: PUT moves it');
is($tag->(), $r->{headers}{etag}, 'etag: PUT answers the one GET answers next');
my $second = $r->{headers}{etag};
$r = $with->(PATCH => '/complete');
isnt($r->{headers}{etag}, $second, 'etag: PATCH moves it');
is($tag->(), $r->{headers}{etag}, 'etag: PATCH answers the one GET answers next');
$r = $with->(PUT => '', { title => 'y' });
isnt($r->{headers}{etag}, $second, 'etag: a write of equal values moves it');
my $c = $t->as($u, POST => $u->{tasks}, { title => 'new' });
is($t->as($u, GET => $c->{headers}{location})->{headers}{etag},
    $c->{headers}{etag}, 'etag: POST answers the one GET answers next');
my %seen;
$seen{$with->(PATCH => '/complete')->{headers}{etag}}++ for 1..20;
is(scalar keys %seen, 20, 'etag: twenty writes, twenty versions');

# --- If-None-Match ----------------------------------------------------------
my $now = $tag->();
for my $v ($now, "W/$now", '*', "\"no\", $now", "$now,\"no\"", "\"a\",W/$now ,\"b\"") {
	for my $method (qw(GET HEAD)) {
		my $r = $with->($method => '', undef, 'If-None-Match' => $v);
		is("$r->{status} '$r->{content}'", "304 ''",
		    "etag: $method If-None-Match $v is 304 without a body");
		is($r->{headers}{etag}, $now, 'etag: 304 repeats the ETag');
	}
}
for my $v ($first, '"no"', '""', 'W/"no"', '"no", "nor this"') {
	is_ok($with->(GET => '', undef, 'If-None-Match' => $v), 200,
	    "etag: GET If-None-Match $v is 200");
}
is_error($t->req(GET => $path, { headers => [ 'If-None-Match' => $now ] }), 401,
    undef, 'etag: 304 is only for those who may read');
is_error($t->as($u, GET => "$u->{tasks}/987654321", undef, headers =>
    [ 'If-None-Match' => '*' ]), 404, undef, 'etag: no task, no 304');

# --- If-Match ---------------------------------------------------------------
my @write = ([ PUT => '', { title => 'z' } ], [ PATCH => '/complete', undef ]);
for my $w (@write) {
	my ($method, $tail, $json) = @$w;
	for my $make (sub { $_[0] }, sub { '*' }, sub { "\"no\", $_[0]" },
	    sub { "$_[0] , \"no\"" }) {
		my $v = $make->($tag->());
		is_ok($with->($method => $tail, $json, 'If-Match' => $v), 200,
		    "etag: $method If-Match $v writes");
	}
	my $keep = $t->as($u, GET => $path)->{json};
	for my $v ($first, '"no"', 'W/' . $tag->(), '"no", "nor this"', '""') {
		is_error($with->($method => $tail, $json, 'If-Match' => $v), 412, undef,
		    "etag: $method If-Match $v is 412");
	}
	is_deeply($t->as($u, GET => $path)->{json}, $keep,
	    "etag: $method with 412 wrote nothing");
}
my $v = $tag->();
is_ok($with->(PUT => '', {}, 'If-Match' => $v), 200, 'etag: PUT {} If-Match fits');
is_error($with->(PUT => '', {}, 'If-Match' => '"no"'), 412, undef,
    'etag: PUT {} If-Match does not fit');
# Apache's mod_deflate and mod_brotli, lighttpd and Caddy name the coding in the tag.
for my $coding (qw(gzip br zstd deflate)) {
	my $coded = $tag->() =~ s/"\z/-$coding"/r;
	is($t->as($u, GET => $path, undef, headers => [ 'If-None-Match' => $coded ])->{status}, 304,
	    "etag: GET If-None-Match of what was sent with $coding");
	is_ok($with->(PUT => '', { title => $coding }, 'If-Match' => $coded), 200,
	    'etag: PUT If-Match of it');
	is_error($with->(PUT => '', { title => 'z' }, 'If-Match' => $coded), 412, undef,
	    'etag: which is an old one then');
}
is_error($with->(PUT => '', { title => 'z' }, 'If-Match' => $tag->() =~ s/"\z/$_"/r), 412, undef,
    "etag: nothing else may stand there, $_") for '-', '-x', '-gzip-gzip', 'gzip', '--gzip';
for my $empty ('', ' ', ',') {
	is_error($with->(PUT => '', { title => 'z' }, 'If-Match' => $empty), 412, undef,
	    "etag: PUT If-Match '$empty' names no version, so it is 412");
	is_error($with->(DELETE => '', undef, 'If-Match' => $empty), 412, undef,
	    "etag: DELETE If-Match '$empty' is 412");
	is_ok($t->as($u, GET => $path, undef, headers => [ 'If-None-Match' => $empty ]), 200,
	    "etag: GET If-None-Match '$empty' is 200");
}
is_error($with->(DELETE => '', undef, 'If-Match' => $first), 412, undef,
    'etag: DELETE If-Match an old version is 412');
is($t->psql("SELECT count(*) FROM tasks WHERE id = $task->{id}"), 1,
    'etag: DELETE with 412 deletes nothing');

# --- If-None-Match on writes, long lists, large tasks -----------------------
for my $w ([ PUT => '', { title => 'n' } ], [ PATCH => '/complete', undef ],
    [ DELETE => '', undef ], [ PUT => '', {} ]) {
	for my $v ('*', $tag->(), 'W/' . $tag->(), '"1", ' . $tag->()) {
		is_error($with->(@$w, 'If-None-Match' => $v), 412, undef,
		    "etag: $w->[0] If-None-Match $v is 412");
	}
}
is_ok($with->(PUT => '', { title => 'n' }, 'If-None-Match' => '"1", "no"'), 200,
    'etag: PUT If-None-Match of other versions writes');
is_ok($with->(PUT => '', { title => 'z' }, 'If-Match' => join ', ',
    (map { sprintf '"%x"', $_ } 1..200), $tag->()), 200, 'etag: the 201st tag counts');
is_error($with->(PUT => '', { title => 'z' }, 'If-Match' => $_), 412, undef,
    "etag: If-Match $_ is no version") for '"7ffffffffffffffe"', '"8000000000000001"';
{
	my $long = $t->as($u, POST => $u->{tasks}, { title => '"' x 200, description =>
	    "\x01" x 10_000, recursion_pattern => '\\' x 100, tags => [ map { sprintf '%s%02d',
	    '"' x 48, $_ } 1..32 ] });
	is_ok($long, 201, 'etag: the largest task');
	ok($long->{headers}{location}, 'etag: has its Location');
	my $one = $long->{headers}{location};
	my $v = $long->{headers}{etag};
	is($t->as($u, GET => $one, undef, headers => [ 'If-None-Match' => $v ])->{status}, 304,
	    'etag: the largest task is answered 304');
	is_error($t->as($u, PUT => $one, {}, headers => [ 'If-Match' => '"1"' ]), 412, undef,
	    'etag: the largest task is answered 412');
	is_ok($t->as($u, DELETE => $one), 200, 'etag: it goes');
}

# --- order ------------------------------------------------------------------
is_error($with->(PUT => '', { title => '' }, 'If-Match' => '"no"'), 422,
    'body.title', 'etag: 422 comes before 412');
is_error($t->req(PUT => $path, { json => { title => 'x' }, headers =>
    [ 'If-Match' => '"no"' ] }), 401, undef, 'etag: 401 comes before 412');
is_error($t->as($u, $_->[0] => "$u->{tasks}/987654321$_->[1]", $_->[2],
    headers => [ 'If-Match' => '"no"' ]), 404, 'Task not found',
    "etag: $_->[0] of a missing task with If-Match is 404")
    for @write, [ DELETE => '', undef ];
is_error($t->as($u, PUT => "$u->{tasks}/987654321", { title => 'x' },
    headers => [ 'If-Match' => '*' ]), 404, 'Task not found',
    'etag: If-Match * of a missing task is 404');
is_ok($with->(DELETE => '', undef, 'If-Match' => $tag->()), 200,
    'etag: DELETE If-Match the version deletes');

# --- the list -------------------------------------------------------------------
{
	my $v = $t->user;
	my $list = sub { $t->as($v, GET => $v->{tasks}, undef, headers => $_[0] || []) };
	my $last = $list->();
	like($last->{headers}{etag}, qr/^"[0-9a-f]+-[0-9a-z]+"\z/, 'etag: the list has one, empty as it is');
	my $same = $list->([ 'If-None-Match' => $last->{headers}{etag} ]);
	is("$same->{status} [$same->{content}] $same->{headers}{etag}",
	    "304 [] $last->{headers}{etag}", 'etag: the same list is 304, without a body');
	my $task;
	for my $c ([ create => sub { $task = $t->task($v, title => 'x') } ],
	    [ update => sub { $t->as($v, PUT => "$v->{tasks}/$task->{id}", { title => 'y' }) } ],
	    [ complete => sub { $t->as($v, PATCH => "$v->{tasks}/$task->{id}/complete") } ],
	    [ delete => sub { $t->as($v, DELETE => "$v->{tasks}/$task->{id}") } ]) {
		my ($what, $do) = @$c;
		$do->();
		my $now = $list->([ 'If-None-Match' => $last->{headers}{etag} ]);
		is_ok($now, 200, "etag: after $what it is another list");
		isnt($now->{headers}{etag}, $last->{headers}{etag}, 'etag: with another ETag');
		$last = $now;
		is($list->([ 'If-None-Match' => "\"0\", W/$now->{headers}{etag}" ])->{status}, 304,
		    'etag: and that one is known, in a list and weak too');
	}
	my $other = $t->user;
	$t->task($other, title => 'z');
	is($list->([ 'If-None-Match' => $last->{headers}{etag} ])->{status}, 304,
	    'etag: what others write changes nothing');
	is($list->([ 'If-None-Match' => '*' ])->{status}, 304, 'etag: any list is there');
	is_error($list->([ 'If-Match' => '"0"' ]), 412, undef, 'etag: If-Match of another list');
	is_error($t->as($other, GET => $v->{tasks}, undef, headers =>
	    [ 'If-None-Match' => $last->{headers}{etag} ]), 403, undef, 'etag: not for others');
	$t->as($v, POST => '/api/auth/logout');
	is_error($list->([ 'If-None-Match' => $last->{headers}{etag} ]), 401, undef,
	    'etag: nor after logout');
}

# Never a 304 for a list that changed: while four people's worth of requests write it,
# each ETag stands for one list.
{
	my $v = $t->user;
	my @mine = map { $t->task($v, title => "t$_") } 1..4;
	my @kids = map {
		my $k = $_;
		my $pid = fork;
		if (!$pid) {
			srand $k;
			for (1..60) {
				my $one = "$v->{tasks}/$mine[rand @mine]{id}";
				rand() < 0.7 ? $t->as($v, PATCH => "$one/complete") :
				    $t->task($v, title => "$k.$_");
			}
			POSIX::_exit(0);
		}
		$pid } 1..4;
	my (%seen, $wrong, $last);
	my $n = 0;
	while (grep { waitpid($_, POSIX::WNOHANG()) == 0 } @kids) {
		my $r = $t->as($v, GET => $v->{tasks}, undef,
		    headers => defined $last ? [ 'If-None-Match' => $last ] : []);
		next if $r->{status} == 304;
		$last = $r->{headers}{etag};
		$wrong++ if ($seen{$last} //= $r->{content}) ne $r->{content};
		my $again = $t->as($v, GET => $v->{tasks});
		$wrong++ if ($seen{$again->{headers}{etag}} //= $again->{content}) ne $again->{content};
		$n++;
	}
	my $end = $t->as($v, GET => $v->{tasks});
	my $cond = $t->as($v, GET => $v->{tasks}, undef, headers => [ 'If-None-Match' => $last ]);
	is($wrong // 0, 0, "etag: under writes each of " . keys(%seen) . " ETags was one list");
	ok($cond->{status} == 304 ? $seen{$last} eq $end->{content} :
	    $cond->{content} eq $end->{content}, 'etag: and in the end it is the right one');
}

done_testing();
