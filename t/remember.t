# SPDX-License-Identifier: ISC
# Staying logged in: tokens that live for days, and those that are renewed.
use Todo;
use MIME::Base64 qw(decode_base64url);

my $t = Todo->new(wire => 1);
my $u = $t->user;
my %right = (email => $u->{email}, password => $u->{password});
sub login { return $t->req(POST => '/api/auth/login', { json => { %right, @_ } }) }
sub claims { return $Client::JSON->decode(decode_base64url((split /\./, $_[0])[1])) }
sub life { my $c = claims($_[0]); return $c->{exp} - $c->{iat} }
sub renew { return $t->req(POST => '/api/auth/renew', { token => $_[0], %{$_[1] // {}} }) }
sub good { return $t->req(GET => '/api/auth/me', { token => $_[0] })->{status} }
my ($short, $long) = (1800, 60 * 86400);

# --- remember -----------------------------------------------------------------------
my $r = login(remember => T);
is_ok($r, 200, 'remember: a login');
is(join(' ', sort keys %{$r->{json}}), 'access_token email token_type user_id username', 'remember: answers as ever');
my $token = $r->{json}{access_token};
is(life($token), $long, 'remember: the token lives for 60 days');
is(good($token), 200, 'remember: and is good');
is(life(login(remember => F)->{json}{access_token}), $short, 'remember: false is as none');
is(join(' ', sort keys %{claims(login()->{json}{access_token})}), 'email exp iat jti sub username',
    'remember: other tokens are as ever');
$r = $t->req(POST => '/api/auth/register', { json => { username => 'stays', email => 'stays@example.org',
    password => 'long enough', remember => T } });
is_ok($r, 201, 'remember: a registration');
is(life($r->{json}{access_token}), $long, 'remember: lives as long');
for my $bad ('true', 1, undef, []) {
	is_error(login(remember => $bad), 422, 'body.remember', 'remember: refused: ' . $Client::JSON->encode([ $bad ]));
}
sub form { return $t->req(POST => '/api/auth/token', { body => "username=$u->{email}&password=" .
    $u->{password} =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger . $_[0],
    headers => [ 'Content-Type' => 'application/x-www-form-urlencoded' ] }) }
is(life(form("&remember=$_")->{json}{access_token}), $long, "remember: in a form, $_") for 'true', 'on', '1';
is(life(form($_)->{json}{access_token}), $short, "remember: in a form, '$_'") for '', '&remember=false';
is_error(form('&remember=perhaps'), 422, 'body.remember', 'remember: in a form it is one, too');

# --- renew ---------------------------------------------------------------------------
is($t->{wire}->count(sub { $r = renew($token) }), 1, 'renew: one flight');
is_ok($r, 200, 'renew: a good token');
is(join(' ', sort keys %{$r->{json}}), 'access_token email token_type user_id username', 'renew: answers as a login');
is_deeply([ @{$r->{json}}{qw(user_id email username token_type)} ], [ "$u->{id}", $u->{email}, $u->{username}, 'bearer' ],
    'renew: whose it is');
my $new = $r->{json}{access_token};
isnt($new, $token, 'renew: another token');
is(life($new), $long, 'renew: of the same kind of life');
is(good($new), 200, 'renew: which is good');
is(good($token), 200, 'renew: and the old one lives on');
is(life(renew($new)->{json}{access_token}), $long, 'renew: again');
my $plain = login()->{json}{access_token};
is(life(renew($plain)->{json}{access_token}), $short, 'renew: one of 30 minutes gives such');
is(life(renew($plain, { json => { remember => T } })->{json}{access_token}), $short, 'renew: a body says nothing');
my $foreign = $t->token(sub => "$u->{id}", exp => time + 600);
is(life(renew($foreign)->{json}{access_token}), $short, 'renew: so does one of the old backend');

# --- what ends them --------------------------------------------------------------------
is_error($t->req(POST => '/api/auth/renew'), 401, 'Not authenticated', 'renew: without a token');
is_error(renew('x.y.z'), 401, 'Could not validate credentials', 'renew: no token of ours');
is_error(renew($t->token(sub => "$u->{id}", exp => time - 1)), 401, undef, 'renew: one that is past');
$t->req(POST => '/api/auth/logout', { token => $token });
is_error(renew($token), 401, undef, 'renew: logged out');
is(good($new), 200, 'renew: which ends that token alone');
is($t->psql("SELECT count(*) FROM revoked_tokens WHERE expires_at > now() + interval '59 days'"), 1,
    'remember: it is kept until it would have ended');
$r = $t->req(POST => '/api/auth/password', { token => $new, json => { current_password => $u->{password}, password => 'another one' } });
is_ok($r, 200, 'remember: a new password');
is(life($r->{json}{access_token}), $long, 'remember: gives who stays logged in such a token');
is(good($new), 401, 'remember: and ends the others');
is_error(renew($new), 401, undef, 'renew: which can\'t be renewed');
my $last = $r->{json}{access_token};
is_ok(renew($last), 200, 'renew: the new one can');
is(good(renew($last)->{json}{access_token}), 200, 'renew: and the new token is good');
$t->req(POST => '/api/auth/delete', { token => $last, json => { password => 'another one' } });
is_error(renew($last), 401, undef, 'renew: the account is gone');
is($t->req(PUT => '/api/auth/renew', { token => $last })->{headers}{allow}, 'POST, OPTIONS', 'renew: by POST');

# --- the setting ------------------------------------------------------------------------
for my $case ([ 0, $short, 0 ], [ 1, 86400, 1 ], [ 366, 366 * 86400, 1 ]) {
	my ($days, $want, $claim) = @$case;
	$t->{env}{REMEMBER_DAYS} = $days;
	$t->restart_workers;
	my $v = $t->user;
	my $got = $t->req(POST => '/api/auth/login', { json => { email => $v->{email}, password => $v->{password}, remember => T } })
	    ->{json}{access_token};
	is(life($got), $want, "remember: REMEMBER_DAYS=$days");
	is(exists claims($got)->{remember} ? 1 : 0, $claim, 'remember: and the token knows');
	is(life(renew($got)->{json}{access_token}), $want, 'renew: the same');
}
# No less than a token that nobody asked for.
@{$t->{env}}{qw(REMEMBER_DAYS ACCESS_TOKEN_EXPIRE_MINUTES)} = (1, 3000);
$t->restart_workers;
my $w = $t->user;
is(life($t->req(POST => '/api/auth/login', { json => { email => $w->{email}, password => $w->{password}, remember => T } })
    ->{json}{access_token}), 3000 * 60, 'remember: never shorter');
for my $bad (-1, 367, 'x', '1.5', '60 days') {
	my $r = $t->worker_cli([ '--check-config' ], env => { REMEMBER_DAYS => $bad });
	is($r->{exit}, 78, "remember: REMEMBER_DAYS=$bad is refused");
	like($r->{stderr}, qr/REMEMBER_DAYS must be/, 'remember: by name');
}

done_testing();
