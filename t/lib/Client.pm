# SPDX-License-Identifier: ISC
package Client;

# The half of Todo that talks: requests over bare sockets (odd methods,
# doubled headers and raw bytes included), accounts, tasks, tokens.

use strict;
use warnings;
use B ();
use Carp qw(croak);
use Digest::SHA qw(hmac_sha256 hmac_sha384 hmac_sha512);
use IO::Socket::INET;
use IO::Socket::UNIX;
use Cpanel::JSON::XS ();
use Test::More ();
use MIME::Base64 qw(encode_base64url);
use Time::HiRes qw(time sleep);

our $JSON = Cpanel::JSON::XS->new->utf8->canonical->allow_nonref;
my $serial = 0;

# The JSON type of a decoded value.
sub jtype {
	my $v = shift;
	return !defined $v ? 'null' : ref $v eq 'ARRAY' ? 'array'
	    : ref $v eq 'HASH' ? 'object' : Cpanel::JSON::XS::is_bool($v) ? 'boolean'
	    : B::svref_2object(\$v)->FLAGS & B::SVf_POK ? 'string' : 'number';
}

# True if an answer is JSON with a detail: a string, or for 422 a list of
# objects with loc, msg and type.
sub error_shape {
	my $r = shift;
	my $d = ref $r->{json} eq 'HASH' ? $r->{json}{detail} : undef;
	return '' unless ($r->{headers}{'content-type'} // '') =~
	    m{^application/json\b};
	return jtype($d) eq 'string' && length $d if $r->{status} != 422;
	return jtype($d) eq 'array' && @$d && !grep { jtype($_) ne 'object'
	    || jtype($_->{loc}) ne 'array' || jtype($_->{msg}) ne 'string'
	    || jtype($_->{type}) ne 'string' } @$d;
}

# The places a 422 complains about, "body.title body.tags", sorted.
sub fields {
	my $d = ref $_[0]{json} eq 'HASH' ? $_[0]{json}{detail} : undef;
	return '' unless ref $d eq 'ARRAY';
	return join ' ', sort map { join '.', @{$_->{loc}} } @$d;
}

# One request on its own connection, from its own address (the rate limits
# are per address). Options: json, body, token, headers (list or hash), from,
# timeout, raw, bare (a path not below the mount). Returns status, headers (by lower-case name, joined), list
# (pairs as they came), content and json.
sub req {
	my ($self, $method, $path, $o) = @_;
	$o ||= {};
	my $raw = $o->{raw} // $self->request_text($method, $path, $o);
	my $s = $self->connect($o) or return { status => 0, headers => {},
	    list => [], content => "connect: $!" };
	my ($text, $until) = ('', time + ($o->{timeout} || 60));
	for (my $at = 0; $at < length $raw;) {
		my $n = syswrite $s, $raw, 65536, $at;
		last unless $n;
		$at += $n;
	}
	while ((my $left = $until - time) > 0) {
		vec(my $r = '', fileno $s, 1) = 1;
		next unless select $r, undef, undef, $left;
		sysread $s, $text, 65536, length $text or last;
	}
	close $s;
	return parse_answer($text, $method);
}

# The same, signed in as this user.
sub as {
	my ($self, $u, $method, $path, $json, %o) = @_;
	$o{json} = $json if defined $json;
	return $self->req($method, $path, { token => $u->{token}, %o });
}

sub connect {
	my ($self, $o) = @_;
	my $from = $self->{host} ? undef
	    : $o->{from} || join '.', 127, map { 1 + int rand 253 } 1..3;
	for (1..20) {
		my $s = IO::Socket::INET->new(LocalAddr => $from,
		    PeerAddr => $self->{host} || '127.0.0.1', PeerPort => $o->{port} || $self->{port});
		return $s if $s;
		sleep 0.05;
	}
	return;
}

sub request_text {
	my ($self, $method, $path, $o) = @_;
	my $h = $o->{headers} || [];
	my @h = ref $h eq 'HASH' ? map { my $k = $_; map { ($k, $_) }
	    ref $h->{$k} ? @{$h->{$k}} : $h->{$k} } sort keys %$h : @$h;
	my %has = map { lc $_ => 1 } @h[grep { !($_ % 2) } 0..$#h];
	my $body = exists $o->{json} ? $JSON->encode($o->{json}) : $o->{body};
	$self->note_secrets($o->{json}) if ref $o->{json} eq 'HASH';
	push @h, Authorization => "Bearer $o->{token}" if defined $o->{token};
	$self->secret($o->{token});
	push @h, 'Content-Type' => 'application/json'
	    if defined $body && !$has{'content-type'} && !$o->{no_type};
	push @h, 'Content-Length' => length $body
	    if defined $body && !$has{'content-length'}
	    && !$has{'transfer-encoding'};
	unshift @h, Host => 'todo.test' unless $has{host};
	push @h, Connection => 'close' unless $has{connection};
	my $mount = $o->{bare} ? '' : $self->{mount} // '';
	my $text = "$method $mount$path HTTP/1.1\r\n";
	$text .= shift(@h) . ': ' . shift(@h) . "\r\n" while @h;
	return "$text\r\n" . ($body // '');
}

# Asserts that an answer is this error, in the one shape all errors have. The
# third argument is the detail, or for 422 the places it names; undef is any.
sub is_error {
	my ($r, $status, $what, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $got = $status == 422 ? fields($r)
	    : ref $r->{json} eq 'HASH' ? $r->{json}{detail} : undef;
	my @wrong;
	push @wrong, "status $r->{status}, not $status" if $r->{status} != $status;
	push @wrong, 'not an error body' unless error_shape($r);
	push @wrong, 'detail ' . ($got // 'undef') . ", not $what"
	    if defined $what && ($got // '') ne $what;
	push @wrong, 'no WWW-Authenticate: Bearer' if $status == 401
	    && ($r->{headers}{'www-authenticate'} // '') !~ /^Bearer\b/;
	push @wrong, 'no Retry-After' if ($status == 429 || $status == 503)
	    && ($r->{headers}{'retry-after'} // '') !~ /^[0-9]+\z/;
	Test::More::ok(!@wrong, $name) or Test::More::diag(join "\n", @wrong,
	    substr $r->{content}, 0, 300);
	return !@wrong;
}

# Asserts a success: the status and a JSON body.
sub is_ok {
	my ($r, $status, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $type = $r->{headers}{'content-type'} // '';
	my $good = $r->{status} == $status && ref $r->{json}
	    && $type =~ m{^application/json\b};
	Test::More::ok($good, $name)
	    or Test::More::diag("$r->{status} $type " . substr $r->{content}, 0, 300);
	return $good;
}

sub note_secrets {
	my ($self, $j) = @_;
	$self->secret(grep { defined && !ref } map { $j->{$_} }
	    qw(password current_password access_token));
}

sub parse_answer {
	my ($text, $method) = @_;
	my %r = (status => 0, headers => {}, list => [], content => $text);
	my ($head, $body) = $text =~ /\A(HTTP\/1.*?)\r\n\r\n(.*)\z/s or return \%r;
	return parse_answer($body, $method) if $head =~ /\AHTTP\/1.\d 100 /;
	my ($line, @h) = split /\r\n/, $head;
	($r{status}) = $line =~ /^\S+ (\d+)/;
	for (@h) {
		my ($k, $v) = /^([^:]+):\s*(.*?)\s*$/ or next;
		push @{$r{list}}, [ $k, $v ];
		my $have = $r{headers}{lc $k};
		$r{headers}{lc $k} = defined $have ? "$have, $v" : $v;
	}
	if (($r{headers}{'transfer-encoding'} // '') =~ /chunked/i) {
		my $out = '';
		$r{cut} = 1;		# unless the last chunk is there
		while ($body =~ /\G(?:\r\n)?([0-9a-fA-F]+)[^\r\n]*\r\n/gc) {
			my $n = hex $1 or delete $r{cut}, last;
			my $at = pos $body;
			$out .= substr $body, $at, $n;
			last if $at + $n > length $body;
			pos($body) = $at + $n;
		}
		$body = $out;
	}
	$r{content} = $body;
	$r{json} = eval { $JSON->decode($body) } if length $body && !$r{cut};
	return \%r;
}

# What a CGI program says, as req() answers.
sub cgi_answer {
	my ($text, $method) = @_;
	my ($head, $body) = split /\r?\n\r?\n/, $text, 2;
	my ($status) = ($head // '') =~ /^Status: (\d+)/m;
	return parse_answer('HTTP/1.1 ' . ($status // 200) . " x\r\n"
	    . join("\r\n", split /\r?\n/, $head // '') . "\r\n\r\n" . ($body // ''), $method);
}

# One request by plain CGI. Options: json, body, token, env. Besides what req()
# returns: exit, stderr.
sub cgi {
	my ($self, $method, $path, %o) = @_;
	my $body = defined $o{json} ? $JSON->encode($o{json}) : $o{body};
	my $r = $self->worker_cli([], stdin => $body // '', env => {
	    GATEWAY_INTERFACE => 'CGI/1.1', SERVER_PROTOCOL => 'HTTP/1.1',
	    REQUEST_METHOD => $method, PATH_INFO => $path, SCRIPT_NAME => '',
	    QUERY_STRING => '', REMOTE_ADDR => '192.0.2.7',
	    (defined $body ? (CONTENT_TYPE => 'application/json',
	    CONTENT_LENGTH => length $body) : ()),
	    ($o{token} ? (HTTP_AUTHORIZATION => "Bearer $o{token}") : ()), %{$o{env} || {}} });
	return { %{cgi_answer($r->{stdout}, $method)}, exit => $r->{exit},
	    stderr => $r->{stderr} };
}

# A request by FastCGI to the tasks pool, with exactly these parameters, a list of
# pairs: what no web server would send. Returns the socket that the answer comes from.
sub fcgi_open {
	my ($self, $params, $body) = @_;
	my $s = IO::Socket::UNIX->new(Peer => "$self->{dir}/tasks.sock") or croak "tasks.sock: $!";
	my ($text, $out) = ('', pack 'CCnnCxnCx5', 1, 1, 1, 8, 0, 1, 0);
	for (my $i = 0; $i < @$params; $i += 2) {
		$text .= pack 'NN', map { length($_) | 1 << 31 } @$params[$i, $i + 1];
		$text .= join '', @$params[$i, $i + 1];
	}
	for my $stream ([ 4, $text ], [ 5, $body // '' ]) {
		$out .= pack 'CCnnCxa*', 1, $stream->[0], 1, length, 0, $_
		    for unpack('(a60000)*', $stream->[1]), '';
	}
	print $s $out;
	$s->flush;
	return $s;
}

# The same with its answer.
sub fcgi {
	my $self = shift;
	my $s = $self->fcgi_open(@_);
	my ($in, $text) = ('', '');
	1 while sysread $s, $in, 65536, length $in;
	while (length $in >= 8) {
		my ($type, $len, $pad) = unpack 'xCx2nC', $in;
		$text .= substr $in, 8, $len if $type == 6;
		substr $in, 0, 8 + $len + $pad, '';
	}
	return cgi_answer($text, 'GET');
}

# --- people and tokens ------------------------------------------------------

# A fresh account: id, token, email, username, password, tasks (its path).
sub user {
	my ($self, %o) = @_;
	my $n = ++$serial . '_' . int rand 1e9;
	my %u = (username => "user_$n", email => "user_$n\@example.com",
	    password => "pw-$n-" . join('', map { ('a'..'z')[rand 26] } 1..8), %o);
	my $r = $self->req(POST => '/api/auth/register', { json => { %u } });
	croak "register: $r->{status} $r->{content}" if $r->{status} != 201;
	$self->note_secrets($r->{json});
	$u{id} = $r->{json}{id};
	return { %u, token => $r->{json}{access_token},
	    tasks => "/api/$u{id}/tasks" };
}

# A task of this user, as the service answered it.
sub task {
	my ($self, $u, %f) = @_;
	my $r = $self->req(POST => $u->{tasks}, { token => $u->{token},
	    json => { title => 'task', %f } });
	croak "task: $r->{status} $r->{content}" if $r->{status} != 201;
	return $r->{json};
}

# A token made without the service's library. Claims as given (undef drops
# one of the defaults exp and sub); -alg, -key, -header, -json change the rest.
sub token {
	my ($self, %c) = @_;
	my %o = map { $_ => delete $c{$_} } grep { /^-/ } keys %c;
	my $alg = $o{-alg} // 'HS256';
	my %claim = (exp => time() + 600, %c);
	$claim{exp} = int $claim{exp} if !exists $c{exp};
	delete @claim{grep { !defined $claim{$_} } keys %claim};
	my $head = $o{-header} // $JSON->encode({ alg => $alg, typ => 'JWT' });
	my $text = join '.', encode_base64url($head),
	    encode_base64url($o{-json} // $JSON->encode(\%claim));
	my %mac = (HS256 => \&hmac_sha256, HS384 => \&hmac_sha384,
	    HS512 => \&hmac_sha512);
	my $mac = $mac{$alg};
	my $token = "$text." . ($mac ? encode_base64url($mac->($text,
	    $o{-key} // $self->{secret})) : '');
	$self->secret($token);
	return $token;
}

1;
