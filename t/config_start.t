# SPDX-License-Identifier: ISC
# The start and the database: quick when it is there; 69 within 5 seconds when
# it is not; 78 when it refuses the password or is not who it should be.
# ways: direct pooled
use Todo;
use Time::HiRes qw(time);

my $t = Todo->new(start => 0);
my $url = $t->{url};
my ($pw) = $url =~ m{//[^:]+:([^@]+)@};
my ($port) = $url =~ /:(\d+)\//;
# 5 s by contract, and some for a busy machine to start them all at once.
my $limit = 9;

my @waiting;
sub fails {
	my ($name, $status, %env) = @_;
	my $help = delete $env{help} // qr/check host and network, or try later|check host and network: /;
	push @waiting, [ $name, $status,
	    $t->worker_begin([], env => \%env, fcgi => 1, timeout => 20), $help ];
}
sub look {
	my ($name, $status, $end, $help) = @_;
	my $r = $end->();
	ok((grep { $r->{exit} == $_ } ref $status ? @$status : $status), $name)
	    or diag("exit $r->{exit}: $r->{stderr}");
	cmp_ok($r->{elapsed}, '<', $limit, sprintf '%s: after %.1f s', $name,
	    $r->{elapsed});
	like($r->{stderr}, qr/\A[^\n]+\n\z/, "$name: one line");
	like($r->{stderr}, qr/ DATABASE_URL: can't connect to the database; $help/, "$name: which says what helps");
	unlike($r->{stderr}, qr/\Q$pw\E|\Q$t->{secret}\E|wrong-one/,
	    "$name: without a secret");
}

my $dead = Todo::free_port();
fails('US1-3: a refused port is 69', 69, DATABASE_URL => $url =~ s/:$port/:$dead/r);
fails('FR-013: two refused ports are 69', 69, DATABASE_URL =>
    $url =~ s/localhost:$port/localhost:$dead,localhost:$dead/r);
my $hole = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1');
my $hp = $hole->sockport;
fails('FR-013: a server that accepts and never answers is 69', 69,
    DATABASE_URL => $url =~ s/:$port/:$hp/r);
fails('FR-013: three of them together are 69 in the same time', 69,
    DATABASE_URL => $url =~ s/localhost:$port/localhost:$hp,localhost:$hp,localhost:$hp/r);
fails('FR-013: connect_timeout=60 in the URL does not prolong it', 69,
    DATABASE_URL => ($url =~ s/:$port/:$hp/r) . '&connect_timeout=60');
fails('FR-013: a name that does not resolve is 69', 69, DATABASE_HOSTS =>
    'nowhere.invalid', DATABASE_URL => $url =~ s/localhost/nowhere.invalid/r);
fails('US1-3: a refused password is 78', 78,
    DATABASE_URL => $url =~ s/\Q$pw\E/wrong-one/r, help => qr/copy it from Neon's console: /);
fails('US1-3: an unknown role is 78', 78,
    DATABASE_URL => $url =~ s{//todo:}{//nobody:}r, help => qr/copy it from Neon's console: /);
fails('FR-002: a certificate of another authority is not accepted', [ 69, 78 ],
    DATABASE_URL => $url =~ s/&?sslrootcert=[^&]+//r, help => qr/sslrootcert in it has to name /);
fails('FR-002: nor one of another name', [ 69, 78 ], DATABASE_HOSTS =>
    'todo.localhost', DATABASE_URL => $url =~ s/localhost/todo.localhost/r, help => qr/./);
look(@$_) for splice @waiting;
# a server that has no TLS: 'N' to the first packet
my $pid = fork;
if (!$pid) {
	while (my $c = $hole->accept) { sysread $c, my $x, 8; syswrite $c, 'N'; }
	POSIX::_exit(0);
}
fails('FR-002: a server without TLS is not accepted', [ 69, 78 ],
    DATABASE_URL => $url =~ s/:$port/:$hp/r, help => qr/copy it from Neon's console: /);
look(@$_) for splice @waiting;
kill 'KILL', $pid;
waitpid $pid, 0;

# --- and when it is there ---------------------------------------------------
my $start = time;
$t->start_workers;
$t->start_nginx;
$t->ready;
cmp_ok(time - $start, '<', 5, 'SC-007: started, connected and answering within 5 s');
is($t->psql("SELECT count(*) FROM information_schema.tables WHERE table_schema =
    'public' AND table_name IN ('users', 'tasks')"), 2,
    'US1-1: it connected to the database that DATABASE_URL names');

done_testing();
