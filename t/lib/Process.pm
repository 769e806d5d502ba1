# SPDX-License-Identifier: ISC
package Process;

# The half of Todo that knows programs, processes and files.

use strict;
use warnings;
use Carp qw(croak);
use Exporter qw(import);
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX ();
use Test::More ();
use Time::HiRes qw(time sleep);

our @EXPORT_OK = qw($ROOT need lack which slurp spew wait_for free_port members);
our $ROOT = $> == 0;
my $serial = 0;

# Leaves the test when a program is missing; with TODO_REQUIRE_ALL it fails.
sub need {
	my @missing = grep { my $p = $_;
	    !grep { -x "$_/$p" } split /:/, $ENV{PATH} } @_;
	lack("no @missing on this machine") if @missing;
}

# spawn-fcgi does not look along PATH.
sub which {
	my $p = shift;
	my ($dir) = grep { -x "$_/$p" } split /:/, $ENV{PATH};
	return "$dir/$p";
}

sub lack {
	Test::More::BAIL_OUT($_[0]) if $ENV{TODO_REQUIRE_ALL};
	Test::More::plan(skip_all => $_[0]) if !Test::More->builder->has_plan;
	croak $_[0];
}

sub slurp {
	my $file = shift;
	open my $f, '<:raw', $file or return '';
	local $/;
	my $text = <$f> // '';
	return $text;
}

sub spew {
	my ($file, $text) = @_;
	open my $f, '>:raw', $file or croak "$file: $!";
	print $f $text;
	close $f or croak "$file: $!";
	return $file;
}

sub wait_for {
	my ($code, $what, $seconds) = @_;
	my $until = time + ($seconds || 30);
	while (time < $until) {
		my $got = $code->();
		return $got if $got;
		sleep 0.02;
	}
	croak "waited too long for $what";
}

sub free_port {
	my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
	    or croak "no free port: $!";
	return $s->sockport;
}

# What dev/standin does, and "create": a start for tests.  Only a crash of the machine
# could tell that this one writes nothing to the disk for good.
sub standin {
	my ($program, $verb, $dir, $more) = @_;
	my $start = $verb eq 'create' ? 'start' : $verb;
	$more //= '';
	my $out = `'$program' $start '$dir' $more 2>&1 </dev/null`;
	croak "dev/standin $start: $out" if $? && $verb ne 'stop';
	my $good = $? == 0;
	if ($verb eq 'create') {
		$out = `psql -h '$dir/sock' -p \$(cat '$dir/port') -U postgres -d postgres -Xq -c 'ALTER SYSTEM SET fsync = off' -c 'SELECT pg_reload_conf()' 2>&1 </dev/null`;
		croak "fsync: $out" if $?;
	}
	return $good;
}

# Runs a program in a process group of its own; the log gets what it says.
sub spawn {
	my ($self, $name, $log, $env, @cmd) = @_;
	# Nobody could end the other one any more.
	croak "$name runs already" if $self->{pool}{$name} && members($self->{pool}{$name});
	my $pid = fork // croak "fork: $!";
	if (!$pid) {
		POSIX::setpgid(0, 0);
		%ENV = %$env;
		chdir $self->{dir};
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', "$self->{dir}/$log";
		open STDERR, '>>', "$self->{dir}/$log";
		exec { $cmd[0] } @cmd or POSIX::_exit(127);
	}
	POSIX::setpgid($pid, $pid);
	return $self->{pool}{$name} = $pid;
}

# The living processes of a group.
sub members {
	my $pgid = shift;
	opendir my $proc, '/proc' or return;
	# Of all processes this asks one call each, and reads only the few that it means.
	return grep { slurp("/proc/$_/stat") =~ /^\d+ \(.*\) [^XZ] \d+ $pgid /s }
	    grep { /^\d/ && getpgrp($_) == $pgid } readdir $proc;
}

# Ends a group; returns false if it had to be killed.
sub end {
	my ($self, $name, $sig) = @_;
	my $pid = delete $self->{pool}{$name} or return 1;
	kill $sig || 'TERM', $pid;
	my $until = time + 20;
	waitpid($pid, POSIX::WNOHANG()), sleep 0.02
	    while members($pid) && time < $until;
	my $clean = !members($pid);
	kill 'KILL', -$pid;
	waitpid $pid, 0;
	return $clean;
}

# Runs it with these arguments; %o: env (undef removes a name), clean => 1 for
# no settings at all, stdin, cwd, fcgi => 1 for a listening socket on
# descriptor 0, timeout, as => 'me' to keep root. Returns exit, signal,
# stdout, stderr, elapsed; exit is -1 when it had to be killed.
sub worker_cli { return worker_begin(@_)->() }

# The same, but for what it returns: a function that waits for the end and returns
# that.  elapsed is until then.
sub worker_begin {
	my ($self, $args, %o) = @_;
	my $d = $self->{dir};
	my $base = "$d/cli.$$." . ++$serial;
	my %env = $o{clean} ? (PATH => $ENV{PATH}, (map { $_ => $ENV{$_} }
	    grep { /^(?:A|UB|L)SAN_OPTIONS$/ } keys %ENV), %{$o{env} || {}})
	    : $self->worker_env(%{$o{env} || {}});
	spew("$base.in", $o{stdin} // '');
	my $listen = $o{fcgi} && IO::Socket::UNIX->new(Local => "$base.sock",
	    Listen => 5);
	my $start = time;
	my $pid = fork // croak "fork: $!";
	if (!$pid) {
		POSIX::setpgid(0, 0);
		chdir($o{cwd} || $d) or POSIX::_exit(126);
		open STDOUT, '>', "$base.out";
		open STDERR, '>', "$base.err";
		open my $in, '<', "$base.in";
		POSIX::dup2($listen ? fileno $listen : fileno $in, 0);
		if ($ROOT && ($o{as} // '') ne 'me') {
			my ($uid, $gid) = (getpwnam 'www-data')[2, 3];
			$) = "$gid $gid";
			POSIX::setgid($gid);
			POSIX::setuid($uid);
		}
		%ENV = map { $_ => $env{$_} } grep { defined $env{$_} } keys %env;
		exec { $self->{bin} } $self->{bin}, @$args or POSIX::_exit(127);
	}
	return sub {
		my ($until, $status, $done) = ($start + ($o{timeout} || 30), 0, 0);
		while (time < $until) {
			$done = waitpid $pid, POSIX::WNOHANG();
			$status = $?, last if $done;
			sleep 0.01;
		}
		my $elapsed = time - $start;
		if (!$done) {
			kill 'KILL', $pid;
			waitpid $pid, 0;
		}
		undef $listen;
		my %r = (elapsed => $elapsed, exit => $done ? $status >> 8 : -1,
		    signal => $status & 127, stdout => slurp("$base.out"),
		    stderr => slurp("$base.err"));
		unlink glob "$base.*";
		return \%r;
	};
}

1;
