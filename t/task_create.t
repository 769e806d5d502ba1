# SPDX-License-Identifier: ISC
# A new task: what is stored and answered, and the rule of every field.
use Todo;
use utf8;

my $t = Todo->new;
$t->user;
my $u = $t->user;
my $post = sub { $t->as($u, POST => $u->{tasks}, $_[0]) };

# --- all fields -------------------------------------------------------------
my %full = (title => "Buy \x{1f34e} & \"bread\"", description => "a\nb\tc",
    due_date => '2026-02-15T10:00:00+02:00', priority => 'High',
    tags => [ 'home', 'käse, brot' ], recursion_pattern => 'weekly', completed => T);
my $r = $post->({ %full });
is_ok($r, 201, 'FR-007: a task is created');
my $j = $r->{json};
my @fields = qw(id user_id title description due_date priority tags
    recursion_pattern completed created_at updated_at completed_at time_zone);
is(join(' ', sort keys %$j), join(' ', sort @fields), 'create: every field');
is_deeply([ @$j{qw(title description priority tags recursion_pattern completed)} ],
    [ @full{qw(title description priority tags recursion_pattern completed)} ],
    'create: answered as given');
is($j->{due_date}, '2026-02-15T08:00:00Z', 'create: a timestamp in UTC');
is(jtype($j->{id}) . ' ' . jtype($j->{user_id}), 'number number',
    'create: ids are numbers');
is($j->{user_id}, $u->{id}, 'US4-1: the task carries its owner\'s user_id');
like($j->{$_}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\z/, "create: $_")
    for qw(created_at updated_at);
is($r->{headers}{location}, "$u->{tasks}/$j->{id}", 'create: Location');
like($r->{headers}{etag} // '', qr/^"[^"]+"\z/, 'create: a strong ETag');
is_deeply($t->as($u, GET => $r->{headers}{location})->{json}, $j,
    'create: the Location answers the same task');

is(join('/', map { $_ // '' } ($t->psql("SELECT user_id, replace(description,
    E'\\n', '#'), extract(epoch FROM due_date)::bigint, priority,
    array_to_string(tags, '|'), recursion_pattern, completed,
    created_at IS NOT NULL AND updated_at IS NOT NULL
    FROM tasks WHERE id = $j->{id}"))[0]->@*),
    "$u->{id}/a#b\tc/1771142400/High/home|käse, brot/weekly/t/t",
    'US3-1: every field is a column of the row in tasks');

# --- the least --------------------------------------------------------------
$r = $post->({ title => 'x' });
is_ok($r, 201, 'create: a title alone');
is_deeply([ @{$r->{json}}{@fields[3..8]} ], [ undef, undef, 'Medium', [], undef,
    F ], 'create: the defaults');
my $before = $t->psql('SELECT count(*) FROM tasks');
my @ids = map { $post->({ title => "n$_" })->{json}{id} } 1..20;
is($t->psql('SELECT count(*) FROM tasks') - $before, 20,
    'SC-003: every creation is a new row of tasks, seen with psql');
is(join(' ', sort { $a <=> $b } @ids), "@ids", 'create: ids ascend');

# --- taken ------------------------------------------------------------------
for my $c (
    [ 'title of 200 characters', title => "\x{1f600}" x 200 ],
    [ 'title trimmed', title => " \t\n x y \r\n", 'x y' ],
    [ 'title of 200 after trimming', title => '  ' . 'é' x 200 . ' ', 'é' x 200 ],
    [ 'title with a slash and quotes', title => 'a/b\\"\'c' ],
    [ 'title like SQL', title => "'; DROP TABLE tasks; --" ],
    [ 'title like a conversion', title => '%s%n%d $1 {}' ],
    [ 'description null', description => undef ],
    [ 'description empty', description => '' ],
    [ 'description of 10,000 characters', description => 'ü' x 10000 ],
    [ 'description with newlines and tabs', description => "a\r\n\tb" ],
    [ 'description untrimmed', description => ' a ' ],
    [ 'priority High', priority => 'High' ],
    [ 'priority Medium', priority => 'Medium' ],
    [ 'priority Low', priority => 'Low' ],
    [ 'recursion_pattern null', recursion_pattern => undef ],
    [ 'recursion_pattern of 100 characters', recursion_pattern => 'ж' x 100 ],
    [ 'completed true', completed => T ],
    [ 'completed false', completed => F ],
    [ 'due_date null', due_date => undef ],
    [ 'due_date a date', due_date => '2026-02-15' ],
    [ 'tags null', tags => undef, [] ],
    [ 'tags empty', tags => [] ]) {
	my ($name, $field, $value, $want) = @$c;
	$want = $value if @$c < 4;
	my $r = $post->({ title => 'x', $field => $value });
	is_ok($r, 201, "create: $name") or next;
	is_deeply($r->{json}{$field}, $want, "create: $name, answered");
	is_deeply($t->as($u, GET => "$u->{tasks}/$r->{json}{id}")->{json}{$field},
	    $want, "create: $name, stored");
}
$r = $post->({ title => 'x', id => 1, user_id => 1, created_at => 'x',
    unknown => [] });
is_ok($r, 201, 'create: unknown fields are ignored');
isnt($r->{json}{id}, 1, 'create: id is not the client\'s to choose');
is($r->{json}{user_id}, $u->{id}, 'US4-1: nor is user_id');

# --- refused ----------------------------------------------------------------
$before = $t->psql('SELECT count(*) FROM tasks');
for my $c (
    [ 'empty', title => '' ], [ 'blank', title => " \t " ],
    [ 'of 201 characters', title => 'x' x 201 ], [ 'null', title => undef ],
    [ 'a number', title => 5 ], [ 'a boolean', title => T ],
    [ 'a list', title => [ 'x' ] ], [ 'an object', title => {} ],
    [ 'with a control character', title => "a\x01b" ],
    [ 'with a newline inside', title => "a\nb" ],
    [ 'with DEL', title => "a\x7fb" ], [ 'with C1', title => "a\x{85}b" ],
    [ 'of 10,001 characters', description => 'x' x 10001 ],
    [ 'a number', description => 5 ], [ 'a list', description => [] ],
    [ 'of another case', priority => 'high' ], [ 'unknown', priority => 'Urgent' ],
    [ 'null', priority => undef ], [ 'empty', priority => '' ],
    [ 'a number', priority => 1 ], [ 'with a blank', priority => 'High ' ],
    [ 'of 101 characters', recursion_pattern => 'x' x 101 ],
    [ 'a number', recursion_pattern => 1 ],
    [ 'with a newline', recursion_pattern => "a\nb" ],
    [ '"true"', completed => 'true' ], [ '1', completed => 1 ],
    [ 'null', completed => undef ], [ 'a list', completed => [] ],
    [ 'empty', due_date => '' ], [ 'text', due_date => 'tomorrow' ],
    [ 'a number', due_date => 1771142400 ], [ 'a boolean', due_date => T ],
    [ 'a number', tags => 5 ], [ 'an object', tags => {} ],
    [ 'a boolean', tags => T ],
    [ '33 of them', tags => [ map { "t$_" } 1..33 ] ]) {
	my ($name, $field, $value) = @$c;
	is_error($post->({ title => 'x', $field => $value }), 422, "body.$field",
	    "create: $field $name is refused");
}
is_error($post->({}), 422, 'body.title', 'create: no title is refused');
$r = $post->({ title => '', priority => 'x', completed => 1, tags => 1,
    due_date => 'x', description => 1, recursion_pattern => 1 });
is_error($r, 422, join(' ', map { "body.$_" } sort qw(title priority completed
    tags due_date description recursion_pattern)),
    'create: every bad field once, all in one answer');
is($t->psql('SELECT count(*) FROM tasks'), $before,
    'create: nothing refused was stored');

# --- outside the service ----------------------------------------------------
my $out = $t->req(POST => $u->{tasks}, { json => { title => 'x' } });
is_error($out, 401, 'Not authenticated', 'create: no token');
ok(!eval { $t->psql('INSERT INTO tasks (user_id, title) VALUES (987654321,
    $$orphan$$)'); 1 }, 'US5-3: a task without a valid user is rejected');
like($t->{sql_error}, qr/23503.*foreign key/s,
    'US5-3: by the foreign key, so says PostgreSQL');

done_testing();
