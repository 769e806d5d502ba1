# SPDX-License-Identifier: ISC
# Paths and methods: 404, 405 with Allow, HEAD, OPTIONS, ids in the path.
use Todo;

my $t = Todo->new;
my $u = $t->user;
my $task = $t->task($u, title => 'x');
my ($id, $tid) = ($u->{id}, $task->{id});
my $one = "$u->{tasks}/$tid";

# --- unknown paths ----------------------------------------------------------
for my $p ('/api', '/api/', '/auth', '/auth/', '/apis', '/api/auth',
    '/api/auth/', '/api/auth/nothing', '/api/auth/login/', '/api/auth/loginx',
    '/api/auth/login/x', '/API/auth/login', '/api/Auth/login', '/auth/tasks',
    "/api/$id", "/api/$id/", "/api/$id/task", "/api/$id/tasks/",
    "/api/$id/tasks/$tid/", "/api/$id/tasks/$tid/complete/",
    "/api/$id/tasks/$tid/done", "/api/$id/tasks/$tid/complete/x",
    "/api//$id/tasks", "//api/$id/tasks", "/api/$id//tasks",
    "/api/$id/tasks//$tid", '/api/1/2/3/4/5', '/api//tasks', '/api/x',
    '/favicon.ico', '/todo.fcgi', '/register', '/login', '/me', '/tasks',
    '/api/' . 'x' x 2000) {
	my $show = length $p > 60 ? substr($p, 0, 30) . '...' : $p;
	is_error($t->as($u, GET => $p), 404, undef, "route: $show is 404");
}
is_error($t->req(GET => '/nothing'), 404, 'Not Found', 'route: 404 without a token');
is_error($t->req(DELETE => '/nothing'), 404, 'Not Found', 'route: 404 whatever the method');
is_error($t->req(BREW => '/nothing'), 404, undef, 'route: 404 before 405');

# --- methods ----------------------------------------------------------------
my @auth = qw(/api/auth/register /api/auth/login /api/auth/signup /api/auth/token
    /api/register /api/login /api/token /auth/signup /auth/register /auth/login
    /auth/token /api/auth/logout /api/logout /auth/logout);
my %allow = ((map { $_ => 'OPTIONS POST' } @auth),
    (map { $_ => 'GET HEAD OPTIONS' } qw(/api/auth/me /api/me /auth/me)),
    $u->{tasks} => 'GET HEAD OPTIONS POST',
    $one => 'DELETE GET HEAD OPTIONS PUT',
    "$one/complete" => 'OPTIONS PATCH');
my $sorted = sub { join ' ', sort split /\s*,\s*/, $_[0] // '' };
for my $p (sort keys %allow) {
	my $r = $t->req(OPTIONS => $p);
	is("$r->{status} '$r->{content}'", "204 ''", "route: OPTIONS $p is 204");
	is($sorted->($r->{headers}{allow}), $allow{$p}, "route: Allow of $p");
	for my $m (qw(GET POST PUT PATCH DELETE HEAD)) {
		next if $allow{$p} =~ /\b$m\b/;
		my $r = $t->req($m => $p);
		if ($m eq 'HEAD') {
			is("$r->{status} '$r->{content}'", "405 ''", "route: HEAD $p is 405");
		} else {
			is_error($r, 405, undef, "route: $m $p is 405");
		}
		is($sorted->($r->{headers}{allow}), $allow{$p}, 'route: 405 has Allow');
	}
}
for my $m (qw(BREW PROPFIND QUERY POSTX TRACE)) {
	my $r = $t->as($u, $m => $u->{tasks});
	is($r->{status}, 405, "route: method $m is 405");
	ok(error_shape($r), "route: method $m has a JSON error");
}
is_error($t->req(DELETE => $u->{tasks}), 405, undef, 'route: 405 before 401');
is_error($t->as($u, DELETE => '/api/x/tasks'), 405, undef, 'route: 405 before 422');

# --- HEAD -------------------------------------------------------------------
for my $p ('/api/auth/me', $u->{tasks}, $one) {
	my ($g, $h) = map { $t->as($u, $_ => $p) } qw(GET HEAD);
	is("$h->{status} '$h->{content}'", "200 ''", "route: HEAD $p");
	is($h->{headers}{'content-type'}, $g->{headers}{'content-type'},
	    'route: HEAD has the Content-Type of GET');
	is($h->{headers}{etag}, $g->{headers}{etag}, 'route: and its ETag');
	is($h->{headers}{'content-length'} // length $g->{content},
	    length $g->{content}, 'route: its Content-Length is GET\'s, if any');
}
is($t->req(HEAD => $u->{tasks})->{status}, 401, 'route: HEAD without a token');

# --- ids --------------------------------------------------------------------
for my $x ('x', '-1', '+1', '1.0', '1e3', '0x1', '01', '00', ' 1', '%20', '%201',
    "$id%20", '1,000', "$id;", 'tasks', '%D9%A1', 'null') {
	(my $raw = $x) =~ s/ /%20/g;
	is_error($t->as($u, GET => "/api/$raw/tasks"), 422, 'path.user_id',
	    "route: user id '$x' is 422");
	is_error($t->req(GET => "/api/$raw/tasks"), 401, 'Not authenticated',
	    'route: but 401 without a token') if $x eq 'x';
	is_error($t->as($u, GET => "$u->{tasks}/$raw"), 422, 'path.task_id',
	    "route: task id '$x' is 422");
}
for my $x ('0', '9223372036854775808', '18446744073709551617', '9' x 40) {
	is_error($t->as($u, GET => "/api/$x/tasks"), 404, undef,
	    "route: user id $x is 404");
	is_error($t->as($u, $_->[0] => "$u->{tasks}/$x$_->[1]", $_->[2]), 404,
	    'Task not found', "route: $_->[0] of task id $x is 404")
	    for [ GET => '' ], [ PUT => '', { title => 'x' } ], [ DELETE => '' ],
	    [ PATCH => '/complete' ];
	is_error($t->as($u, PUT => "$u->{tasks}/$x", { title => '' }), 422,
	    'body.title', "route: with a bad body task id $x is 422");
}
is_error($t->as($u, GET => "$u->{tasks}/9223372036854775807"), 404,
    'Task not found', 'route: the largest task id is looked up');
is_error($t->as($u, GET => '/api/9223372036854775807/tasks'), 403, undef,
    'route: the largest user id is another user');
is_error($t->as($u, PUT => "$u->{tasks}/x", { title => '', completed => 1 }), 422,
    'body.completed body.title path.task_id',
    'route: a bad task id and bad fields in one answer');
is_error($t->as($u, PUT => "$u->{tasks}/x", {}), 422, 'path.task_id',
    'route: a bad task id alone');
is_error($t->as($u, PATCH => "$u->{tasks}/x/complete", { completed => 1 }), 422,
    'body.completed path.task_id', 'route: the same for PATCH');
is_error($t->as($u, DELETE => "$u->{tasks}/x"), 422, 'path.task_id',
    'route: the same for DELETE');

# --- the form of a path -----------------------------------------------------
(my $hex = $tid) =~ s/(\d)/sprintf '%%%02X', ord $1/ge;
is_ok($t->as($u, GET => "$u->{tasks}/$hex"), 200,
    'route: a percent-encoded digit is that digit');
is_ok($t->as($u, GET => "/%61pi/$id/t%61sks"), 200,
    'route: so is an encoded letter');
is_ok($t->as($u, GET => "$u->{tasks}?page=1&x=%00"), 200,
    'route: a query string is ignored');
is_ok($t->as($u, GET => "$u->{tasks}?"), 200, 'route: an empty one, too');
is_ok($t->as($u, GET => $one, undef, headers => [ 'Content-Type' =>
    'application/json' ]), 200, 'route: GET with a Content-Type and no body');
my $out = $t->req(GET => $one, { raw => "GET $one HTTP/1.0\r\nHost: x\r\n"
    . "Authorization: Bearer $u->{token}\r\n\r\n" });
is_ok($out, 200, 'route: HTTP/1.0');

done_testing();
