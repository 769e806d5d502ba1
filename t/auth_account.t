# SPDX-License-Identifier: ISC
# Another password, and the end of an account: what ends with them, what does not, and
# what is under way meanwhile.
use Todo;
use MIME::Base64 qw(decode_base64url);
use Time::HiRes qw(time);

# What happens between connections: a worker has one request at a time.
my $t = Todo->new(wire => 1, workers => 4, env => { REQUESTS => 1 });
my $wire = $t->{wire};
my $bad = 'Could not validate credentials';
my $wrong = 'Current password is incorrect';
my ($password, $delete) = ('/api/auth/password', '/api/auth/delete');
my $serial = 0;
sub status { return $t->req(GET => '/api/auth/me', { token => $_[0] })->{status} }
sub claims { return $Client::JSON->decode(decode_base64url((split /\./, $_[0])[1])) }
sub login {
	my $u = shift;
	my $r = $t->req(POST => '/api/auth/login', { json => { map { $_ => $u->{$_} }
	    qw(email password) } });
	$t->note_secrets($r->{json}) if $r->{status} == 200;
	return $r;
}
sub hash_of { return scalar $t->psql("SELECT password FROM users WHERE id = $_[0]{id}") }
# The answer; the user has the new password and token then.
sub change {
	my ($u, %o) = @_;
	my $new = 'password ' . ++$serial;
	my $r = $t->as($u, POST => $password, { current_password => $u->{password},
	    password => $new }, %o);
	return $r if $r->{status} != 200;
	$t->note_secrets($r->{json});
	@$u{qw(password token)} = ($new, $r->{json}{access_token});
	return $r;
}

# --- another password -------------------------------------------------------------
my ($u, $other) = ($t->user, $t->user);
my $task = $t->task($u, title => 'stays');
my %old = (
    'the one that asked' => $u->{token},
    'another login\'s' => login($u)->{json}{access_token},
    'the old backend\'s, without iat' => $t->token(sub => "$u->{id}", email => $u->{email}),
    'the old backend\'s, with iat' => $t->token(sub => "$u->{id}", iat => int time),
);
is(status($old{$_}), 200, "account: $_ is good") for sort keys %old;	# and known by now
is(status($old{$_}), 200, "account: $_ is good") for (sort keys %old) x 4;
my $before = $u->{password};
my $r = change($u);
is_ok($r, 200, 'account: another password');
is(join(' ', sort keys %{$r->{json}}), 'access_token email token_type user_id username',
    'account: the answer is that of login');
is_deeply([ @{$r->{json}}{qw(user_id email username token_type)} ],
    [ "$u->{id}", @$u{qw(email username)}, 'bearer' ], 'account: of this account');
unlike($r->{content}, qr/\$y\$|\Q$before\E|\Q$u->{password}\E/, 'account: no password, no hash');
is(status($u->{token}), 200, 'account: its token is good at once');
for my $name (sort keys %old) {
	is_error($t->req(@$_[0, 1], { token => $old{$name}, $_->[2] ? (json => $_->[2]) : () }), 401,
	    $bad, "account: $name has ended at $_->[0] $_->[1]")
	    for [ GET => '/api/auth/me' ], [ GET => $u->{tasks} ], [ POST => $u->{tasks}, { title => 'x' } ],
	    [ GET => "$u->{tasks}/$task->{id}" ], [ PUT => "$u->{tasks}/$task->{id}", { title => 'x' } ],
	    [ PATCH => "$u->{tasks}/$task->{id}/complete" ], [ DELETE => "$u->{tasks}/$task->{id}" ],
	    [ POST => $password, { current_password => $u->{password}, password => 'long enough' } ],
	    [ POST => $delete, { password => $u->{password} } ];
}
is_error(login({ %$u, password => $before }), 401, undef, 'account: the old password is none');
$r = login($u);
is_ok($r, 200, 'account: the new one logs in');
is(status($r->{json}{access_token}), 200, 'account: and that token is good at once');
is_deeply($t->as($u, GET => $u->{tasks})->{json}, [ $task ], 'account: the tasks are as they were');
like(hash_of($u), qr/^\$y\$/, 'account: a hash is stored');
is(status($other->{token}), 200, 'account: another user\'s token is good');
# One after the other, well within a second.
my @seen;
for (1..6) {
	my @last = ($u->{token}, login($u)->{json}{access_token});
	change($u);
	push @seen, map { status($_) } @last, $u->{token}, login($u)->{json}{access_token};
}
is("@seen", join(' ', ('401 401 200 200') x 6), 'account: six in a row end the tokens that were there, no more');
$t->restart_workers;
is(status($old{'another login\'s'}), 401, 'account: a token that has ended stays so over a restart');
is(status($u->{token}), 200, 'account: and a good one stays good');

# --- which tokens ----------------------------------------------------------------------
my $now = int time;
my $clock = sub { scalar $t->psql('SELECT floor(extract(epoch FROM now()))') };
my ($first, $made, $last) = ($clock->(), $t->user, $clock->());
# When a token counts as issued, by the database's clock.
sub issued { return hex((split /\./, claims($_[0])->{jti})[0]) }
my $issued = issued($made->{token});
ok($first <= $issued && $issued <= $last, 'account: issued by the database\'s clock');
my $v = $t->user;
($first, $r, $last) = ($clock->(), change($v), $clock->());
$issued = issued($v->{token});
cmp_ok(claims($v->{token})->{iat}, '<=', time, 'account: iat is not in the future');
ok($first + 2 <= $issued && $issued <= $last + 2,
    'account: no login that knows the old password meanwhile is as late as the new token');
my @iat = ([ 401, 'none', undef ], [ 401, 'null', 'null' ], [ 401, 'a text', '"now"' ],
    [ 401, 'zero', 0 ], [ 401, 'negative', -5 ], [ 401, 'far back', '-1e300' ],
    [ 401, 'a second earlier', $now - 1 ], [ 401, 'a fraction earlier', $now - 0.25 ],
    [ 200, 'the same', $now ], [ 200, 'the same with a fraction', "$now.0" ],
    [ 200, 'a fraction later', $now + 0.5 ], [ 200, 'later', $now + 5 ], [ 200, 'far off', '1e300' ]);
my $exp = $now + 600;
sub dated {
	return $t->token(-json => qq({"sub":"$made->{id}","exp":$exp)
	    . (defined $_[0] ? qq(,"iat":$_[0]}) : '}'));
}
is(status(dated($_->[2])), 200, "account: iat $_->[1], of an account whose password is the first")
    for @iat;
$t->psql("UPDATE users SET sessions_from = to_timestamp($now) WHERE id = $made->{id}");
is(status(dated($_->[2])), $_->[0], "account: iat $_->[1], compared with sessions_from") for @iat;
$t->psql("UPDATE users SET sessions_from = to_timestamp($now + 3600) WHERE id = $made->{id}");
is(status($made->{token}), 401, 'account: sessions that begin in an hour, as by another clock');
my $token = login($made)->{json}{access_token};
is(issued($token), $now + 3600, 'account: a login counts as made then');
cmp_ok(claims($token)->{iat}, '<=', time, 'account: but its iat is not in the future');
is(claims($token)->{exp} - claims($token)->{iat}, 1800, 'account: and it lasts as long as any');
for my $jti ('', '1.', $now + 7200, sprintf('%x', $now + 7200), sprintf('%x.%s', $now + 7200, 'a' x 31),
    sprintf('%x.%s', $now + 7200, 'g' x 32), sprintf('%x.%s', $now + 7200, 'a' x 33), 'a' x 32, 'a' x 500) {
	is(status($t->token(sub => "$made->{id}", iat => $now, jti => $jti)), 401,
	    'account: no other jti says when, ' . substr $jti, 0, 50);
}
is(status($t->token(sub => "$u->{id}", iat => $now + 60, jti => 'a' x 500)), 200, 'account: which is no fault');
is(status($token), 200, 'account: and is good');
$made->{token} = $token;
is_ok(change($made), 200, 'account: another password there');
is(status($token) . status($made->{token}), '401200', 'account: ends it, too');

# --- what is refused -----------------------------------------------------------------------
my $is = hash_of($u);
my %both = (current_password => $u->{password}, password => 'long enough');
is_error($t->as($u, POST => $password, { %both, current_password => $_ }), 403, $wrong,
    'account: a wrong password') for 'wrong', "$u->{password}x", substr($u->{password}, 1), 'x' x 512;
is_error($t->as($u, POST => $delete, { password => 'wrong' }), 403, $wrong,
    'account: a wrong password does not delete');
for my $case ([ {}, 'body.current_password body.password' ], [ { password => 'long enough' },
    'body.current_password' ], [ { %both, password => 'x' x 7 }, 'body.password' ],
    [ { %both, password => 'x' x 513 }, 'body.password' ], [ { %both, current_password => '' },
    'body.current_password' ], [ { %both, current_password => 1, password => [] },
    'body.current_password body.password' ]) {
	is_error($t->as($u, POST => $password, $case->[0]), 422, $case->[1], "account: 422 $case->[1]");
}
is_error($t->as($u, POST => $delete, {}), 422, 'body.password', 'account: 422 of delete');
for my $path ($password, $delete) {
	is_error($t->req(POST => $path, { json => \%both }), 401, 'Not authenticated',
	    "account: $path without a token");
	is_error($t->as($u, POST => $path, undef, body => 'password=x', headers =>
	    [ 'Content-Type' => 'application/x-www-form-urlencoded' ]), 415, undef, "account: $path, a form");
	is_error($t->as($u, POST => $path, undef, body => ''), 400, undef, "account: $path, no body");
	is_error($t->as($u, GET => $path), 405, undef, "account: GET $path");
}
is(hash_of($u), $is, 'account: the password is as it was');
is(status($u->{token}), 200, 'account: so is the token');

# --- time ------------------------------------------------------------------------------------
{
	my $broken = $t->user;
	$t->psql("UPDATE users SET password = 'plain text' WHERE id = $broken->{id}");
	my %seconds;
	for (1..15) {
		for my $who (qw(right wrong broken)) {
			my $v = $who eq 'broken' ? $broken : $u;
			my $before = $t->cpu('auth');
			my $r = change($who eq 'right' ? $v : { %$v, password => 'wrong' });
			$seconds{$who} += $t->cpu('auth') - $before;
			is($r->{status}, $who eq 'right' ? 200 : 403, "account: $who") if $_ == 1;
		}
	}
	my $said = join ', ', map { sprintf '%s %.2f s', $_, $seconds{$_} } sort keys %seconds;
	for my $who (qw(wrong broken)) {
		my $ratio = $seconds{$who} / ($seconds{right} || 1);
		ok($ratio > 0.67 && $ratio < 1.5, "account: a password that is $who costs as much: $said");
	}
}

# --- the client asks again -----------------------------------------------------------------------
my @key = (headers => [ 'Idempotency-Key' => 'change' ]);
%both = (current_password => $u->{password}, password => 'another one');
my $ended = { %$u };
$r = $t->as($u, POST => $password, \%both, @key);
is_ok($r, 200, 'account: with a key');
$is = hash_of($u);
for my $who ([ 'the token that ended' => $ended ], [ 'the new one' =>
    { token => $r->{json}{access_token} } ]) {
	my $again = $t->as($who->[1], POST => $password, \%both, @key);
	is_ok($again, 200, "account: with the same key and $who->[0]");
	is(status($again->{json}{access_token}), 200, 'account: its token is good');
}
is(hash_of($u), $is, 'account: the password was changed once');
@$u{qw(password token)} = ('another one', $r->{json}{access_token});
is(status($u->{token}), 200, 'account: and no token has ended by that');
is_error($t->as($ended, POST => $password, { %both, password => 'and another' }, @key), 401, $bad,
    'account: the key does not open another request');
is_error($t->as($u, POST => $password, { %both, password => 'and another' }, @key), 422,
    'header.idempotency-key', 'account: nor with the new token');
is_error($t->as($ended, POST => $password, \%both, headers => [ 'Idempotency-Key' => 'new' ]), 401,
    $bad, 'account: nor does another key');
is_ok(change($u), 200, 'account: once more');
is_error($t->as($ended, POST => $password, \%both, @key), 401, $bad,
    'account: then the first request is not answered with a token any more');
my %who = (username => 'account_r', email => 'account_r@example.org', password => 'long enough');
my @register = (POST => '/api/auth/register', { json => \%who, headers => [ 'Idempotency-Key' => 'r' ] });
my $new = { %who, token => $t->req(@register)->{json}{access_token} };
is_ok($t->req(@register), 201, 'account: a registration, repeated');
change($new);
is_error($t->req(@register), 401, $bad, 'account: but not with a password that is none any more');

# --- under way -------------------------------------------------------------------------------------
sub tasks_of { return join ' ', map { "@$_" } $t->psql("SELECT title, completed FROM tasks
    WHERE user_id = $_[0]{id} ORDER BY id") }

# A write that waits for a task has its account: another password comes after it.  (Who waits
# for the account in turn gives way now and then, so what order they have is not known.)
$v = $t->user;
my $one = "$v->{tasks}/" . $t->task($v, title => 'mine')->{id};
my $was = { %$v };
my $release = $t->hold("SELECT FROM tasks WHERE user_id = $v->{id} FOR UPDATE");
my $before_it = $t->later($was, PUT => $one, { title => 'first' });
$t->waiting(1);
my $change = $t->later($v, POST => $password, { current_password => $v->{password}, password => 'another one' });
$t->waiting(2);
$release->();
like($before_it->(), qr/^200 /, 'account: a write that was there before another password');
like($change->(), qr/^200 /, 'account: another password while writes wait');
is_error($t->as($was, @$_), 401, $bad, 'account: after it, the token before writes nothing')
    for [ PUT => $one, { title => 'stolen' } ], [ PATCH => "$one/complete" ], [ DELETE => $one ];
is(tasks_of($v), 'first f', 'account: the task is as it was');
$v->{password} = 'another one';
$v->{token} = login($v)->{json}{access_token};
is_ok($t->as($v, PUT => $one, { title => 'new' }), 200, 'account: the new token writes');

# After the change itself, before it is committed.
my $feed = "/api/$v->{id}/feed";
is_ok($t->as($v, POST => $feed), 200, 'account: a feed');
my $address = sub { $t->psql("SELECT feed FROM users WHERE id = $v->{id}") };
$is = $address->();
$t->secret($is);
$release = $t->hold("UPDATE users SET sessions_from = to_timestamp(" . issued($v->{token})
    . " + 1) WHERE id = $v->{id}");
my @answers = map { $t->later($v, @$_) } [ PATCH => "$one/complete" ], [ POST => $v->{tasks}, { title => 'x' } ],
    [ POST => $password, { current_password => $v->{password}, password => 'long enough' } ],
    [ POST => $feed ], [ DELETE => $feed ];
$t->waiting(5);
$release->();
like($_->(), qr/^401 /, 'account: a request that waited while its token ended is refused') for @answers;
is(tasks_of($v), 'new f', 'account: and is not made');
ok($address->() eq $is, 'account: the feed is as it was');
is_ok(login($v), 200, 'account: the password either');
$v->{token} = login($v)->{json}{access_token};

# Two at once.
$release = $t->hold("SELECT FROM users WHERE id = $v->{id} FOR NO KEY UPDATE");
@answers = map { $t->later($v, POST => $password, { current_password => $v->{password},
    password => "password of $_" }) } 1, 2;
Todo::wait_for(sub { $t->psql("SELECT count(*) FROM pg_stat_activity
    WHERE datname = '$t->{db}' AND wait_event_type = 'Lock'") >= 1 }, 'one that waits');
$release->();
my @got = map { $_->() } @answers;
is(join(' ', sort map { /^(\d+)/ } @got), '200 401', 'account: of two at once one is made');
my ($winner) = grep { $got[$_] =~ /^200/ } 0, 1;
$v->{password} = 'password of ' . ($winner + 1);
is_ok(login($v), 200, 'account: that one');

# --- the answer is lost ------------------------------------------------------------------------------
# The write is held up by the account's row; then nothing comes back of it.
sub lose {
	my ($v, $there, @request) = @_;
	my $release = $t->hold("SELECT FROM users WHERE id = $v->{id} FOR NO KEY UPDATE");
	my $answer = $t->later($v, @request);
	$t->waiting(1);
	$wire->ask('mute');
	$release->();
	Todo::wait_for($there, 'the write', 8);
	$wire->ask('pass');
	$wire->ask('cut');
	return $answer->();
}
$v->{token} = login($v)->{json}{access_token};
$is = hash_of($v);
my $text = lose($v, sub { hash_of($v) ne $is }, POST => $password,
    { current_password => $v->{password}, password => 'kept in mind' });
like($text, qr/^200 .*"access_token"/, 'account: a change whose answer is lost is answered');
($v->{token}) = $text =~ /"access_token":"([^"]+)/;
is(status($v->{token}), 200, 'account: with a good token');
$v->{password} = 'kept in mind';
$t->task($v, title => 'x') for 1..3;
$text = lose($v, sub { !$t->psql("SELECT count(*) FROM users WHERE id = $v->{id}") },
    POST => $delete, { password => $v->{password} });
like($text, qr/^200 .*"Account deleted"/, 'account: a deletion whose answer is lost, too');
is(status($v->{token}), 401, 'account: it is gone');

# --- the end -----------------------------------------------------------------------------------------
$t->task($u, title => "t$_", tags => [ 'a' ]) for 1..20;
$t->req(POST => '/api/auth/logout', { token => login($u)->{json}{access_token} });
my $rows = sub { join ' ', map { scalar $t->psql("SELECT count(*) FROM $_->[0]
    WHERE $_->[1] = $u->{id}") } [ users => 'id' ], [ tasks => 'user_id' ], [ revoked_tokens => 'user_id' ] };
is($rows->(), '1 21 1', 'account: its rows');
my $everything = $t->psql("SELECT count(*) FROM tasks WHERE user_id <> $u->{id}");
@key = (headers => [ 'Idempotency-Key' => 'delete' ]);
for (1, 2) {
	$r = $t->as($u, POST => $delete, { password => $u->{password} }, @key);
	is_ok($r, 200, 'account: deleted');
	is($r->{json}{message}, 'Account deleted', 'account: as it says, also when asked again');
}
is($rows->(), '0 0 0', 'account: nothing is left');
is($t->psql('SELECT count(*) FROM tasks'), $everything, 'account: of the others everything');
is_error($t->as($u, POST => $delete, { password => $u->{password} }), 401, $bad,
    'account: another request meets no account');
is_error(login($u), 401, 'Incorrect email or password', 'account: no login');
$r = $t->req(POST => '/api/auth/register', { json => { map { $_ => $u->{$_} } qw(username email password) } });
is_ok($r, 201, 'account: name and address are free');
$t->note_secrets($r->{json});
isnt($r->{json}{id}, $u->{id}, 'account: for another account');
is(status($u->{token}), 401, 'account: which the old token does not open');

# While others write it: nothing is half done, and no two wait for each other.
my $w = $t->user;
$one = "$w->{tasks}/" . $t->task($w)->{id};
$release = $t->hold("SELECT FROM users WHERE id = $w->{id} FOR NO KEY UPDATE");
@answers = $t->later($w, POST => $delete, { password => $w->{password} });
$t->waiting(1);
push @answers, $t->later($w, PATCH => "$one/complete");
$t->waiting(2);
$release->();
like($answers[0]->(), qr/^200 /, 'account: deleted while a write waits');
like($answers[1]->(), qr/^401 /, 'account: which is refused');
my %seen;
for my $round (1..5) {
	$w = $t->user;
	my @ids = map { $t->task($w, title => "t$_")->{id} } 1..20;
	my @writers = map {
		my $k = $_;
		my $pid = fork;
		if (!$pid) {
			srand $k;
			my ($gone, %n) = 0;
			while ($gone < 3) {
				my $r = $t->as($w, PATCH => "$w->{tasks}/$ids[rand @ids]/complete");
				$n{$r->{status}}++;
				$gone++ if $r->{status} != 200;
			}
			Todo::spew("$t->{dir}/writer.$k", join ' ', keys %n);
			POSIX::_exit(0);
		}
		$pid } 1..4;
	$t->task($w, title => 'more') for 1..5;
	my $r = $t->as($w, POST => $delete, { password => $w->{password} });
	$seen{"delete $r->{status}"}++;
	waitpid $_, 0 for @writers;
	$seen{$_}++ for map { split ' ', Todo::slurp("$t->{dir}/writer.$_") } 1..4;
	$seen{left}++ if $t->psql("SELECT count(*) FROM tasks WHERE user_id = $w->{id}");
}
is(join(', ', sort keys %seen), '200, 401, delete 200', 'account: deleted while it is written');
unlike(Todo::slurp("$t->{dir}/worker.log"), qr/40P01/, 'account: and without a deadlock');

# Hashes are the business of one pool.
my %auth = map { $_ => 1 } $t->worker_pids('auth');
my ($pid) = (Todo::slurp("$t->{dir}/worker.log") =~
    m{\[(\d+)\]: method=POST route=/api/auth/delete }g)[-1];
ok($auth{$pid}, 'account: by a worker of the auth pool');

# --- a logout beside the end of an account ----------------------------------------------------------
# A logout clears tokens of anybody that are past; the end of an account takes its own along.
sub past { $t->psql("INSERT INTO revoked_tokens (token_hash, user_id, expires_at)
    SELECT decode(md5(random()::text), 'hex'), $_[0]{id}, now() - interval '1 day' FROM generate_series(1, $_[1])") }
my ($ann, $bob) = ($t->user, $t->user);
past($_, 20) for $ann, $bob;
$release = $t->hold("SELECT FROM revoked_tokens WHERE user_id = $ann->{id} LIMIT 5 FOR UPDATE");
my $left = $t->later($bob, POST => '/api/auth/logout');
like($left->(), qr/^200 /, 'account: a logout');
is($t->psql('SELECT count(*) FROM revoked_tokens WHERE expires_at < now()'), 5,
    'account: passes tokens that somebody else clears');
$release->();
past($ann, 20);
$release = $t->hold("SELECT FROM users WHERE id = $ann->{id} FOR UPDATE");
$left = $t->later($ann, POST => '/api/auth/logout');
$t->waiting(1);
my $ending = $t->later($ann, POST => $delete, { password => $ann->{password} });
$t->waiting(2);
$release->();
like($_->(), qr/^200 /, 'account: a logout beside the end of the account') for $left, $ending;
is($t->psql("SELECT count(*) FROM revoked_tokens WHERE user_id = $ann->{id}"), 0, 'account: which took its tokens');
for (1..6) {
	my @ann = ($t->user, $t->user);
	past($_, 200) for @ann;
	my @both = map { ($t->later($_, POST => '/api/auth/logout'),
	    $t->later($_, POST => $delete, { password => $_->{password} })) } @ann;
	is(join(' ', grep { !/^(?:200|401) / } map { $_->() } @both), '', 'account: four at the same time');
}
is($t->psql('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'), 0,
    'account: the database saw no deadlock');

done_testing();
