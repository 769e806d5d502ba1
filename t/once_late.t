# SPDX-License-Identifier: ISC
# Statements that the worker gave up, and that the server carries out all the same.
# ways: direct pooled
# long: 43
use Todo;

# A statement that waits in the database for as long as it takes: no other waits for it.
my $t = Todo->new(workers => 1, wire => 1, env => { DATABASE_TIMEOUT => 8, REQUESTS => 1 });
my $wire = $t->{wire};
my $u = $t->user;
my $other = $t->user;		# an account's writes wait for each other
my @one = map { $t->task($_, title => 'task')->{id} } $u, $other;
sub count { return $t->psql("SELECT count(*) FROM tasks WHERE title = '$_[0]'") }
sub completed { return $t->psql("SELECT completed FROM tasks WHERE id = $one[$_[0]]") eq 't' }

# New workers, which know already that a pooler keeps no statements.
sub fresh {
	for (0..1) {
		$t->restart_workers if $_;
		$t->as($u, GET => $_) for $u->{tasks}, '/api/auth/me';
	}
}

# --- a connection's first write comes late ------------------------------------------
fresh();
my $release = $t->hold('LOCK TABLE tasks');
is_error($t->as($u, POST => $u->{tasks}, { title => 'late' }), 504, undef,
    'late: a write that waits for too long');
$release->();
Todo::wait_for(sub { count('late') }, 'the late write');
is_ok($t->as($u, POST => $u->{tasks}, { title => 'next' }), 201, 'late: the next one');
is(count('next'), 1, 'late: is made');

fresh();
my @who = map { { username => "late_$_", email => "late_$_\@example.org",
    password => 'long enough' } } 1..2;
$release = $t->hold('LOCK TABLE users');
is_error($t->req(POST => '/api/auth/register', { json => $who[0] }), 504, undef,
    'late: an account that waits for too long');
$release->();
Todo::wait_for(sub { $t->psql("SELECT count(*) FROM users WHERE username = 'late_1'") },
    'the late account');
my $r = $t->req(POST => '/api/auth/register', { json => $who[1] });
is_ok($r, 201, 'late: the next account');
$t->note_secrets($r->{json}) if ref $r->{json} eq 'HASH';

# --- between the next write and its repetition ---------------------------------------
$t->task($u, title => 'warm') for 1..2;
my @release = map { $t->hold("SELECT FROM tasks WHERE id = $_ FOR UPDATE") } @one;
is_error($t->as($u, PATCH => "$u->{tasks}/$one[0]/complete"), 504, undef, 'late: a flip');
my $answer = $t->later($other, PATCH => "$other->{tasks}/$one[1]/complete");
$t->waiting(2);
$wire->ask('mute');
$release[1]->();
Todo::wait_for(sub { completed(1) }, 'the second flip');
$release[0]->();
Todo::wait_for(sub { completed(0) }, 'the first flip');
$wire->ask('pass');
$wire->ask('cut');
like($answer->(), qr/^200 .*"completed":true/, 'late: the flip of another task');
is(completed(1), 1, 'late: is made once');

# --- made, found, and then not to be read ----------------------------------------------
# The repetition waits for the writes, and what locks the tasks waits for it.
for my $key ('', 'k') {
	$t->task($u, title => 'warm') for 1..2;
	$wire->ask('mute');
	$answer = $t->later($u, POST => $u->{tasks}, { title => "made$key" },
	    headers => $key ? [ 'Idempotency-Key' => $key ] : []);
	Todo::wait_for(sub { count("made$key") }, 'the task');
	my $writes = $t->hold('LOCK TABLE writes');
	$wire->ask('pass');
	$wire->ask('cut');
	$t->waiting(1);
	my $tasks = $t->hold('LOCK TABLE tasks');
	$t->waiting(2);
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
