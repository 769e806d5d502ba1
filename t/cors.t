# SPDX-License-Identifier: ISC
# CORS: preflight, the headers on every answer, errors of every origin included.
use Todo;

my $o = 'https://todo.example.org';
my $t = Todo->new(env => { CORS_ORIGINS => "$o, http://localhost:3000" });
my $u = $t->user;
my $h = sub { my $r = shift; map { $r->{headers}{"access-control-$_"} // '' } @_ };
my $pre = sub {
	my ($origin, $path, $method, @more) = @_;
	return $t->req(OPTIONS => $path, { headers => [ Origin => $origin,
	    'Access-Control-Request-Method' => $method, @more ] });
};

for my $origin ($o, 'http://localhost:3000') {
	for my $c ([ POST => '/api/auth/login' ], [ GET => $u->{tasks} ],
	    [ PUT => "$u->{tasks}/1" ], [ PATCH => "$u->{tasks}/1/complete" ],
	    [ DELETE => "$u->{tasks}/1" ], [ POST => '/auth/signup' ]) {
		my ($method, $path) = @$c;
		my $r = $pre->($origin, $path, $method,
		    'Access-Control-Request-Headers' => 'authorization,content-type');
		is("$r->{status} '$r->{content}'", "204 ''",
		    "cors: preflight $method $path");
		my ($allow, $methods, $headers, $cred) = $h->($r,
		    qw(allow-origin allow-methods allow-headers allow-credentials));
		is($allow, $origin, 'cors: the origin is echoed');
		like($methods, qr/\b$method\b/, 'cors: the method is allowed');
		is(join(' ', sort split /\s*,\s*/, lc $headers), 'authorization '
		    . 'content-type idempotency-key if-match if-none-match',
		    'cors: the request headers');
		is($cred, 'true', 'cors: credentials');
		like($r->{headers}{vary} // '', qr/\bOrigin\b/i, 'cors: Vary: Origin');
	}
}

# real requests
my $ask = sub { my ($origin, $method, $path, %o) = @_;
    $t->req($method => $path, { %o, headers => [ Origin => $origin ] }) };
for my $c ([ 200, GET => $u->{tasks}, token => $u->{token} ],
    [ 201, POST => $u->{tasks}, token => $u->{token}, json => { title => 'x' } ],
    [ 401, GET => $u->{tasks} ], [ 403, GET => '/api/987654321/tasks',
    token => $u->{token} ], [ 404, GET => '/nothing' ],
    [ 405, PUT => '/api/auth/login' ],
    [ 400, POST => '/api/auth/login', body => '{' ],
    [ 415, POST => '/api/auth/login', body => 'x', no_type => 1 ],
    [ 422, POST => '/api/auth/login', json => {} ],
    [ 401, POST => '/api/auth/login', json => { email => 'x@example.org',
        password => 'no such' } ],
    [ 413, POST => '/api/auth/login', body => 'x' x 70000 ]) {
	my ($status, @req) = @$c;
	my $r = $ask->($o, @req);
	is($r->{status}, $status, "cors: $status");
	is(join('|', $h->($r, qw(allow-origin allow-credentials))), "$o|true",
	    "cors: $status carries the headers");
	is(scalar(grep { lc $_->[0] eq 'access-control-allow-origin' }
	    @{$r->{list}}), 1, "cors: $status once");
	my ($expose) = $h->($r, 'expose-headers');
	is(join(' ', sort split /\s*,\s*/, lc $expose),
	    'etag link location retry-after', "cors: $status exposes")
	    unless $status == 413;
	like($r->{headers}{vary} // '', qr/\bOrigin\b/i, "cors: $status varies")
	    unless $status == 413;
}

# other origins
for my $origin ('https://evil.example.org', "$o.evil.example.org", 'null',
    'http://todo.example.org', "$o:444", 'https://TODO.example.org.', "$o/") {
	my $r = $ask->($origin, GET => $u->{tasks}, token => $u->{token});
	is($r->{status}, 200, "cors: $origin is served (the browser decides)");
	is(join('', $h->($r, qw(allow-origin allow-credentials))), '',
	    "cors: $origin gets no permission");
	$r = $pre->($origin, $u->{tasks}, 'GET');
	is(join('', $h->($r, qw(allow-origin allow-methods))), '',
	    "cors: $origin, preflight neither");
}
my $r = $t->req(GET => $u->{tasks}, { token => $u->{token} });
is(join('', $h->($r, 'allow-origin')), '', 'cors: no Origin, no header');

# a star is without credentials; nothing configured is nothing allowed
my $star = Todo->new(env => { CORS_ORIGINS => '*' });
$r = $star->req(GET => '/api/auth/me', { headers => [ Origin => 'http://any.test' ] });
like(join('|', $h->($r, 'allow-origin')), qr/^(\*|http:\/\/any\.test)\z/,
    'cors: * allows any');
is(join('|', $h->($r, 'allow-credentials')), '', 'cors: * is without credentials');
my $none = Todo->new(env => { CORS_ORIGINS => '' });
$r = $none->req(GET => '/api/auth/me', { headers => [ Origin => $o ] });
is(join('', $h->($r, 'allow-origin')), '', 'cors: none by default');
$r = $none->req(OPTIONS => '/api/auth/login', { headers => [ Origin => $o,
    'Access-Control-Request-Method' => 'POST' ] });
is("$r->{status} " . join('', $h->($r, 'allow-origin')), '204 ',
    'cors: OPTIONS is 204 all the same');

done_testing();
