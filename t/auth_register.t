# SPDX-License-Identifier: ISC
# Sign-up: what is stored, what is answered, what is refused.
use Todo;

my $t = Todo->new;
my %who = (username => 'Ann_b-1.c', email => 'Ann.B@Example.org',
    password => 'long enough 1');
my $reg = sub { $t->req(POST => $_[1] || '/api/auth/register',
    { json => $_[0] }) };

my $r = $reg->(\%who);
is_ok($r, 201, 'FR-005: sign-up answers 201');
my $j = $r->{json};
is(join(' ', sort keys %$j), 'access_token created_at email id token_type '
    . 'user_id username', 'register: exactly the promised fields');
is(jtype($j->{id}), 'number', 'register: id is a number');
is(jtype($j->{user_id}), 'string', 'register: user_id is a string');
is($j->{user_id}, $j->{id}, 'register: user_id and id are the same');
is($j->{token_type}, 'bearer', 'register: token_type');
is($j->{username}, 'Ann_b-1.c', 'register: username as given');
is($j->{email}, 'ann.b@example.org', 'register: email in lower case');
like($j->{created_at}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z\z/,
    'register: created_at is RFC 3339 in UTC');
is_ok($t->req(GET => '/api/auth/me', { token => $j->{access_token} }), 200,
    'register: its token works at once');
unlike($r->{content}, qr/password|\$y\$|long enough/,
    'register: no password or hash in the answer');

my ($row) = $t->psql("SELECT username, email, password, created_at IS NOT NULL,
    id FROM users WHERE email = 'ann.b\@example.org'");
is_deeply([ @$row[0, 1, 3, 4] ], [ 'Ann_b-1.c', 'ann.b@example.org', 't',
    $j->{id} ], 'US2-1: username, email, created_at are a row of users');
like($row->[2], qr/^\$y\$/, 'US2-1: the password is stored hashed (yescrypt)');
is($t->psql("SELECT count(*) FROM users WHERE strpos(users::text,
    'long enough') > 0"), 0, 'US2-1: the password itself is nowhere in the row');

my $before = $t->psql('SELECT count(*) FROM users');
my @made = map { $reg->({ username => "many$_", email => "many$_\@example.org",
    password => 'password of many' }) } 1..10;
is(grep({ $_->{status} == 201 } @made), 10, 'ten more sign-ups');
is($t->psql('SELECT count(*) FROM users') - $before, 10,
    'SC-001: every registration is a new row of users, seen with psql');

# taken
is_error($reg->({ %who, username => 'other' }), 409, 'Email already registered',
    'US2-4: an email that exists is rejected');
is_error($reg->({ %who, username => 'other', email => 'ANN.b@EXAMPLE.ORG' }),
    409, 'Email already registered', 'US2-4: whatever its case');
is_error($reg->({ %who, email => 'other@example.org' }), 409,
    'Username already taken', 'register: a username that exists is rejected');
is_error($reg->(\%who), 409, 'Email already registered',
    'register: both taken, the email is named');
is_ok($reg->({ %who, username => 'ann_B-1.c', email => 'case@example.org' }),
    201, 'register: usernames are case-sensitive');
is($t->psql("SELECT count(*) FROM users WHERE lower(email) =
    'ann.b\@example.org'"), 1, 'US5-4: one row per email');

is_error($reg->({ %who, username => 'other', email => "  Ann.b\@example.org \n" }),
    409, 'Email already registered', 'register: nor with blanks around it');
my $blanks = $reg->({ %who, username => 'blanks', email => "\t blanks\@example.org " });
is_ok($blanks, 201, 'register: blanks around an email do not count');
is($blanks->{json}{email}, 'blanks@example.org', 'register: and are not kept');
$t->secret($blanks->{json}{access_token});

# every rule, one at a time
my $n = 0;
my $fresh = sub { $n++; return (username => "fresh$n",
    email => "fresh$n\@example.org", password => 'good enough') };
for my $c (
    [ 'username of 2 characters', 'username', 'ab' ],
    [ 'username of 51 characters', 'username', 'a' x 51 ],
    [ 'username with a blank', 'username', 'ann b' ],
    [ 'username not ASCII', 'username', "ann\x{e9}" ],
    [ 'username with @', 'username', 'ann@b' ],
    [ 'username empty', 'username', '' ],
    [ 'username a number', 'username', 12345 ],
    [ 'username null', 'username', undef ],
    [ 'username a list', 'username', [ 'ann' ] ],
    [ 'username with a newline', 'username', "ann\n" ],
    [ 'email without @', 'email', 'ann.example.org' ],
    [ 'email without a dot in the domain', 'email', 'ann@example' ],
    [ 'email without local part', 'email', '@example.org' ],
    [ 'email without domain', 'email', 'ann@' ],
    [ 'email with two @', 'email', 'ann@b@example.org' ],
    [ 'email with a blank inside', 'email', 'an n@example.org' ],
    [ 'email with a newline', 'email', "ann\@example\n.org" ],
    [ 'email of blanks', 'email', '    ' ],
    [ 'email of 256 bytes', 'email', 'a' x 60 . '@' . join('.', ('b' x 60) x 3,
        'b' x 9, 'org') ],
    [ 'email empty', 'email', '' ],
    [ 'email a number', 'email', 1 ],
    [ 'email null', 'email', undef ],
    [ 'password of 7 bytes', 'password', '1234567' ],
    [ 'password of 513 bytes', 'password', 'p' x 513 ],
    [ 'password empty', 'password', '' ],
    [ 'password a number', 'password', 1234567890 ],
    [ 'password null', 'password', undef ],
    [ 'password an object', 'password', { a => 1 } ]) {
	my ($name, $field, $value) = @$c;
	is_error($reg->({ $fresh->(), $field => $value }), 422, "body.$field",
	    "register: $name");
	my %less = $fresh->();
	delete $less{$field};
	is_error($reg->(\%less), 422, "body.$field", "register: no $field")
	    if $name =~ /null$/;
}
$r = $reg->({});
is_error($r, 422, 'body.email body.password body.username',
    'register: every missing field in one answer');
is(join(' ', map { $_->{type} } @{$r->{json}{detail}}), 'missing missing missing',
    'register: their type is missing');
is_error($reg->({ username => 'a', email => 'b', password => 'c' }), 422,
    'body.email body.password body.username',
    'register: every bad field in one answer');
is($t->psql("SELECT count(*) FROM users WHERE username LIKE 'fresh%'"), 0,
    'register: nothing refused was stored');
for my $c ([ username => 'abc' ], [ username => 'a' x 50 ],
    [ username => '_-.' ], [ email => 'a+b.c-d_e@sub.example.org' ],
    [ password => '12345678' ], [ password => 'p' x 512 ],
    [ password => "\x{20ac}\x{1f600} x" ], [ unknown => 'ignored' ]) {
	is_ok($reg->({ $fresh->(), @$c }), 201,
	    "register: $c->[0] at its limit is taken (" . length($c->[1]) . ')');
}

# the aliases
for my $path (qw(/api/auth/signup /api/register /auth/signup /auth/register)) {
	is_ok($reg->({ $fresh->() }, $path), 201, "register: alias $path");
}

done_testing();
