# SPDX-License-Identifier: ISC
# A worker gives up what it does not need (t/unit/sandbox shows what that is).  It is
# on by default, so that all other tests show that everything works with it.
# sanitizers: too
use Todo;
use Seccomp;

my $built = Seccomp::built();
my $t = Todo->new(workers => 1, retries => 1_000_000_000);
my $u = $t->user;

sub status_of {
	my %is = Todo::slurp("/proc/$_[0]/status") =~ /^(\w+):\s*(.*)$/mg;
	return ($is{NoNewPrivs} // '') . ' ' . ($is{Seccomp} // '');
}
sub status {
	my ($pid) = grep { Todo::slurp("/proc/$_/comm") =~ /^todo/ } $t->worker_pids($_[0]);
	return status_of($pid // 'none');
}
sub serves {
	my $name = shift;
	is_ok($t->as($u, GET => $u->{tasks}), 200, "sandbox: $name, it serves");
	$t->task($u, title => $name);
}
my $on = $built ? '1 2' : '0 0';
serves('on by default');
is(status('tasks'), $on, 'sandbox: on by default, no new privileges and a filter');
is(status('auth'), $on, 'sandbox: in both pools');
my $cut = 'SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()';
for my $round (1..3) {
	cmp_ok($t->psql($cut), '>', 0, 'sandbox: the connections are cut');
	serves("connected again ($round)");
}

# By CGI: a worker that waits for the body.
pipe my $from, my $to;
pipe my $out, my $in;
my $body = qq({"email":"$u->{email}","password":"$u->{password}"});
my $pid = fork // die "fork: $!";
if (!$pid) {
	POSIX::dup2(fileno $from, 0);
	POSIX::dup2(fileno $in, 1);
	open STDERR, '>>', "$t->{dir}/worker.log";
	close $to;
	%ENV = ($t->worker_env, REQUEST_METHOD => 'POST', PATH_INFO => '/api/auth/login',
	    SCRIPT_NAME => '', CONTENT_TYPE => 'application/json', CONTENT_LENGTH => length $body);
	exec { $t->{bin} } $t->{bin} or POSIX::_exit(127);
}
close $_ for $from, $in;
eval { Todo::wait_for(sub { status_of($pid) eq $on }, 'the worker', 10) };
is(status_of($pid), $on, 'sandbox: by CGI, before the body is read');
syswrite $to, $body;
close $to;
my $answer = join '', <$out>;
waitpid $pid, 0;
is($?, 0, 'sandbox: by CGI, and it ends well');
like($answer, qr/^Status: 200.*"access_token"/s, 'sandbox: with its answer');

$t->{env}{SANDBOX} = 'off';
$t->restart_workers;
serves('off');
is(status('tasks'), '0 0', 'sandbox: off, nothing is given up');

# A system that has no such filter, as some containers.
delete $t->{env}{SANDBOX};
my @under = Seccomp::refusing(these => 'seccomp');
my $script = Todo::spew("$t->{dir}/confined", "#!/bin/sh\nexec "
    . join(' ', map { "'" . s/'/'\\''/gr . "'" } @under) . " '$t->{bin}'\n");
chmod 0755, $script;
{
	local $t->{bin} = $script;
	$t->restart_workers;
}
serves('if the system has no filter');
is(status('tasks'), '1 2', 'sandbox: with no more than the system\'s own');
my @said = grep { /SANDBOX/ } split /\n/, Todo::slurp("$t->{dir}/worker.log");
cmp_ok(scalar @said, $built ? '>' : '==', 0, 'sandbox: and the log says so');
is(scalar(grep { !/neon-todo\[\d+\]: SANDBOX: system calls are not limited here: / } @said),
    0, 'sandbox: in a line of its own');

for my $value ('yes', 'ON', '1') {
	my $r = $t->worker_cli(['--check-config'], env => { SANDBOX => $value });
	is($r->{exit}, 78, "sandbox: SANDBOX=$value is refused");
	like($r->{stderr}, qr/\A\S+ SANDBOX must be on or off\n\z/, 'sandbox: in one line');
}

done_testing();
