# SPDX-License-Identifier: ISC
# The units for systemd: valid, hardened, and the socket that systemd holds keeps
# requests while workers start again.
# sanitizers: no
use Todo;
use Seccomp;
use Time::HiRes qw(time sleep);

Todo::need(qw(systemd-analyze systemd-socket-activate));
my $t = Todo->new(start => 0);
my $d = $t->{dir};

# --- the units ---------------------------------------------------------------
my $unit = Todo::slurp("$Todo::BUILD/neon-todo\@.service");
ok(length $unit, 'systemd: make made the service') or done_testing(), exit;
my ($program) = $unit =~ /^ExecStart=.* -- (\S+)$/m;
(my $here = $unit) =~ s/\Q$program\E/$t->{bin}/g;
# systemd-analyze wants the multiwatch and the files of this machine.
my $multiwatch = Process::which('multiwatch');
$here =~ s/^ExecStart=\S+/ExecStart=$multiwatch/m;
mkdir "$d/units";
Todo::spew("$d/units/neon-todo\@.service", $here);
Todo::spew("$d/units/neon-todo\@.socket",
    Todo::slurp("$Todo::SRC/etc/systemd/neon-todo\@.socket"));
mkdir "$d/units/neon-todo\@auth.service.d";
Todo::spew("$d/units/neon-todo\@auth.service.d/workers.conf",
    Todo::slurp("$Todo::SRC/etc/systemd/workers.conf"));
# The drop-ins that the manual has: for another web server, and for workers on several machines,
# where the address may come after the socket.
my @sockets = Todo::slurp("$Todo::SRC/man/neon-todo.7") =~ /^(\[Socket\]\n(?:[^.].*\n)+)/mg;
my ($group) = grep { /^SocketGroup=/m } @sockets;
my ($addresses) = grep { /^ListenStream=/m } @sockets;
is($group, "[Socket]\nSocketGroup=caddy\n", 'systemd: the manual has a socket for Caddy');
like($addresses, qr/^ListenStream=\nListenStream=10\.[\d.]+:\d+\n\z/m, 'systemd: the manual has a socket of TCP');
mkdir "$d/units/neon-todo\@auth.socket.d";
Todo::spew("$d/units/neon-todo\@auth.socket.d/override.conf", $group);
mkdir "$d/units/neon-todo\@tasks.socket.d";
Todo::spew("$d/units/neon-todo\@tasks.socket.d/override.conf", $addresses);
like(Todo::slurp("$d/units/neon-todo\@.socket") . $addresses, qr/^FreeBind=yes$/m,
    'systemd: that may be bound before the machine has the address');
for my $pool (qw(tasks auth)) {
	for my $kind (qw(service socket)) {
		my $said = `SYSTEMD_UNIT_PATH='$d/units:' systemd-analyze verify --man=no 'neon-todo\@$pool.$kind' 2>&1`;
		my $status = $?;
		# What it says of other units of this machine is not ours.
		is(join("\n", grep { /neon-todo/ } split /\n/, $said), '',
		    "systemd: verify neon-todo\@$pool.$kind");
		is($status, 0, 'systemd: and exits 0');
	}
}
my $said = `systemd-analyze security --offline=yes --threshold=20 '$d/units/neon-todo\@.service' 2>&1`;
is($?, 0, 'systemd: an exposure of at most 2.0');
my ($level) = $said =~ /Overall exposure level.*: ([\d.]+)/;
cmp_ok($level // 10, '<=', 2.0, 'systemd: it is ' . ($level // 'unknown'));

# The calls that the unit allows, with which the workers' own filter has to live.
my %set;
for (split /\n/, `systemd-analyze syscall-filter --no-pager 2>/dev/null`) {
	our $set;
	/^(\@\S+)/ ? $set = $1 : /^\s+([\@\w]\S*)/ && push @{$set{$set}}, $1;
}
sub calls { return map { /^\@/ ? calls(@{$set{$_} or die "no set $_"}) : $_ } @_ }
my %allowed;
for ($unit =~ /^SystemCallFilter=(.*)$/mg) {
	if (s/^~//) { delete @allowed{calls(split)} }
	else { @allowed{calls(split)} = () }
}
cmp_ok(scalar keys %allowed, '>', 200, 'systemd: ' . keys(%allowed) . ' system calls');
my @under = Seccomp::built() ? Seccomp::refusing(only => keys %allowed) : ();
$_ = "'" . s/'/'\\''/gr . "'" for @under;

# --- the socket that systemd holds -------------------------------------------
# The command of the unit, on the sockets that upstreams.conf names.
my ($command) = $unit =~ /^ExecStart=(.*)$/m;
$command =~ s/\$\{WORKERS\}/2/;
$command =~ s/^\S+/$multiwatch/;
$command =~ s/\S+$/$t->{bin}/;
# StandardInput=socket is systemd's own; its test program hands over descriptor 3.
Todo::spew("$d/start", "#!/bin/sh\necho \$\$ > \"\$1\"\nexec @under $command <&3 3<&-\n");
chmod 0755, "$d/start";
chmod 0777, $d;
for my $pool (qw(tasks auth)) {
	$t->spawn($pool, 'worker.log', { $t->worker_env }, ($Todo::ROOT ? ('setpriv',
	    '--reuid=www-data', '--regid=www-data', '--clear-groups') : ()),
	    Process::which('systemd-socket-activate'), '-l', "$d/$pool.sock",
	    (map { ('-E', $_) } qw(PATH DATABASE_URL DATABASE_HOSTS SECRET_KEY),
	    grep { /SAN_OPTIONS$/ } keys %ENV), "$d/start", "$d/$pool.pid");
	Todo::wait_for(sub { -S "$d/$pool.sock" }, "$pool.sock");
}
is(join(' ', map { -e "$d/$_.pid" ? $_ : () } qw(tasks auth)), '',
    'systemd: no worker runs before a request');
$t->start_nginx;
my $u = $t->user;
ok(-e "$d/auth.pid", 'systemd: the first one starts them');
my $r = $t->req(POST => '/api/auth/login', { json => { email => $u->{email},
    password => $u->{password} } });
is_ok($r, 200, 'systemd: login');
$t->secret($r->{json}{access_token});
my $task = $t->task($u, title => 'x');
is($t->as($u, GET => $u->{tasks})->{json}[0]{title}, 'x', 'systemd: list');
is_ok($t->as($u, PATCH => "$u->{tasks}/$task->{id}/complete"), 200, 'systemd: complete');
is_ok($t->as($u, DELETE => "$u->{tasks}/$task->{id}"), 200, 'systemd: delete');

# --- reload under load -------------------------------------------------------
my ($reload) = $unit =~ /^ExecReload=\+\/bin\/sh -c '(.*)'$/m;
$reload =~ s/\$\$/\$/g;
pipe my $out, my $in;
my @kids = map {
	my $k = $_;
	my $pid = fork;
	if (!$pid) {
		my $until = time + 4;
		while (time < $until) {
			my $r = $t->as($u, POST => $u->{tasks}, { title => "by $k" });
			syswrite $in, "$r->{status}\n";
		}
		POSIX::_exit(0);
	}
	$pid } 1..3;
close $in;
my $main = Todo::slurp("$d/tasks.pid") + 0;
my @before = grep { $_ != $main } Process::members($t->{pool}{tasks});
for (1..4) {
	sleep 0.7;
	system "MAINPID=$main; $reload";
}
my %seen;
$seen{$_}++ while defined($_ = <$out>) && chomp;
waitpid $_, 0 for @kids;
is(join(' ', sort keys %seen), '201', 'systemd: reloads under load lose no request ('
    . ($seen{201} // 0) . ' answered)');
is($t->psql("SELECT count(*) FROM tasks WHERE title LIKE 'by %'"), $seen{201},
    'systemd: and double none');
my %now = map { $_ => 1 } Process::members($t->{pool}{tasks});
is(join(' ', grep { $now{$_} } @before), '', 'systemd: every worker was replaced');

done_testing();
