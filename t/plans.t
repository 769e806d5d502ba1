# SPDX-License-Identifier: ISC
# What requests cost in the database: each by an index, a page as many tasks as it shows, and
# nothing more than the account has.  The server itself tells the plan of the statements that it
# got from the worker, after so many that it has settled on one.
use Todo;

my $t = Todo->new(workers => 1, own_db => [ settings => <<'EOF' ]);
fsync = off
session_preload_libraries = 'auto_explain'
auto_explain.log_min_duration = 0
auto_explain.log_analyze = on
auto_explain.log_timing = off
auto_explain.log_format = json
EOF
my $log = "$t->{standin}/pg.log";
my $u = $t->user;
my $ALL = 8000;

# An account with many tasks, most of them done, some without a date, among those that most people
# have: the planner takes it for one of these.
$t->psql("INSERT INTO users (id, username, email, password) SELECT 1000000 + i, 'crowd' || i, i || '\@example.org', 'x'
    FROM generate_series(0, 999) i;
    INSERT INTO tasks (user_id, title, due_date, priority, tags, completed, completed_at, recursion_pattern)
    SELECT CASE WHEN i % 2 = 0 THEN $u->{id} ELSE 1000000 + i % 1000 END, 'task ' || i,
    CASE WHEN i % 9 > 0 THEN timestamptz '2025-01-01' + i * interval '1 hour' END,
    (ARRAY['High', 'Medium', 'Low'])[i % 7 % 3 + 1]::task_priority, CASE WHEN i % 3 = 0 THEN ARRAY['home'] ELSE '{}' END,
    i % 20 > 1, CASE WHEN i % 20 > 1 THEN timestamptz '2025-01-01' + i * interval '70 minutes' END,
    CASE WHEN i % 100 = 0 THEN 'monthly' END
    FROM generate_series(1, 2 * $ALL) i; ANALYZE tasks; ANALYZE users");
my @id = map { $_->[0] } $t->psql("SELECT id FROM tasks WHERE user_id = $u->{id} ORDER BY id LIMIT 40");

# The plans in the log from there on.
sub plans {
	my ($from) = @_;
	my @found;
	my $text = substr Todo::slurp($log), $from;
	while ($text =~ /plan:\n((?:\t.*\n)+)/g) {
		my $plan = eval { $Client::JSON->decode($1) } or next;
		push @found, $plan if $plan->{'Query Text'} =~ /public\.tasks/ && $plan->{'Query Text'} =~ /\$1/;
	}
	return @found;
}
# How tasks were found, and how many rows of them were read for it.
sub scans {
	my ($node, $seen) = @_;
	if (($node->{'Relation Name'} // '') eq 'tasks' && $node->{'Node Type'} =~ /Scan/ && $node->{'Actual Loops'}) {
		$seen->{how}{$node->{'Index Name'} // $node->{'Node Type'}} = 1;
		$seen->{rows} += $node->{'Actual Loops'} * ($node->{'Actual Rows'} + ($node->{'Rows Removed by Filter'} // 0)
		    + ($node->{'Rows Removed by Index Recheck'} // 0));
	}
	$seen->{how}{$node->{'Index Name'}} = 1 if $node->{'Node Type'} eq 'Bitmap Index Scan' && $node->{'Actual Loops'};
	scans($_, $seen) for @{$node->{Plans} // []};
	return $seen;
}
# Sends a request some times; the last one's plan must read at most so many rows, by the indexes
# whose names match.
sub costs {
	my ($name, $most, $how, $method, $path, $json) = @_;
	my ($from, $times, $r) = (-s $log, 7);
	$r = $t->as($u, $method => ref $path ? $path->() : $path, $json) for 1..$times;
	ok($r->{status} < 300, "plans: $name") or return diag("$r->{status} $r->{content}");
	my @all;
	Todo::wait_for(sub { (@all = plans($from)) >= $times }, 'the plans');
	my $seen = scans($all[-1]{Plan}, { rows => 0, how => {} });
	like(join(' ', sort grep { !/^Bitmap Heap Scan$/ } keys %{$seen->{how}}), qr/^$how\z/, "plans: $name, by an index");
	cmp_ok($seen->{rows}, '<=', $most, "plans: $name, reads at most $most of " . 2 * $ALL);
	return $r;
}

# --- pages -----------------------------------------------------------------------------
# A page by due date also reads what is due within a day or so of its end.
my ($PAGE, $NEAR) = (26, 26 + 40);
for ([ 'created', $PAGE, 'tasks_user_id_id_key' ], [ '-created', $PAGE, 'tasks_user_id_id_key' ],
    [ 'due', $NEAR, 'tasks_due_idx' ], [ '-due', $NEAR, 'tasks_due_idx' ],
    [ 'due&tz=Asia/Tokyo', $NEAR, 'tasks_due_idx' ], [ '-due&tz=Asia/Tokyo', $NEAR, 'tasks_due_idx' ],
    [ 'due&completed=false', $NEAR, 'tasks_open_idx' ], [ '-due&completed=false', $NEAR, 'tasks_open_idx' ],
    [ 'due&completed=false&due_before=2026-06-01&tz=Asia/Tokyo', $NEAR, 'tasks_open_idx' ],
    [ 'due&completed=false&due_after=2026-06-01&tz=Asia/Tokyo', $NEAR, 'tasks_open_idx' ],
    [ 'due&due_after=2026-06-01&due_before=2026-06-02', $NEAR, 'tasks_due_idx' ],
    [ 'priority', $PAGE, 'tasks_priority_idx' ], [ '-priority', $PAGE, 'tasks_priority_idx' ],
    [ 'completed', $PAGE, 'tasks_completed_idx' ], [ '-completed', $PAGE, 'tasks_completed_idx' ],
    [ '-completed&completed_after=2026-03-01&completed_before=2026-03-02&tz=Asia/Tokyo', $PAGE, 'tasks_completed_idx' ]) {
	my ($q, $most, $how) = @$_;
	my $path = "$u->{tasks}?sort=$q&limit=25";
	my $first = costs("sort=$q", $most, $how, GET => $path) or next;
	my ($next) = ($first->{headers}{link} // '') =~ /<([^>]*)>/ or next;
	# The tenth page, as far as there are so many.
	for (1..8) {
		my ($after) = ($t->as($u, GET => $next)->{headers}{link} // '') =~ /<([^>]*)>/ or last;
		$next = $after;
	}
	costs("sort=$q, a later page", $q =~ /due/ ? $most + 40 : $most, $how, GET => $next);
}

# --- all that an account has, and no more ---------------------------------------------
costs("all: $_", $ALL, 'tasks_\w+', GET => "/api/$u->{id}/$_") for 'tasks', 'counts', 'counts?now=2026-06-01&tz=Asia/Tokyo',
    'tasks?q=nothing+of+it', 'tasks?sort=due&tag=none&limit=9', 'tasks?sort=priority&q=none&limit=9',
    'tasks?sort=due', 'tasks?completed_after=2030-01-01';
costs('agenda', 600, 'tasks_due_idx tasks_recurring_idx', GET => "/api/$u->{id}/agenda?due_after=2026-02-01&due_before=2026-03-01");

# --- one task, and some ---------------------------------------------------------------
my $one = "$u->{tasks}/$id[0]";
costs('a task', 1, 'tasks_user_id_id_key', GET => $one);
costs('PUT', 1, 'tasks_pkey', PUT => $one, { title => 'x' });
costs('PATCH', 1, 'tasks_pkey', PATCH => "$one/complete");
costs('DELETE', 1, 'tasks_pkey', DELETE => sub { "$u->{tasks}/" . pop @id });
costs('some at once', 3, 'tasks_pkey', POST => "$u->{tasks}/update", { ids => [ map { 0 + $_ } @id[1..3] ], set => { title => 'y' } });

done_testing();
