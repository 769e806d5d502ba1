# SPDX-License-Identifier: ISC
# Passwords: every byte counts, old hashes still work, nobody is told who exists.
# ways: direct (pooled)
use Todo;
use POSIX ();
use Time::HiRes qw(time sleep);

my $t = Todo->new(auth_workers => 1);
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
is_error($login->($u->{email}, 'passwort'), 401, undef, 'passwords: is not ASCII');
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
	# bcrypt sees 72 bytes; the rest was never in the hash
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
# Of an account, of one whose hash no method made, and of none: what the workers do for
# each, as the clock would tell of other load.
my $broken = $t->user;
$t->psql("UPDATE users SET password = 'plain text' WHERE id = $broken->{id}");
for my $pw ('wrong password', 'long ' x 102) {
	my %seconds;
	for my $i (1..25) {
		my %email = (known => $u->{email}, broken => $broken->{email},
		    unknown => "nobody$i\@example.org");
		for my $who (sort keys %email) {
			my $before = $t->cpu('auth');
			$login->($email{$who}, $pw);
			$seconds{$who} += $t->cpu('auth') - $before;
		}
	}
	my $said = join ', ', map { sprintf '%s %.2f s', $_, $seconds{$_} } sort keys %seconds;
	for my $who (qw(broken unknown)) {
		my $ratio = $seconds{$who} / ($seconds{known} || 1);
		ok($ratio > 0.67 && $ratio < 1.5, 'passwords: a login that fails costs as much, '
		    . 'with ' . length($pw) . " bytes: $said");
	}
}

# --- memory -----------------------------------------------------------------
# All that the worker can write, so all that it can have kept.
sub memory {
	no warnings "portable";
	my ($pid) = grep { Todo::slurp("/proc/$_/comm") =~ /^todo/ } $t->worker_pids('auth');
	open my $mem, '<:raw', "/proc/$pid/mem" or return '';
	my ($all, $size) = ('', POSIX::sysconf(POSIX::_SC_PAGESIZE()));
	open my $pages, '<:raw', "/proc/$pid/pagemap" or return '';
	for (split /\n/, Todo::slurp("/proc/$pid/maps")) {
		my ($from, $to) = map { hex } /^(\w+)-(\w+) rw/ or next;
		next if $to - $from > 2**28;		# AddressSanitizer's own
		# Most of what is left of that has never been touched.
		sysseek $pages, $from / $size * 8, 0;
		sysread $pages, my $map, ($to - $from) / $size * 8;
		for my $page (unpack 'Q*', $map) {
			if ($page >> 62) {		# in memory, or swapped out
				sysseek $mem, $from, 0;
				sysread $mem, $all, $size, length $all;
			}
			$from += $size;
		}
	}
	return $all;
}
# How many of these are there; the last request may not be cleared away yet.
sub kept {
	my @found;
	for (1..20) {
		my $all = memory();
		@found = grep { index($all, $_) >= 0 } @_ or last;
		sleep 0.1;
	}
	return scalar @found;
}
SKIP: {
	skip "this user can't read a worker's memory", 1 if memory() eq '';
	is(kept($t->{secret}), 1, 'passwords: a secret in use is found in memory');
	my @users = map { $t->user(username => "memory_$_", email => "memory_$_\@example.org") }
	    1..4;
	my @passwords = map { $_->{password} } @users;
	# Parts of each, as the beginning may be overwritten.
	my $hashes = sub { map { my $h = $t->psql("SELECT password FROM users
	    WHERE id = $_->{id}"); map { substr $h, $_, 20 } 0, 30, -20 } @_ };
	is(kept(@passwords), 0, 'passwords: none is in memory after a registration');
	is(kept($hashes->(@users)), 0, 'passwords: no hash either');
	my $bcrypt = crypt $passwords[2], '$2b$04$abcdefghijklmnopqrstuu';
	$t->psql("UPDATE users SET password = '$bcrypt' WHERE id = $users[2]{id}");
	is_ok($login->($_->{email}, $_->{password}), 200, 'passwords: login') for @users[0..2];
	is_error($login->($users[3]{email}, 'another password'), 401, undef,
	    'passwords: and one that fails');
	is(kept(@passwords, 'another password'), 0, 'passwords: none is in memory after a login');
	# libpq's buffer has the database's last answer, as long as there is no other.
	is(kept($hashes->(@users[0..2]), substr $bcrypt, 8), 0, 'passwords: nor a hash');
	cmp_ok(() = memory() =~ /\Q@{[($hashes->($users[3]))[2]]}\E/g, '<=', 1,
	    'passwords: but that of the last answer, once');
	my $new = 'another good password';
	my @old = $hashes->(@users[0, 1]);
	for my $case ([ 'a guess', 403 ], [ $passwords[0], 200 ]) {
		my ($current, $status) = @$case;
		is($t->as($users[0], POST => '/api/auth/password', { current_password => $current,
		    password => $new })->{status}, $status, "passwords: another one, $status");
		is(kept($current, $new, @passwords), 0, 'passwords: it is not in memory then');
	}
	is_ok($t->as($users[1], POST => '/api/auth/delete', { password => $passwords[1] }), 200,
	    'passwords: the end of an account');
	is(kept(@passwords), 0, 'passwords: nothing is in memory then');
	$login->($users[3]{email}, 'another password');		# libpq's buffer, as above
	is(kept(@old, $hashes->($users[0])), 0, 'passwords: nor any of their hashes');
	my $form = 'password=p%C3%A4ssw%C3%B6rt%F0%9F%98%80';
	is_ok($t->req(POST => '/api/auth/token', { body => "username=$u->{email}&$form",
	    headers => { 'Content-Type' => 'application/x-www-form-urlencoded' } }), 200,
	    'passwords: login by a form');
	utf8::encode(my $bytes = $uni);
	is(kept($form, $bytes), 0, 'passwords: which is not in memory then');
}

done_testing();
