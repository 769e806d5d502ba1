# SPDX-License-Identifier: ISC
# Tags: a list or one string with commas in, a list or a string out.
use Todo;
use utf8;

my $t = Todo->new;
my $u = $t->user;
my $s = Todo->new(env => { TAGS_FORMAT => 'string' });
my $v = $s->user;
my $thirty = [ map { "t$_" } 1..32 ];

# --- what goes in, and what comes out either way ----------------------------
for my $c (
    [ 'a list', [ 'a', 'b' ], [ 'a', 'b' ] ],
    [ 'a string', 'a,b', [ 'a', 'b' ] ],
    [ 'a string of one', 'home', [ 'home' ] ],
    [ 'a string with blanks', ' a , b  c ,d ', [ 'a', 'b  c', 'd' ] ],
    [ 'a list with blanks', [ ' a ', "b\t" ], [ 'a', 'b' ] ],
    [ 'empty parts', 'a,,b, ,', [ 'a', 'b' ] ],
    [ 'duplicates, order kept', 'b,a,b,c,a', [ 'b', 'a', 'c' ] ],
    [ 'duplicates after trimming', [ 'x', ' x ', 'y' ], [ 'x', 'y' ] ],
    [ 'case makes a difference', [ 'Home', 'home' ], [ 'Home', 'home' ] ],
    [ 'null', undef, [] ], [ '""', '', [] ], [ '[]', [], [] ], [ '", ,"', ', ,', [] ],
    [ 'a comma inside a tag of a list', [ 'a,b', 'c' ], [ 'a,b', 'c' ] ],
    [ 'fifty characters', [ 'ä' x 50 ], [ 'ä' x 50 ] ],
    [ 'fifty after trimming', ' ' . 'ä' x 50 . ' ', [ 'ä' x 50 ] ],
    [ '32 of them', $thirty, $thirty ], [ '32 in a string', join(',', @$thirty),
        $thirty ],
    [ '32 after duplicates are gone', [ @$thirty, @$thirty, ' t1' ], $thirty ],
    [ 'quotes, braces, backslashes', [ '"', '{}', '\\', "'", 'NULL', 'null' ],
        [ '"', '{}', '\\', "'", 'NULL', 'null' ] ],
    [ 'what PostgreSQL might take apart', [ 'a"b', '{a,b}', 'x\\"y' ],
        [ 'a"b', '{a,b}', 'x\\"y' ] ],
    [ 'Unicode', "käse,\x{1f600}", [ 'käse', "\x{1f600}" ] ]) {
	my ($name, $in, $want) = @$c;
	my $r = $t->as($u, POST => $u->{tasks}, { title => 'x', tags => $in });
	is_ok($r, 201, "tags: $name") or next;
	is_deeply($r->{json}{tags}, $want, "tags: $name, as a list");
	is_deeply($t->as($u, GET => "$u->{tasks}/$r->{json}{id}")->{json}{tags}, $want,
	    "tags: $name, stored");
	my $q = $s->as($v, POST => $v->{tasks}, { title => 'x', tags => $in });
	my $text = @$want ? join ', ', @$want : undef;
	is($q->{json}{tags}, $text, "tags: $name, as a string");
	is($s->as($v, GET => "$v->{tasks}/$q->{json}{id}")->{json}{tags}, $text,
	    "tags: $name, stored");
}
my @all = @{$s->as($v, GET => $v->{tasks})->{json}};
is(scalar(grep { defined $_->{tags} && jtype($_->{tags}) ne 'string' } @all), 0,
    'tags: TAGS_FORMAT=string in the list as well');
my $r = $s->as($v, PUT => "$v->{tasks}/$all[0]{id}", { tags => [ 'n', 'm' ] });
is($r->{json}{tags}, 'n, m', 'tags: TAGS_FORMAT=string after PUT');
$r = $s->as($v, PUT => "$v->{tasks}/$all[0]{id}", { tags => $r->{json}{tags} });
is($r->{json}{tags}, 'n, m', 'tags: what it answers can be sent back');
$r = $s->as($v, PATCH => "$v->{tasks}/$all[0]{id}/complete");
is($r->{json}{tags}, 'n, m', 'tags: TAGS_FORMAT=string after PATCH');
is($s->psql("SELECT array_to_string(tags, '|') FROM tasks WHERE id = $all[0]{id}"),
    'n|m', 'FR-004: tags are an array in the database, whatever is answered');

# --- refused ----------------------------------------------------------------
for my $c ([ '33 of them', [ @$thirty, 'x' ] ],
    [ '33 in a string', join ',', @$thirty, 'x' ],
    [ 'a tag of 51 characters', [ 'x' x 51 ] ],
    [ 'a tag of 51 characters in a string', 'a,' . 'x' x 51 ],
    [ 'an empty string in a list', [ 'a', '' ] ], [ 'a blank one', [ ' ' ] ],
    [ 'a control character', [ "a\x01b" ] ], [ 'a newline inside', [ "a\nb" ] ],
    [ 'a control character in a string', "a,b\x7fc" ], [ 'C1', [ "a\x{9f}b" ] ]) {
	my ($name, $in) = @$c;
	my $r = $t->as($u, POST => $u->{tasks}, { title => 'x', tags => $in });
	is($r->{status}, 422, "tags: $name is refused");
	ok(error_shape($r), 'tags: with the shape of every 422');
	like(fields($r), qr/^body\.tags\S*\z/, 'tags: once, in its place');
}
for my $in ([ 1 ], [ undef ], [ [ 'a' ] ], [ {} ], [ T ], [ 'a', 2 ]) {
	my $r = $t->as($u, POST => $u->{tasks}, { title => 'x', tags => $in });
	is($r->{status}, 422, 'tags: a list of ' . jtype($in->[-1]) . ' is refused');
	like(fields($r), qr/^body\.tags\S*\z/, 'tags: once, in its place');
}

# --- the form is part of the version ------------------------------------------------
# The same service with the other setting: what the client has of it is not known any more.
{
	my $task = $t->task($u, title => 'form', tags => [ 'a', 'b' ]);
	my @path = ($u->{tasks}, "$u->{tasks}/$task->{id}", "$u->{tasks}.ics");
	my %old = map { $_ => $t->as($u, GET => $_)->{headers}{etag} } @path;
	local $t->{env}{TAGS_FORMAT} = 'string';
	$t->restart_workers;
	for my $path (@path) {
		my $r = $t->as($u, GET => $path, undef, headers => [ 'If-None-Match' => $old{$path} ]);
		is($r->{status}, 200, 'tags: in another form it is another answer');
		isnt($r->{headers}{etag}, $old{$path}, 'tags: with another ETag');
		is($t->as($u, GET => $path, undef, headers => [ 'If-None-Match' => $r->{headers}{etag} ])
		    ->{status}, 304, 'tags: which is known then');
	}
	my ($version) = $old{$path[1]} =~ /([0-9a-f]+)/;
	is($t->as($u, GET => $path[1], undef, headers => [ 'If-None-Match' => "\"$version\"" ])->{status}, 200,
	    'tags: of an earlier program, too');
	is_error($t->as($u, PUT => $path[1], { title => 'x' }, headers => [ 'If-Match' => '"1-1a", "1"' ]), 412,
	    undef, 'tags: If-Match of another version');
	my $r = $t->as($u, PUT => $path[1], { title => 'x' }, headers => [ 'If-Match' => $old{$path[1]} ]);
	is_ok($r, 200, 'tags: If-Match goes by the version, in any form');
	($version) = $r->{headers}{etag} =~ /([0-9a-f]+)/;
	is_ok($t->as($u, PUT => $path[1], { title => 'y' }, headers => [ 'If-Match' => "\"$version\"" ]), 200,
	    'tags: and in that of an earlier program');
}
$t->restart_workers;

done_testing();
