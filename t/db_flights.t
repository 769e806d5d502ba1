# SPDX-License-Identifier: ISC
# One request, one flight to the database: counted on the wire.
# ways: direct pooled
use Todo;
use Dav;

my $t = Todo->new(workers => 1, auth_workers => 1, wire => 1);
my $wire = $t->{wire};
my $u = $t->user;
my $task = $t->task($u, title => 'x');
my $one = "$u->{tasks}/$task->{id}";
my $tag = sub { $t->as($u, GET => $one)->{headers}{etag} };
app($t, $u);
my %login = (email => $u->{email}, password => $u->{password});

# Every statement once, for whatever is prepared at its first use.
my $n = 0;
my $v = $t->user;
sub change {
	my $new = 'password ' . ++$n;
	my $r = $t->as($v, POST => '/api/auth/password', { current_password => $v->{password},
	    password => $new });
	@$v{qw(password token)} = ($new, $r->{json}{access_token});
	return $r;
}
sub put { my ($name, @h) = @_; return dav($t, $u, PUT => "/dav/$u->{id}/tasks/$name.ics", vtodo($name, 'SUMMARY:x'), headers =>
    [ 'Content-Type' => 'text/calendar', @h ]) }
sub query { return '<calendar-query xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/></D:prop><filter>'
    . "<comp-filter name=\"VCALENDAR\"><comp-filter name=\"VTODO\">$_[0]</comp-filter></comp-filter></filter></calendar-query>" }
my @all = (
    [ 'register', 201, sub { $n++; $t->req(POST => '/api/auth/register', { json =>
        { username => "user$n", email => "user$n\@example.org", password => 'password 1' } }) } ],
    [ 'register, email taken', 409, sub { $t->req(POST => '/api/auth/register',
        { json => { username => 'zzz', email => $u->{email}, password => 'password 1' } }) } ],
    [ 'login', 200, sub { $t->req(POST => '/api/auth/login', { json => \%login }) } ],
    [ 'login, wrong password', 401, sub { $t->req(POST => '/api/auth/login',
        { json => { %login, password => 'wrong' } }) } ],
    [ 'login, unknown email', 401, sub { $t->req(POST => '/api/auth/login',
        { json => { %login, email => 'nobody@example.org' } }) } ],
    [ 'me', 200, sub { $t->as($u, GET => '/api/auth/me') } ],
    [ 'list', 200, sub { $t->as($u, GET => $u->{tasks}) } ],
    (map { my $q = $_; [ "list, $q", 200, sub { $t->as($u, GET => "$u->{tasks}?$q") } ] }
        'limit=1', 'sort=-created&tag=a', 'sort=due&limit=1&q=y', 'sort=-due&due_before=2027-01-01',
        'sort=priority&limit=1', 'sort=-priority&completed=false', 'sort=due&limit=1&cursor=due.0.1',
        'sort=due&completed=false&tz=Asia/Tokyo', 'sort=-completed&completed_after=2026-01-01&limit=1&tz=Asia/Tokyo'),
    [ 'list, a bad parameter', 422, sub { $t->as($u, GET => "$u->{tasks}?limit=0") }, 0 ],
    [ 'counts', 200, sub { $t->as($u, GET => "/api/$u->{id}/counts") } ],
    [ 'counts, in a zone', 200, sub { $t->as($u, GET => "/api/$u->{id}/counts?tz=Asia/Tokyo") } ],
    [ 'complete many', 200, sub { $t->as($u, POST => "$u->{tasks}/complete", { ids => [ $task->{id}, 1 ] }) } ],
    [ 'delete many', 200, sub { my @d = map { $t->task($u)->{id} } 1..3; $wire->ask('reset');
        $t->as($u, POST => "$u->{tasks}/delete", { ids => \@d }) } ],
    [ 'create', 201, sub { $t->as($u, POST => $u->{tasks}, { title => 'y',
        tags => [ 'a' ], due_date => '2026-01-01' }) } ],
    [ 'get', 200, sub { $t->as($u, GET => $one) } ],
    [ 'get, no such task', 404, sub { $t->as($u, GET => "$u->{tasks}/987654321") } ],
    [ 'update', 200, sub { $t->as($u, PUT => $one, { title => 'z', completed => F }) } ],
    [ 'update, no such task', 404, sub { $t->as($u, PUT => "$u->{tasks}/987654321",
        { title => 'z' }) } ],
    [ 'update, {}', 200, sub { $t->as($u, PUT => $one, {}) } ],
    [ 'update, another version', 412, sub { $t->as($u, PUT => $one, { title => 'z' },
        headers => [ 'If-Match' => '"x"' ]) } ],
    [ 'toggle', 200, sub { $t->as($u, PATCH => "$one/complete") } ],
    [ 'set', 200, sub { $t->as($u, PATCH => "$one/complete", { completed => T }) } ],
    [ 'complete, with next', 200, sub { my $d = $t->task($u, title => 'again',
        due_date => '2026-01-01', recursion_pattern => 'daily'); $wire->ask('reset');
        $t->as($u, PATCH => "$u->{tasks}/$d->{id}/complete", { next => T,
        map { $_ => $d->{$_} } qw(due_date recursion_pattern) }) } ],
    [ 'complete, stale', 412, sub { $t->as($u, PATCH => "$one/complete", { next => T,
        due_date => '2026-01-01', recursion_pattern => undef }) } ],
    [ 'agenda', 200, sub { $t->as($u, GET =>
        "/api/$u->{id}/agenda?due_after=2026-01-01&due_before=2026-02-01") } ],
    [ 'agenda, in a zone', 200, sub { $t->as($u, GET =>
        "/api/$u->{id}/agenda?due_after=2026-01-01&due_before=2026-02-01&tz=Asia/Tokyo") } ],
    [ 'calendar', 200, sub { $t->as($u, GET => "$u->{tasks}.ics") } ],
    [ 'feed, made', 200, sub { $t->as($u, POST => "/api/$u->{id}/feed") } ],
    [ 'feed, read', 200, sub { my $url = $t->as($u, POST => "/api/$u->{id}/feed")->{json}{url};
        $t->secret($url =~ m{([^/]+)\.ics}); $wire->ask('reset'); $t->req(GET => "$url?as=events&alarm=5") } ],
    [ 'feed, its address', 200, sub { $t->as($u, GET => "/api/$u->{id}/feed") } ],
    [ 'feed, ended', 200, sub { $t->as($u, DELETE => "/api/$u->{id}/feed") } ],
    [ 'feed, unknown', 404, sub { $t->req(GET => '/api/feed/' . 'A' x 43 . '.ics') } ],
    [ 'app password, made', 201, sub { my $r = $t->as($u, POST => "/api/$u->{id}/app-passwords", { name => 'x' });
        $t->secret($r->{json}{password}); $t->{app} = $r->{json}{id}; $r } ],
    [ 'app passwords', 200, sub { $t->as($u, GET => "/api/$u->{id}/app-passwords") } ],
    [ 'app password, ended', 200, sub { $t->as($u, DELETE => "/api/$u->{id}/app-passwords/" .
        $t->psql("SELECT max(id) FROM app_passwords WHERE user_id = $u->{id}")) } ],
    [ 'app password, unknown', 404, sub { $t->as($u, DELETE => "/api/$u->{id}/app-passwords/987654321") } ],
    (map { my ($path, $depth) = @$_; [ "PROPFIND $path, Depth $depth", 207, sub { dav($t, $u, PROPFIND => $path, undef,
        depth => $depth) } ] } map { my $p = $_; map { [ $p, $_ ] } 0, 1 } '/', '/dav/', "/dav/$u->{id}/", "/dav/$u->{id}/tasks/"),
    [ 'PROPFIND, no such task', 404, sub { dav($t, $u, PROPFIND => "/dav/$u->{id}/tasks/x.ics", undef, depth => 0) } ],
    [ 'PROPFIND, another user', 403, sub { dav($t, $u, PROPFIND => '/dav/987654321/tasks/', undef, depth => 1) } ],
    [ 'PROPFIND, a wrong password', 401, sub { dav($t, $u, PROPFIND => "/dav/$u->{id}/tasks/", undef, depth => 1,
        password => '00000-00000-00000-00000') } ],
    [ 'PROPPATCH', 207, sub { dav($t, $u, PROPPATCH => "/dav/$u->{id}/tasks/", '<propertyupdate xmlns="DAV:"><set><prop>'
        . '<displayname>' . rand . '</displayname></prop></set></propertyupdate>') } ],
    [ 'CalDAV: PUT, new', 201, sub { $n++; put("n$n") } ],
    [ 'CalDAV: PUT', 204, sub { put('kept') } ],
    [ 'CalDAV: PUT, another version', 412, sub { put('kept', 'If-Match' => '"x"') } ],
    [ 'CalDAV: PUT, no such task', 412, sub { put('none', 'If-Match' => '"x"') } ],
    [ 'CalDAV: PUT, a UID that is taken', 409, sub { dav($t, $u, PUT => "/dav/$u->{id}/tasks/other.ics", vtodo('kept', 'SUMMARY:x'),
        headers => [ 'Content-Type' => 'text/calendar' ]) } ],
    [ 'CalDAV: GET', 200, sub { dav($t, $u, GET => "/dav/$u->{id}/tasks/kept.ics") } ],
    [ 'CalDAV: GET, no such task', 404, sub { dav($t, $u, GET => "/dav/$u->{id}/tasks/none.ics") } ],
    [ 'CalDAV: DELETE', 204, sub { put('gone'); $wire->ask('reset'); dav($t, $u, DELETE => "/dav/$u->{id}/tasks/gone.ics") } ],
    [ 'CalDAV: DELETE, no such task', 404, sub { dav($t, $u, DELETE => "/dav/$u->{id}/tasks/none.ics") } ],
    # who sends much is known first
    [ 'CalDAV: PUT, a large text', 204, sub { dav($t, $u, PUT => "/dav/$u->{id}/tasks/kept.ics", vtodo('kept', 'SUMMARY:' . 'x' x 20000),
        headers => [ 'Content-Type' => 'text/calendar' ]) }, 2 ],
    (map { my $m = $_; [ "CalDAV: $m, a large body that is bad, a wrong password", 401, sub { dav($t, $u, $m => "/dav/$u->{id}/tasks/" .
        ($m eq 'PUT' ? 'x.ics' : ''), '<' x 20000, depth => 0, headers => [ 'Content-Type' => 'text/calendar' ],
        password => '00000-00000-00000-00000') } ] } qw(PUT REPORT PROPFIND PROPPATCH)),
    (map { my ($name, $body) = @$_; [ "CalDAV: $name", 207, sub { dav($t, $u, REPORT => "/dav/$u->{id}/tasks/", $body) } ] }
        [ 'query', query('') ], [ 'query, filtered', query('<prop-filter name="SUMMARY"><text-match>x</text-match></prop-filter>') ],
        [ 'multiget', '<calendar-multiget xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><calendar-data/></D:prop>' .
        join('', map { "<D:href>/dav/$u->{id}/tasks/$_.ics</D:href>" } 'kept', 'none') . '</calendar-multiget>' ],
        [ 'sync', '<sync-collection xmlns="DAV:"><sync-token/><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>' ]),
    [ 'delete, no such task', 404, sub { $t->as($u, DELETE => "$u->{tasks}/987654321") } ],
    [ 'HEAD', 200, sub { $t->as($u, HEAD => $u->{tasks}) } ],
    [ 'logout', 200, sub { my $r = $t->req(POST => '/api/auth/login', { json => \%login });
        $t->{logout} = $r->{json}{access_token}; $wire->ask('reset');
        $t->req(POST => '/api/auth/logout', { token => $t->{logout} }) } ],
    [ 'delete', 200, sub { my $d = $t->task($u, title => 'gone');
        $wire->ask('reset'); $t->as($u, DELETE => "$u->{tasks}/$d->{id}") } ],
    [ 'update, with If-Match', 200, sub { my $v = $tag->(); $wire->ask('reset');
        $t->as($u, PUT => $one, { title => 'z' }, headers => [ 'If-Match' => $v ]) } ],
    [ 'get, not modified', 304, sub { my $v = $tag->(); $wire->ask('reset');
        $t->as($u, GET => $one, undef, headers => [ 'If-None-Match' => $v ]) } ],
    # what is proven between two flights
    [ 'new password', 200, \&change, 2 ],
    [ 'new password, the old one wrong', 403, sub { $t->as($v, POST => '/api/auth/password',
        { current_password => 'wrong', password => 'password 1' }) } ],
    [ 'new password, token ended', 401, sub { $t->req(POST => '/api/auth/password', { token =>
        $t->token(sub => $v->{id}), json => { current_password => 'x', password => 'password 1' } }) } ],
    [ 'account deleted', 200, sub { my $w = $t->user; $wire->ask('reset');
        $t->as($w, POST => '/api/auth/delete', { password => $w->{password} }) }, 2 ],
    [ 'account deleted, wrong password', 403, sub { $t->as($v, POST => '/api/auth/delete',
        { password => 'wrong' }) } ],
);
$_->[2]->() for @all;
$wire->answered;
my $first = $wire->ask('stat')->{connections};
for my $c (@all) {
	my ($name, $status, $do, $flights) = (@$c, 1);
	for my $again (1..2) {
		$wire->ask('reset');
		my $r = $do->();
		is($r->{status}, $status, "$name: $status");
		is($wire->flights, $flights, "FR-014: $name costs $flights");
	}
}
$wire->ask('reset');
for my $c ([ 'no token', 401, GET => $u->{tasks} ], [ 'unknown path', 404, GET => '/x' ],
    [ 'OPTIONS', 204, OPTIONS => $u->{tasks} ], [ 'OPTIONS of CalDAV', 200, OPTIONS => "/dav/$u->{id}/" ],
    [ 'the well-known address', 301, PROPFIND => '/.well-known/caldav' ], [ 'no app password', 401, PROPFIND => '/dav/' ], [ 'method', 405, PUT => $u->{tasks} ]) {
	my ($name, $status, @req) = @$c;
	is($t->req(@req)->{status}, $status, "$name: $status");
}
$t->as($u, POST => $u->{tasks}, { title => '' });
$t->req(GET => '/api/feed/x.ics');
$t->req(GET => '/api/recurrence?pattern=daily');
$t->as($u, GET => '/api/987654321/tasks');
dav($t, $u, PROPFIND => '/dav/', undef, depth => 0, password => $u->{password});
dav($t, $u, PROPFIND => '/dav/', 'x', depth => 0);
dav($t, $u, PROPFIND => '/dav/', undef);
dav($t, $u, PUT => "/dav/$u->{id}/tasks/x.ics", 'x', headers => [ 'Content-Type' => 'text/calendar' ]);
dav($t, $u, REPORT => "/dav/$u->{id}/tasks/", '<x/>');
$t->req(POST => '/api/auth/login', { json => {} });
is($wire->flights, 0, 'FR-014: a request refused before the database costs none');
$t->psql("INSERT INTO tasks (user_id, title) SELECT $u->{id}, 'task ' || i
    FROM generate_series(1, 2000) i");
$wire->ask('reset');
is(scalar @{$t->as($u, GET => $u->{tasks})->{json}} > 2000, 1, 'a list of 2,000');
is($wire->flights, 1, 'FR-014: a long list costs one flight');
is($wire->ask('stat')->{connections}, 0,
    'FR-014: and all of it over the connections of the start');
$wire->ask('reset');
select undef, undef, undef, 3;
is_deeply([ @{$wire->ask('stat')}{qw(flights connections)} ], [ 0, 0 ],
    'FR-014: an idle service sends nothing, so that Neon can suspend');

done_testing();
