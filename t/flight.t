# SPDX-License-Identifier: ISC
# Many requests in flight in one worker, on its one connection.
# ways: direct pooled
# long: 23
use Todo;
use Time::HiRes qw(time sleep);

my $t = Todo->new(workers => 1, auth_workers => 1, wire => 1);
my $wire = $t->{wire};
my @u = map { $t->user } 1..4;
my @task = map { $t->task($_, title => 'first') } @u;
# Each statement once, for whatever is prepared at its first use.
$t->as($u[0], PATCH => "$u[0]{tasks}/$task[0]{id}/complete") for 1..2;
$t->as($u[0], GET => $_) for $u[0]{tasks}, "$u[0]{tasks}/$task[0]{id}";

# The answers to so many requests at the same time, in their order, and how long all took.
sub together {
	my $start = time;
	my @later = map { $t->later(@$_) } @_;
	my @got = map { $_->() } @later;
	return (time - $start, @got);
}

# Whether the PgBouncer here keeps prepared statements, as Neon's does: 1.24 is the first that
# does so by default.
sub pooler_keeps {
	my ($major, $minor) = `pgbouncer --version` =~ /^PgBouncer (\d+)\.(\d+)/ or die 'no version of PgBouncer';
	return $major > 1 || $minor >= 24;
}

# --- the database is far away ------------------------------------------------------------
$wire->ask('delay 0.15');
my ($took, @got);
my $flights = $wire->count(sub {
	($took, @got) = together(map { my $v = $u[$_ % 4]; [ $v, GET => $v->{tasks} ] } 1..24);
});
is(scalar(grep { /^200 / } @got), 24, 'flight: two dozen reads at the same time');
# PgBouncer before 1.22.1 hands answers that are still to come to its next client, if a worker is
# killed.  So where no prepared statements are kept, nothing is sent before the answer.
my $singly = Todo::slurp("$t->{dir}/worker.log") =~ /one at a time/;
if ($singly) {
	is($flights, 24, 'flight: through an old pooler each by itself');
} else {
	cmp_ok($took, '<', 24 * 0.3 * 0.8, sprintf 'flight: do not wait for each other (%.1f s)', $took);
	cmp_ok($flights, '<', 24, "flight: in fewer flights than they are ($flights)");
}
is($singly, $t->{way} eq 'pooled' && !pooler_keeps(), 'flight: which is known from the start');
$wire->ask('delay 0');
$wire->ask('pass');

# --- a pooler's room ---------------------------------------------------------------------
# PgBouncer from 1.21 to 1.25 stands still with a TLS record that is longer than its buffer and
# ends in a message that it must see whole.
{
	$wire->ask($_) for 'wake 3', 'reset', 'cut';
	(undef, @got) = together(map { my $v = $u[$_ % 4]; [ $v, GET => $v->{tasks} ] } 1..48);
	my $stat = $wire->ask('stat');
	$wire->ask('pass');
	is(scalar(grep { /^200 / } @got), 48, 'flight: four dozen requests wait for the connection');
	cmp_ok($stat->{record}, '>', 3000, 'flight: and leave together') if !$singly;
	# A byte for the kind, 16 to tell a change.
	cmp_ok($stat->{record}, '<=', 4096 + 17, 'flight: in TLS records of no more than 4,096 bytes');
}

# --- a lock ------------------------------------------------------------------------------
# Somebody holds a task's row; who wants it waits, and nobody else for long.
{
	my $release = $t->hold("SELECT FROM tasks WHERE id = $task[0]{id} FOR UPDATE");
	my @locked = map { $t->later($u[0], PUT => "$u[0]{tasks}/$task[0]{id}", { title => "locked $_" }) } 1..3;
	$t->waiting(1);
	my $slowest = 0;
	for my $n (1..10) {
		my $start = time;
		my $r = $t->as($u[1], POST => $u[1]{tasks}, { title => "free $n" });
		is_ok($r, 201, "flight: beside three that wait for a lock, write $n");
		$slowest = time - $start if time - $start > $slowest;
	}
	cmp_ok($slowest, '<', 2, sprintf 'flight: waits for %.1f s at most', $slowest);
	$release->();
	is(join(' ', map { $_->() =~ /^(\d+)/ } @locked), '200 200 200',
	    'flight: and they are made when the lock is gone');
}

# --- the connection is lost ---------------------------------------------------------------
for my $how ('cut', 'rst') {
	$wire->ask('delay 0.1');
	my @later = map { my $v = $u[$_ % 4]; $_ % 2 ? $t->later($v, POST => $v->{tasks}, { title => "$how $_" })
	    : $t->later($v, GET => $v->{tasks}) } 1..16;
	sleep 0.3;
	$wire->ask($how);
	$wire->ask('pass');
	my @got = map { $_->() } @later;
	is(join(' ', map { /^(\d+)/ } @got), join(' ', map { $_ % 2 ? 201 : 200 } 1..16),
	    "flight: $how with sixteen in flight, each is answered");
	is($t->psql("SELECT count(*) || ' ' || count(DISTINCT title) FROM tasks WHERE title LIKE '$how %'"),
	    '8 8', 'flight: and each write is made once');
}
$t->expect_log(qr/database: /);

# --- a client that goes away, and one that does not read -------------------------------------
my @params = (REQUEST_METHOD => 'GET', PATH_INFO => $u[2]{tasks}, HTTP_AUTHORIZATION => "Bearer $u[2]{token}");
$t->psql("INSERT INTO tasks (user_id, title, description) SELECT $u[2]{id}, 'n', repeat('d', 1000)
    FROM generate_series(1, 10000)");
# Where there is room for it (HELD_MAX), a list waits longer than others would (HURRY_USEC).
{
	my $slow = $t->fcgi_open(\@params);
	my $size = sysread $slow, my $first, 100;
	sleep 2.5;
	while (my $n = sysread $slow, my $data, 1 << 20) { $size += $n }
	cmp_ok($size, '>', 10_000_000, 'flight: a list whose reader was slow is whole');
}
{
	close $t->fcgi_open(\@params) for 1..5;
	my @deaf = map { $t->fcgi_open(\@params) } 1..4;
	sysread $_, my $first, 100 for @deaf;
	my ($took, @got) = together(map { [ $u[1], GET => "$u[1]{tasks}/$task[1]{id}" ] } 1..8);
	is(scalar(grep { /^200 / } @got), 8, 'flight: beside long lists that nobody reads, requests are served');
	cmp_ok($took, '<', 8, sprintf 'flight: soon (%.1f s)', $took);
}
# Those that read a little now and then hold up the others for no longer.
{
	my @drip = map { $t->fcgi_open(\@params) } 1..8;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		for (1..60) {
			sysread $_, my $data, 65536 for @drip;
			sleep 0.5;
		}
		POSIX::_exit(0);
	}
	sleep 1;
	my ($took, $got) = together([ $u[1], GET => "$u[1]{tasks}/$task[1]{id}" ]);
	like($got, qr/^200 /, 'flight: beside lists of which a little is read, a request is served');
	cmp_ok($took, '<', $ENV{TODO_SANITIZERS} ? 30 : 9, sprintf 'flight: in bounded time (%.1f s)', $took);
	kill 'KILL', $pid;
	waitpid $pid, 0;
}
{
	my ($took, @got) = together([ $u[2], GET => $u[2]{tasks} ],
	    map { [ $u[1], GET => "$u[1]{tasks}/$task[1]{id}" ] } 1..8);
	is(scalar(grep { /^200 / } @got), 9, 'flight: ten thousand tasks beside small requests');
}

# --- the end ------------------------------------------------------------------------------------
{
	$wire->ask('delay 0.2');
	my @later = map { $t->later($u[3], POST => $u[3]{tasks}, { title => "last $_" }) } 1..6;
	sleep 0.3;
	ok($t->end('tasks'), 'flight: SIGTERM with some in flight, the worker ends');
	is(join(' ', map { $_->() =~ /^(\d+)/ } @later), join(' ', (201) x 6), 'flight: and they are answered');
	$wire->ask('pass');
}

# --- many write to a locked task ------------------------------------------------------------------------
{
	my $t = Todo->new(workers => 1, auth_workers => 1, env => { DATABASE_TIMEOUT => 3 });
	my @u = map { $t->user } 1..2;
	my @task = map { $t->task($_, title => 'x') } @u;
	my $lock = 'SELECT FROM tasks WHERE id = %d FOR UPDATE';
	my @put = map { [ $u[$_], PUT => "$u[$_]{tasks}/$task[$_]{id}", { title => 'y' } ] } 0..1;
	my $release = $t->hold(sprintf $lock, $task[0]{id});
	my $start = time;
	my @later = map { $t->later(@{$put[0]}) } 1..20;
	is(scalar(grep { $_->() =~ /^50[34] .*(?:unavailable|did not answer)/ } @later), 20,
	    'flight: twenty that wait for a lock in vain are told');
	cmp_ok(time - $start, '<', 5.5, sprintf 'flight: within their time (%.1f s)', time - $start);
	$release->();
	# Whoever waits for long is the last of several.
	$release = $t->hold(sprintf $lock, $task[1]{id});
	$start = time;
	@later = map { $t->later(@{$put[1]}) } 1..6;
	sleep 1.2;
	$release->();
	is(join(' ', map { $_->() =~ /^(\d+)/ } @later), join(' ', (200) x 6), 'flight: six wait for a second');
	cmp_ok(time - $start, '<', 3, sprintf 'flight: and are made soon after (%.1f s)', time - $start);
	# A request without a statement gives no memory back.
	my ($pid) = $t->worker_pids('tasks');
	my $faults = sub { (split ' ', Todo::slurp("/proc/$pid/stat") =~ s/.*\) //sr)[7] };
	my @bare = (REQUEST_METHOD => 'GET', PATH_INFO => $u[0]{tasks});
	$t->fcgi(\@bare);
	my $before = $faults->();
	$t->fcgi(\@bare) for 1..50;
	cmp_ok($faults->() - $before, '<', 50, 'flight: a stack is used again')
	    unless $ENV{TODO_SANITIZERS};	# they take memory of their own
}

# --- a worker without descriptors ------------------------------------------------------------------
# More connections than it may have, all of them served: the rest wait.
{
	my $t = Todo->new(start => 0, workers => 1, auth_workers => 1);
	$t->wrap(qw(prlimit --nofile=32:32));
	$t->start;
	my $u = $t->user;
	my $task = $t->task($u, title => 'x');
	my ($pid) = $t->worker_pids('tasks');
	my $release = $t->hold("SELECT FROM tasks WHERE id = $task->{id} FOR UPDATE");
	my @later = map { $t->later($u, PUT => "$u->{tasks}/$task->{id}", { title => "y $_" }) } 1..48;
	my $said = sub { scalar(() = Todo::slurp("$t->{dir}/worker.log") =~ /connections have to wait: Too many open files/g) };
	Todo::wait_for($said, 'the last descriptor');
	my $cpu = $t->cpu('tasks');
	sleep 1.5;
	$cpu = $t->cpu('tasks') - $cpu;
	cmp_ok($cpu, '<', 0.5, sprintf 'flight: without descriptors a worker waits (%.2f s of a processor)', $cpu);
	$release->();
	is(scalar(grep { $_->() =~ /^200 / } @later), 48, 'flight: all are served in the end');
	is(join(' ', $t->worker_pids('tasks')), $pid, 'flight: by the same worker');
	cmp_ok($said->(), '<', 4, 'flight: and it did not fill the log');
	is_ok($t->as($u, GET => $u->{tasks}), 200, 'flight: nor does it lack any later');
}

# --- prepared statements are lost --------------------------------------------------------------------
# In the midst of many requests, as by a pooler that gives the session to others.
{
	my $t = Todo->new(workers => 1, auth_workers => 1, wire => 1);
	my @u = map { $t->user } 1..4;
	my @task = map { $t->task($_, title => 'x') } @u;
	my $ask = sub { my $k = shift; my $v = $u[$k % 4]; return (
	    [ $v, POST => $v->{tasks}, { title => $k % 9 == 3 ? "forget $k" : "kept $k" } ],
	    [ $v, GET => "$v->{tasks}?limit=5" ],
	    [ $v, PUT => "$v->{tasks}/$task[$k % 4]{id}", { title => "put $k" } ])[$k % 3] };
	like($_->(), qr/^20[01] /, 'flight: a statement is prepared') for map { $t->later(@{$ask->($_)}) } 0, 1, 2;
	$t->psql('CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	    EXECUTE \'DEALLOCATE ALL\'; RETURN NEW; END $$;
	    CREATE TRIGGER forget AFTER INSERT ON tasks FOR EACH ROW WHEN (NEW.title LIKE \'forget%\')
	    EXECUTE FUNCTION forget()');
	$t->{wire}->ask('delay 0.1');
	my @later = map { $t->later(@{$ask->($_)}) } 3..35;
	is(join(' ', map { $_->() =~ /^(\d+)/ } @later), join(' ', map { $_ % 3 ? 200 : 201 } 3..35),
	    'flight: each is answered, though prepared statements were lost');
	$t->{wire}->ask('pass');
	is($t->psql("SELECT string_agg(split_part(title, ' ', 2), ' ' ORDER BY split_part(title, ' ', 2)::int)
	    FROM tasks WHERE title ~ '^(forget|kept) '"), join(' ', map { 3 * $_ } 0..11), 'flight: and each write is made once');
	like(Todo::slurp("$t->{dir}/worker.log"), qr/keeps no prepared statements/, 'flight: the log says so');
	$t->expect_log(qr/keeps no prepared statements/);
}

# --- several workers -----------------------------------------------------------------------------
# One has a request in hand: whoever comes goes to the other.
{
	my $t = Todo->new(workers => 2, auth_workers => 1);
	my $u = $t->user;
	my $task = $t->task($u, title => 'x');
	my $release = $t->hold("SELECT FROM tasks WHERE id = $task->{id} FOR UPDATE");
	my $locked = $t->later($u, PATCH => "$u->{tasks}/$task->{id}/complete");
	$t->waiting(1);
	my @ready = (REQUEST_METHOD => 'GET', PATH_INFO => '/readyz');
	my ($took, $n) = (0, 20);
	for (1..$n) {
		my $start = time;
		is($t->fcgi(\@ready)->{status}, 200, 'flight: a new connection is served') or last;
		$took += time - $start;
	}
	cmp_ok($took / $n, '<', 1, sprintf 'flight: by the worker that is idle (%.3f s)', $took / $n);
	$release->();
	like($locked->(), qr/^200 /, 'flight: the other one has its lock');
}
done_testing();
