# SPDX-License-Identifier: ISC
# The web server's own answers: JSON of the one shape, security headers, the
# request id; a slow client, and a pool without workers.
# sanitizers: no
use Todo;
use Time::HiRes qw(time sleep);

my $t = Todo->new(workers => 1);
my $u = $t->user;
my $task = $t->task($u, title => 'x');
my %own = (Origin => 'https://app.test');

sub whole {
	my ($r, $status, $name) = @_;
	is_error($r, $status, undef, "nginx: $name is $status in JSON");
	is($r->{headers}{'x-content-type-options'}, 'nosniff', "nginx: $name, nosniff");
	ok($r->{headers}{'x-request-id'}, "nginx: $name, a request id");
	unlike($r->{headers}{server} // '', qr/\d/, "nginx: $name, no version");
}

# --- errors of nginx itself -------------------------------------------------
whole($t->req(POST => $u->{tasks}, { body => 'x' x 65537, token => $u->{token},
    headers => [ %own ] }), 413, 'a body over 64 KiB');
whole($t->req(POST => $u->{tasks}, { raw => "POST $u->{tasks} HTTP/1.1\r\nHost: x\r\n"
    . "Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n" }), 413,
    'a Content-Length that promises more');
my $chunks = (sprintf "%x\r\n%s\r\n", 16384, 'x' x 16384) x 70 . "0\r\n\r\n";
my $chunked = sub { $t->req(@_, { raw => "@_ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n$chunks" }) };
whole($chunked->(POST => "$u->{tasks}/batch"), 413, 'more than a MiB in chunks');
is_deeply([ @{$chunked->(PUT => "/dav/$u->{id}/tasks/x.ics")}{qw(status content)} ], [ 409,
    qq(<?xml version="1.0" encoding="utf-8"?>\n<error xmlns="DAV:"><max-resource-size xmlns="urn:ietf:params:xml:ns:caldav"/></error>\n) ],
    'nginx: a task in as many is one that is too long');
whole($t->req(GET => '/' . 'x' x 40000), 414, 'a very long path');
my $r = $t->req(GET => $u->{tasks}, { headers => [ 'X-Long' => 'x' x 40000 ] });
ok($r->{status} =~ /^4(00|31)\z/ && error_shape($r), 'nginx: very long headers are JSON');
$r = $t->req(GET => '/x', { raw => "GET /api/1/tasks HTTP/1.1\r\n\r\n" });
whole($r, 400, 'no Host');
$r = $t->req(GET => '/x', { raw => "get /api/1/tasks HTTP/1.1\r\nHost: x\r\n\r\n" });
whole($r, 400, 'a method in lower case');
$r = $t->req(GET => '/api/%00/tasks');
whole($r, 400, 'a NUL in the path');
whole($t->req(TRACE => $u->{tasks}), 405, 'TRACE');
whole($t->req(GET => '/../etc/passwd'), 400, 'a path above the root');

# --- what every answer has --------------------------------------------------
for my $c ([ 200, $t->as($u, GET => $u->{tasks}) ], [ 404, $t->req(GET => '/x') ],
    [ 201, $t->as($u, POST => $u->{tasks}, { title => 'y' }) ],
    [ 204, $t->req(OPTIONS => $u->{tasks}) ], [ 401, $t->req(GET => $u->{tasks}) ],
    [ 304, $t->as($u, GET => "$u->{tasks}/$task->{id}", undef, headers =>
    [ 'If-None-Match' => '*' ]) ]) {
	my ($status, $r) = @$c;
	is($r->{status}, $status, "nginx: an answer $status");
	is($r->{headers}{'x-content-type-options'}, 'nosniff', "nginx: $status, nosniff");
	is($r->{headers}{'x-frame-options'}, 'DENY', "nginx: $status, no frames");
	ok($r->{headers}{'content-security-policy'}, "nginx: $status, a content policy");
	ok($r->{headers}{'referrer-policy'}, "nginx: $status, a referrer policy");
	like($r->{headers}{'x-request-id'} // '', qr/^[0-9A-Za-z._-]{8,64}\z/,
	    "nginx: $status, a request id");
	is(scalar(grep { lc $_->[0] eq 'x-request-id' } @{$r->{list}}), 1,
	    "nginx: $status, once");
}
like($t->as($u, GET => $u->{tasks})->{headers}{'cache-control'} // '',
    qr/no-store|private|no-cache/, 'nginx: tasks are not cached by strangers');

# --- the request id ---------------------------------------------------------
my $id = $t->req(GET => '/nowhere')->{headers}{'x-request-id'};
my $mine = 'my-own.id_' . $$;
is($t->req(GET => '/nowhere', { headers => [ 'X-Request-Id' => $mine ] })
    ->{headers}{'x-request-id'}, $mine, 'nginx: a client may bring its request id');
isnt($t->req(GET => '/nowhere', { headers => [ 'X-Request-Id' => "bad id\x{7f}" ] })
    ->{headers}{'x-request-id'}, "bad id\x{7f}", 'nginx: but not any text');
for ([ $id, 'an id' ], [ $mine, 'the client\'s' ]) {
	ok(Todo::wait_for(sub { Todo::slurp("$t->{dir}/access.log") =~ /\Q$_->[0]\E/ }, 'the log'),
	    "nginx: $_->[1] is in the access log");
}
my $log = Todo::slurp("$t->{dir}/worker.log");
my $fail = $t->req(POST => '/api/auth/login', { json => { email => 'x@example.org',
    password => 'wrong one' }, headers => [ 'X-Request-Id' => 'find-me-in-the-log' ] });
note('worker.log: ' . length $log);

# --- a slow client does not hold the only worker ----------------------------
$t->psql("INSERT INTO tasks (user_id, title, description) SELECT $u->{id}, 't' || i,
    repeat('d', 1000) FROM generate_series(1, 5000) i");
my @slow;
for (1..3) {	# asks for five megabytes and reads none of them
	my $s = $t->connect({});
	syswrite $s, "GET $u->{tasks} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
	    . "$u->{token}\r\n\r\n";
	push @slow, $s;
}
for (1..3) {	# sends half a body
	my $s = $t->connect({});
	syswrite $s, "POST $u->{tasks} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
	    . "$u->{token}\r\nContent-Type: application/json\r\nContent-Length: 100"
	    . "\r\n\r\n{\"title\"";
	push @slow, $s;
}
sleep 2;
my $start = time;
is_ok($t->as($u, GET => "$u->{tasks}/$task->{id}"), 200,
    'nginx: six slow clients, one worker, others are served');
cmp_ok(time - $start, '<', 20, 'nginx: at once');
close $_ for @slow;
is($t->psql("SELECT count(*) FROM tasks WHERE title LIKE '%title%'"), 0,
    'nginx: half a body is no task');

# --- no worker --------------------------------------------------------------
$t->expect_log(qr/connect\(\) to unix:|upstream prematurely closed/);
$t->stop_workers;
for my $c ([ GET => $u->{tasks} ], [ POST => '/api/auth/login', {} ]) {
	my ($method, $path, $json) = @$c;
	my $r = $t->req($method => $path, { $json ? (json => $json) : (),
	    headers => [ %own ] });
	like($r->{status}, qr/^50[23]\z/, "nginx: no worker, $path");
	ok(error_shape($r), 'nginx: JSON');
	like($r->{headers}{'retry-after'} // '', qr/^\d+\z/, 'nginx: Retry-After');
	is($r->{headers}{'access-control-allow-origin'}, $own{Origin},
	    'nginx: with CORS headers');
}
$t->start_workers;
$t->ready;
is_ok($t->as($u, GET => "$u->{tasks}/$task->{id}"), 200, 'nginx: workers are back');

# --- a worker that dies in a request ----------------------------------------
my $release = $t->hold('LOCK TABLE tasks');
my $answer = $t->later($u, PUT => "$u->{tasks}/$task->{id}", { title => 'z' });
$t->waiting(1);
kill 'KILL', $t->worker_pids('tasks');
my $said = $answer->();
like($said, qr/^502 /, 'nginx: a worker that dies in a request is 502');
like($said, qr/^\d+ \{"detail":"[^"]/, 'nginx: in JSON');
$release->();
is_ok($t->as($u, GET => "$u->{tasks}/$task->{id}"), 200,
    'nginx: the next request has a new worker');

# --- and in an answer that has begun ------------------------------------------
$t->psql("INSERT INTO tasks (user_id, title, description)
    SELECT $u->{id}, 'x', repeat('x', 2000) FROM generate_series(1, 10000)");
my $client = $t->connect({});
syswrite $client, $t->request_text('GET', $u->{tasks}, { token => $u->{token} });
sysread $client, my $text, 1000;
kill 'KILL', $t->worker_pids('tasks');
1 while sysread $client, $text, 65536, length $text;
$r = Client::parse_answer($text, 'GET');
is($r->{status}, 200, 'nginx: a worker that dies in a list has sent its head');
ok($r->{cut}, 'nginx: the list has no end that makes it look whole');

done_testing();
