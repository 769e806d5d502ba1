# SPDX-License-Identifier: ISC
# Tasks that come again: what patterns mean, the next task, and the agenda.
use Todo;
use POSIX qw(strftime);

my $t = Todo->new;
my $u = $t->user;
my $bob = $t->user;
sub day { return strftime '%Y-%m-%d', gmtime time + 86400 * shift }
sub escape { return $_[0] =~ s/([^A-Za-z0-9.-])/sprintf '%%%02X', ord $1/ger }

# --- what a pattern means --------------------------------------------------------
sub means {
	my ($pattern, $from) = @_;
	return $t->req(GET => '/api/recurrence?pattern=' . escape($pattern) .
	    (defined $from ? "&from=$from" : ''));
}
my $r = means('every 2 weeks', '2026-02-01');
is_ok($r, 200, 'recur: a pattern, without a token');
is_deeply($r->{json}, { pattern => 'every 2 weeks', rrule => 'FREQ=WEEKLY;INTERVAL=2',
    next => [ qw(2026-02-15 2026-03-01 2026-03-15 2026-03-29 2026-04-12) ] },
    'recur: its rule and its next five dates');
is_deeply(means('FREQ=DAILY;COUNT=3', '2026-02-01')->{json}{next}, [ qw(2026-02-02 2026-02-03) ],
    'recur: a COUNT has its end');
is_deeply(means('daily', '2026-02-01T23:30:00-01:00')->{json}{next}[0],
    '2026-02-03T00:30:00Z', 'recur: from a time, times in UTC');
is(means('daily')->{json}{next}[0], day(1), 'recur: from today');
$r = means("when it's <b>done</b>", '2026-02-01');
is_deeply($r->{json}, { pattern => "when it's <b>done</b>", rrule => undef, next => [] },
    'recur: a text that is no rule stays one');
is_error($t->req(GET => '/api/recurrence'), 422, 'query.pattern', 'recur: no pattern');
is_error($t->req(GET => '/api/recurrence?pattern=daily&from=soon'), 422, 'query.from',
    'recur: no date');
is_error($t->req(GET => '/api/recurrence?pattern=' . 'x' x 101 . '&from=1'), 422,
    'query.from query.pattern', 'recur: both at once');
for my $rule ('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=200') {
	is_deeply(means($rule)->{json}{next}, [], "recur: $rule never comes, and soon says so");
}

# --- the next task -----------------------------------------------------------------
my $path = $u->{tasks};
sub made { return $t->task($u, title => 'Pay rent', description => 'to Bob', priority => 'High',
    tags => [ 'home', 'money' ], due_date => '2026-02-01', recursion_pattern => 'monthly', @_) }
sub complete {
	my ($task, %more) = @_;
	my $headers = delete $more{-headers};
	return $t->as($u, PATCH => "$path/$task->{id}/complete", { completed => T, next => T,
	    map({ $_ => $task->{$_} } qw(due_date recursion_pattern)), %more }, $headers ?
	    (headers => $headers) : ());
}
sub tasks { return scalar $t->psql("SELECT count(*) FROM tasks WHERE user_id = $u->{id}") }

my $task = made(due_date => day(3), recursion_pattern => 'weekly');
$r = complete($task);
is_ok($r, 200, 'recur: complete with next');
is_deeply([ @{$r->{json}}{qw(id completed title)} ], [ $task->{id}, T, 'Pay rent' ],
    'recur: answers the task that is completed');
my $next = $t->as($u, GET => "$path/$r->{json}{next_id}")->{json};
is_deeply({ %$next, map { $_ => 0 } qw(id created_at updated_at) }, { %$task, due_date => day(10),
    map { $_ => 0 } qw(id created_at updated_at) }, 'recur: the next one is the same, later, open');
isnt($next->{id}, $task->{id}, 'recur: and another task');
is(complete($task)->{json}{next_id}, undef, 'recur: one that was completed has made its next one');
is(tasks(), 2, 'recur: so there are two');

# The next one is not in the past.
my $due = day(-10);
$next = $t->as($u, GET => "$path/" . complete(made(due_date => $due,
    recursion_pattern => 'every 3 days'))->{json}{next_id})->{json};
is($next->{due_date}, day(2), 'recur: missed dates are passed over');
$next = $t->as($u, GET => "$path/" . complete(made(due_date => undef,
    recursion_pattern => 'every day'))->{json}{next_id})->{json};
is($next->{due_date}, day(1), 'recur: without a due date it is counted from today');
$next = $t->as($u, GET => "$path/" . complete(made(due_date => day(5) . 'T10:30:00+02:00',
    recursion_pattern => 'FREQ=HOURLY;INTERVAL=36'))->{json}{next_id})->{json};
is($next->{due_date}, day(6) . 'T20:30:00Z', 'recur: a time stays one');

# How it ends.
my $last = made(due_date => day(1), recursion_pattern => 'RRULE:FREQ=DAILY;COUNT=2');
$next = $t->as($u, GET => "$path/" . complete($last)->{json}{next_id})->{json};
is($next->{recursion_pattern}, 'RRULE:FREQ=DAILY;COUNT=1', 'recur: COUNT falls');
is(complete($next)->{json}{next_id}, undef, 'recur: and the last one has no next');
is(complete(made(due_date => day(1), recursion_pattern => 'FREQ=DAILY;UNTIL=' .
    day(1) =~ s/-//gr))->{json}{next_id}, undef, 'recur: nor has one after UNTIL');
$next = $t->as($u, GET => "$path/" . complete(made(due_date => day(-3),
    recursion_pattern => 'FREQ=DAILY;COUNT=5'))->{json}{next_id})->{json};
is("$next->{due_date} $next->{recursion_pattern}", day(0) . ' FREQ=DAILY;COUNT=2',
    'recur: COUNT is of those that were missed too');
is(complete(made(due_date => day(-10), recursion_pattern => 'FREQ=DAILY;COUNT=5'))->{json}{next_id},
    undef, 'recur: all of them may have been missed');
my $n = tasks();
for my $pattern (undef, 'now and then', 'FREQ=DAILY;COUNT=+3') {
	$r = complete(made(recursion_pattern => $pattern));
	is_ok($r, 200, 'recur: not a pattern: completed');
	is_deeply([ $r->{json}{completed}, exists $r->{json}{next_id}, $r->{json}{next_id} ],
	    [ T, 1, undef ], 'recur: and no next');
}
is(tasks(), $n + 3, 'recur: no next indeed');

# Only what the client has seen.
$task = made();
for my $stale ({ due_date => '2026-02-02' }, { due_date => undef },
    { due_date => '2026-02-01T00:00:00Z' }, { recursion_pattern => 'weekly' },
    { recursion_pattern => undef }) {
	is_error(complete($task, %$stale), 412, undef,
	    'recur: another ' . join(' ', keys %$stale) . ' is 412');
}
is_error(complete($task, -headers => [ 'If-Match' => '"1"' ]), 412, undef,
    'recur: so is another version');
is($t->psql("SELECT completed FROM tasks WHERE id = $task->{id}"), 'f', 'recur: and still open');
is_error(complete({ %$task, id => 987654321 }), 404, 'Task not found', 'recur: no such task');
is_error($t->as($bob, PATCH => "$bob->{tasks}/$task->{id}/complete", { next => T,
    due_date => '2026-02-01', recursion_pattern => 'monthly' }), 404, 'Task not found',
    'recur: nor is another user\'s');
is_error($t->as($u, PATCH => "$path/$task->{id}/complete", { next => T }), 422,
    'body.due_date body.recursion_pattern', 'recur: both have to be said');
is_error(complete($task, completed => F), 422, 'body.next', 'recur: an open task has no next');
is_error(complete($task, due_date => 'soon', recursion_pattern => "a\nb"), 422,
    'body.due_date body.recursion_pattern', 'recur: their rules are those of a task');

# Without next all is as it was.
$n = tasks();
$r = $t->as($u, PATCH => "$path/$task->{id}/complete", { completed => T, due_date => 'soon',
    recursion_pattern => 7 });
is_ok($r, 200, 'recur: without next other fields are ignored');
ok(!exists $r->{json}{next_id}, 'recur: and nothing is said of a next one');
is_ok($t->as($u, PATCH => "$path/$task->{id}/complete", { next => F }), 200, 'recur: next: false');
is_ok($t->as($u, PATCH => "$path/$task->{id}/complete"), 200, 'recur: a plain flip');
is(tasks(), $n, 'recur: makes no task');

# Once, also when it is asked for twice.
$task = made(due_date => day(1));
my @r = map { complete($task, -headers => [ 'Idempotency-Key' => 'again' ]) } 1..3;
is(join(' ', map { $_->{status} } @r), '200 200 200', 'recur: three times with one key');
is(join(' ', map { $_->{json}{next_id} } @r[1, 2]), join(' ', ($r[0]{json}{next_id}) x 2),
    'recur: is one next task, which each of them names');
is(tasks(), $n + 2, 'recur: in the database too');

# Two devices at once: the second waits for the first, and makes none.
$task = made(due_date => day(1));
$n = tasks();
my $release = $t->hold('LOCK TABLE tasks');
my @kids = map {
	my $k = $_;
	my $pid = fork;
	if (!$pid) {
		my $got = complete($task);
		Todo::spew("$t->{dir}/both.$k", "$got->{status} " . ($got->{json}{next_id} ? 1 : 0));
		POSIX::_exit(0);
	}
	$pid } 1..4;
$t->waiting($t->{workers});
$release->();
waitpid $_, 0 for @kids;
is(join(', ', sort map { Todo::slurp("$t->{dir}/both.$_") } 1..4), '200 0, 200 0, 200 0, 200 1',
    'recur: four at the same time make one next task');
is(tasks(), $n + 1, 'recur: in the database too');

# --- the agenda ---------------------------------------------------------------------
my $ann = $t->user;
my $base = "/api/$ann->{id}/agenda";
sub agenda {
	my $r = $t->as($ann, GET => "$base?due_after=$_[0]&due_before=$_[1]");
	return ref $r->{json} eq 'ARRAY' ? join ' ', map { "$_->{title}:$_->{due_date}" .
	    ($_->{recurring} ? '*' : '') } @{$r->{json}} : "$r->{status} $r->{content}";
}
my %id = map { $_->[0] => $t->task($ann, title => $_->[0], due_date => $_->[1],
    recursion_pattern => $_->[2], completed => $_->[3] || F)->{id} } (
    [ a => '2026-02-03', undef ], [ b => '2026-01-30', 'weekly' ],
    [ c => '2026-01-01', 'daily', T ], [ d => '2026-02-05T10:00:00Z', 'FREQ=DAILY;COUNT=3' ],
    [ e => undef, 'daily' ], [ f => '2026-02-28', undef ], [ g => '2026-01-01', 'sometimes' ],
    [ h => '2026-02-10', 'yearly', T ]);
$r = $t->as($ann, GET => "$base?due_after=2026-02-01&due_before=2026-02-28");
is_ok($r, 200, 'agenda: of a month');
is_deeply($r->{json}[4], { id => $id{a}, title => 'a', due_date => '2026-02-03',
    priority => 'Medium', completed => F, recurring => F }, 'agenda: a task of that month');
is_deeply($r->{json}[0], { id => $id{b}, title => 'b', due_date => '2026-02-06',
    priority => 'Medium', completed => F, recurring => T }, 'agenda: one that comes again');
is(agenda('2026-02-01', '2026-02-28'), join(' ', qw(b:2026-02-06* b:2026-02-13* b:2026-02-20*
    b:2026-02-27* a:2026-02-03 d:2026-02-05T10:00:00Z d:2026-02-06T10:00:00Z*
    d:2026-02-07T10:00:00Z* h:2026-02-10)), 'agenda: all of it');
is(agenda('2026-02-07', '2026-02-08'), 'd:2026-02-07T10:00:00Z*',
    'agenda: COUNT is counted from the start');
is(agenda('2026-02-27T00:00:00-10:00', '2026-03-01T00:00:00-10:00'), 'b:2026-02-27* f:2026-02-28',
    'agenda: dates are compared with the day of the bound, whatever its offset');
is(agenda('2026-02-05T11:00:00%2B01:00', '2026-02-05T11:00:01%2B01:00'), 'd:2026-02-05T10:00:00Z',
    'agenda: times with the instant');
is(agenda('2026-02-05T11:00:01%2B01:00', '2026-02-05T12:00:00%2B01:00'), '',
    'agenda: which is not there a second later');
is(agenda('2027-01-01', '2027-01-02'), 'b:2027-01-01*', 'agenda: next year');
is(agenda('2026-03-01', '2026-02-01'), '', 'agenda: an empty range');
is_error($t->as($ann, GET => $base), 422, 'query.due_after query.due_before',
    'agenda: wants its range');
is_error($t->as($ann, GET => "$base?due_after=2026-01-01&due_before=2027-01-03"), 422,
    'query.due_before', 'agenda: of at most 366 days');
like(agenda('2026-01-01', '2027-01-02'), qr/^c:2026-01-01 .* f:2026-02-28\z/, 'agenda: 366 days');
my $tag = $r->{headers}{etag};
is($t->as($ann, GET => "$base?due_after=2026-02-01&due_before=2026-02-28", undef,
    headers => [ 'If-None-Match' => $tag ])->{status}, 304, 'agenda: an ETag');
$t->task($ann, title => 'i', due_date => '2026-02-01T00:00:00Z', recursion_pattern => 'FREQ=SECONDLY');
$r = $t->as($ann, GET => "$base?due_after=2026-02-01&due_before=2026-02-28", undef,
    headers => [ 'If-None-Match' => $tag ]);
is($r->{status}, 200, 'agenda: which moves');
is(scalar(grep { $_->{title} eq 'i' } @{$r->{json}}), 367,
    'agenda: more often than daily it is cut');

# It costs what it shows, not what there ever was: counted by the server, with the plan
# that it has settled on.
{
	my $t = Todo->new(workers => 1);
	my ($many, $few) = map { $t->user } 1..2;
	$t->psql("INSERT INTO tasks (user_id, title, due_date, recursion_pattern, completed)
	    SELECT $many->{id}, 'old', '2000-01-01Z'::timestamptz + i * interval '1 hour',
	    CASE WHEN i % 2 = 0 THEN 'daily' END, i % 2 = 0 OR i % 3 = 0 FROM generate_series(1, 30000) i;
	    INSERT INTO tasks (user_id, title, due_date, recursion_pattern)
	    SELECT CASE WHEN i <= 20 THEN $many->{id} ELSE $few->{id} END, 'weekly', '2001-01-01Z', 'weekly' FROM generate_series(1, 500) i;
	    INSERT INTO tasks (user_id, title, due_date) SELECT $many->{id}, 'now', '2026-02-10Z' FROM generate_series(1, 30);
	    ANALYZE tasks");
	my $count = sub { return ($t->psql("SELECT sum(idx_scan), sum(idx_tup_read), (SELECT seq_tup_read
	    FROM pg_stat_user_tables WHERE relname = 'tasks')
	    FROM pg_stat_user_indexes WHERE relname = 'tasks'"))[0] };
	my @before = @{$count->()};
	my @size = map { scalar @{$t->as($many, GET => "/api/$many->{id}/agenda?due_after=2026-02-01&due_before=2026-03-01")
	    ->{json}} } 1..10;
	is("@size", join(' ', (110) x 10), 'agenda: ten times the same of many');
	my $after;
	Todo::wait_for(sub { $t->as($many, GET => '/api/auth/me'); ($after = $count->())->[0] >= $before[0] + 20 }, 'the counters');
	cmp_ok($after->[1] - $before[1] + $after->[2] - $before[2], '<=', 10 * 60, 'agenda: reads no more than it needs');
}

# A user's own rules can't hold a worker for long.
$t->psql("INSERT INTO tasks (user_id, title, due_date, recursion_pattern) SELECT $bob->{id}, 'x',
    '1600-01-01Z', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9999' FROM generate_series(1, 10000)");
$t->task($bob, title => 'here', due_date => '2026-02-10');
$r = $t->as($bob, GET => "/api/$bob->{id}/agenda?due_after=2026-02-01&due_before=2026-03-01");
is_ok($r, 200, 'agenda: rules that take long are left out');
is("$r->{headers}{'cache-control'} " . ($r->{headers}{etag} // ''), 'no-store ', 'agenda: nobody keeps that');
is($r->{json}[-1]{title}, 'here', 'agenda: but no task that is due');
like($t->log, qr/agenda: the recurrence rules take too long/, 'agenda: the log says so');
# One that is long has its ETag already: it is cut off, as a whole one would be kept.
$t->psql("DELETE FROM tasks WHERE user_id = $bob->{id}; INSERT INTO tasks (user_id, title, due_date, recursion_pattern)
    SELECT $bob->{id}, 'x', '2026-02-01Z', 'FREQ=SECONDLY' FROM generate_series(1, 2000)");
$r = $t->as($bob, GET => "/api/$bob->{id}/agenda?due_after=2026-02-01&due_before=2026-03-01");
ok($r->{cut} && ref $r->{json} ne 'ARRAY', 'agenda: one that has begun with an ETag is not a whole one');

# Without libical nothing is taken for a text that may be a rule.
(my $program = Todo::slurp($t->{bin})) =~ s/libical\.so/libicax.so/g;
{
	local $t->{bin} = "$t->{dir}/no-libical";
	Todo::spew($t->{bin}, $program);
	chmod 0755, $t->{bin};
	$r = $t->worker_cli(['--check-config']);
	is($r->{exit}, 78, 'no libical: --check-config');
	like($r->{stderr}, qr/libicax/, 'no libical: says what is missing');
	my $next = '{"completed":true,"next":true,"due_date":"2027-01-01","recursion_pattern":"daily"}';
	my $id = $t->task($ann, title => 'n', due_date => '2027-01-01', recursion_pattern => 'daily')->{id};
	for ([ GET => '/api/recurrence', 'pattern=daily', '' ],
	    [ GET => $base, 'due_after=2026-02-01&due_before=2026-02-28', '' ],
	    [ PATCH => "$ann->{tasks}/$id/complete", '', $next ]) {
		my ($method, $path, $query, $body) = @$_;
		$r = $t->worker_cli([], stdin => $body, env => { REQUEST_METHOD => $method,
		    SERVER_PROTOCOL => 'HTTP/1.1', SCRIPT_NAME => '', PATH_INFO => $path,
		    QUERY_STRING => $query,
		    HTTP_AUTHORIZATION => "Bearer $ann->{token}", CONTENT_LENGTH => length $body,
		    CONTENT_TYPE => $body && 'application/json' });
		like($r->{stdout}, qr/^Status: 500 /, "no libical: $method $path");
	}
	ok(!$t->as($ann, GET => "$ann->{tasks}/$id")->{json}{completed}, 'no libical: it is not completed');
}

done_testing();
