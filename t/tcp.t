# SPDX-License-Identifier: ISC
# Workers that listen on TCP: who may connect, and who can hold one.
# sanitizers: too
use Todo;
use Time::HiRes qw(time sleep);

my $t = Todo->new;
my $port;

# One worker on a TCP port; what it says goes to worker.log.
sub tcp_worker {
	my (%env) = @_;
	$t->end('tcp');
	$port = Process::free_port();
	$t->spawn('tcp', 'worker.log', { $t->worker_env(%env) }, 'spawn-fcgi', '-n',
	    '-a', '127.0.0.1', '-p', $port, '--', $t->{bin});
	Todo::wait_for(sub { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) },
	    'the port');
}
# The answer to GET /healthz, asked by hand, '' for none.
sub ask {
	my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port,
	    @_) or return 'refused';
	my %p = (REQUEST_METHOD => 'GET', PATH_INFO => '/healthz', SCRIPT_NAME => '');
	my $params = join '', map { pack('CC', length, length $p{$_}) . $_ . $p{$_} } sort keys %p;
	syswrite $s, pack('CCnnCx', 1, 1, 1, 8, 0) . pack('nCx5', 1, 0)
	    . pack('CCnnCx', 1, 4, 1, length $params, 0) . $params
	    . pack('CCnnCx', 1, 4, 1, 0, 0) . pack('CCnnCx', 1, 5, 1, 0, 0);
	my $text = '';
	1 while sysread $s, $text, 65536, length $text;
	return $text;
}

tcp_worker();
like(ask(), qr/Status: 200/, 'tcp: by default this machine may connect');
tcp_worker(FCGI_WEB_SERVER_ADDRS => '192.0.2.1,10.0.0.0/8');
is(ask(), '', 'tcp: an address that is not in FCGI_WEB_SERVER_ADDRS gets nothing');
like(Todo::slurp("$t->{dir}/worker.log"),
    qr/FCGI_WEB_SERVER_ADDRS does not have ::ffff:127\.0\.0\.1/, 'tcp: and the log says so');
tcp_worker(FCGI_WEB_SERVER_ADDRS => '127.0.0.5, 192.0.2.1');
like(ask(LocalAddr => '127.0.0.5'), qr/Status: 200/, 'tcp: one that is in it is served');
is(ask(LocalAddr => '127.0.0.6'), '', 'tcp: its neighbour is not');
like(ask(LocalAddr => '127.0.0.5'), qr/Status: 200/, 'tcp: and the worker goes on');

# A web server that vanished: neither bytes nor an end ever come.
tcp_worker();
my $dead = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
syswrite $dead, pack('CCnnCx', 1, 1, 1, 8, 0);
sleep 0.2;
my $start = time;
like(ask(), qr/Status: 200/, 'tcp: a peer that stalls does not hold the worker for long');
cmp_ok(time - $start, '<', 60, sprintf 'tcp: for %.0f s', time - $start);
my $pid = $t->{pool}{tcp};
kill 'TERM', $pid;
Todo::wait_for(sub { waitpid $pid, POSIX::WNOHANG() }, 'its end', 10);
is($?, 0, 'tcp: SIGTERM ends it');
delete $t->{pool}{tcp};

# The socket is made by others: non-blocking, it must not keep an idle worker busy.
sub cpu { my @f = split ' ', Todo::slurp("/proc/$_[0]/stat"); return $f[13] + $f[14] }
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
{
	my $listen = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1');
	fcntl $listen, F_SETFL, O_NONBLOCK | fcntl $listen, F_GETFL, 0;
	$port = $listen->sockport;
	open my $stdin, '<&', \*STDIN;
	POSIX::dup2(fileno $listen, 0);
	my %env = $t->worker_env;
	my $pid = fork;
	if (!$pid) {
		open STDERR, '>>', "$t->{dir}/worker.log";
		%ENV = %env;
		exec { $t->{bin} } $t->{bin} or POSIX::_exit(127);
	}
	POSIX::dup2(fileno $stdin, 0);
	like(ask(), qr/Status: 200/, 'tcp: a non-blocking socket is served');
	my $before = cpu($pid);
	sleep 2;
	cmp_ok(cpu($pid) - $before, '<', 20, 'tcp: and idles without work, in 1/100 s');
	like(ask(), qr/Status: 200/, 'tcp: it is served again');
	kill 'TERM', $pid;
	Todo::wait_for(sub { waitpid $pid, POSIX::WNOHANG() }, 'its end', 10);
	is($?, 0, 'tcp: SIGTERM ends it there, too');
}

# accept() fails once with each error of the network, as Linux hands them on.
SKIP: {
	Todo::spew("$t->{dir}/accept.c", <<'C');
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>
int accept4(int fd, struct sockaddr *a, socklen_t *n, int flags)
{
	static const int e[] = { ECONNABORTED, EPROTO, ENOPROTOOPT, ENETDOWN, ENETUNREACH,
	    EHOSTDOWN, EHOSTUNREACH, ENONET, EPERM };
	static unsigned i;
	int (*real)(int, struct sockaddr *, socklen_t *, int);
	if (i < sizeof e / sizeof e[0]) { errno = e[i++]; return -1; }
	*(void **)&real = dlsym(RTLD_NEXT, "accept4");
	return real(fd, a, n, flags);
}
C
	skip 'no compiler', 1 if system "cc -shared -fPIC -o '$t->{dir}/accept.so' "
	    . "'$t->{dir}/accept.c' -ldl 2>&1";
	my $asan = $ENV{ASAN_OPTIONS} ? "$ENV{ASAN_OPTIONS}:" : '';
	tcp_worker(LD_PRELOAD => "$t->{dir}/accept.so",
	    ASAN_OPTIONS => "${asan}verify_asan_link_order=0");
	like(ask(), qr/Status: 200/, 'tcp: errors of the network do not end a worker');
	$t->end('tcp');
}

done_testing();
