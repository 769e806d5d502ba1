# SPDX-License-Identifier: ISC
# PUT: absent fields stay, null clears, the last write wins field by field.
use Todo;
use utf8;
use Time::HiRes qw(time);

my $t = Todo->new(workers => 4);
my $u = $t->user;
my %full = (title => 'first', description => 'text', due_date => '2026-02-15',
    priority => 'High', tags => [ 'a', 'b' ], recursion_pattern => 'daily',
    completed => T);
my $new = sub { $t->task($u, %full) };
my $put = sub { my ($task, $json) = @_;
    $t->as($u, PUT => "$u->{tasks}/$task->{id}", $json) };
my $get = sub { $t->as($u, GET => "$u->{tasks}/$_[0]{id}")->{json} };

my $task = $new->();
my $r = $put->($task, { title => ' second ' });
is_ok($r, 200, 'US3-5: an update answers the task');
is_deeply({ %{$r->{json}}, updated_at => 0 }, { %$task, title => 'second',
    updated_at => 0 }, 'update: title changes, absent fields stay');
isnt($r->{json}{updated_at}, $task->{updated_at}, 'update: updated_at moves');
is_deeply($get->($task), $r->{json}, 'US3-5: the next GET answers the same');
is(join('|', map { $_ // 'NULL' } ($t->psql("SELECT title, description,
    completed FROM tasks WHERE id = $task->{id}"))[0]->@*), 'second|text|t',
    'US3-5: and so does psql');

my %change = (title => 'new', description => 'new text',
    due_date => '2027-01-02T03:04:05Z', priority => 'Low', tags => [ 'c' ],
    recursion_pattern => 'monthly', completed => F, time_zone => 'Asia/Tokyo');
for my $f (sort keys %change) {
	$task = $new->();
	$r = $put->($task, { $f => $change{$f} });
	is_deeply({ %{$r->{json}}, updated_at => 0 }, { %$task,
	    $f => $change{$f}, updated_at => 0, $f eq 'completed' ? (completed_at => undef) : () },
	    "FR-009: $f alone is updated");
	is_deeply($get->($task), $r->{json}, "FR-009: $f is stored");
}
for my $f (qw(description due_date recursion_pattern tags time_zone)) {
	$task = $new->();
	$r = $put->($task, { $f => undef });
	is_ok($r, 200, "update: null clears $f");
	is_deeply($r->{json}{$f}, $f eq 'tags' ? [] : undef, "update: $f is cleared");
	is_deeply($get->($task), $r->{json}, "update: $f is cleared in the database");
}
$task = $new->();
$r = $put->($task, { %change });
is_deeply({ map { $_ => $r->{json}{$_} } keys %change }, \%change,
    'update: all fields at once');
$r = $put->($task, { id => 1, user_id => 1, created_at => undef, updated_at => 'x',
    title => 'own' });
is_ok($r, 200, 'update: unknown fields are ignored');
is_deeply([ @{$r->{json}}{qw(id user_id created_at)} ],
    [ @$task{qw(id user_id created_at)} ], 'update: id, user_id, created_at stay');

# nothing to do
$task = $new->();
my $etag = $t->as($u, GET => "$u->{tasks}/$task->{id}")->{headers}{etag};
for my $json ({}, { unknown => 1 }) {
	$r = $put->($task, $json);
	is_ok($r, 200, 'update: {} answers the task');
	is_deeply($r->{json}, $task, 'update: {} changes nothing, updated_at neither');
	is($r->{headers}{etag}, $etag, 'update: {} keeps the ETag');
}

# refused, all in one answer
is_error($put->($task, { title => undef, priority => undef, completed => undef }),
    422, 'body.completed body.priority body.title',
    'update: null for title, priority, completed is refused');
is_error($put->($task, { title => '', priority => 'high', tags => 1,
    due_date => '', completed => 'true', recursion_pattern => 'x' x 101,
    description => 'x' x 10001 }), 422, join(' ', map { "body.$_" } sort keys %full),
    'update: the rules are those of creation');
is_error($put->($task, []), 422, 'body', 'update: a list is no task');
is_deeply($get->($task), $task, 'update: nothing refused was stored');
is_error($put->({ id => 987654321 }, { title => 'x' }), 404, 'Task not found',
    'update: no such task');
is_error($put->({ id => 987654321 }, {}), 404, 'Task not found',
    'update: no such task, {} neither');

# within a second
my @took;
for my $c ([ PUT => '', { title => 'soon' }, "title = 'soon'" ],
    [ PATCH => '/complete', { completed => F }, 'NOT completed' ],
    [ DELETE => '', undef, '' ]) {
	my ($method, $tail, $json, $where) = @$c;
	my $start = time;
	$t->as($u, $method => "$u->{tasks}/$task->{id}$tail", $json);
	push @took, time - $start;
	my $n = $t->psql("SELECT count(*) FROM tasks WHERE id = $task->{id}"
	    . ($where && " AND $where"));
	is($n, $where ? 1 : 0, "SC-005: $method is in the database after the answer");
}
cmp_ok((sort { $a <=> $b } @took)[1], '<', 1, 'SC-005: and that comes within a second');

# --- from several devices at once -------------------------------------------
# Three writers, each of its own field, ten times each: no update is lost.
$task = $new->();
my @kids;
my %by = (title => [ map { "t$_" } 1..10 ], description => [ map { "d$_" } 1..10 ],
    recursion_pattern => [ map { "r$_" } 1..10 ]);
for my $f (sort keys %by) {
	my $pid = fork;
	if (!$pid) {
		my $bad = grep { $put->($task, { $f => $_ })->{status} != 200 } @{$by{$f}};
		POSIX::_exit($bad ? 1 : 0);
	}
	push @kids, $pid;
}
my $bad = 0;
for (@kids) { waitpid $_, 0; $bad++ if $? }
is($bad, 0, 'edge: concurrent writes: every one is answered 200');
is_deeply([ @{$get->($task)}{sort keys %by} ], [ map { $by{$_}[-1] } sort keys %by ],
    'edge: concurrent writes: of different fields, none is lost');
# An even number of flips from two devices ends where it began.
@kids = ();
for (1..2) {
	my $pid = fork;
	if (!$pid) {
		my $bad = grep { $t->as($u, PATCH => "$u->{tasks}/$task->{id}/complete")
		    ->{status} != 200 } 1..10;
		POSIX::_exit($bad ? 1 : 0);
	}
	push @kids, $pid;
}
$bad = 0;
for (@kids) { waitpid $_, 0; $bad++ if $? }
is($bad, 0, 'edge: concurrent writes: every flip is answered 200');
is($get->($task)->{completed}, T, 'edge: concurrent writes: twenty flips, none lost');
# Of writers that name the same version exactly one wins.
my $v = $t->as($u, GET => "$u->{tasks}/$task->{id}")->{headers}{etag};
pipe my $out, my $in;
@kids = ();
for my $n (1..4) {
	my $pid = fork;
	if (!$pid) {
		my $r = $t->as($u, PUT => "$u->{tasks}/$task->{id}", { title => "by $n" },
		    headers => [ 'If-Match' => $v ]);
		syswrite $in, "$r->{status} $n\n";
		POSIX::_exit(0);
	}
	push @kids, $pid;
}
close $in;
my @lines = sort <$out>;
waitpid $_, 0 for @kids;
is(join(' ', map { (split)[0] } @lines), '200 412 412 412',
    'edge: concurrent writes: with If-Match one wins, the others get 412');
is($get->($task)->{title}, 'by ' . (split ' ', $lines[0])[1],
    'edge: concurrent writes: and it is the winner that is stored');
my @rows = $t->psql("SELECT count(*) FROM tasks WHERE id = $task->{id}");
is($rows[0][0], 1, 'SC-008: still one row, no duplicate');

done_testing();
