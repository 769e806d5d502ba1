# SPDX-License-Identifier: ISC
package Process;

# Programs, processes and files: how ./run, dev/standin, the tests and bench/ start what
# they start.  It and its neighbours need no module but those of perl-base: ./run begins
# on a machine where nothing is installed.

use strict;
use warnings;
use Carp qw(croak);
use Exporter qw(import);
use POSIX ();
use Socket qw(:DEFAULT inet_pton);

our @EXPORT_OK = qw($ROOT which slurp spew quotable random_hex pause wait_for listener
    free_port launch command capture members end_group);
our $ROOT = $> == 0;
our $child;		# what command() waits for
my $TICK = POSIX::sysconf(POSIX::_SC_CLK_TCK());

# Servers are where not everybody looks.
$ENV{PATH} //= '/usr/bin:/bin';
for my $dir (qw(/usr/local/sbin /usr/sbin /sbin)) {
	$ENV{PATH} .= ":$dir" if ":$ENV{PATH}:" !~ /:$dir:/;
}

# One of another user, as su leaves it, stops make; then it is /tmp, as for File::Temp.
delete $ENV{TMPDIR} if defined $ENV{TMPDIR} && !(-d $ENV{TMPDIR} && -w _ && -x _);

# --- files -------------------------------------------------------------------

# A program's path, for those that do not look along PATH; nothing if there is none.
sub which {
	my ($program) = @_;
	my ($dir) = grep { -x "$_/$program" } split /:/, $ENV{PATH};
	return defined $dir ? "$dir/$program" : ();
}

# The bytes of a file, none if it can't be read.
sub slurp {
	my ($file) = @_;
	open my $f, '<:raw', $file or return '';
	local $/;
	return scalar(<$f>) // '';
}

sub spew {
	my ($file, $text) = @_;
	open my $f, '>:raw', $file or croak "$file: $!";
	print $f $text;
	close $f or croak "$file: $!";
	return $file;
}

# Dies if this can't be the name of a directory with sockets below it, or stand in the
# servers' configuration files.
sub quotable {
	my ($dir) = @_;
	length "$dir/db/sock/.s.PGSQL.65535.lock" <= 107	# sun_path
	    or die "the name $dir is too long for a unix socket; choose another directory\n";
	$dir !~ /['"\\;\${}%\n]/
	    or die "the name $dir holds a character that configuration files cannot quote; "
	    . "choose another directory\n";
}

sub random_hex {
	my ($bytes) = @_;
	open my $random, '<:raw', '/dev/urandom' or die "/dev/urandom: $!\n";
	sysread($random, my $secret, $bytes);
	return unpack 'H*', $secret;
}

# --- time and ports ------------------------------------------------------------

sub pause { select undef, undef, undef, $_[0] }

# Seconds, by a clock that nobody sets.
sub now { return (POSIX::times())[0] / $TICK }

# What the code returns as soon as that is true; croaks after so many seconds (30).
sub wait_for {
	my ($code, $what, $seconds) = @_;
	my $until = now() + ($seconds || 30);
	while (now() < $until) {
		my $got = $code->();
		return $got if $got;
		pause(0.02);
	}
	croak "waited too long for $what";
}

# A socket that listens on this port of an address, 0 for a free one, and its port; nothing,
# with $! set, if that can't be.
sub listener {
	my ($address, $port) = @_;
	my ($family, $pack, $unpack) = $address =~ /:/
	    ? (AF_INET6, \&pack_sockaddr_in6, \&unpack_sockaddr_in6)
	    : (AF_INET, \&pack_sockaddr_in, \&unpack_sockaddr_in);
	socket my $s, $family, SOCK_STREAM, 0 or return;
	setsockopt $s, SOL_SOCKET, SO_REUSEADDR, 1;
	bind $s, $pack->($port, inet_pton($family, $address)) and listen $s, 1 or return;
	return ($s, ($unpack->(getsockname $s))[0]);
}

sub free_port {
	my (undef, $port) = listener('127.0.0.1', 0) or croak "no free port: $!";
	return $port;
}

# --- programs ------------------------------------------------------------------

sub redirect {
	my ($descriptor, $mode, $to) = @_;
	if (!ref $to) {
		open my $file, $mode, $to or die "$to: $!\n";
		$to = $file;
	}
	POSIX::dup2(fileno $to, $descriptor) // die "dup2: $!\n";
}

# Starts a program, and returns its process id when it runs; dies if it can't.  Of %$o:
#
#   as    the user that it is if we are root
#   dir   where it is
#   env   its whole environment (ours)
#   in    what it reads, and
#   out   what it writes to, and
#   err   for its messages: a handle, or the name of a file, to which it adds (/dev/null;
#         ours; out)
#   own   true for a session and a process group of its own, which no terminal reaches
sub launch {
	my ($o, @command) = @_;
	unshift @command, 'setpriv', "--reuid=$o->{as}", "--regid=$o->{as}", '--init-groups', '--'
	    if $ROOT && defined $o->{as};
	pipe my $heard, my $said or die "pipe: $!\n";	# the program does not inherit it
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		eval {
			$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE);
			POSIX::setsid() if $o->{own};
			redirect(0, '<', $o->{in} // '/dev/null');
			my $err = $o->{err} // $o->{out};
			redirect(2, '>>', $err) if defined $err;
			redirect(1, '>>', $o->{out}) if defined $o->{out};
			!defined $o->{dir} or chdir $o->{dir} or die "$o->{dir}: $!\n";
			%ENV = %{$o->{env}} if $o->{env};
			no warnings 'exec';
			exec { $command[0] } @command or die "$command[0]: $!\n";
		};
		syswrite $said, $@;
		POSIX::_exit(127);
	}
	close $said;
	my $why = readline $heard // return $pid;
	waitpid $pid, 0;
	die $why;
}

# Runs a program to its end, and returns what it said on both outputs, or nothing if they
# go elsewhere; $? is what became of it.  %$o as above, and text: what it reads.
sub command {
	my ($o, @command) = @_;
	my %o = %$o;
	if (defined $o{text}) {
		open $o{in}, '+>:raw', undef or die "no temporary file: $!\n";
		print { $o{in} } $o{text};
		seek $o{in}, 0, 0;
	}
	my $heard;
	defined $o{out} or pipe $heard, $o{out} or die "pipe: $!\n";
	local $child = launch(\%o, @command);
	delete $o{out};
	my $said = do { local $/; defined $heard ? readline $heard : '' };
	waitpid $child, 0;
	return $said // '';
}

# The same, but it returns its output and its messages.
sub capture {
	my ($o, @command) = @_;
	open my $err, '+>:raw', undef or die "no temporary file: $!\n";
	my $out = command({ %$o, err => $err }, @command);
	seek $err, 0, 0;
	local $/;
	return ($out, readline($err) // '');
}

# The living processes of a group.
sub members {
	my ($group) = @_;
	kill 0, -$group or return;
	opendir my $proc, '/proc' or return;
	# Of all processes this asks one call each, and reads only the few that it means.
	return grep { slurp("/proc/$_/stat") =~ /^\d+ \(.*\) [^XZ] \d+ $group /s }
	    grep { /^\d/ && getpgrp($_) == $group } readdir $proc;
}

# Has the leader of a group end all of it, and waits for that; returns false if it had to
# be killed.
sub end_group {
	my ($group, $signal, $seconds) = @_;
	waitpid $group, POSIX::WNOHANG();
	kill $signal, $group or kill 'TERM', -$group;
	my ($until, $killed) = (now() + $seconds);
	while (waitpid($group, POSIX::WNOHANG()), members($group)) {
		$killed = now() > $until and kill 'KILL', -$group;
		pause(0.02);
	}
	return !$killed;
}

1;
