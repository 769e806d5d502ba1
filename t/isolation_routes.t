# SPDX-License-Identifier: ISC
# Every row of the table of routes, with every kind of token that must not open
# it. What a row answers follows from its access alone, so a new row is here
# without anyone's doing.
use Todo;
use Dav;

my $list = "$Todo::BUILD/t/unit/routes";
Todo::lack('no t/unit/routes: run make') unless -x $list;
my @routes = map { chomp; [ split /\t/ ] } `'$list'`;
push @routes, map { $_->[0] eq 'GET' ? [ 'HEAD', @$_[1, 2] ] : () } @routes;
my @dav = grep { $_->[2] eq 'app' } @routes;
@routes = grep { $_->[2] ne 'app' } @routes;
s/^\*\z/BREW/ for map { $_->[0] } @routes;

my $t = Todo->new;
my ($ann, $bob, $dead) = map { $t->user } 1..3;
for ($ann, $bob, $dead) {
	$_->{task} = $t->task($_, title => 'mine')->{id};
	app($t, $_);
}
my $revoked = $t->token(sub => "$ann->{id}");
is_ok($t->req(POST => '/api/auth/logout', { token => $revoked }), 200, 'routes: a revoked token');
$t->psql("DELETE FROM users WHERE id = $dead->{id}");

# What kind of token, whose, and the answers where the path names its owner and where
# it names Bob. Only the database knows of those that ended early, and it is not asked
# about another's path.
my $none = 'Not authenticated';
my $bad = 'Could not validate credentials';
my @kinds = (
    [ 'no token', $ann, undef, 401, 401 ],
    [ 'garbage', $ann, 'garbage', 401, 401 ],
    [ 'alg none', $ann, $t->token(sub => "$ann->{id}", -alg => 'none'), 401, 401 ],
    [ 'another key', $ann, $t->token(sub => "$ann->{id}", -key => 'k' x 48), 401, 401 ],
    [ 'an expired token', $ann, $t->token(sub => "$ann->{id}", exp => time - 1), 401, 401 ],
    [ 'a revoked token', $ann, $revoked, 401, 403 ],
    [ 'the token of a deleted account', $dead, $dead->{token}, 401, 403 ],
    [ 'another user\'s token', $ann, $ann->{token}, undef, 403 ],
);

# A body that the route takes, as the API's description has it.
my $paths = $t->req(GET => '/openapi.json')->{json}{paths};
sub body {
	my ($method, $path) = @_;
	$path =~ s/:(user|task)/{$1_id}/g;
	$path =~ s/:app/{app_password_id}/;
	return ($paths->{$path}{lc $method}{requestBody}{content}{'application/json'} || {})
	    ->{example};
}

# The parameters that it can't do without are dates.
sub query {
	my ($method, $path) = @_;
	$path =~ s/:(user|task)/{$1_id}/g;
	my $described = $paths->{$path}{$method eq 'HEAD' ? 'get' : lc $method} || {};
	return join '', map { $_ ? "?$_" : () } join '&', map { "$_->{name}=2026-01-01" }
	    grep { $_->{required} } @{$described->{parameters} || []};
}

sub fill {
	my ($path, $user, $task) = @_;
	return $path =~ s/:user|:owner/$user/r =~ s/:task/$task/r =~ s/:(?:name|nothing)/x/r
	    =~ s{:app}{scalar $t->psql("SELECT coalesce(min(id), 1) FROM app_passwords WHERE user_id = $user")}er;
}

# All that is stored, except what logging out adds, and the version of Ann's list, which moves
# when she asks for what is not there.
sub stored {
	return join "\n", map { my $name = $_->[0]; "$name: " . $t->psql("SELECT count(*) || ' ' ||
	    coalesce(md5(string_agg(r::text, E'\\n' ORDER BY r::text)), '')
	    FROM (SELECT CASE WHEN to_jsonb(r) ->> 'id' = '$ann->{id}' THEN to_jsonb(r) - 'tasks_changed'
	    ELSE to_jsonb(r) END FROM $name r) r") }
	    $t->psql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'
	    AND tablename <> 'revoked_tokens' ORDER BY 1");
}

# Asserts a refusal; HEAD has it without a body.
sub refused {
	my ($r, $status, $detail, $method, $name) = @_;
	return is_error($r, $status, $detail, $name) if $method ne 'HEAD';
	is("$r->{status} '$r->{content}'", "$status ''", $name);
}

my $before = stored();
cmp_ok(scalar @routes, '>', 30, 'routes: the program\'s own table');
for my $route (@routes) {
	my ($method, $path, $access) = @$route;
	my $query = query($method, $path);
	my $open = $access eq 'any' || $access eq 'optional';
	my $json = $open ? {} : body($method, $path);
	my $ask = sub { $t->req($method => "$_[0]$query", { token => $_[1],
	    ($method =~ /^P/ ? (json => $json // {}) : ()) }) };
	my $plain = $open && $ask->(fill($path, $ann->{id}, 1));
	for my $kind (@kinds) {
		my ($what, $who, $token, $own, $foreign) = @$kind;
		my $name = "$method $path, $what";
		my $detail = defined $token ? $bad : $none;
		if ($open) {
			# one of its own: the route may end it
			my $r = $ask->(fill($path, $ann->{id}, 1), $token && $token eq $ann->{token}
			    ? $t->token(sub => "$ann->{id}") : $token);
			is("$r->{status} $r->{content}", "$plain->{status} $plain->{content}",
			    "routes: $name: the same as without");
			next;
		}
		refused($ask->(fill($path, $who->{id}, $who->{task} // 1), $token), $own, $detail,
		    $method, "routes: $name") if defined $own;
		next if $path !~ /:user/;
		refused($ask->(fill($path, $bob->{id}, $bob->{task}), $token), $foreign,
		    $foreign == 401 ? $detail : undef, $method, "routes: $name, Bob's path");
		next if defined $own || $path !~ /:task/;
		refused($ask->(fill($path, $ann->{id}, $bob->{task}), $token), 404,
		    'Task not found', $method, "routes: $name, Bob's task");
	}
}
is(stored(), $before, 'routes: nothing that is stored has changed');

# The same with app passwords: whose path it is, the database says.
my $ended = app($t, $ann, 'ended');
$t->as($ann, DELETE => "/api/$ann->{id}/app-passwords/$ended->{id}");
$ann->{app} = app($t, $ann, 'another');
$before = stored();
my %dav_body = (PROPPATCH => '<propertyupdate xmlns="DAV:"><set><prop><x/></prop></set></propertyupdate>',
    'REPORT /dav/:owner/' => '<expand-property xmlns="DAV:"/>',
    REPORT => '<sync-collection xmlns="DAV:"><sync-token/><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>',
    PUT => join '', map { "$_\r\n" } 'BEGIN:VCALENDAR', 'BEGIN:VTODO', 'UID:x', 'SUMMARY:x', 'END:VTODO', 'END:VCALENDAR');
my %dav_type = (PUT => 'text/calendar');
cmp_ok(scalar @dav, '>=', 14, 'routes: those of CalDAV');
for my $route (@dav) {
	my ($method, $path) = @$route;
	for ([ 'no password', undef, 401, 401 ], [ 'one of another shape', $ann->{password}, 401, 401 ],
	    [ 'an unknown one', '00000-00000-00000-00000', 401, 401 ], [ 'one that ended', $ended->{password}, 401, 401 ],
	    [ 'that of a deleted account', $dead->{app}{password}, 401, 401 ],
	    [ "another user's", $bob->{app}{password}, 401, 401 ], [ 'her own', $ann->{app}{password}, undef, 403 ]) {
		my ($what, $password, $own, $foreign) = @$_;
		for ([ $ann, $own ], $path =~ /:owner/ ? [ $bob, $foreign ] : ()) {
			my ($whose, $status) = @$_;
			next if !defined $status;
			my $r = defined $password ? dav($t, $ann, $method => fill($path, $whose->{id}), $dav_body{"$method $path"} // $dav_body{$method},
			    headers => [ 'Content-Type' => $dav_type{$method} // 'application/xml' ], depth => 0, password => $password) : $t->req($method => fill($path, $whose->{id}));
			is($r->{status}, $status, "routes: $method $path, $what, " . ($whose == $ann ? 'her own path' : "Bob's path"));
			ok($method eq 'HEAD' ? $r->{content} eq '' : error_shape($r), 'routes: in JSON');
			unlike($r->{content}, qr/\Q$bob->{email}\E|\Q$bob->{username}\E/, 'routes: and nothing of another');
		}
	}
}
is(stored(), $before, 'routes: nothing that is stored has changed');
my %order = (PUT => 1, PROPPATCH => 2, DELETE => 9);
for my $route (sort { ($order{$a->[0]} // 5) <=> ($order{$b->[0]} // 5) } @dav) {
	my ($method, $path) = @$route;
	my $r = dav($t, $ann, $method => fill($path, $ann->{id}), $dav_body{"$method $path"} // $dav_body{$method},
	    headers => [ 'Content-Type' => $dav_type{$method} // 'application/xml' ], depth => 0);
	like($r->{status}, qr/^2/, "routes: $method $path, one's own");
}

# The same requests are good ones: it was the token.  Some end it, or the account.
for my $route (grep { $_->[2] =~ /^(?:self|token)\z/ } @routes) {
	my ($method, $path) = @$route;
	my $eve = $t->user(password => 'long enough');
	app($t, $eve);
	my $r = $t->as($eve, $method => fill($path, $eve->{id}, $t->task($eve, due_date => '2026-01-01')->{id}) .
	    query($method, $path),
	    body($method, $path));
	like($r->{status}, qr/^2/, "routes: $method $path, one's own");
	unlike($r->{content}, qr/\Q$ann->{email}\E|\Q$ann->{username}\E|"user_id":$ann->{id}\b/,
	    'routes: and nothing of another');
}

done_testing();
