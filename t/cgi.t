# SPDX-License-Identifier: ISC
# Plain CGI: variables and standard input in, one answer out, and the end.
# ways: direct (pooled)
use Todo;

my $t = Todo->new;
my $u = $t->user;
my $task = $t->task($u, title => 'x');

sub cgi { return $t->cgi(@_) }
my $r = cgi(GET => $u->{tasks}, token => $u->{token});
is($r->{exit}, 0, 'cgi: one request, then it exits 0');
is_ok($r, 200, 'cgi: a list');
is($r->{json}[0]{title}, 'x', 'cgi: of the tasks in the database');
$r = cgi(POST => $u->{tasks}, token => $u->{token}, json => { title => "caf\x{e9}" });
is_ok($r, 201, 'cgi: a task is created from standard input');
is($r->{headers}{location}, "$u->{tasks}/$r->{json}{id}", 'cgi: Location');
is($t->psql("SELECT title FROM tasks WHERE id = $r->{json}{id}"), "caf\x{e9}",
    'cgi: and stored');
$r = cgi(POST => '/api/auth/login', json => { email => $u->{email},
    password => $u->{password} });
is_ok($r, 200, 'cgi: login');
$t->secret($r->{json}{access_token});
is_error(cgi(GET => $u->{tasks}), 401, 'Not authenticated', 'cgi: no token');
is_error(cgi(GET => '/nothing'), 404, undef, 'cgi: unknown path');
is_error(cgi(POST => $u->{tasks}, token => $u->{token}, json => { title => '' }), 422,
    'body.title', 'cgi: a bad field');
is_error(cgi(POST => $u->{tasks}, token => $u->{token}, body => '{'), 400, undef,
    'cgi: no JSON');
$r = cgi(HEAD => $u->{tasks}, token => $u->{token});
is("$r->{status} '$r->{content}'", "200 ''", 'cgi: HEAD');
$r = cgi(OPTIONS => $u->{tasks});
is($r->{status}, 204, 'cgi: OPTIONS');

# mounted somewhere else
for my $prefix ('/cgi-bin/todo.fcgi', '/backend') {
	$r = cgi(POST => $u->{tasks}, token => $u->{token}, json => { title => 'p' },
	    env => { SCRIPT_NAME => $prefix });
	is_ok($r, 201, "cgi: mounted at $prefix, dispatch is on PATH_INFO");
	is($r->{headers}{location}, "$prefix$u->{tasks}/$r->{json}{id}",
	    'cgi: Location knows the prefix');
}
is_error(cgi(GET => ''), 404, undef, 'cgi: empty PATH_INFO');

# what a web server may get wrong
is_error(cgi(POST => $u->{tasks}, token => $u->{token}, body => '{"title":"x"}',
    env => { CONTENT_LENGTH => $_ }), 400, undef, "cgi: less than CONTENT_LENGTH ($_) is 400")
    for '14', '1000';
is_error(cgi(POST => $u->{tasks}, token => $u->{token}, body => '{"title":"x"}',
    env => { CONTENT_LENGTH => $_ }), 413, undef, "cgi: CONTENT_LENGTH $_ is 413")
    for '65537', '99999999999999999999';
$r = cgi(POST => $u->{tasks}, token => $u->{token}, body => '{"title":"x"} behind',
    env => { CONTENT_LENGTH => 13 });
is_ok($r, 201, 'cgi: only CONTENT_LENGTH bytes are read');
is($t->psql("SELECT count(*) FROM pg_stat_activity WHERE datname = '$t->{db}'
    AND application_name = 'neon-todo'") <= 3, 1,
    'FR-015: a CGI that ended left no session') if $t->{way} eq 'direct';

# No CGI lives for the hour after which a worker cleans up: one in 32 writes does.
$t->psql("INSERT INTO writes (key, request, kept, row_id, at)
    VALUES ('past', '', false, 0, now() - interval '26 hours')");
for (1..500) {
	cgi(PATCH => "$u->{tasks}/$task->{id}/complete", token => $u->{token});
	last if !$t->psql("SELECT count(*) FROM writes WHERE key = 'past'");
}
is($t->psql("SELECT count(*) FROM writes WHERE key = 'past'"), 0, 'cgi: old keys are cleared');

# By CGI an answer that breaks off looks whole, unless it says how long it is.
$t->psql("INSERT INTO tasks (user_id, title, description)
    SELECT $u->{id}, 'long', repeat('x', 1000) FROM generate_series(1, 500)");
$r = cgi(GET => $u->{tasks}, token => $u->{token});
is_ok($r, 200, 'cgi: a long list');
cmp_ok(scalar @{$r->{json}}, '>', 500, 'cgi: all of it');
is($r->{headers}{'content-length'}, length $r->{content}, 'cgi: with its Content-Length');
$r = cgi(HEAD => $u->{tasks}, token => $u->{token});
is("$r->{status} '$r->{content}'", "200 ''", 'cgi: HEAD of it');

# with a bad configuration
$r = $t->worker_cli([], env => { REQUEST_METHOD => 'GET', PATH_INFO => $u->{tasks},
    SERVER_PROTOCOL => 'HTTP/1.1', DATABASE_URL => undef });
is($r->{exit}, 78, 'US1-3: as CGI, too, no DATABASE_URL is exit status 78');

done_testing();
