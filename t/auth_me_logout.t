# SPDX-License-Identifier: ISC
# Who am I, and the end of a token.
use Todo;

my $t = Todo->new;
my $u = $t->user;
my $login = sub { $t->req(POST => '/api/auth/login', { json => {
    email => $u->{email}, password => $u->{password} } })->{json}{access_token} };

for my $path (qw(/api/auth/me /auth/me /api/me)) {
	my $r = $t->as($u, GET => $path);
	is_ok($r, 200, "me: $path");
	is(join(' ', sort keys %{$r->{json}}), 'created_at email id username',
	    'me: exactly the promised fields');
	is_deeply([ @{$r->{json}}{qw(id email username)} ],
	    [ @$u{qw(id email username)} ], 'me: this account');
	is(jtype($r->{json}{id}), 'number', 'me: id is a number');
	is_error($t->req(GET => $path), 401, 'Not authenticated',
	    "me: $path without a token");
}

for my $path (qw(/api/auth/logout /auth/logout /api/logout)) {
	my $token = $login->();
	my $keep = $login->();
	my $r = $t->req(POST => $path, { token => $token });
	is_ok($r, 200, "logout: $path");
	is(jtype($r->{json}{message}), 'string', 'logout: a message');
	for my $c ([ GET => '/api/auth/me' ], [ GET => $u->{tasks} ],
	    [ POST => $u->{tasks}, { title => 'x' } ],
	    [ GET => "$u->{tasks}/1" ], [ PUT => "$u->{tasks}/1", { title => 'x' } ],
	    [ PATCH => "$u->{tasks}/1/complete" ], [ DELETE => "$u->{tasks}/1" ]) {
		my ($method, $where, $json) = @$c;
		is_error($t->req($method => $where, { token => $token,
		    $json ? (json => $json) : () }), 401,
		    'Could not validate credentials',
		    "logout: the token is dead at $method $where");
	}
	is_ok($t->req(GET => '/api/auth/me', { token => $keep }), 200,
	    'logout: another token of the same account lives on');
	is_ok($t->req(POST => $path, { token => $token }), 200,
	    'logout: again, with the dead token');
	is_ok($t->req(POST => $path), 200, 'logout: without a token');
	is_ok($t->req(POST => $path, { token => 'not.a.token' }), 200,
	    'logout: with a bad token');
	is_ok($t->req(POST => $path, { token => $t->token(sub => "$u->{id}",
	    exp => time - 10) }), 200, 'logout: with an expired token');
	is_ok($t->req(POST => $path, { headers => [ Authorization => 'Basic eDp5' ] }),
	    200, 'logout: with another scheme');
	is_ok($t->req(POST => $path, { token => $keep, body => '{}' }), 200,
	    'logout: with a body');
	is_error($t->req(GET => '/api/auth/me', { token => $keep }), 401, undef,
	    'logout: it ended that one, too');
	is_ok($t->req(POST => $path, { token => $login->(), headers =>
	    [ 'Content-Type' => 'application/json' ] }), 200,
	    'logout: with a Content-Type and no body');
}

# A token that never came from here, as the old backend makes them.
my $old = $t->token(sub => "$u->{id}", email => $u->{email});
is_ok($t->req(GET => '/api/auth/me', { token => $old }), 200,
    'logout: a token without jti');
is_ok($t->req(POST => '/api/auth/logout', { token => $old }), 200,
    'logout: ends it');
is_error($t->req(GET => '/api/auth/me', { token => $old }), 401, undef,
    'logout: for good');

# Ended for every worker and over a restart: it is in the database.
my $token = $login->();
$t->req(POST => '/api/auth/logout', { token => $token });
my @seen = map { $t->req(GET => $u->{tasks}, { token => $token })->{status} }
    1..12;
is("@seen", join(' ', (401) x 12), 'logout: dead for every worker');
$t->restart_workers;
is_error($t->req(GET => $u->{tasks}, { token => $token }), 401, undef,
    'logout: dead after a restart');
is($t->psql("SELECT count(*) FROM revoked_tokens WHERE user_id = $u->{id}
    AND octet_length(token_hash) = 32 AND expires_at > now()") > 0, 1,
    'logout: kept as SHA-256 with the time it would have expired');

# What is past is swept by a later logout.
$t->psql("UPDATE revoked_tokens SET expires_at = now() - interval '2 hours'");
$t->req(POST => '/api/auth/logout', { token => $login->() });
is($t->psql('SELECT count(*) FROM revoked_tokens'), 1,
    'logout: revocations that are past do not pile up');

# The account's own end.
my $gone = $t->user;
$t->task($gone);
$t->psql("DELETE FROM users WHERE id = $gone->{id}");
for my $c ([ GET => '/api/auth/me' ], [ GET => $gone->{tasks} ],
    [ POST => $gone->{tasks}, { title => 'x' } ],
    [ PUT => "$gone->{tasks}/1", { title => 'x' } ],
    [ PATCH => "$gone->{tasks}/1/complete" ], [ DELETE => "$gone->{tasks}/1" ]) {
	my ($method, $where, $json) = @$c;
	is_error($t->as($gone, $method => $where, $json), 401,
	    'Could not validate credentials',
	    "edge: user deleted: $method $where is 401");
}
is_ok($t->as($gone, POST => '/api/auth/logout'), 200,
    'edge: user deleted: logout is 200');
is_error($t->req(POST => '/api/auth/login', { json => { email => $gone->{email},
    password => $gone->{password} } }), 401, 'Incorrect email or password',
    'edge: user deleted: no login');
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $gone->{id}"), 0,
    'edge: foreign key gone: tasks go with their user');

done_testing();
