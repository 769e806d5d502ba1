# SPDX-License-Identifier: ISC
# Statements that the worker gave up, and that the server carries out all the same.
# ways: direct pooled
use Todo;

my $t = Todo->new(workers => 1, wire => 1, env => { DATABASE_TIMEOUT => 5 });
my $wire = $t->{wire};
my $u = $t->user;
my @one = map { $t->task($u, title => "task $_")->{id} } 0..1;
my ($serial, @kids) = (0);
sub count { return $t->psql("SELECT count(*) FROM tasks WHERE title = '$_[0]'") }
sub completed { return $t->psql("SELECT completed FROM tasks WHERE id = $one[$_[0]]") eq 't' }
sub waiting {
	my $n = shift;
	Todo::wait_for(sub { $t->psql("SELECT count(*) FROM pg_stat_activity
	    WHERE datname = '$t->{db}' AND wait_event_type = 'Lock'") == $n }, "$n that wait", 5);
}

# Takes a lock, by its SQL, and keeps it until what it returns is called.  On return
# it is held or waited for.
sub hold {
	my $sql = shift;
	my $file = "$t->{dir}/hold." . ++$serial;
	my $name = "hold $serial";
	my $pid = fork;
	if (!$pid) {
		local %ENV = (PATH => $ENV{PATH}, DATABASE => $t->db_url('direct'),
		    PGAPPNAME => $name);
		exec 'sh', '-c', '{ echo "BEGIN; $1;"; while test -d "$2" && ! test -e "$3"; do '
		    . 'sleep 0.05; done; } | psql "$DATABASE" -XAtq >/dev/null',
		    'sh', $sql, $t->{dir}, $file;
	}
	Todo::wait_for(sub { $t->psql("SELECT count(*) FROM pg_stat_activity
	    WHERE application_name = '$name' AND (wait_event_type = 'Lock'
	    OR state = 'idle in transaction' AND query NOT LIKE 'BEGIN%')") }, $name, 10);
	return sub { Todo::spew($file, ''); waitpid $pid, 0 };
}

# Sends a request; what it returns waits for the answer.
sub later {
	my @request = @_;
	my $file = "$t->{dir}/later." . ++$serial;
	my $pid = fork;
	if (!$pid) {
		my $r = $t->as($u, @request);
		Todo::spew($file, "$r->{status} $r->{content}");
		POSIX::_exit(0);
	}
	return sub { waitpid $pid, 0; return Todo::slurp($file) };
}

# New workers, which know already that a pooler keeps no statements.
sub fresh {
	for (0..1) {
		$t->restart_workers if $_;
		$t->as($u, GET => $_) for $u->{tasks}, '/api/auth/me';
	}
}

# --- a connection's first write comes late ------------------------------------------
fresh();
my $release = hold('LOCK TABLE tasks');
is_error($t->as($u, POST => $u->{tasks}, { title => 'late' }), 504, undef,
    'late: a write that waits for too long');
$release->();
Todo::wait_for(sub { count('late') }, 'the late write', 5);
is_ok($t->as($u, POST => $u->{tasks}, { title => 'next' }), 201, 'late: the next one');
is(count('next'), 1, 'late: is made');

fresh();
my @who = map { { username => "late_$_", email => "late_$_\@example.org",
    password => 'long enough' } } 1..2;
$release = hold('LOCK TABLE users');
is_error($t->req(POST => '/api/auth/register', { json => $who[0] }), 504, undef,
    'late: an account that waits for too long');
$release->();
Todo::wait_for(sub { $t->psql("SELECT count(*) FROM users WHERE username = 'late_1'") },
    'the late account', 5);
my $r = $t->req(POST => '/api/auth/register', { json => $who[1] });
is_ok($r, 201, 'late: the next account');
$t->note_secrets($r->{json}) if ref $r->{json} eq 'HASH';

# --- between the next write and its repetition ---------------------------------------
$t->task($u, title => 'warm') for 1..2;
my @release = map { hold("SELECT FROM tasks WHERE id = $_ FOR UPDATE") } @one;
is_error($t->as($u, PATCH => "$u->{tasks}/$one[0]/complete"), 504, undef, 'late: a flip');
my $answer = later(PATCH => "$u->{tasks}/$one[1]/complete");
waiting(2);
$wire->ask('mute');
$release[1]->();
Todo::wait_for(sub { completed(1) }, 'the second flip', 2);
$release[0]->();
Todo::wait_for(sub { completed(0) }, 'the first flip', 2);
$wire->ask('pass');
$wire->ask('cut');
like($answer->(), qr/^200 .*"completed":true/, 'late: the flip of another task');
is(completed(1), 1, 'late: is made once');

# --- made, found, and then not to be read ----------------------------------------------
# The repetition waits for the writes, and what locks the tasks waits for it.
for my $key ('', 'k') {
	$t->task($u, title => 'warm') for 1..2;
	$wire->ask('mute');
	$answer = later(POST => $u->{tasks}, { title => "made$key" },
	    headers => $key ? [ 'Idempotency-Key' => $key ] : []);
	Todo::wait_for(sub { count("made$key") }, 'the task', 2);
	my $writes = hold('LOCK TABLE writes');
	$wire->ask('pass');
	$wire->ask('cut');
	waiting(1);
	my $tasks = hold('LOCK TABLE tasks');
	waiting(2);
	$writes->();
	like($answer->(), $key ? qr/^503/ : qr/^504/, 'late: a write that is there, and can\'t be read,'
	    . ($key ? ' with a key' : '') . ' is not said to be not there');
	$tasks->();
}

# --- a token that ended --------------------------------------------------------------------
my @key = (headers => [ 'Idempotency-Key' => 'ended' ]);
is_ok($t->as($u, DELETE => "$u->{tasks}/$one[0]", undef, @key), 200, 'late: a delete');
$t->as($u, POST => '/api/auth/logout');
is_error($t->as($u, DELETE => "$u->{tasks}/$one[0]", undef, @key), 401, undef,
    'late: the same after the token was logged out');

done_testing();
