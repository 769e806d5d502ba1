# SPDX-License-Identifier: ISC
# App passwords: made, shown once, listed, ended; what signs in with one, and what does not.
# ways: direct (pooled)
use Todo;
use Dav;
use Digest::SHA qw(sha256_hex);
use MIME::Base64 qw(encode_base64);

my $t = Todo->new;
my $u = $t->user;
my $list = "/api/$u->{id}/app-passwords";
my $home = "/dav/$u->{id}/";

# --- made and listed ------------------------------------------------------------
my $r = $t->as($u, GET => $list);
is("$r->{status} $r->{content}", '200 []', 'apps: there are none');
is($t->psql("SELECT dav_since IS NULL FROM users WHERE id = $u->{id}"), 't', 'apps: no deletions are noted');
my $app = app($t, $u, '  my phone ');
is(join(' ', sort keys %$app), 'created_at id name password', 'apps: the members of the answer');
is($app->{name}, 'my phone', 'apps: its name is trimmed');
like($app->{password}, qr/^(?:[0-9a-hj-km-np-tv-z]{5}-){3}[0-9a-hj-km-np-tv-z]{5}\z/, 'apps: a password of 20 letters');
is($t->psql("SELECT dav_since = tasks_changed FROM users WHERE id = $u->{id}"), 't', 'apps: deletions are noted from now on');
is($t->psql("SELECT encode(hash, 'hex') FROM app_passwords"), sha256_hex($app->{password} =~ tr/-//dr),
    'apps: its hash is stored');
is($t->psql("SELECT count(*) FROM app_passwords a WHERE a::text LIKE '%' || '" . substr($app->{password}, 0, 5) . "' || '%'"),
    0, 'apps: and nothing else of it');
$r = $t->as($u, GET => $list);
is_deeply($r->{json}, [ { id => $app->{id}, name => 'my phone', created_at => $app->{created_at}, used_on => undef } ],
    'apps: the list');
my $since = $t->psql("SELECT dav_since FROM users WHERE id = $u->{id}");
$t->task($u);
my $second = app($t, $u, 'desk');
isnt($second->{password}, $app->{password}, 'apps: another password');
is($t->psql("SELECT dav_since FROM users WHERE id = $u->{id}"), $since, 'apps: the second changes nothing else');
is(join(' ', map { $_->{name} } @{$t->as($u, GET => $list)->{json}}), 'my phone desk', 'apps: oldest first');
for ([ {}, 'missing' ], [ { name => '' }, 'empty' ], [ { name => ' ' }, 'blank' ], [ { name => 'x' x 51 }, 'too long' ],
    [ { name => "a\nb" }, 'two lines' ], [ { name => 1 }, 'a number' ], [ { name => undef }, 'null' ]) {
	is_error($t->as($u, POST => $list, $_->[0]), 422, 'body.name', "apps: a name that is $_->[1]");
}
is_ok($t->as($u, POST => $list, { name => "\x{20ac}" x 50 }), 201, 'apps: a name of 50 characters');

# --- what signs in --------------------------------------------------------------
my $get = sub { dav($t, $u, PROPFIND => $home, undef, depth => 0, @_) };
my $plain = $app->{password} =~ tr/-//dr;
for ([ 'as it was shown', $app->{password} ], [ 'without hyphens', $plain ], [ 'in capitals', uc $app->{password} ],
    [ 'with blanks', join ' ', split //, $plain ], [ 'and more of them', " - $plain--" ]) {
	is($get->(password => $_->[1])->{status}, 207, "apps: the password $_->[0]");
}
is($get->(name => $_->[1])->{status}, 207, "apps: by $_->[0]") for [ email => $u->{email} ],
    [ 'email in capitals' => uc $u->{email} ], [ username => $u->{username} ];
sub refused {
	my ($r, $name) = @_;
	is($r->{status}, 401, "apps: $name");
	is($r->{headers}{'www-authenticate'}, 'Basic realm="neon-todo", charset="UTF-8"', "apps: $name, says how");
	is(ref $r->{json} && $r->{json}{detail}, $_[2] // 'Could not validate credentials', "apps: $name, in JSON");
}
my $other = $t->user;
my $theirs = app($t, $other);
refused($get->(name => $_->[1]), "by $_->[0]") for [ 'a username in capitals' => uc $u->{username} ],
    [ 'another user' => $other->{email} ], [ nobody => 'nobody@example.org' ], [ 'no name' => '' ],
    [ 'a name with NUL' => "$u->{username}\0" ], [ 'no UTF-8' => "$u->{username}\xff" ], [ 'a long name' => 'x' x 300 ];
(my $wrong = $plain) =~ tr/0-9a-z/1-9a-z0/;
$wrong =~ tr/ilou/2345/;
$t->secret($wrong);
refused($get->(password => $_->[1]), $_->[0]) for [ 'a wrong password' => $wrong ],
    [ 'too short' => substr $plain, 1 ], [ 'too long' => "${plain}0" ], [ 'no letter' => substr($plain, 1) . '!' ],
    [ 'one that is not used' => substr($plain, 1) . 'u' ], [ 'no password' => '' ];
refused($get->(password => $u->{password}), "the account's own");
refused($get->(password => $theirs->{password}), "another's");
my $basic = encode_base64("$u->{email}:$plain", '');
$t->secret($basic);
my $raw = sub { $t->req(PROPFIND => $home, { headers => [ Depth => 0, map { (Authorization => $_) } @_ ] }) };
refused($raw->(), 'no header', 'Not authenticated');
refused($raw->("Bearer $u->{token}"), 'a token');
refused($raw->($_->[1]), $_->[0]) for [ 'no base64' => 'Basic !!' ], [ 'half of it' => 'Basic ' . substr $basic, 0, 20 ],
    [ 'empty' => 'Basic ' ], [ 'no colon' => 'Basic ' . encode_base64('x', '') ],
    [ 'something after it' => "Basic $basic x" ], [ 'very long' => 'Basic ' . encode_base64('x' x 3000, '') ];
is($raw->("basic  $basic")->{status}, 207, 'apps: the scheme in any case');
like($raw->(("Basic $basic") x 2)->{status}, qr/^40[01]\z/, 'apps: two headers are refused');
is_error($t->req(GET => $u->{tasks}, { headers => [ Authorization => "Basic $basic" ] }), 401, undef,
    'apps: it is not good for the API');

# --- the day of its use -----------------------------------------------------------
my $used = sub { join ' ', map { $_->[0] } $t->psql("SELECT coalesce((used_on - (now() AT TIME ZONE 'UTC')::date)::text, '-')
    FROM app_passwords WHERE user_id = $u->{id} ORDER BY id") };
is($used->(), '- - -', 'apps: looking around is no use');
my $version = sub { $t->psql("SELECT xmin FROM app_passwords WHERE id = $app->{id}") };
for my $depth (0, 1) {
	$t->psql("UPDATE app_passwords SET used_on = used_on - 2 WHERE user_id = $u->{id}");
	is(dav($t, $u, PROPFIND => "${home}tasks/", undef, depth => $depth, password => $plain)->{status}, 207, 'apps: the list');
	is($used->(), '0 - -', "apps: notes the day, depth $depth");
	my $before = $version->();
	dav($t, $u, PROPFIND => "${home}tasks/", undef, depth => $depth, password => $plain);
	is($version->(), $before, 'apps: once');
}
like($t->as($u, GET => $list)->{json}[0]{used_on}, qr/^\d{4}-\d\d-\d\d\z/, 'apps: which the list has');

# --- ended --------------------------------------------------------------------------
is_error($t->as($other, DELETE => "$list/$app->{id}"), 403, undef, "apps: another's path");
is_error($t->as($other, DELETE => "/api/$other->{id}/app-passwords/$app->{id}"), 404, 'App password not found',
    "apps: another's password");
is_error($t->as($u, DELETE => "$list/$_"), 404, 'App password not found', "apps: none of the id $_") for 0, '987654321', '9' x 30;
is_error($t->as($u, DELETE => "$list/x"), 422, 'path.app_password_id', 'apps: no id');
is($get->(password => $plain)->{status}, 207, 'apps: it is still good');
$r = $t->as($u, DELETE => "$list/$app->{id}");
is("$r->{status} $r->{content}", '200 {"message":"App password ended"}', 'apps: ended');
refused($get->(password => $plain), 'it is no good any more');
is($get->(password => $second->{password})->{status}, 207, 'apps: others are');
is_error($t->as($u, DELETE => "$list/$app->{id}"), 404, 'App password not found', 'apps: it is gone');
$r = $t->as($u, POST => '/api/auth/password', { current_password => $u->{password}, password => 'another one' });
$u->{token} = $r->{json}{access_token};
$t->secret($u->{token});
is($get->(password => $second->{password})->{status}, 207, 'apps: a new password of the account ends none');

# --- once ---------------------------------------------------------------------------
my @key = (headers => [ 'Idempotency-Key' => 'k1' ]);
$r = $t->as($u, POST => $list, { name => 'once' }, @key);
is_ok($r, 201, 'apps: with a key');
$t->secret($r->{json}{password}, $r->{json}{password} =~ tr/-//dr);
is_error($t->as($u, POST => $list, { name => 'once' }, @key), 409, undef, 'apps: again, it is not shown');
is_error($t->as($u, POST => $list, { name => 'other' }, @key), 422, 'header.idempotency-key', 'apps: the key of another request');
is(scalar(grep { $_->{name} eq 'once' } @{$t->as($u, GET => $list)->{json}}), 1, 'apps: there is one of it');
my ($x, $y) = map { app($t, $u, $_)->{id} } 'x', 'y';
@key = (headers => [ 'Idempotency-Key' => 'k2' ]);
is_ok($t->as($u, DELETE => "$list/$x", undef, @key), 200, 'apps: ended with a key') for 1..2;
is_error($t->as($u, DELETE => "$list/$y", undef, @key), 422, 'header.idempotency-key', 'apps: of another password');

# --- 32 -------------------------------------------------------------------------------
my $many = $t->user;
my @later = map { $t->later($many, POST => "/api/$many->{id}/app-passwords", { name => "n$_" }) } 1..12;
my %status;
$status{substr $_->(), 0, 3}++ for @later;
is($status{201} + ($status{503} // 0), 12, 'apps: twelve at once, made or told to try again');
my $have = $t->psql("SELECT count(*) FROM app_passwords WHERE user_id = $many->{id}");
is($have, $status{201}, 'apps: as many as were answered');
app($t, $many, "m$_") for $have + 1..32;
is_error($t->as($many, POST => "/api/$many->{id}/app-passwords", { name => 'one more' }), 409, undef, 'apps: 32 at most');
my $gone = $t->as($many, GET => "/api/$many->{id}/app-passwords")->{json}[5];
is_ok($t->as($many, DELETE => "/api/$many->{id}/app-passwords/$gone->{id}"), 200, 'apps: one less');
app($t, $many, 'in its place');
is_ok($t->as($many, POST => '/api/auth/delete', { password => $many->{password} }), 200, 'apps: an account that goes');
is($t->psql("SELECT count(*) FROM app_passwords WHERE user_id = $many->{id}"), 0, 'apps: takes its passwords along');
is(dav($t, $many, PROPFIND => "/dav/$many->{id}/", undef, depth => 0)->{status}, 401, 'apps: which are no good any more');

# A write that began before its password was ended, and waits for the account.
my $release = $t->hold("DELETE FROM app_passwords WHERE user_id = $u->{id} AND name = 'y';
    SELECT FROM users WHERE id = $u->{id} FOR UPDATE");
my $late = $t->later($u, PROPPATCH => "${home}tasks/", undef, body => '<propertyupdate xmlns="DAV:"><set><prop><displayname>late'
    . '</displayname></prop></set></propertyupdate>', headers => [ Authorization => 'Basic '
    . encode_base64("$u->{email}:$u->{app}{password}", '') ], token => undef);
$t->waiting(1);
$release->();
like($late->(), qr/^401 /, 'apps: a write that waited while its password was ended writes nothing');
is($t->psql("SELECT dav_props IS NULL FROM users WHERE id = $u->{id}"), 't', 'apps: nothing');

done_testing();
