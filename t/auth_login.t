# SPDX-License-Identifier: ISC
# Login: JSON and form, one answer for every wrong pair, all names of it.
use Todo;
use MIME::Base64 qw(decode_base64url);
use Time::HiRes qw(time);

my $t = Todo->new;
my $u = $t->user(email => 'ann@example.org', username => 'ann');
my $login = sub { $t->req(POST => $_[1] || '/api/auth/login',
    { json => $_[0] }) };
my %right = (email => 'ann@example.org', password => $u->{password});

my $r = $login->(\%right);
is_ok($r, 200, 'US2-2: correct credentials log in');
my $j = $r->{json};
is(join(' ', sort keys %$j), 'access_token email token_type user_id username',
    'login: exactly the promised fields');
is(jtype($j->{user_id}), 'string', 'login: user_id is a string');
is_deeply([ @$j{qw(user_id email username token_type)} ], [ "$u->{id}",
    'ann@example.org', 'ann', 'bearer' ], 'US2-2: the record of the database');
unlike($r->{content}, qr/\$y\$|\Q$u->{password}\E/, 'login: no password, no hash');
is_ok($login->({ %right, email => 'ANN@Example.ORG' }), 200,
    'login: the case of the email does not matter');

is_ok($login->({ %right, email => " ann\@example.org\t" }), 200,
    'login: nor do blanks around it');

my ($head, $claims, $mac) = split /\./, $j->{access_token};
my $h = $Client::JSON->decode(decode_base64url($head));
my $c = $Client::JSON->decode(decode_base64url($claims));
is($h->{alg}, 'HS256', 'login: the token is HS256');
is(join(' ', sort keys %$c), 'email exp iat jti sub username',
    'login: the claims of the token');
is(jtype($c->{sub}), 'string', 'login: sub is a string');
is($c->{sub}, $u->{id}, 'login: sub is the id');
is($c->{exp} - $c->{iat}, 1800, 'login: 30 minutes');
cmp_ok(abs($c->{iat} - time), '<', 60, 'login: iat is now');
isnt($login->(\%right)->{json}{access_token}, $j->{access_token},
    'login: each token is another one');
is("$head.$claims.$mac", $t->token(-header => decode_base64url($head),
    -json => decode_base64url($claims)),
    'login: the signature is HMAC-SHA256 with the secret, as others compute it');

# wrong pairs
my $bad = 'Incorrect email or password';
my $wrong = $login->({ %right, password => 'not the one' });
my $nobody = $login->({ %right, email => 'nobody@example.org' });
is_error($wrong, 401, $bad, 'login: wrong password');
is_error($nobody, 401, $bad, 'login: unknown email');
is($wrong->{content}, $nobody->{content}, 'login: the two cannot be told apart');
is_error($login->({ %right, password => $_ }), 401, $bad,
    'login: any password of 1 to 512 bytes is tried (' . length($_) . ')')
    for 'x', 'y' x 512, "$u->{password}x", substr $u->{password}, 0, -1;
is_error($login->({ %right, email => 'no-address' }), 422, 'body.email',
    'login: no address');
is_error($login->({ %right, password => '' }), 422, 'body.password',
    'login: empty password');
is_error($login->({ %right, password => 'p' x 513 }), 422, 'body.password',
    'login: password of 513 bytes');
is_error($login->({ email => 'ann@example.org' }), 422, 'body.password',
    'login: no password');
is_error($login->({}), 422, 'body.email body.password', 'login: neither');
is_error($login->({ email => 1, password => [] }), 422,
    'body.email body.password', 'login: wrong types');

# the database decides, at once
my $other = $t->user;
$t->psql("UPDATE users SET password = (SELECT password FROM users
    WHERE id = $other->{id}) WHERE id = $u->{id}");
is_error($login->(\%right), 401, $bad,
    'FR-006: credentials come from the users table, not from memory');
is_ok($login->({ %right, password => $other->{password} }), 200,
    'FR-006: a hash changed with SQL counts at the next login');
my @seen = map { my $n = $_;
    $t->psql("UPDATE users SET username = 'seen$n' WHERE id = $u->{id}");
    $login->({ %right, password => $other->{password} })->{json}{username} }
    1..5;
is("@seen", 'seen1 seen2 seen3 seen4 seen5',
    'SC-002: every login reads the users table of the database');

# the form of the OAuth 2 password flow
my $form = sub {
	my ($body, %o) = @_;
	return $t->req(POST => $o{path} || '/api/auth/token', { body => $body,
	    headers => { 'Content-Type' =>
	    $o{type} || 'application/x-www-form-urlencoded' } });
};
my $f = $t->user(password => "p&=+% \x{e9}t\x{e9}", email => 'form+x@example.org');
my $pw = 'p%26%3D%2B%25+%C3%A9t%C3%A9';
is_ok($form->("grant_type=password&username=form%2Bx%40example.org&password=$pw"),
    200, 'login: form with username, escapes and blanks');
is_ok($form->("email=form%2bx%40example.org&password=$pw"), 200,
    'login: form with email');
is_ok($form->("password=$pw&username=form%2Bx%40example.org",
    type => 'application/x-www-form-urlencoded; charset=UTF-8',
    path => '/auth/login'), 200, 'login: form with a charset, another path');
is_error($form->('username=form%2Bx%40example.org&password=wrong'), 401, $bad,
    'login: form with a wrong password');
my $r422 = $form->('username=x');
is($r422->{status}, 422, 'login: form with bad fields');
ok(error_shape($r422), 'login: its answer has the shape of every 422');
like(fields($r422), qr/body\.password/, 'login: and names the password');
is_error($t->req(POST => '/api/auth/register', { body => 'username=abcd'
    . '&email=q%40example.org&password=12345678', headers => {
    'Content-Type' => 'application/x-www-form-urlencoded' } }), 415, undef,
    'register: a form is 415');

# the aliases
for my $path (qw(/api/auth/login /api/auth/token /api/login /api/token
    /auth/login /auth/token)) {
	my $r = $login->({ %right, password => $other->{password} }, $path);
	is_ok($r, 200, "login: alias $path");
	is_ok($t->req(GET => "/api/$u->{id}/tasks", { token =>
	    $r->{json}{access_token} }), 200, "login: its token opens the tasks");
}

# restart
$t->restart_workers;
is_ok($login->({ %right, password => $other->{password} }), 200,
    'US2-3: after a restart the account is there and logs in');

done_testing();
