# SPDX-License-Identifier: ISC
package Servers;

# What serves: pools of workers, and nginx with the shipped files, below one directory.
# Each runs in a process group of its own and has a name, by which it is ended.  Members:
#
#   dir         where they are, with their sockets and what nginx reads
#   logs        where their logs are
#   bin         the worker
#   host, port  where nginx listens (127.0.0.1, a free one)
#   pool        the groups by name
#   keep        set if they may outlive this process: a directory that their command lines
#               name; who runs is in dir/NAME.pid, and known to the next one
#   www, upstreams, inside, web_workers, web_connections
#               of nginx: the page's directory, configuration to find workers (those of
#               dir), a command that runs it, and numbers

use strict;
use warnings;
use Carp qw(croak);
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use IO::Socket::INET;
use POSIX ();
use Process qw($ROOT which slurp spew pause wait_for free_port launch command members end_group);

our $SRC = abs_path(dirname(__FILE__) . '/../..') // shut_out();
our $PAGE = abs_path($ENV{TOP_BUILDDIR} || $SRC) . '/page';	# as make made it
our $USER = 'www-data';		# of workers and web servers, if root starts them

# For somebody who was started here, but may not enter a directory above: no path leads
# from there to these files.
sub shut_out {
	my ($path, $user) = ('', getpwuid $>);
	my ($closed) = grep { !-x } map { $path .= "/$_" } grep { length } split m{/}, POSIX::getcwd();
	print STDERR basename($0), ": the user ${\($user // $>)} cannot enter ",
	    $closed // 'a directory above this one', "; copy this directory to another place\n";
	exit 1;
}

sub new {
	my ($class, %o) = @_;
	my $self = bless { pool => {}, %o }, $class;
	for my $name (qw(nginx tasks auth)) {
		my ($group) = slurp("$self->{dir}/$name.pid") =~ /^(\d+)$/ or next;
		# A group of others that has the same number by accident has other commands.
		$self->{pool}{$name} = $group if grep { slurp("/proc/$_/cmdline")
		    =~ m{\Q$self->{keep}\E/|^nginx: worker process} } members($group);
	}
	return $self;
}

# --- a group -------------------------------------------------------------------

# Starts a program in a group of its own and returns its id; what it says goes to the log.
sub spawn {
	my ($self, $name, $log, $env, @command) = @_;
	# Nobody could end the other one any more.
	croak "$name runs already" if $self->{pool}{$name} && members($self->{pool}{$name});
	my $file = ($self->{logs} // $self->{dir}) . "/$log";
	my $group = launch({ dir => $self->{dir}, env => $env, out => $file, own => 1 }, @command);
	spew("$self->{dir}/$name.pid", "$group\n") if $self->{keep};
	$self->{said}{$name} = $file;
	return $self->{pool}{$name} = $group;
}

# Ends it and waits for that; returns false if it had to be killed.
sub end {
	my ($self, $name, $signal, $seconds) = @_;
	my $group = delete $self->{pool}{$name};
	my $clean = !$group || end_group($group, $signal // 'TERM', $seconds // 20);
	unlink "$self->{dir}/$name.pid" if $self->{keep};
	return $clean;
}

# The last lines of some logs, each below its name.
sub last_lines {
	my ($n, @files) = @_;
	return join '', map { my @lines = split /^/, slurp($_);
	    splice @lines, 0, -$n if @lines > $n; "$_:\n", @lines } @files;
}

# Dies if one of these (all) that this process started has ended, with the last it said.
sub must_run {
	my ($self, @names) = @_;
	for my $name (@names ? @names : sort keys %{$self->{said}}) {
		my $group = $self->{pool}{$name} // next;
		die "$name has ended; the last lines of ", last_lines(5, $self->{said}{$name})
		    if waitpid $group, POSIX::WNOHANG();
	}
}

# --- workers -------------------------------------------------------------------

# Starts so many workers that listen on NAME.sock.  Of %o: log (NAME.log) and env (ours),
# retries (of multiwatch) and backlog (of the socket).
sub start_pool {
	my ($self, $name, $workers, %o) = @_;
	my $socket = "$self->{dir}/$name.sock";
	unlink $socket;
	# multiwatch takes no letter outside ASCII unless it is told how they are written.
	$self->spawn($name, $o{log} // "$name.log", { %{$o{env} // \%ENV}, CHARSET => 'UTF-8' },
	    'spawn-fcgi', '-n', '-s', $socket, '-M', '0600',
	    defined $o{backlog} ? ('-b', $o{backlog}) : (),
	    $ROOT ? map { ($_ => $USER) } qw(-u -g -U -G) : (), '--', which('multiwatch'),
	    '-f', $workers, defined $o{retries} ? ('-r', $o{retries}) : (), '-s', 'TERM', '--',
	    $self->{bin});
	# It has all its rights just before it listens.
	wait_for(sub {
		$self->must_run($name);
		-S $socket && ((stat _)[2] & 0777) == 0600 }, "$name.sock");
}

# --- nginx ---------------------------------------------------------------------

# A copy of a directory of the source, made once: web servers run as a user who may not
# be able to enter the checkout, and their files can't quote every name.
sub copy {
	my ($self, $from, $to) = @_;
	my $copy = $to =~ m{^/} ? $to : "$self->{dir}/$to";
	return $copy if -e $copy;
	my $umask = umask 022;
	$from = "$SRC/$from" if $from !~ m{^/};
	my $said = command({}, 'cp', '-R', '--no-preserve=mode', $from, $copy);
	umask $umask;
	die "$from can't be copied: $said" if $?;
	return $copy;
}

# The same of the page, as make made it.
sub page {
	my ($self, $to) = @_;
	die "there is no $PAGE; make it by: make page\n" if !-e "$PAGE/sw.js";
	return $self->copy($PAGE, $to // 'page');
}

sub nginx_conf {
	my ($self, $extra) = @_;
	my ($d, $logs) = ($self->{dir}, $self->{logs} // $self->{dir});
	my $connections = $self->{web_connections} // 512;
	my $descriptors = 2 * $connections;		# a client's, and a worker's
	my $temporary = join "\n\t", map { qq{${_}_temp_path "$d/tmp_$_";} }
	    qw(client_body proxy fastcgi uwsgi scgi);
	# A worker with a single request in hand had better not be chosen beside idle ones.
	my $keep = ($self->{env}{REQUESTS} // '') eq '1' ? '' :
	    'keepalive 64; keepalive_requests 100; keepalive_timeout 1s;';
	my $upstreams = $self->{upstreams} // join "\n\t", map {
	    my ($name, $more) = @$_;
	    qq{upstream neon_todo_$name { server "unix:$d/$name.sock" max_fails=0; $more}} }
	    [ 'tasks', $keep ], [ 'auth', '' ];
	return <<"CONF";
@{[$ROOT ? "user $USER;" : '']}
daemon off;
worker_processes @{[$self->{web_workers} // 1]};
worker_rlimit_nofile $descriptors;
worker_shutdown_timeout 8s;
pid "$d/nginx.pid";
error_log "$logs/error.log" warn;
events { worker_connections $connections; }
http {
	$temporary
	include neon-todo/http.conf;
	access_log "$logs/access.log" neon_todo buffer=32k flush=1s;
	$upstreams
	server {
		listen @{[$self->{host} // '127.0.0.1']}:$self->{port};
		server_name _;
		include neon-todo/server.conf;
		set \$neon_todo_www "$self->{www}";
		@{[$extra // '']}
	}
}
CONF
}

# Starts it and waits until it listens; the text is added to its server.
sub start_nginx {
	my ($self, $extra) = @_;
	my $d = $self->{dir};
	$self->copy('etc/nginx', 'neon-todo');
	$self->{www} //= $self->page;
	$self->{port} ||= free_port();
	spew("$d/nginx.conf", $self->nginx_conf($extra));
	my %env = map { $_ => $ENV{$_} } grep { defined $ENV{$_} } qw(PATH TZ);
	$self->spawn('nginx', 'nginx.log', \%env,
	    @{$self->{inside} // []}, 'nginx', '-p', $d, '-c', "$d/nginx.conf",
	    '-e', ($self->{logs} // $d) . '/error.log');
	$self->listening('nginx');
}

# --- answers -------------------------------------------------------------------

sub connect_web {
	my ($self) = @_;
	return IO::Socket::INET->new(PeerAddr => $self->{host} // '127.0.0.1',
	    PeerPort => $self->{port}, Timeout => 10);
}

# Waits until the web server of this name takes connections.
sub listening {
	my ($self, $name) = @_;
	wait_for(sub { $self->must_run($name); $self->connect_web }, $name);
}

# What it answers to GET: "STATUS TYPE", or nothing.
sub answer {
	my ($self, $path) = @_;
	local $SIG{PIPE} = 'IGNORE';
	my $s = $self->connect_web or return '';
	setsockopt $s, SOL_SOCKET, SO_RCVTIMEO, pack 'l!l!', 10, 0;
	print $s 'GET ', $self->{mount} // '', "$path HTTP/1.0\r\nHost: localhost\r\n\r\n";
	my $text = do { local $/; readline $s } // '';
	my ($status, $head) = $text =~ m{^HTTP/\S+ (\d+)(.*?)\r\n\r\n}s or return '';
	return "$status " . ($head =~ /^Content-Type: ([\w\/]+)/mi ? $1 : '');
}

# Whether both pools have answered.  By GET, which is not counted as an attempt to log in.
sub answers {
	my ($self) = @_;
	for ([ '/api/auth/me', 401 ], [ '/api/auth/login', 405 ]) {
		$self->{answered} = $self->answer($_->[0]);
		return if $self->{answered} ne "$_->[1] application/json";
	}
	return 1;
}

# Waits until they have; dies with the end of the logs after a minute, or if there have
# been nothing but a web server's own errors for so many seconds.
sub ready {
	my ($self, $seconds) = @_;
	my ($until, $broken) = (Process::now() + 60);
	until ($self->answers) {
		my $now = Process::now();
		$self->must_run;
		$broken = $self->{answered} =~ /^5/ ? $broken // $now : undef;
		if ($now > $until || defined $broken && $now > $broken + $seconds) {
			my %logs = map { $_ => 1 } values %{$self->{said}},
			    ($self->{logs} // $self->{dir}) . '/error.log';
			die "the service does not answer: $self->{answered}\n",
			    last_lines(10, sort keys %logs);
		}
		pause(0.1);
	}
}

1;
