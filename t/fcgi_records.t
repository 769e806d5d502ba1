# SPDX-License-Identifier: ISC
# FastCGI records as no web server would send them: the worker answers or closes,
# lives on, and serves the next request.
# sanitizers: too
use Todo;
use Socket qw(SHUT_WR);
use Time::HiRes qw(time sleep);

my $t = Todo->new(start => 0, workers => 1, auth_workers => 0);
$t->start_workers;
my $seed = $ENV{TODO_SEED} // int rand 2**31;
srand $seed;

use constant { BEGIN_REQUEST => 1, ABORT => 2, PARAMS => 4, BODY => 5, DATA => 8,
    GET_VALUES => 9 };

# A record; %o says what is wrong with it: version, id, length, padding.
sub record {
	my ($type, $content, %o) = @_;
	return pack('CCnnCx', $o{version} // 1, $type, $o{id} // 1,
	    $o{length} // length $content, $o{padding} // 0) . $content
	    . "\xff" x ($o{padding} // 0);
}
sub begin {
	my (%o) = @_;
	return record(BEGIN_REQUEST, pack('nCx5', $o{role} // 1, $o{flags} // 0), %o);
}
# Names and values; a length in four bytes where it is long, or said to be $n.
sub size { my $n = shift; return $n < 128 ? chr $n : pack 'N', $n | 1 << 31 }
sub pairs {
	my $text = '';
	while (my ($name, $value) = splice @_, 0, 2) {
		$text .= size(length $name) . size(length $value) . $name . $value;
	}
	return $text;
}
sub params { my $p = pairs(@_); return record(PARAMS, $p) . record(PARAMS, '') }
my @ready = (REQUEST_METHOD => 'GET', PATH_INFO => '/readyz');
my $body = '{"username":"x","email":"y","password":"z"}';
my @register = (REQUEST_METHOD => 'POST', PATH_INFO => '/api/register',
    CONTENT_TYPE => 'application/json', CONTENT_LENGTH => length $body);
my $get = begin() . params(@ready) . record(BODY, '');
my $post = begin() . params(@register) . record(BODY, $body) . record(BODY, '');

# What is answered to these bytes, of which nothing follows; undef for never.
sub talk {
	my ($bytes) = @_;
	my $s = IO::Socket::UNIX->new(Peer => "$t->{dir}/tasks.sock") or return;
	my ($text, $done) = ('', 0);
	local $SIG{ALRM} = sub { die "no end\n" };
	eval {
		alarm 10;
		for (my $at = 0; $at < length $bytes;) {
			my $n = syswrite $s, $bytes, 65536, $at or last;
			$at += $n;
		}
		shutdown $s, SHUT_WR;
		1 while sysread $s, $text, 65536, length $text;
		$done = 1;
	};
	alarm 0;
	return $done ? $text : undef;
}
my ($pid, $last) = (0, '');
sub serves {
	$last = talk($get) // 'no end';
	return $last =~ /^.{8}Status: 200 OK\r/s && $last =~ /"status":"ready"/
	    && join(' ', $t->worker_pids('tasks')) eq $pid;
}
Todo::wait_for(sub { ($pid) = $t->worker_pids('tasks'); $pid && serves() },
    'the worker');
sub is_survived {
	my ($bytes, $want, $name) = @_;
	my $text = talk($bytes);
	my $right = defined $text && $text =~ $want;
	my $well = serves();
	ok($right && $well, "fcgi: $name") or do {
		diag('answered: ', defined $text ? substr $text =~ s/[^ -~]+/./gr, 0, 300
		    : 'no end', $well ? '' : "; then: $last, worker $pid is now "
		    . join ' ', $t->worker_pids('tasks'));
		Todo::wait_for(sub { ($pid) = $t->worker_pids('tasks'); $pid && serves() },
		    'another worker');
	};
}
my $closed = qr/\A\z/;
my $ready = qr/Status: 200 OK/;
my $answered = qr/Status: 422 /;
is_survived($post, $answered, 'a request');

# --- cut --------------------------------------------------------------------
my @wrong;
for my $n (0 .. length($post) - 1) {
	my $text = talk(substr $post, 0, $n) // 'no end';
	push @wrong, $n if $text !~ /\A(?:\z|.{8}Status: 4)/s || !serves();
}
is("@wrong", '', 'fcgi: a request cut at each of ' . length($post) . ' places');
is_survived(join('', map { talk(substr $post, 0, $_); '' } 1..50) . $get, $ready,
    'after fifty of them');

# --- headers ----------------------------------------------------------------
is_survived(begin(version => $_) . params(@ready), $closed, "version $_") for 0, 2, 255;
is_survived(begin() . record(PARAMS, pairs(@ready), version => 0), $closed,
    'another version in the middle');
is_survived(record($_, '', id => 1) . $get, $closed, "a first record of type $_")
    for ABORT, PARAMS, BODY, 11, 255;
is_survived(begin() . record($_, 'abc') . params(@ready), $closed,
    "type $_ when parameters are due") for 0, ABORT, 3, BODY, 6, DATA, 11, 255;
is_survived(begin(role => $_) . params(@ready) . record(BODY, ''), $closed, "role $_")
    for 0, 2, 3, 4, 257, 65535;
is_survived(begin(id => 0) . params(@ready), $closed, 'a request 0');
is_survived(begin(id => 65535) . params(@ready), $closed, 'parameters of another request');
is_survived(record(BEGIN_REQUEST, "\0" x $_) . params(@ready), $closed,
    "a begin of $_ bytes") for 0, 1, 7, 9, 65535;
is_survived(begin() . record(PARAMS, pairs(@register), padding => 255) . record(PARAMS, '')
    . record(BODY, $body, padding => 7) . record(BODY, '', padding => 1), $answered,
    'padding after parameters and body');
is_survived(begin(padding => 255) . params(@ready) . record(BODY, ''), $ready,
    'padding after the begin');
is_survived(begin(length => $_) . params(@ready), $closed, "a begin that claims $_ bytes")
    for 7, 9, 65535;
is_survived(begin() . record(PARAMS, pairs(@ready), length => 65535), $closed,
    'a record that claims more than there is');
is_survived(begin(flags => 255) . params(@ready) . record(BODY, ''), $ready,
    'a connection that is to be kept');
is_survived($get . $get, $ready, 'a second request after the first');

# --- several at a time: not with us -----------------------------------------
is_survived(begin() . begin(id => 2) . params(@ready) . record(BODY, ''), $closed,
    'a second request begins before the first has its parameters');
is_survived(begin() . record(PARAMS, pairs(@ready)) . begin(id => 2)
    . record(PARAMS, pairs(PATH_INFO => '/healthz'), id => 2) . record(PARAMS, '')
    . record(BODY, ''), $closed, 'parameters of two, in turns');
is_survived(begin() . params(@register) . record(BODY, substr $body, 0, 9)
    . record(BODY, 'abc', id => 2) . record(BODY, substr $body, 9) . record(BODY, ''),
    $closed, 'bodies of two, in turns');
is_survived(begin() . begin() . params(@ready) . record(BODY, ''), $closed,
    'the same request begins twice');

# --- abort ------------------------------------------------------------------
is_survived(begin() . record(ABORT, ''), $closed, 'abort instead of parameters');
is_survived(begin() . params(@register) . record(ABORT, ''), $closed,
    'abort instead of a body');
is_survived(begin() . params(@register) . record(BODY, 'ab') . record(ABORT, ''), $closed,
    'abort in the body');

# --- parameters -------------------------------------------------------------
is_survived(begin() . record(PARAMS, ''), qr//, 'no parameters');
is_survived(begin() . params('' => '', @ready, '' => 'x', x => '') . record(BODY, ''),
    $ready, 'empty names and values');
is_survived(begin() . params("A\0B" => "\0", @ready, "\0" => '=') . record(BODY, ''),
    $ready, 'NULs in names and values');
is_survived(begin() . params('=' => '=', @ready, 'A=B' => "\xff\r\n") . record(BODY, ''),
    $ready, 'names with =');
is_survived(begin() . join('', map { record(PARAMS, $_) } split //, pairs(@ready))
    . record(PARAMS, '') . record(BODY, ''), $ready, 'a byte in each record');
is_survived(begin() . params(@ready, map { ("N$_" => $_) } 1..3000) . record(BODY, ''),
    $ready, 'three thousand of them');
is_survived(begin() . params(map({ @ready } 1..1000)) . record(BODY, ''), $ready,
    'the same a thousand times');
my @long = ([ 0x7fffffff, 0 ], [ 0, 0x7fffffff ], [ 0x7fffffff, 0x7fffffff ],
    [ 0x7ffffffe, 0x7ffffffe ], [ 0x40000000, 0x40000000 ], [ 1, 0x7ffffffe ],
    [ 0x10000000, 1 ], [ 70000, 70000 ]);
for (@long) {
	my ($n, $v) = @$_;
	my $lie = pack 'NN', map { $_ | 1 << 31 } $n, $v;
	is_survived(begin() . record(PARAMS, "${lie}x"), $closed,
	    sprintf 'lengths 0x%x and 0x%x, then the end', $n, $v);
	is_survived(begin() . record(PARAMS, pairs(@ready) . $lie . 'x' x 1000)
	    . record(PARAMS, '') . record(BODY, ''), $closed,
	    sprintf 'lengths 0x%x and 0x%x after others', $n, $v);
}
is_survived(begin() . record(PARAMS, $_) . record(PARAMS, '') . record(BODY, ''), $closed,
    'a length that is cut: ' . unpack 'H*', $_)
    for "\x80", "\x80\0\0", "\1", "\1\x80", "\1\x80\0\0", "\1\1", "\1\1a";
my $mega = pack('NN', 1 | 1 << 31, 8 << 20 | 1 << 31) . 'x' . 'y' x (8 << 20);
is_survived(begin() . join('', map { record(PARAMS, $_) } unpack '(a65535)*', $mega)
    . record(PARAMS, '') . record(BODY, ''), $closed, 'eight MiB of parameters');

# --- management: no web server of ours asks, and libfcgi can't be trusted with it
my @values = map { $_ => '' } qw(FCGI_MAX_CONNS FCGI_MAX_REQS FCGI_MPXS_CONNS);
is_survived(record(GET_VALUES, pairs((@values) x $_), id => 0) . $get, $closed,
    "values are asked for $_ times") for 1, 2, 10, 300;
is_survived(record(GET_VALUES, pairs("\0" => '', "A\0=" => ''), id => 0) . $get, $closed,
    'values with a NUL');
is_survived(record(GET_VALUES, pack('NN', 0xffffffff, 0xfffffffe), id => 0) . $get, $closed,
    'values with lengths that are too long');
is_survived(begin() . record(GET_VALUES, pairs((@values) x 10), id => 0) . params(@ready),
    $closed, 'values are asked for in a request');
is_survived(record($_, 'x' x 50, id => 0) . $get, $closed, "management of type $_")
    for 0, 4, 10, 12, 255;

# --- bodies -----------------------------------------------------------------
is_survived(begin() . params(@register) . record(BODY, $body, length => 5), $closed,
    'a body longer than its record');
is_survived(begin() . params(@register) . record($_, $body), $closed,
    "type $_ when a body is due") for PARAMS, DATA, 11;
is_survived(begin() . params(@register) . (record(BODY, $body x 1500) x 40) . record(BODY, ''),
    qr/\A(?:\z|.{8}Status: 4)/s, 'a body longer than it says');
{
	# Without a Content-Length only the last record tells that this is all of it.
	my $most = begin() . params(@register[0 .. 5]) . record(BODY, $body);
	is_survived($most . record(BODY, ''), $answered, 'a body of unknown length');
	is_survived($most, qr/Status: 400 /, 'the same without its end');
}
{
	# What never ends: the worker is held for five seconds, and not for longer.
	my $s = IO::Socket::UNIX->new(Peer => "$t->{dir}/tasks.sock");
	my ($start, $endless) = (time, fork);
	if (!$endless) {
		syswrite $s, begin() . params(@register);
		sleep 0.01 while syswrite $s, record(BODY, $body);
		POSIX::_exit(0);
	}
	my $text = '';
	sysread $s, $text, 65536;
	like($text, $answered, 'fcgi: a body without end is answered');
	close $s;
	Todo::wait_for(sub { serves() || time - $start > 20 }, 'the worker');
	cmp_ok(time - $start, '<', 10, 'fcgi: and the next request is served');
	kill 'KILL', $endless;
	waitpid $endless, 0;
}

# --- a peer that does not stop after it was refused
{
	my $s = IO::Socket::UNIX->new(Peer => "$t->{dir}/tasks.sock");
	my ($start, $endless) = (time, fork);
	if (!$endless) {
		syswrite $s, begin(role => 2);
		sleep 0.01 while syswrite $s, 'x' x 100;
		POSIX::_exit(0);
	}
	close $s;
	Todo::wait_for(sub { serves() || time - $start > 20 }, 'the worker');
	cmp_ok(time - $start, '<', 5, 'fcgi: what never ends after a bad begin holds nobody');
	kill 'KILL', $endless;
	waitpid $endless, 0;
}

# --- random -----------------------------------------------------------------
diag("TODO_SEED=$seed") if $ENV{TODO_SEED};
my $alphabet = join '', map { chr } 0..12, 128, 255;
sub noise {
	my $n = shift;
	return join '', map { rand 2 < 1 ? chr rand 256
	    : substr $alphabet, rand length $alphabet, 1 } 1..$n;
}
sub mutate {
	my $bytes = shift;
	for (0 .. rand 6) {
		my ($at, $n) = (int rand length $bytes, int rand 12);
		my $kind = int rand 4;
		substr($bytes, $at, 1) = noise(1) if $kind == 0;
		substr($bytes, $at, 0) = noise($n) if $kind == 1;
		substr($bytes, $at, $n) = '' if $kind == 2;
		substr($bytes, $at, 0) = substr $bytes, rand length $bytes, $n if $kind == 3;
	}
	return $bytes;
}
my @valid = ($get, $post, record(GET_VALUES, pairs(@values), id => 0) . $get,
    begin() . begin(id => 2) . params(@ready) . record(BODY, ''));
for my $kind ('noise', 'noise after a begin', 'a mutated request') {
	my $bad = 0;
	for (1..300) {
		my $bytes = $kind eq 'noise' ? noise(rand 300)
		    : $kind eq 'a mutated request' ? mutate($valid[rand @valid])
		    : begin() . noise(rand 100);
		next if defined talk($bytes) && serves();
		$bad++;
		diag('TODO_SEED=', $seed, ' ', unpack 'H*', $bytes);
		Todo::wait_for(sub { ($pid) = $t->worker_pids('tasks'); $pid && serves() },
		    'another worker');
		last if $bad > 5;
	}
	is($bad, 0, "fcgi: three hundred times $kind (seed $seed)");
}

# The rest of what is too large is passed over, without a pause.
{
	my $start = time;
	my $r = $t->fcgi([ REQUEST_METHOD => 'POST', PATH_INFO => '/api/1/tasks', CONTENT_LENGTH => 2_000_000 ],
	    'x' x 2_000_000);
	is($r->{status}, 401, 'fcgi: a body of two megabytes is answered');
	cmp_ok(time - $start, '<', 4, 'fcgi: soon');
}

my ($peak) = Todo::slurp("/proc/$pid/status") =~ /^VmHWM:\s+(\d+)/m;
cmp_ok($peak, '<', 64 * 1024, "fcgi: no more than $peak KiB were used")
    unless $ENV{TODO_SANITIZERS};		# which take memory of their own

# --- many bodies that do not end --------------------------------------------------------
{
	local $SIG{PIPE} = 'IGNORE';
	my ($mib, $room) = (1 << 20, 32);
	my @large = (@register[0 .. 5], CONTENT_LENGTH => $mib);
	# The first three are short: that they go is not enough for another one.
	my @short = map {
		my $s = IO::Socket::UNIX->new(Peer => "$t->{dir}/tasks.sock");
		syswrite $s, begin() . params(@large) . record(BODY, 'x' x 10);
		$s;
	} 1..3;
	sleep 0.2;
	my $part = begin() . params(@large)
	    . join '', map { record(BODY, $_) } unpack '(a65535)*', 'x' x ($mib - 1);
	my @s = map {
		my $s = IO::Socket::UNIX->new(Peer => "$t->{dir}/tasks.sock");
		for (my $at = 0; $at < length $part;) {
			$at += syswrite($s, $part, 65536, $at) // last;
		}
		$s;
	} 1 .. $room + 8;
	is(scalar(grep { sysread($_, my $data, 1) } @short), 0, 'fcgi: short bodies that waited longer are gone');
	ok(serves(), 'fcgi: beside forty bodies of a MiB that do not end, others are served');
	my @open = map {
		syswrite $_, record(BODY, 'x') . record(BODY, '');
		my $text = '';
		sysread $_, $text, 65536;
		$text =~ /Status: 413 / ? 1 : 0;
	} @s;
	is(join('', @open), '0' x 8 . '1' x $room,
	    'fcgi: the oldest had to go, and the others are answered when they end');
	($peak) = Todo::slurp("/proc/$pid/status") =~ /^VmHWM:\s+(\d+)/m;
	cmp_ok($peak, '<', 3 * $room * 1024, "fcgi: no more than $peak KiB were used for them")
	    unless $ENV{TODO_SANITIZERS};		# which take memory of their own
}

done_testing();
