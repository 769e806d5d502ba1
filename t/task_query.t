# SPDX-License-Identifier: ISC
# Views of the list: filters, orders, pages; against a model of them made here.
# ways: direct (pooled)
use Todo;
use feature qw(unicode_strings);
use Encode qw(encode_utf8);
use Time::Local qw(timegm_modern);
use Unicode::Normalize qw(NFKD);

my $t = Todo->new;
my $u = $t->user;
my $other = $t->user;

# name => value pairs as a query
sub query {
	my @pairs;
	while (my ($k, $v) = splice @_, 0, 2) {
		$v = encode_utf8($v) =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
		push @pairs, "$k=$v";
	}
	return join '&', @pairs;
}
sub list { my ($who, @q) = @_; return $t->as($who, GET => "$who->{tasks}?" . query(@q)) }
sub ids { return join ' ', map { $_->{id} } @{ref $_[0]{json} eq 'ARRAY' ? $_[0]{json} : []} }

# --- a list to look at -----------------------------------------------------------
my @titles = ('Pay rent', 'pay RENT', '100% sure', '100 sure', 'a_b', 'axb', 'back\\slash',
    "\x{dc}ber", "\x{fc}ber", "\x{416}\x{443}\x{43a}", "\x{436}\x{443}\x{43a}", "'; DROP TABLE tasks; --",
    "\x{1f600} smile", '<b>bold</b>', 'Zebra');
my @due = (undef, undef, '2026-11-21', '2026-11-22', '2026-11-22', '2026-11-23', '0001-01-01', '9999-12-31',
    '2026-11-21T23:30:00Z', '2026-11-22T00:00:00Z', '2026-11-22T04:59:59-05:00',
    '2026-11-22T00:00:00+14:00', '2026-11-22T12:00:00.5Z', '1999-06-01T00:00:00Z');
my @tags = ([], [ 'home' ], [ 'home', 'work' ], [ 'Home' ], [ 'a,b' ], [ "\x{1f600}" ], [ '%', '&x=y' ]);
my @priority = qw(High Medium Low);
srand 6;
for my $who ($u, $other) {
	$t->task($who, title => $titles[rand @titles], due_date => $due[rand @due],
	    priority => $priority[rand 3], tags => $tags[rand @tags],
	    (rand() < 0.3 ? (description => "about\n$titles[rand @titles]") : ()),
	    completed => rand() < 0.4 ? T : F) for 1..80;
}
my @all = @{$t->as($u, GET => $u->{tasks})->{json}};
is(scalar @all, 80, 'query: without parameters it is all of it');

# --- the model --------------------------------------------------------------------
# Seconds of the clock as it is written, as if it showed UTC, and those of the instant.
sub at {
	my ($y, $m, $d, $h, $min, $s, $sign, $oh, $om) = $_[0] =~
	    /^(\d+)-(\d+)-(\d+)(?:T(\d+):(\d+):([\d.]+)(?:Z|([+-])(\d+):(\d+)))?$/;
	my $clock = timegm_modern(0, 0, 0, $d, $m - 1, $y) + ($h // 0) * 3600 + ($min // 0) * 60 + ($s // 0);
	my $off = $sign ? "${sign}1" * ($oh * 3600 + $om * 60) : 0;
	return ($clock, $clock - $off);
}
sub bounds {
	my ($task, $bound) = @_;
	my ($clock, $instant) = at($bound);
	return ($task->{due_date} =~ /T/ ? (at($task->{due_date}))[1] : (at($task->{due_date}))[0],
	    $task->{due_date} =~ /T/ ? $instant : $clock);
}
# As a search sees a text.
sub folded {
	my $text = lc(NFKD($_[0]) =~ s/[\x{300}-\x{36f}]//gr);
	$text =~ s/\x{df}/ss/g, $text =~ s/\x{e6}/ae/g, $text =~ s/\x{153}/oe/g;
	return $text =~ tr/\x{131}\x{3c2}\x{f8}\x{142}\x{111}/i\x{3c3}old/r;
}
my %fits = (
    completed => sub { $_[0]{completed} == ($_[1] =~ /^(?:1|t|true|y|yes|on)$/i ? 1 : 0) },
    priority => sub { $_[0]{priority} eq $_[1] },
    tag => sub { my $v = $_[1]; grep { $_ eq $v } @{$_[0]{tags}} },
    due_after => sub { defined $_[0]{due_date} or return; my ($a, $b) = bounds(@_); $a >= $b },
    due_before => sub { defined $_[0]{due_date} or return; my ($a, $b) = bounds(@_); $a < $b },
    q => sub { index(folded(join "\n", $_[0]{title}, $_[0]{description} // (), @{$_[0]{tags}}), folded($_[1])) >= 0 },
    (map { $_ => sub { 1 } } qw(sort limit)));
my %rank = (High => 0, Medium => 1, Low => 2);
# What is due on a date stands before what is due at its midnight.
my %key = (created => sub { 0 }, priority => sub { $rank{$_[0]{priority}} },
    due => sub { defined $_[0]{due_date} ? (at($_[0]{due_date}))[1] + ($_[0]{due_date} =~ /T/ ? 0 : -0.001) : 9e18 },
    completed => sub { (at($_[0]{completed_at}))[1] });
sub model {
	my %q = @_;
	my ($down, $sort) = ($q{sort} // 'created') =~ /^(-?)(.*)/;
	my @t = sort { $key{$sort}->($a) <=> $key{$sort}->($b) || $a->{id} <=> $b->{id} }
	    grep { $sort ne 'completed' || $_->{completed} }
	    grep { my $task = $_; !grep { !$fits{$_}->($task, $q{$_}) } keys %q } @all;
	return $down ? reverse @t : @t;
}
sub same {
	my (@q) = @_;
	my $r = list($u, @q);
	return is(ids($r), join(' ', map { $_->{id} } model(@q)), 'query: ' . query(@q))
	    || diag($r->{status} . ' ' . substr $r->{content}, 0, 300);
}
my %try = (completed => [ qw(true false 1 0 TRUE off Yes n t F oN) ], priority => \@priority,
    tag => [ 'home', 'Home', 'a,b', 'a', "\x{1f600}", '%', '&x=y', 'work ' ],
    q => [ 'rent', 'RENT', '100%', 'a_b', '\\', "\x{dc}BER", "\x{416}", "'", "\x{1f600}",
        'about', "t\nP", '<b>', 'zebra', 'nothing at all' ],
    sort => [ map { ($_, "-$_") } qw(created due priority completed) ]);
$try{due_after} = $try{due_before} = [ (grep { defined } @due), '2026-11-22T00:00:00-05:00',
    '2026-11-22T00:00:00+09:00', '2026-11-21T14:00:00-10:00', '2026-11-22T23:59:59.999999Z' ];
for my $name (sort keys %try) {
	same($name => $_) for @{$try{$name}};
}
for (1..60) {
	my %q = map { $_ => $try{$_}[rand @{$try{$_}}] } grep { rand() < 0.35 } sort keys %try;
	same(map { $_ => $q{$_} } sort keys %q);
}

# Case and accents don't count, in the text or in what is looked for.
{
	my $who = $t->user;
	for ([ "Stra\x{df}e", 'STRASSE', "stra\x{1e9e}e" ], [ "\x{130}stanbul", 'istanbul', "\x{131}STANBUL" ],
	    [ "\x{39f}\x{394}\x{39f}\x{3a3}", "\x{3bf}\x{3b4}\x{3cc}\x{3c2}", "\x{3bf}\x{3b4}\x{3bf}\x{3c3}" ],
	    [ "Cr\x{e8}me br\x{fb}l\x{e9}e", 'creme brulee', "cre\x{300}me" ], [ "K\x{f8}benhavn", 'kobenhavn' ],
	    [ "\x{141}\x{f3}d\x{17a}", 'lodz' ], [ "\x{152}uvre", 'oeuvre' ], [ "\x{fb01}lm", 'film' ], [ "\x{416}ar", "\x{436}" ]) {
		my ($text, @asked) = @$_;
		my $id = $t->task($who, title => $text)->{id};
		is(ids(list($who, q => $_)), $id, 'query: ' . encode_utf8("$text is found by $_")) for @asked, $text;
		$t->as($who, DELETE => "$who->{tasks}/$id");
	}
	my $id = $t->task($who, title => 'x', tags => [ 'a', "Ca\x{f1}a" ])->{id};
	is(ids(list($who, q => 'cana')), $id, 'query: a tag is found');
	is(ids(list($who, q => "x\x{f1}")), '', 'query: and no text that is not there');
}

# What is due today, wherever that is: the day of the tasks due on a date is the same.
my $day = join ' ', map { $_->{id} } grep { ($_->{due_date} // '') eq '2026-11-22' } @all;
for my $zone ('Z', '-05:00', '+14:00', '-12:00') {
	my $r = list($u, due_after => "2026-11-22T00:00:00$zone", due_before => "2026-11-23T00:00:00$zone");
	is(join(' ', map { $_->{id} } grep { $_->{due_date} !~ /T/ } @{$r->{json}}), $day,
	    "query: today at $zone has the tasks due on that date");
}
is(ids(list($u, due_after => '2026-11-22T00:00:00+14:00', due_before => '2026-11-22T00:00:01+14:00')),
    join(' ', map { $_->{id} } grep { ($_->{due_date} // '') =~ /^2026-11-(?:22|21T10:00:00Z)\z/ } @all),
    'query: with a time the instant counts, with a date the clock');

# --- what is passed over ------------------------------------------------------------
is($t->as($u, GET => "$u->{tasks}?$_")->{content}, $t->as($u, GET => $u->{tasks})->{content},
    "query: ?$_ is the plain list") for '', '&', '&&=&', 'x=1', 'x=1&x=2', 'LIMIT=1', '%ff=1', 'x=%ff', 'limit%00=1';
is(ids($t->as($u, GET => "$u->{tasks}?%6cimit=2&x=%zz")), ids({ json => [ @all[0, 1] ] }),
    'query: names may be encoded');

# --- pages ----------------------------------------------------------------------------
# All pages from here on: the answers.
sub walk {
	my ($who, $path, $between) = @_;
	my @pages;
	while (defined $path) {
		my $r = $t->as($who, GET => $path);
		push @pages, $r;
		last if $r->{status} != 200 || @pages > 500;
		my $link = $r->{headers}{link};
		($path) = ($link // '') =~ /^<(\/[^<>\s]*)>; rel="next"\z/;
		ok(defined $path, 'query: the Link is one') or diag($link) if defined $link && !defined $path;
		$between->() if $between && defined $path;
	}
	return @pages;
}
my @walks = map { my $sort = $_; ([ sort => $sort, limit => 7 ], [ sort => $sort, limit => 1, completed => 'false' ],
    [ sort => $sort, limit => 5, q => "\x{1f600}" ], [ sort => $sort, limit => 3, tag => '&x=y' ],
    [ sort => $sort, limit => 4, due_after => '2026-11-21T23:00:00-05:00', due_before => '2026-11-22T23:00:00+09:00' ],
    [ sort => $sort, limit => 20, due_after => '1999-01-01' ], [ sort => $sort, limit => 80 ],
    [ sort => $sort, limit => 1000, priority => 'High' ]) } @{$try{sort}};
for my $q ([ limit => 9 ], @walks) {
	my %q = @$q;
	my @pages = walk($u, "$u->{tasks}?" . query(@$q));
	my @want = model(@$q);
	is(join(' ', map { ids($_) } @pages), join(' ', map { $_->{id} } @want),
	    'query: all pages of ' . query(@$q));
	is(scalar @pages, @want == 0 ? 1 : int((@want + $q{limit} - 1) / $q{limit}),
	    'query: are as many as it takes');
	is(scalar(grep { @{$_->{json}} > $q{limit} } @pages), 0, 'query: none too long');
}
{
	my $r = list($u, sort => '-due', q => 'e', limit => 1, x => 'y', priority => 'High', completed => 'F');
	like($r->{headers}{link}, qr{^<\Q$u->{tasks}\E\?completed=F&priority=High&q=e&sort=-due&limit=1&cursor=[^<>&]+>; rel="next"\z},
	    'query: the Link has the parameters that are known');
	my ($next) = $r->{headers}{link} =~ /<([^>]*)>/;
	my $head = $t->as($u, HEAD => "$u->{tasks}?" . query(sort => '-due', q => 'e', limit => 1, priority => 'High', completed => 'F'));
	is($head->{headers}{link}, $r->{headers}{link}, 'query: HEAD has it too');
	is(list($u)->{headers}{link}, undef, 'query: without a limit there is none');
	is(list($u, sort => 'due')->{headers}{link}, undef, 'query: nor with an order alone');
	my $long = "\x{1f600}" x 100;
	my $many = $t->user;
	$t->task($many, title => $long, description => $long, tags => [ "\x{1f600}" x 50 ], due_date => '2026-01-01') for 1..3;
	my @q = (completed => 'false', priority => 'Medium', tag => "\x{1f600}" x 50, q => $long,
	    due_after => '0001-01-01T00:00:00.1234567890+00:00', due_before => '9999-12-31T00:00:00.1234567890+00:00',
	    sort => '-priority', limit => 1);
	is(scalar walk($many, "$many->{tasks}?" . query(@q)), 3, 'query: the longest Link leads on');
	# Digits of a second that do not count are not repeated.
	$r = list($many, limit => 1, due_after => '2026-01-01T00:00:00.123456' . '7' x 4000 . '+00:00',
	    due_before => '2026-02-01T00:00:00.' . '0' x 1000 . 'Z');
	is_ok($r, 200, 'query: a fraction of any length');
	is($r->{headers}{link}, undef, 'query: with nothing that follows');
	$r = list($many, limit => 1, due_after => '2025-01-01T00:00:00.123456' . '7' x 4000 . '+00:00');
	is_ok($r, 200, 'query: a fraction of any length, and a next page');
	like($r->{headers}{link}, qr{due_after=2025-01-01T00%3A00%3A00\.123456%2B00%3A00&},
	    'query: of which the Link has six digits');
	# Where it is mounted; a prefix that is no plain text can't forge.
	for my $case ([ '/todo', "/todo/api/$u->{id}/tasks" ], [ '/a>; rel="x"', '' ], [ "/\x{e9}", '' ], [ '/' . 'p' x 300, '' ]) {
		my $r = $t->cgi(GET => $u->{tasks}, token => $u->{token},
		    env => { SCRIPT_NAME => $case->[0], QUERY_STRING => 'limit=1' });
		like($r->{headers}{link}, qr{^<\Q$case->[1]\E\?limit=1&cursor=[^<>&]+>; rel="next"\z},
		    'query: the Link below ' . substr $case->[0], 0, 12);
	}
}

# --- refused -----------------------------------------------------------------------------
my ($cursor) = list($u, limit => 1, sort => 'due')->{headers}{link} =~ /cursor=([^>]+)/;
my $long = 'x' x 101;
for my $case ([ 'completed=2' ], [ 'completed=' ], [ 'completed' ], [ 'completed=truee' ], [ 'completed=null' ],
    [ 'priority=high' ], [ 'priority=' ], [ 'priority=High%20' ],
    [ 'tag=' ], [ 'tag=' . 'x' x 51 ], [ 'tag=%ff' ], [ 'tag=a%00' ], [ 'tag=%zz' ], [ 'tag=%c0%80' ],
    (map { [ "due_after=$_" ], [ "due_before=$_" ] } '', 'today', '2026-02-30', '2026-11-22T00:00:00',
        '2026-11-22T00:00:00+01:00', '2026-11-22T24:00:00Z', '0000-01-01',
        "2026-11-22'--"),
    [ 'q=' ], [ "q=$long" ], [ 'q=%f0%9f%98' ], [ 'q=%00' ],
    [ 'sort=' ], [ 'sort=title' ], [ 'sort=--due' ], [ 'sort=Due' ], [ 'sort=due%2Cid' ],
    (map { [ "limit=$_" ] } '', 0, 1001, -1, '+1', '%201', '1.0', '1e2', '01', '0x1', '99999999999999999999', 'NaN'),
    (map { [ "sort=due&cursor=$_", 'query.cursor' ] } '', 'x', 'due', 'due.', 'due.1', 'due.1.', 'due.1.0', 'due.1.g', 'due.1.1.1',
        'due.01.1', 'due.1.01', 'due.1.ffffffffffffffff', 'due.0x1.1', 'due.A.1', 'due. 1.1', 'due.-1.1', 'due.7ffffffffffffffe.1',
        'due.8000000000000000.1', 'dues.1.1', "$cursor ", "\$cursor", 'due.1.1%00', 'x' x 200),
    [ 'sort=due&cursor=created.0.1', 'query.cursor' ], [ 'sort=-due&cursor=' . $cursor, 'query.cursor' ],
    [ "cursor=$cursor", 'query.cursor' ], [ 'cursor=created.1.1', 'query.cursor' ],
    [ 'sort=priority&cursor=priority.3.1', 'query.cursor' ],
    [ 'limit=1&limit=1', 'query.limit' ], [ 'q=a&q=%ff', 'query.q' ], [ 'q=%ff&q=a', 'query.q' ],
    [ 'tag=a&%74ag=b&tag=c', 'query.tag' ],
    [ 'limit=0&q=&sort=x&tag=%00&completed=maybe&priority=x&due_after=x&due_before=y&cursor=z',
        join ' ', map { "query.$_" } sort qw(limit q sort tag completed priority due_after due_before cursor) ]) {
	my ($q, $loc) = @$case;
	$loc //= 'query.' . ($q =~ /^(\w+)/)[0];
	# A blank is none of a URL: with one the request would be another.
	my $r = $t->as($u, GET => "$u->{tasks}?" . $q =~ s/ /%20/gr);
	is_error($r, 422, $loc, 'query: ' . substr($q, 0, 50) . ' is 422') or diag(fields($r));
}
is_ok($t->as($u, GET => "$u->{tasks}?sort=due&limit=1&cursor=$cursor"), 200, 'query: the cursor itself is good');
is_error($t->as($u, GET => "$other->{tasks}?limit=0"), 403, undef, 'query: 403 comes before 422');
is_error($t->req(GET => "$u->{tasks}?limit=0"), 401, undef, 'query: and so does 401');
is(ids(list($u, sort => 'due', limit => 100, cursor => 'due.7fffffffffffffff.1')),
    join(' ', map { $_->{id} } grep { !defined $_->{due_date} } @all), 'query: a cursor after all due dates');

# --- versions -------------------------------------------------------------------------------
for my $q ([ sort => 'due', limit => 2 ], [ completed => 'true' ], [ q => 'rent', limit => 1000, sort => '-priority' ]) {
	my $path = "$u->{tasks}?" . query(@$q);
	my $r = $t->as($u, GET => $path);
	is($r->{headers}{etag}, $t->as($u, GET => $u->{tasks})->{headers}{etag}, 'query: the ETag is the list\'s');
	my $same = $t->as($u, GET => $path, undef, headers => [ 'If-None-Match' => $r->{headers}{etag} ]);
	is("$same->{status} '$same->{content}'", "304 ''", 'query: a view that is known is 304');
	$t->as($u, PUT => "$u->{tasks}/$all[0]{id}", { recursion_pattern => undef });
	is_ok($t->as($u, GET => $path, undef, headers => [ 'If-None-Match' => $r->{headers}{etag} ]), 200,
	    'query: and after a write it is not');
}

# --- pages under writes -----------------------------------------------------------------------
# What is there throughout is on exactly one page, whatever comes, goes and moves around it.
my $busy = $t->user;
$t->psql("INSERT INTO tasks (user_id, title, completed, completed_at, priority, due_date) SELECT $busy->{id},
    CASE i % 3 WHEN 0 THEN 'stays' ELSE 'goes' END, true, '2026-03-01'::timestamptz + (i * 41 % 90) * interval '1 hour',
    (ARRAY['High', 'Medium', 'Low'])[i % 7 % 3 + 1]::task_priority,
    CASE WHEN i % 5 > 0 THEN '2026-01-01'::timestamptz + (i * 37 % 100) * interval '1 hour' END
    FROM generate_series(1, 300) i");
my $stays = join ' ', map { $_->[0] } $t->psql("SELECT id FROM tasks WHERE user_id = $busy->{id}
    AND title = 'stays' ORDER BY id");
for my $sort (@{$try{sort}}) {
	my $stop = "$t->{dir}/stop.$sort";
	my @kids = map {
		my $pid = fork;
		if (!$pid) {
			srand $_;
			my @mine;
			while (!-e $stop) {
				push @mine, $t->task($busy, title => 'new', priority => $priority[rand 3],
				    completed => T, due_date => [ undef, '2026-01-03', '2025-01-01' ]->[rand 3])->{id};
				$t->as($busy, PUT => "$busy->{tasks}/$mine[rand @mine]", { priority => $priority[rand 3],
				    due_date => '2026-01-0' . (1 + int rand 9) });
				$t->as($busy, DELETE => "$busy->{tasks}/" . shift @mine) if @mine > 5;
				select undef, undef, undef, 0.02;
			}
			POSIX::_exit(0);
		}
		$pid } 1..2;
	# A row of those that go each time, and at least one write of the others.
	my $writes = sub { scalar $t->psql(($_[0] // '') . 'SELECT last_value FROM tasks_id_seq') };
	my $last = $writes->();
	my @pages = walk($busy, "$busy->{tasks}?sort=$sort&limit=20", sub {
		my $now = $writes->("DELETE FROM tasks WHERE id = (SELECT id FROM tasks WHERE user_id = $busy->{id}
		    AND title = 'goes' ORDER BY random() LIMIT 1); ");
		Todo::wait_for(sub { $now > $last || ($now = $writes->()) > $last }, 'a write');
		$last = $now;
	});
	Todo::spew($stop, '');
	waitpid $_, 0 for @kids;
	is(join(' ', sort { $a <=> $b } map { $_->{id} } grep { $_->{title} eq 'stays' } map { @{$_->{json}} } @pages),
	    $stays, "query: $sort, under writes: tasks that stay are seen once, over " . @pages . ' pages');
}

# --- at what price ------------------------------------------------------------------------------
# A page costs what it shows, not what there is: counted by the server, with the plans
# that it has settled on after some pages.
{
	my $t = Todo->new(workers => 1);
	my $many = $t->user;
	$t->psql("INSERT INTO users (id, username, email, password) SELECT 1000000 + i, 'crowd' || i,
	    i || '\@example.org', 'x' FROM generate_series(0, 99) i;
	    INSERT INTO tasks (user_id, title, completed, completed_at, priority, due_date) SELECT
	    CASE WHEN i % 3 = 0 THEN $many->{id} ELSE 1000000 + i % 100 END, 'task', true,
	    '2026-01-01'::timestamptz + (i * 41 % 10000) * interval '1 hour', (ARRAY['High', 'Medium', 'Low'])[i % 7 % 3 + 1]::task_priority,
	    CASE WHEN i % 5 > 0 THEN '2026-01-01'::timestamptz + (i * 37 % 10000) * interval '1 hour' END
	    FROM generate_series(1, 30000) i; ANALYZE tasks");
	my $count = sub { return ($t->psql("SELECT sum(idx_scan), sum(idx_tup_read)
	    FROM pg_stat_user_indexes WHERE relname = 'tasks'"))[0] };
	my $known = sub {
		my $least = shift;
		my $c;
		Todo::wait_for(sub { $t->as($many, GET => '/api/auth/me'); $c = $count->(); $c->[0] >= $least }, 'the counters');
		return @$c;
	};
	for my $sort (@{$try{sort}}) {
		my @before = @{$count->()};
		my $path = "$many->{tasks}?sort=$sort&limit=25";
		my $pages = 0;
		while ($pages < 12 && defined $path) {
			my $r = $t->as($many, GET => $path);
			last if $r->{status} != 200 || @{$r->{json}} != 25;
			($path) = $r->{headers}{link} =~ /<([^>]*)>/;
			$pages++;
		}
		my @after = $known->($before[0] + $pages);
		is($pages, 12, "query: $sort: twelve pages of many");
		cmp_ok($after[1] - $before[1], '<', 12 * 25 * 3, 'query: and they read little more than they show');
	}
}

done_testing();
