# SPDX-License-Identifier: ISC
# Tokens made without the service's library, good ones and all the others.
# ways: direct (pooled)
use Todo;
use MIME::Base64 qw(encode_base64url decode_base64url);

my $t = Todo->new;
my $u = $t->user;
my $id = "$u->{id}";
my $now = time;
my $get = sub { $t->req(GET => $u->{tasks}, { ref $_[0] ? (headers => $_[0])
    : (token => $_[0]) }) };
my $json = sub { $Client::JSON->encode($_[0]) };

# --- accepted ---------------------------------------------------------------
my %good = (
    'python-jose: sub, email, exp, no jti' => { email => $u->{email} },
    'sub an integer' => { sub => $u->{id} + 0 },
    'exp with a fraction' => { exp => $now + 600.75 },
    'exp far away' => { exp => 4102444800 },
    'nbf in the past' => { nbf => $now - 10 },
    'nbf with a fraction' => { nbf => $now - 10.5 },
    'aud and iss ignored' => { aud => 'someone', iss => 'elsewhere' },
    'aud a list' => { aud => [ 'a', 'b' ] },
    'unknown claims' => { role => { a => [ 1, undef, T ] }, x => "\x{20ac}" },
    'other username and email than stored' => { username => 'x', email => 'y' },
    'header with kid and without typ' => { -header => $json->({ alg => 'HS256',
        kid => 'k1' }) },
    'header in another order' => { -header => '{"typ":"JWT","alg":"HS256"}' },
    'spaces in the JSON' => { -json => qq({ "sub" : "$id" , "exp" : )
        . ($now + 600) . ' }' },
    'iat in the future by a little' => { iat => $now + 5 },
);
for my $name (sort keys %good) {
	is_ok($get->($t->token(sub => $id, %{$good{$name}})), 200, "token: $name");
}
my $token = $t->token(sub => $id);
is_ok($get->([ Authorization => "$_ $token" ]), 200, "token: scheme $_")
    for qw(Bearer bearer BEARER);

# --- refused ----------------------------------------------------------------
my ($h, $c, $s) = split /\./, $token;
my $flip = sub { my $x = decode_base64url($_[0]); substr($x, $_[1], 1) ^= "\x01";
    encode_base64url($x) };
my %bad = (
    'alg none' => $t->token(sub => $id, -alg => 'none'),
    'alg none with the old signature' => join('.',
        encode_base64url('{"alg":"none","typ":"JWT"}'), $c, $s),
    'alg NoNe' => $t->token(sub => $id, -alg => 'NoNe'),
    'HS512 with the right secret' => $t->token(sub => $id, -alg => 'HS512'),
    'HS384 with the right secret' => $t->token(sub => $id, -alg => 'HS384'),
    'HS512 called HS256' => $t->token(sub => $id, -alg => 'HS512',
        -header => '{"alg":"HS256","typ":"JWT"}'),
    'RS256 in the header' => $t->token(sub => $id, -header => '{"alg":"RS256"}'),
    'no alg' => $t->token(sub => $id, -header => '{"typ":"JWT"}'),
    'another secret' => $t->token(sub => $id, -key => 'k' x 48),
    'empty secret' => $t->token(sub => $id, -key => ''),
    'signature changed' => "$h.$c." . $flip->($s, 0),
    'last byte of the signature changed' => "$h.$c." . $flip->($s, 31),
    'claims changed' => "$h." . encode_base64url($json->({ sub => $id,
        exp => $now + 5000 })) . ".$s",
    'signature cut' => "$h.$c." . substr($s, 0, 20),
    'no signature' => "$h.$c.",
    'two parts' => "$h.$c",
    'four parts' => "$h.$c.$s.$s",
    'empty parts' => '..',
    'not base64' => '!!.??.**',
    'header no JSON' => $t->token(sub => $id, -header => 'HS256'),
    'claims no JSON' => $t->token(-json => 'sub=1'),
    'claims a list' => $t->token(-json => "[\"$id\"]"),
    'expired' => $t->token(sub => $id, exp => $now - 1),
    'expired long ago' => $t->token(sub => $id, exp => 1),
    'exp zero' => $t->token(sub => $id, exp => 0),
    'exp negative' => $t->token(sub => $id, exp => -5),
    'exp missing' => $t->token(sub => $id, exp => undef),
    'exp null' => $t->token(-json => qq({"sub":"$id","exp":null})),
    'exp a string' => $t->token(-json => qq({"sub":"$id","exp":")
        . ($now + 600) . '"}'),
    'exp true' => $t->token(-json => qq({"sub":"$id","exp":true})),
    'nbf in the future' => $t->token(sub => $id, nbf => $now + 3600),
    'nbf in the future with a fraction' => $t->token(sub => $id,
        nbf => $now + 3600.5),
    'nbf a string' => $t->token(sub => $id, nbf => 'soon'),
    'sub missing' => $t->token(email => $u->{email}),
    'sub null' => $t->token(-json => '{"sub":null,"exp":' . ($now + 600) . '}'),
    'sub a name' => $t->token(sub => $u->{username}),
    'sub zero' => $t->token(sub => '0'),
    'sub negative' => $t->token(sub => "-$id"),
    'sub with a sign' => $t->token(sub => "+$id"),
    'sub with a blank' => $t->token(sub => " $id"),
    'sub with text after it' => $t->token(sub => "${id}x"),
    'sub a fraction' => $t->token(-json => qq({"sub":$id.5,"exp":)
        . ($now + 600) . '}'),
    'sub too long for 64 bits' => $t->token(sub => '9' x 30),
    'sub a list' => $t->token(sub => [ $id ]),
    'alg hs256' => $t->token(sub => $id, -header => '{"alg":"hs256","typ":"JWT"}'),
    'crit' => $t->token(sub => $id, -header =>
        '{"alg":"HS256","crit":["b64"],"b64":false}'),
    'a long text' => 'a' x 4000,
);
for my $name (sort keys %bad) {
	is_error($get->($bad{$name}), 401, 'Could not validate credentials',
	    "token: $name is refused");
}
is_error($get->([]), 401, 'Not authenticated', 'token: none');
my %header = (
    'empty' => [ Authorization => '' ],
    'scheme alone' => [ Authorization => 'Bearer' ],
    'scheme and blank' => [ Authorization => 'Bearer ' ],
    'Basic' => [ Authorization => 'Basic dXNlcjpwdw==' ],
    'no scheme' => [ Authorization => $token ],
    'two in one header' => [ Authorization => "Bearer $token, Bearer $token" ],
    'text after the token' => [ Authorization => "Bearer $token x" ],
);
for my $name (sort keys %header) {
	is_error($get->($header{$name}), 401, undef,
	    "token: Authorization $name is refused");
}
# nginx itself refuses a second line of this header.
for my $two ([ "Bearer $token", "Bearer $token" ], [ "Bearer $token", 'Bearer x' ],
    [ 'Basic dXNlcjpwdw==', "Bearer $token" ], [ "Bearer $token", '' ]) {
	my $r = $get->([ map { (Authorization => $_) } @$two ]);
	ok($r->{status} =~ /^40[01]\z/ && error_shape($r),
	    'token: Authorization twice is refused') or diag($r->{status});
}
is_error($t->req(GET => '/api/auth/me', { token => $t->token(sub => '987654321') }),
    401, 'Could not validate credentials',
    'token: of an account that never was is refused');
is_error($t->req(GET => "$u->{tasks}?access_token=$token"), 401,
    'Not authenticated', 'token: not in the query');
is_error($t->req(GET => $u->{tasks}, { headers => [ Cookie =>
    "access_token=$token" ] }), 401, 'Not authenticated', 'token: not in a cookie');

# A session that ends.
my $short = $t->token(sub => $id, exp => $now + 4);
is_ok($get->($short), 200, 'US4-4: a session that still lasts');
sleep 1 while time <= $now + 4;
for my $c ([ GET => $u->{tasks} ], [ POST => $u->{tasks}, { title => 'late' } ],
    [ GET => '/api/auth/me' ], [ DELETE => "$u->{tasks}/1" ]) {
	my ($method, $path, $body) = @$c;
	is_error($t->req($method => $path, { token => $short,
	    $body ? (json => $body) : () }), 401, 'Could not validate credentials',
	    "US4-4: expired, $method $path wants a new login");
}
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $id"), 0,
    'US4-4: and nothing was written');

# A revoked token does not come back in other clothes. Of the last base64
# digit of 32 bytes two bits say nothing.
my $dead = $t->token(sub => $id, jti => 'one');
is_ok($t->req(POST => '/api/auth/logout', { token => $dead }), 200, 'token: logout');
my ($dh, $dc, $ds) = split /\./, $dead;
my @digits = ('A'..'Z', 'a'..'z', 0..9, '-', '_');
my %at = map { $digits[$_] => $_ } 0..63;
my $low = substr $ds, -1;
my @again = map { substr($ds, 0, -1) . $digits[$at{$low} & ~3 | $_] } 0..3;
push @again, "$ds=", "$ds==", (my $std = $ds) =~ tr{-_}{+/}r;
my @seen = map { $get->("$dh.$dc.$_")->{status} } @again;
push @seen, map { $get->($_)->{status} } "$dh=.$dc.$ds", "$dh.$dc=.$ds",
    "$dh.$dc.$ds\t";
is(join(' ', grep { $_ != 401 } @seen), '',
    'token: no other spelling of a revoked token is let in');

# Another instance with its own lifetime; what it issues is good here.
my $w = Todo->new(env => { ACCESS_TOKEN_EXPIRE_MINUTES => 1,
    SECRET_KEY => undef, JWT_SECRET_KEY => $t->{secret} });
my $v = $w->user;
my $claims = $Client::JSON->decode(decode_base64url((split /\./, $v->{token})[1]));
is($claims->{exp} - $claims->{iat}, 60,
    'token: ACCESS_TOKEN_EXPIRE_MINUTES and JWT_SECRET_KEY are obeyed');
is_ok($w->req(GET => $v->{tasks}, { token => $t->token(sub => "$v->{id}") }),
    200, 'token: the same secret, the same tokens');

done_testing();
