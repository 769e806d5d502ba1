# SPDX-License-Identifier: ISC
# Passwords: every byte counts, old hashes still work, nobody is told who exists.
use Todo;
use Time::HiRes qw(time);

my $t = Todo->new;
my $login = sub { $t->req(POST => '/api/auth/login', { json => { email => $_[0],
    password => $_[1] } }) };

# --- every byte -------------------------------------------------------------
for my $n (8, 72, 73, 255, 256, 511, 512) {
	my $pw = join '', map { chr 33 + ($_ * 7 + $n) % 94 } 1..$n;
	my $u = $t->user(password => $pw);
	is_ok($login->($u->{email}, $pw), 200, "passwords: $n bytes");
	(my $last = $pw) =~ s/(.)\z/$1 eq 'a' ? 'b' : 'a'/e;
	is_error($login->($u->{email}, $last), 401, undef,
	    "passwords: of $n bytes the last one counts");
	is_error($login->($u->{email}, substr $pw, 0, -1), 401, undef,
	    "passwords: of $n bytes none may be missing");
}
my $uni = "p\x{e4}ssw\x{f6}rt\x{1f600}";
my $u = $t->user(password => $uni);
is_ok($login->($u->{email}, $uni), 200, 'passwords: Unicode');
is_error($login->($u->{email}, 'password'), 401, undef, 'passwords: is not ASCII');
is_ok($login->($t->user(password => ' blanks around ')->{email}, ' blanks around '),
    200, 'passwords: are not trimmed');
is_error($t->req(POST => '/api/auth/register', { json => { username => 'bytes',
    email => 'bytes@example.org', password => "\x{20ac}" x 171 } }), 422,
    'body.password', 'passwords: 171 characters of 3 bytes are too many bytes');
is_ok($t->req(POST => '/api/auth/register', { json => { username => 'bytes',
    email => 'bytes@example.org', password => "\x{20ac}x" x 128 } }), 201,
    'passwords: 256 characters of 512 bytes fit');
is_ok($t->req(POST => '/api/auth/register', { json => { username => 'bytes8',
    email => 'bytes8@example.org', password => "\x{1f600}" x 2 } }), 201,
    'passwords: 2 characters of 8 bytes fit');
my @hash = map { $_->[0] } $t->psql('SELECT password FROM users');
is(scalar(grep { !/^\$y\$/ } @hash), 0, 'passwords: all hashes are yescrypt');
my %seen = map { $_ => 1 } @hash;
is(scalar keys %seen, scalar @hash, 'passwords: no hash twice');
my $twin = $t->user(password => $uni);
isnt($t->psql("SELECT password FROM users WHERE id = $twin->{id}"),
    $t->psql("SELECT password FROM users WHERE id = $u->{id}"),
    'passwords: the same password, another hash');

# --- of the old backend -----------------------------------------------------
my $try = crypt 'x', '$2b$04$abcdefghijklmnopqrstuu';
SKIP: {
	skip 'no bcrypt in crypt(3)', 1 unless defined $try && $try =~ /^\$2b\$/;
	for my $kind ('2b', '2a', '2y') {
		my $pw = "old password $kind";
		my $old = $t->user(password => 'will be replaced');
		my $hash = crypt $pw, "\$$kind\$10\$abcdefghijklmnopqrstuu";
		$t->secret($hash, $pw);
		$t->psql("UPDATE users SET password = '$hash' WHERE id = $old->{id}");
		my $at = sub { scalar $t->psql("SELECT password FROM users
		    WHERE id = $old->{id}") };
		is_error($login->($old->{email}, 'old password'), 401, undef,
		    "passwords: \$$kind\$ and a wrong password");
		is($at->(), $hash, "passwords: \$$kind\$ stays after a wrong password");
		is_ok($login->($old->{email}, $pw), 200,
		    "passwords: \$$kind\$ of the old backend logs in");
		like($at->(), qr/^\$y\$/, "passwords: \$$kind\$ is replaced at once");
		is_ok($login->($old->{email}, $pw), 200,
		    "passwords: \$$kind\$, and the new hash logs in");
		my $new = $at->();
		$login->($old->{email}, $pw);
		is($at->(), $new, 'passwords: a new hash is not replaced');
		is_error($login->($old->{email}, "$pw."), 401, undef,
		    'passwords: the new hash refuses others');
	}
	# bcrypt sees 72 bytes; what comes behind was never in the hash
	my $long = $t->user;
	my $pw = 'long ' x 20;
	my $hash = crypt $pw, '$2b$10$abcdefghijklmnopqrstuu';
	$t->secret($hash);
	$t->psql("UPDATE users SET password = '$hash' WHERE id = $long->{id}");
	is_ok($login->($long->{email}, $pw), 200,
	    'passwords: bcrypt of a password beyond 72 bytes');
	is_ok($login->($long->{email}, substr($pw, 0, 72) . 'typo'), 200,
	    'passwords: of which it sees no more');
	is_ok($login->($long->{email}, $pw), 200,
	    'passwords: so the typo has not become the password');
}
for my $odd ('', '*', '!', 'plain text', '$2b$', '$y$', '$1$abc', 'x' x 13) {
	my $o = $t->user;
	$t->psql("UPDATE users SET password = '$odd' WHERE id = $o->{id}");
	for my $pw ($o->{password}, $odd || 'x', '*0', '*1') {
		my $r = $login->($o->{email}, $pw);
		is_error($r, 401, undef, "passwords: the hash '$odd' lets nobody in");
	}
}

# --- time -------------------------------------------------------------------
my $median = sub { (sort { $a <=> $b } @_)[$#_ / 2] };
my (@known, @unknown);
for my $i (1..15) {
	for my $c ([ \@known, $u->{email} ], [ \@unknown, "nobody$i\@example.org" ]) {
		my $start = time;
		$login->($c->[1], 'wrong password');
		push @{$c->[0]}, time - $start;
	}
}
my ($k, $n) = ($median->(@known), $median->(@unknown));
cmp_ok($k / $n, '<', 2, sprintf 'passwords: a known email (%.0f ms) takes no '
    . 'longer than an unknown one (%.0f ms)', 1000 * $k, 1000 * $n);
cmp_ok($n / $k, '<', 2, 'passwords: nor the other way round');

done_testing();
