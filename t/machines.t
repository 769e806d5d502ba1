# SPDX-License-Identifier: ISC
# Three machines, which are network namespaces: nginx on one, workers on two.
# One of the two dies under load, in two ways: readers see no error, and nothing is
# written twice.
# sanitizers: no
use Todo;
use Dav;
use Fcntl qw(:flock);
use File::Spec;
use Time::HiRes qw(time sleep);

plan(skip_all => 'needs root, for network namespaces') if !$Todo::ROOT;
Todo::need(qw(ip socat));
my $t = Todo->new(start => 0);
my $d = $t->{dir};
my ($db_port) = $t->{url} =~ /:(\d+)\//;

# --- the machines --------------------------------------------------------------
my ($n, $net, $lock);
for (1..50) {
	$n = 1 + int rand 250;
	open $lock, ">", File::Spec->tmpdir . "/todo-net-$n.lock" or next;
	flock $lock, LOCK_EX | LOCK_NB or next;
	last if `ip -o link; ip -o addr` !~ / (?:todobr$n|todo$n[a-z]+)\b| 10\.213\.$n\./;
}
$net = "10.213.$n";
my %at = (web => "$net.2", a => "$net.11", b => "$net.12");
sub ip {
	my $command = shift;
	system('ip', split ' ', $command) == 0 or die "ip $command\n";
}
END {
	my $status = $?;
	if (defined $net && $$ == $t->{pid}) {
		$t->stop;
		# The links first: sockets that still wait for answers keep a namespace.
		system "ip link del todo$n$_ 2>/dev/null; ip netns del todo$n$_ 2>/dev/null"
		    for keys %at;
		system "ip link del todobr$n 2>/dev/null";
		unlink File::Spec->tmpdir . "/todo-net-$n.lock";
	}
	$? = $status;
}
$t->{pid} = $$;
ip("link add todobr$n type bridge");
ip("addr add $net.1/24 dev todobr$n");
ip("link set todobr$n up");
for my $m (sort keys %at) {
	ip("netns add todo$n$m");
	ip("link add todo$n$m type veth peer name eth0 netns todo$n$m");
	ip("link set todo$n$m master todobr$n up");
	ip("-n todo$n$m addr add $at{$m}/24 dev eth0");
	ip("-n todo$n$m link set eth0 up");
	ip("-n todo$n$m link set lo up");
}
sub inside { return (Process::which('ip'), 'netns', 'exec', "todo$n$_[0]") }
# To each machine the database is its own localhost, as the certificate says.
my $relay = Process::free_port();
$t->spawn('relay', 'relay.log', { PATH => $ENV{PATH} }, 'socat',
    "TCP-LISTEN:$relay,bind=$net.1,fork,reuseaddr", "TCP:127.0.0.1:$db_port");
for my $m (qw(a b)) {
	$t->spawn("relay$m", 'relay.log', { PATH => $ENV{PATH} }, inside($m), 'socat',
	    "TCP-LISTEN:$db_port,bind=127.0.0.1,fork,reuseaddr", "TCP:$net.1:$relay");
}
sub start_pool {
	my ($m, $pool, $port, $workers) = @_;
	$t->spawn("$m$pool", "worker$m.log", { $t->worker_env(FCGI_WEB_SERVER_ADDRS =>
	    "$at{web}/32") }, inside($m), 'spawn-fcgi', '-n', '-a', $at{$m}, '-p', $port,
	    qw(-u www-data -g www-data), '--', Process::which('multiwatch'), '-f', $workers,
	    '-r', 1000000, '-s', 'TERM', '--', $t->{bin});
}
for my $m (qw(a b)) {
	start_pool($m, 'tasks', 9001, 3);
	start_pool($m, 'auth', 9002, 1);
}
# The shipped file, with these addresses.
($t->{upstreams} = Todo::slurp("$Todo::SRC/etc/nginx/machines.conf")) =~
    s/10\.0\.0\.(1[12]):/$net.$1:/g;
like($t->{upstreams}, qr/server $net\.11:9001 .*server $net\.12:9001 /s,
    'machines: the shipped file names two');
@$t{qw(host inside)} = ($at{web}, [ inside('web') ]);
$t->{port} = 8080;
$t->start_nginx;
Todo::wait_for(sub { $t->req(GET => '/api/auth/me')->{status} == 401 }, 'an answer', 30)
    for 1..8;
my @users = map { $t->user } 1..4;
app($t, $_) for @users;

# --- who may connect -------------------------------------------------------------
my $stranger = IO::Socket::INET->new(PeerAddr => $at{a}, PeerPort => 9001, Timeout => 5);
my $got = sysread $stranger, my $byte, 1;
ok(!$got, 'machines: a connection from elsewhere is closed');
like(Todo::slurp("$d/workera.log"), qr/FCGI_WEB_SERVER_ADDRS does not have ::ffff:$net\.1\b/,
    'machines: and logged');

# --- one of them dies ------------------------------------------------------------
# Each line of a client: what it did, the status, how long, and what it was about.
sub load {
	my ($seconds, $meanwhile) = @_;
	my @kids;
	for my $u (@users) {
		for my $kind (qw(read write)) {
			my $pid = fork;
			if (!$pid) {
				open my $log, '>', "$d/client.$$" or POSIX::_exit(1);
				my ($until, $i) = (time + $seconds, 0);
				while (time < $until) {
					my $title = "$$-" . $i++;
					my $start = time;
					# A list that is sent in several records is cut off if its worker
					# is killed, as its status has been sent by then.
					if ($kind eq 'read' && $i % 2) {
						my $r = dav($t, $u, PROPFIND => "/dav/$u->{id}/tasks/", undef, depth => 0);
						printf $log "read %d %.3f - %s\n", $r->{status} == 207 ? 200 : $r->{status},
						    time - $start, $r->{tree} || error_shape($r) ? 'good' : 'bad';
						next;
					}
					my $r = $kind eq 'read' ? $t->as($u, GET => "$u->{tasks}?limit=20")
					    : $t->as($u, POST => $u->{tasks}, { title => $title });
					my $good = $kind eq 'write' && $r->{status} == 201
					    ? $r->{json}{title} eq $title : $r->{status} == 200
					    ? ref $r->{json} eq 'ARRAY' : error_shape($r);
					printf $log "%s %d %.3f %s %s\n", $kind, $r->{status},
					    time - $start, $title, $good ? 'good' : 'bad';
					sleep 0.01;
				}
				close $log;
				POSIX::_exit(0);
			}
			push @kids, $pid;
		}
	}
	$meanwhile->();
	waitpid $_, 0 for @kids;
	return map { split /\n/, Todo::slurp("$d/client.$_") } @kids;
}
sub judge {
	my ($name, @lines) = @_;
	my (%status, @bad, %title, $slowest);
	for (@lines) {
		my ($kind, $status, $seconds, $title, $good) = split ' ';
		$status{$kind}{$status}++;
		push @bad, $_ if $good ne 'good';
		$title{$title} = $status if $kind eq 'write';
		$slowest = $seconds if $kind eq 'read' && $seconds > ($slowest // 0);
	}
	is(join(' ', sort keys %{$status{read}}), '200', "machines, $name: no reader sees an error "
	    . "($status{read}{200} reads, the slowest $slowest s)");
	is("@bad", '', "machines, $name: each answer is a right one or an error in JSON");
	my %count = map { $_->[0] => $_->[1] } $t->psql('SELECT title, count(*) FROM tasks GROUP BY title');
	is(join(' ', grep { $title{$_} == 201 && ($count{$_} // 0) != 1 } keys %title), '',
	    "machines, $name: each acknowledged write is there once ($status{write}{201})");
	is(join(' ', grep { $count{$_} > 1 } keys %count), '', "machines, $name: none is there twice");
	is(join(' ', grep { !/^(201|502|503|504)$/ } keys %{$status{write}}), '',
	    "machines, $name: the others are 502, 503 or 504 (" . join(', ', map {
	    "$_: $status{write}{$_}" } sort keys %{$status{write}}) . ')');
}
judge('its network gone', load(9, sub {
	sleep 2;
	ip("link set todo${n}a down");
	sleep 5;
	ip("link set todo${n}a up");
}));
sleep 4;
judge('its workers killed', load(6, sub {
	for (1..3) {
		sleep 1;
		kill 'KILL', grep { Todo::slurp("/proc/$_/comm") =~ /^todo/ }
		    Process::members($t->{pool}{btasks});
	}
	$t->end('btasks');
	sleep 1;
	start_pool('b', 'tasks', 9001, 3);
}));

# --- both are back ---------------------------------------------------------------
sleep 4;		# fail_timeout
my %before = map { $_ => -s "$d/worker$_.log" } qw(a b);
$t->as($users[0], GET => '/api/auth/me') for 1..20;
cmp_ok(-s "$d/worker$_->[0].log", '>', $before{$_->[0]}, "machines: $_->[1] serves again")
    for [ a => 'the one whose network was gone' ], [ b => 'the one whose workers were killed' ];
$t->expect_log(qr/./);		# what nginx says of it

kill 'KILL', -$t->{pool}{$_} for qw(relay relaya relayb);
done_testing();
