# SPDX-License-Identifier: ISC
# The end of a worker, and restarts that nobody notices.
# ways: direct pooled
# long: 15
use Todo;
use Time::HiRes qw(time sleep);

my $t = Todo->new(workers => 2);
my $u = $t->user;
my $task = $t->task($u, title => 'x');

# One worker by itself on its own socket, our child, so that we see its status.
sub lone {
	my (@under) = @_;
	my $sock = "$t->{dir}/lone.sock";
	unlink $sock;
	my $pid = $t->spawn('lone', 'worker.log', { $t->worker_env }, 'spawn-fcgi', '-n',
	    '-s', $sock, '-M', '0666', ($Todo::ROOT ? qw(-u www-data -g www-data) : ()),
	    '--', @under, $t->{bin});
	# spawn-fcgi listens before it becomes the worker.
	Todo::wait_for(sub { Todo::slurp("/proc/$pid/comm") =~ /^(?:todo|multiwatch)/ },
	    'the lone worker');
	return $pid;
}
sub ended {
	my ($pid, $seconds) = @_;
	my $until = time + $seconds;
	while (time < $until) {
		return $? if waitpid($pid, POSIX::WNOHANG()) == $pid;
		sleep 0.02;
	}
	return -1;
}
sub lone_socket {
	return IO::Socket::UNIX->new(Peer => "$t->{dir}/lone.sock");
}
# One FastCGI request by hand.
sub fcgi_open {
	my ($method, $path, $body, $s) = @_;
	$s ||= lone_socket() or return;
	my %p = (REQUEST_METHOD => $method, PATH_INFO => $path, SCRIPT_NAME => '',
	    SERVER_PROTOCOL => 'HTTP/1.1', HTTP_AUTHORIZATION => "Bearer $u->{token}",
	    (defined $body ? (CONTENT_TYPE => 'application/json', CONTENT_LENGTH =>
	    length $body) : ()));
	my $params = join '', map { pack('NN', length($_) | 1 << 31,
	    length($p{$_}) | 1 << 31) . $_ . $p{$_} } sort keys %p;
	syswrite $s, pack('CCnnCx', 1, 1, 1, 8, 0) . pack('nCx5', 1, 0)
	    . pack('CCnnCx', 1, 4, 1, length $params, 0) . $params
	    . pack('CCnnCx', 1, 4, 1, 0, 0);
	return $s;
}
sub fcgi_finish {
	my ($s, $body) = @_;
	$body //= '';
	syswrite $s, (length $body ? pack('CCnnCx', 1, 5, 1, length $body, 0) . $body : '')
	    . pack('CCnnCx', 1, 5, 1, 0, 0);
	my $text = '';
	local $SIG{ALRM} = sub { die "no answer\n" };
	eval { alarm 30; 1 while sysread $s, $text, 65536, length $text; alarm 0 };
	alarm 0;
	return $text;
}

for my $sig (qw(TERM INT USR1)) {
	next if $sig eq 'USR1';	# FastCGI's own; its meaning is the manager's
	my $pid = lone();
	like(fcgi_finish(fcgi_open(GET => $u->{tasks})), qr/Status: 200|"title":"x"/,
	    "shutdown: a worker alone serves");
	kill $sig, $pid;
	is(ended($pid, 5), 0, "shutdown: SIG$sig, idle in accept, exits 0 promptly");
	delete $t->{pool}{lone};
}
{
	my $pid = lone();
	kill 'TERM', $pid;	# perhaps before it is ready
	like(ended($pid, 10), qr/^(0|15)\z/, 'shutdown: SIGTERM during the start ends it');
	delete $t->{pool}{lone};
}
# A start that takes long: a database that is silent, and an index that takes its time.
{
	my $hole = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1');
	my $port = $hole->sockport;
	local $t->{url} = $t->{url} =~ s/:\d+\//:$port\//r;
	my $pid = lone();
	my $its = $hole->accept;
	kill 'TERM', $pid;
	is(ended($pid, 2), 0, 'shutdown: SIGTERM while the database is silent, it exits 0');
	delete $t->{pool}{lone};
}
{
	$t->psql("DROP INDEX tasks_due_idx");
	$t->psql('CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS
	    $$ BEGIN PERFORM pg_sleep(30); END $$;
	    CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION slow()');
	my $builds = sub { $t->psql("SELECT count(*) FROM pg_stat_activity WHERE
	    datname = '$t->{db}' AND wait_event = 'PgSleep'") };
	my $pid = lone();
	Todo::wait_for($builds, 'the index');
	kill 'TERM', $pid;
	is(ended($pid, 2), 0, 'shutdown: SIGTERM while an index is built, it exits 0');
	delete $t->{pool}{lone};
	ok(eval { Todo::wait_for(sub { !$builds->() }, 'the server', 10) },
	    'shutdown: and the server gives it up');
	$t->psql('DROP EVENT TRIGGER slow; DROP FUNCTION slow()');
}
for my $gap (0, 0.002, 0.1) {
	my $pid = lone();
	fcgi_finish(fcgi_open(GET => $u->{tasks}));
	my $s = lone_socket();	# a connection, and nothing on it yet
	sleep $gap;
	kill 'TERM', $pid;
	sleep $gap;
	my $text = fcgi_finish(fcgi_open(GET => $u->{tasks}, undef, $s));
	like($text, qr/\A(?:Status: 200|.*"title":"x"|\z)/s,
	    "shutdown: SIGTERM $gap s after a connection");
	is(ended($pid, 10), 0, 'shutdown: it exits 0');
	like($text, qr/"title":"x"/, 'shutdown: and the request is answered') if $gap == 0.1;
	delete $t->{pool}{lone};
}
{
	my $pid = lone();
	fcgi_finish(fcgi_open(GET => $u->{tasks}));
	my $body = '{"title":"in hand"}';
	my $s = fcgi_open(POST => $u->{tasks}, $body);
	sleep 0.5;		# it waits for the body now
	kill 'TERM', $pid;
	sleep 0.5;
	my $text = fcgi_finish($s, $body);
	like($text, qr/Status: 201/, 'shutdown: SIGTERM in a request, it is finished');
	is(ended($pid, 10), 0, 'shutdown: and then it exits 0');
	delete $t->{pool}{lone};
	is($t->psql("SELECT count(*) FROM tasks WHERE title = 'in hand'"), 1,
	    'shutdown: answered writes are stored');
}
{
	my $pid = lone(Process::which('multiwatch'), '-f', 1, '-s', 'TERM', '--');
	fcgi_finish(fcgi_open(GET => $u->{tasks}));
	my $body = '{"title":"under multiwatch"}';
	my $s = fcgi_open(POST => $u->{tasks}, $body);
	sleep 0.5;
	kill 'TERM', $pid;
	sleep 0.5;
	like(fcgi_finish($s, $body), qr/Status: 201/,
	    'shutdown: multiwatch told to stop in a request, it is finished');
	is(ended($pid, 5), 0, 'shutdown: and then multiwatch exits 0');
	delete $t->{pool}{lone};
}
{
	my $pid = lone();
	fcgi_finish(fcgi_open(GET => $u->{tasks}));
	my $release = $t->hold('LOCK TABLE tasks');
	my $s = fcgi_open(PUT => "$u->{tasks}/$task->{id}", '{"title":"waited"}');
	syswrite $s, pack('CCnnCx', 1, 5, 1, 18, 0) . '{"title":"waited"}'
	    . pack('CCnnCx', 1, 5, 1, 0, 0);
	$t->waiting(1);
	kill 'TERM', $pid;
	sleep 0.5;
	$release->();
	my $text = '';
	1 while sysread $s, $text, 65536, length $text;
	like($text, qr/Status: 200|"title":"waited"/,
	    'shutdown: SIGTERM while the database works, the request is finished');
	is(ended($pid, 10), 0, 'shutdown: and then it exits 0');
	delete $t->{pool}{lone};
}
is($t->psql("SELECT count(*) FROM pg_stat_activity WHERE datname = '$t->{db}'
    AND usename = 'todo'") <= 3, 1, 'FR-015: workers that ended left no session')
    if $t->{way} eq 'direct';

# --- under load -------------------------------------------------------------
sub load {
	my ($clients, $seconds, $meanwhile) = @_;
	pipe my $out, my $in;
	my @kids;
	for my $k (1..$clients) {
		my $pid = fork;
		if (!$pid) {
			my ($until, $n) = (time + $seconds, 0);
			while (time < $until) {
				my $r = $n++ % 3 ? $t->as($u, GET => "$u->{tasks}/$task->{id}")
				    : $t->as($u, PUT => "$u->{tasks}/$task->{id}",
				    { title => "by $k $n" });
				syswrite $in, "$r->{status}\n";
			}
			POSIX::_exit(0);
		}
		push @kids, $pid;
	}
	close $in;
	sleep 0.5;
	$meanwhile->();
	my %seen;
	$seen{$_}++ while defined($_ = <$out>) && chomp;
	waitpid $_, 0 for @kids;
	return \%seen;
}
my $seen = load(4, 4, sub {
	for (1..4) { kill 'HUP', $t->{pool}{nginx}; sleep 0.6 }
});
is(join(' ', sort keys %$seen), '200', 'shutdown: nginx reloads under load lose '
    . 'no request (' . ($seen->{200} // 0) . ' answered)');
$seen = load(4, 4, sub {
	for (1..3) {
		for my $pid ($t->worker_pids('tasks')) { kill 'TERM', $pid; sleep 0.5 }
	}
});
is(join(' ', sort keys %$seen), '200', 'shutdown: worker restarts under load lose '
    . 'no request (' . ($seen->{200} // 0) . ' answered)');
Todo::wait_for(sub { $t->worker_pids('tasks') == 2 }, 'two workers');
is($t->worker_pids('tasks'), 2, 'shutdown: each was replaced');
my $start = time;
ok($t->end('tasks'), 'shutdown: multiwatch and its workers end on SIGTERM');
cmp_ok(time - $start, '<', 10, 'shutdown: promptly');

done_testing();
