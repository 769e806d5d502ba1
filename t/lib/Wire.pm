# SPDX-License-Identifier: ISC
package Wire;

# A TCP proxy in front of the database, in a process of its own. It passes
# bytes unchanged and counts flights: bursts of the client that follow
# something the server said. One request should cost one.

use strict;
use warnings;
use Carp qw(croak);
use IO::Handle;
use IO::Select;
use IO::Socket::INET;
use Cpanel::JSON::XS ();
use POSIX ();
use Process qw(wait_for);
use Socket qw(AF_UNIX SOCK_STREAM PF_UNSPEC IPPROTO_TCP TCP_NODELAY
    SOL_SOCKET SO_LINGER);
use Time::HiRes qw(time);

# A proxy to 127.0.0.1:$target. With the directory of the stand-in it can speak
# with its certificate, as Neon's proxy does.
sub new {
	my ($class, $target, $standin) = @_;
	my $listen = IO::Socket::INET->new(Listen => 128,
	    LocalAddr => '127.0.0.1', ReuseAddr => 1) or croak "listen: $!";
	socketpair my $mine, my $its, AF_UNIX, SOCK_STREAM, PF_UNSPEC
	    or croak "socketpair: $!";
	$_->autoflush(1) for $mine, $its;
	my $pid = fork // croak "fork: $!";
	if (!$pid) {
		close $mine;
		$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
		$SIG{$_} = 'IGNORE' for qw(PIPE CHLD);
		eval { serve($listen, $its, $target, $standin) };
		POSIX::_exit(0);
	}
	close $its;
	return bless { port => $listen->sockport, control => $mine, pid => $pid },
	    $class;
}

sub port { $_[0]{port} }

# Sends a command; the answer is the counters: connections, flights (in all),
# open (flights of each open connection) and since (when it was made), asking (connections
# whose client spoke last), to_server and to_client (bytes), record (the longest of the
# clients' TLS records), and attempts (to connect: the time of each).
# Commands: "stat", "reset" (counters to 0), "cut" (all connections now), "rst"
# (the same, by a reset), and the modes "pass", "refuse" (new connections are
# closed), "swallow" (nothing is passed on any more), "mute" (nothing of the
# server's), "delay SECONDS" (each burst in both directions), "wake SECONDS" (the
# server's side of new connections is as late as a compute that wakes), "say N
# TEXT" (the next N connections end by this error, as one of Neon's proxy).
sub ask {
	my ($self, $command) = @_;
	my $c = $self->{control};
	print $c "$command\n";
	my $line = <$c> // croak 'the wire is gone';
	return Cpanel::JSON::XS::decode_json($line);
}

sub flights { $_[0]->ask('stat')->{flights} }

# Waits until so many workers are connected and have nothing to say any more.
sub quiet {
	my ($self, $workers) = @_;
	for (1..300) {
		my $stat = $self->ask('stat');
		select undef, undef, undef, 0.2;
		return if @{$stat->{open}} >= $workers && $self->flights == $stat->{flights};
	}
	croak "not $workers workers that are idle";
}

# Waits until the server has answered all that it was asked: what a client says before that
# begins no flight.
sub answered {
	my ($self) = @_;
	wait_for(sub { !$self->ask('stat')->{asking} }, 'the answers of the server', 60);
}

# The flights that happen while this code runs.
sub count {
	my ($self, $code) = @_;
	$self->answered;
	my $before = $self->flights;
	$code->();
	return $self->flights - $before;
}

sub stop {
	my $self = shift;
	my $pid = delete $self->{pid} or return;
	kill 'KILL', $pid;
	waitpid $pid, 0;
}

sub serve {
	my ($listen, $control, $target, $standin) = @_;
	my $all = IO::Select->new($listen, $control);
	my (%peer, %link, @late);
	my %n = (connections => 0, flights => 0, to_server => 0, to_client => 0, record => 0);
	my ($mode, $arg, $text, @attempts) = ('pass', 0);
	my $drop = sub {
		my $how = shift;
		for my $s (@_) {
			setsockopt $s, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0 if $how eq 'rst';
			$all->remove($s);
			delete $peer{$s};
			delete $link{$s};
			close $s;
		}
	};
	while (1) {
		my $wait = @late ? $late[0][0] - time : 60;
		my @ready = $all->can_read($wait > 0 ? $wait : 0);
		while (@late && $late[0][0] <= time) {
			my (undef, $to, $data) = @{shift @late};
			send_all($to, $data) if $peer{$to};
		}
		for my $s (@ready) {
			if ($s == $control) {
				my $line = <$control> // return;
				my ($word, $number, $rest) = split ' ', $line, 3;
				if ($word eq 'reset') {
					@attempts = ();
					$_ = 0 for values %n;
					$_->{flights} = 0 for values %link;
				} elsif ($word =~ /^(cut|rst)\z/) {
					$drop->($word, map { @$_{qw(client server)} } uniq(values %link));
				} elsif ($word ne 'stat') {
					($mode, $arg, $text) = ($word, $number // 0, $rest);
					chomp $text if defined $text;
				}
				print $control Cpanel::JSON::XS::encode_json({ %n, attempts => \@attempts,
				    open => [ map { $_->{flights} } uniq(values %link) ],
				    since => [ map { $_->{since} } uniq(values %link) ],
				    asking => scalar grep { $_->{last} eq 'client' } uniq(values %link) }),
				    "\n";
			} elsif ($s == $listen) {
				my $client = $listen->accept or next;
				push @attempts, time;
				if ($mode eq 'say' && $arg-- > 0) {
					say_error($client, $standin, $text);
					next;
				}
				my $server = $mode ne 'refuse' && IO::Socket::INET->new(
				    PeerAddr => '127.0.0.1', PeerPort => $target);
				close $client, next unless $server;
				setsockopt $_, IPPROTO_TCP, TCP_NODELAY, 1
				    for $client, $server;
				$n{connections}++;
				$all->add($client, $server);
				@peer{$client, $server} = ($server, $client);
				$link{$client} = $link{$server} = { client => $client,
				    server => $server, flights => 0, last => 'server', since => time,
				    head => '', rest => 8,	# SSLRequest
				    from => $mode eq 'wake' ? time + $arg : 0 };
			} elsif (my $to = $peer{$s}) {
				my $link = $link{$s};
				my $side = $s == $link->{client} ? 'client' : 'server';
				if (!sysread $s, my $data, 65536) {
					$drop->('cut', $s, $to);
				} else {
					if ($side eq 'client' && $link->{last} eq 'server') {
						$link->{flights}++;
						$n{flights}++;
					}
					$link->{last} = $side;
					my $record = $side eq 'client' ? record($link, $data) : 0;
					$n{record} = $record if $record > $n{record};
					$n{$side eq 'client' ? 'to_server' : 'to_client'} +=
					    length $data;
					next if $mode eq 'swallow'
					    || $mode eq 'mute' && $side eq 'server';
					my $when = $mode eq 'delay' ? time + $arg : time;
					$when = $link->{from} if $side eq 'server' && $link->{from} > $when;
					if ($when > time || grep { $_->[1] == $to } @late) {
						@late = sort { $a->[0] <=> $b->[0] } @late,
						    [ $when, $to, $data ];
					} else {
						send_all($to, $data);
					}
				}
			}
		}
	}
}

# The length of the longest TLS record that begins in this data of the client.
sub record {
	my ($link, $data) = @_;
	my $longest = 0;
	$data = $link->{head} . $data;
	while (length $data >= $link->{rest} + 5) {
		my $length = unpack "x$link->{rest} x3 n", $data;
		$data = substr $data, $link->{rest} + 5;
		$link->{rest} = $length;
		$longest = $length if $length > $longest;
	}
	my $of_rest = $link->{rest} < length $data ? $link->{rest} : length $data;
	$link->{rest} -= $of_rest;
	$link->{head} = substr $data, $of_rest;
	return $longest;
}

# Neon's proxy ends TLS itself; its errors have no code of their own.
sub say_error {
	my ($client, $standin, $text) = @_;
	return if fork;
	require IO::Socket::SSL;
	sysread $client, my $request, 8;
	syswrite $client, 'S';
	IO::Socket::SSL->start_SSL($client, SSL_server => 1,
	    SSL_cert_file => "$standin/server.crt", SSL_key_file => "$standin/server.key");
	sysread $client, my $startup, 10000;
	my $fields = join '', map { "$_\0" } 'SERROR', 'VERROR', 'CXX000', "M$text", '';
	syswrite $client, 'E' . pack('N', 4 + length $fields) . $fields;
	close $client;
	POSIX::_exit(0);
}

sub uniq { my %seen; return grep { !$seen{$_}++ } @_ }

sub send_all {
	my ($to, $data) = @_;
	for (my $at = 0; $at < length $data;) {
		my $n = syswrite $to, $data, length($data) - $at, $at;
		return unless $n;
		$at += $n;
	}
}

1;
