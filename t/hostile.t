# SPDX-License-Identifier: ISC
# What nobody sends by accident, beyond what token.t, route.t and body.t have: each
# gets the answer that the contract gives, and leaves no trace in database, header
# or log.
# sanitizers: too
use Todo;
use MIME::Base64 qw(encode_base64url);

my $t = Todo->new(env => { CORS_ORIGINS => 'https://app.test' });
my ($u, $other) = map { $t->user } 1..2;
my $task = $t->task($u, title => 'first');
my ($id, $tid) = ($u->{id}, $task->{id});
my $one = "$u->{tasks}/$tid";
my $json = sub { $Client::JSON->encode($_[0]) };
my $get = sub { $t->req(GET => $u->{tasks}, { token => $_[0] }) };
my $soon = time + 600;
my $show = sub { my $s = shift; $s =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ge;
    length $s > 50 ? substr($s, 0, 40) . '... of ' . length $s : $s };

# --- tokens: claims -----------------------------------------------------------
my $claim = sub { my ($name, $value) = @_;
    my %c = (sub => qq("$id"), exp => $soon, $name => $value);
    return $t->token(-json => '{' . join(',', map { qq("$_":$c{$_}) } sort keys %c) . '}') };
my %bad = (
    exp => [ '1e999', '-1e999', '9223372036854775808', '-9223372036854775809',
        '-9223372036854775808', '-0', '0.5', '1e-5', 'NaN', '1' . '0' x 400, '[]', '{}',
        'false', '""', '"4102444800"', "[$soon]" ],
    nbf => [ '9223372036854775807', '9223372036854775808', '1e300', '1e999', 'null', '"0"',
        'true', '[]', '{}' ],
    sub => [ '""', '"0"', qq("0$id"), qq("$id\\u0000"), qq("$id\\n"), qq("$id,$other->{id}"),
        qq("\x{d9}\x{a1}"), '"1e0"', '"0x1"', "$id.0", "${id}e0", '-1', '0', 'true', '{}',
        '9223372036854775808', '"9223372036854775808"', '"' . '9' x 5000 . '"', '9' x 500 ],
);
for my $name (sort keys %bad) {
	is_error($get->($claim->($name, $_)), 401, 'Could not validate credentials',
	    "hostile: a token with $name " . $show->($_)) for @{$bad{$name}};
}
# The farthest ends are good, and can be revoked.
for my $value ('9223372036854775807', '1e300', '4102444800.999') {
	my $token = $claim->(exp => $value);
	is_ok($get->($token), 200, "hostile: exp $value is far away");
	is_ok($t->req(POST => '/api/auth/logout', { token => $token }), 200,
	    'hostile: its token is logged out');
	is_error($get->($token), 401, undef, 'hostile: for good');
}

# --- tokens: keys and headers ---------------------------------------------------
my $mine = 'a key of the attacker, of 32 bytes';
my %header = (
    'its own key (jwk)' => [ $mine, { alg => 'HS256', jwk => { kty => 'oct',
        k => encode_base64url($mine) } } ],
    'a key elsewhere (jku)' => [ $mine, { alg => 'HS256', jku => 'http://127.0.0.1/k' } ],
    'a certificate (x5c)' => [ $mine, { alg => 'HS256', x5c => [ encode_base64url($mine) ] } ],
    'kid that is an empty file' => [ '', { alg => 'HS256', kid => '../../../../dev/null' } ],
    'kid with SQL' => [ 'k', { alg => 'HS256', kid => "x' UNION SELECT 'k" } ],
    (map { ("$_ made with the secret" => [ $t->{secret}, { alg => $_ } ]) }
        qw(RS256 RS512 ES256 PS256 EdDSA HS1 A128KW dir), ''),
    'alg a number' => [ $t->{secret}, { alg => 256 } ],
    'alg a list' => [ $t->{secret}, { alg => [ 'HS256' ] } ],
    'alg null' => [ $t->{secret}, { alg => undef } ],
    'alg with a blank' => [ $t->{secret}, { alg => 'HS256 ' } ],
    'alg twice, the last none' => [ $t->{secret}, '{"alg":"HS256","alg":"none"}' ],
    'a list' => [ $t->{secret}, '["HS256"]' ],
    'null' => [ $t->{secret}, 'null' ],
    'nothing' => [ $t->{secret}, '' ],
    'a NUL' => [ $t->{secret}, "{\"alg\":\"HS256\0\"}" ],
    'invalid UTF-8' => [ $t->{secret}, "{\"alg\":\"HS256\",\"x\":\"\xff\"}" ],
    'deep nesting' => [ $t->{secret}, '{"alg":"HS256","x":' . '[' x 2500 . ']' x 2500 . '}' ],
);
for my $name (sort keys %header) {
	my ($key, $head) = @{$header{$name}};
	is_error($get->($t->token(sub => "$id", -key => $key, -header =>
	    ref $head ? $json->($head) : $head)), 401, 'Could not validate credentials',
	    "hostile: a token whose header has $name");
}

# --- tokens: size and number -----------------------------------------------------
my $fits = $t->token(sub => "$id", pad => 'p' x 5000);
is_ok($get->($fits), 200, 'hostile: a good token of ' . length $fits);
my %large = ('good' => $t->token(sub => "$id", pad => 'p' x 76_000), 'of one letter' =>
    'a' x 102_400, 'of dots' => '.' x 102_400, 'signed, of brackets' => $t->token(-json =>
    '[' x 76_000), 'signed, with a deep claim' => $t->token(-json => qq({"sub":"$id","exp":$soon,)
    . '"x":' . '[' x 38_000 . ']' x 38_000 . '}'));
for my $name (sort keys %large) {
	is_error($get->($large{$name}), 431, undef,
	    "hostile: a token of 100 KiB, $name, ends at the web server");
	my $r = $t->fcgi([ REQUEST_METHOD => 'GET', PATH_INFO => $u->{tasks},
	    HTTP_AUTHORIZATION => "Bearer $large{$name}" ]);
	$name eq 'good' ? is_ok($r, 200, 'hostile: the worker takes a good one')
	    : is_error($r, 401, undef, "hostile: one $name is none to the worker");
}
my $good = $t->token(sub => "$id");
for my $c ([ 401, "Bearer $good", "Bearer $good" ], [ 401, "Bearer $good", 'Bearer x' ],
    [ 401, 'Basic eDp5', "Bearer $good" ], [ 200, '', "Bearer $good" ]) {
	my ($status, @headers) = @$c;
	my $r = $t->fcgi([ REQUEST_METHOD => 'GET', PATH_INFO => $u->{tasks},
	    map { (HTTP_AUTHORIZATION => $_) } @headers ]);
	is($r->{status}, $status, 'hostile: Authorization twice, ' . ($status == 200
	    ? 'one of them empty' : 'in the worker'));
}

# --- paths and ids ----------------------------------------------------------------
my @ids = (
    # as a task's id: what nginx makes of it, what the worker does
    [ '..', 404, 422 ], [ '%2e%2e', 404 ], [ '.', 404, 422 ], [ '...', 422, 422 ],
    [ "..%2f$other->{id}", 404 ], [ '..;', 422, 422 ], [ '..%5c..', 422 ], [ '%252e%252e', 422 ],
    [ '%c0%ae%c0%ae', 422 ], [ "$tid%00", 400 ], [ "$tid%0a", 422 ], [ "$tid\n", undef, 422 ],
    [ "$tid%0d%0aSet-Cookie:x=y", 422 ], [ "$tid\r\nSet-Cookie: x=y", undef, 422 ],
    [ "$tid%2f", 404 ], [ "$tid/.", 404, 404 ], [ "$tid%20", 422 ], [ '-0', 422, 422 ],
    [ '+0', 422, 422 ], [ '-9223372036854775808', 422, 422 ], [ '1_0', 422, 422 ],
    [ '0b1', 422, 422 ], [ '%EF%BC%91', 422 ], [ "\xef\xbc\x91", undef, 422 ],
    [ '%', 400, 422 ], [ '%zz', 400 ], [ "$tid'--", 422, 422 ], [ "$tid%20OR%201=1", 422 ],
    [ '1' x 4000, 404, 404 ], [ 'x' x 4000, 422, 422 ], [ '9' x 60_000, undef, 404 ],
    [ '-' . '9' x 60_000, undef, 422 ], [ "\xff", undef, 422 ],
);
for my $c (@ids) {
	my ($text, $web, $worker) = @$c;
	my $name = 'hostile: task id ' . $show->($text);
	is_error($t->as($u, GET => "$u->{tasks}/$text"), $web, undef, "$name, through nginx")
	    if $web;
	is_error($t->fcgi([ REQUEST_METHOD => 'GET', PATH_INFO => "$u->{tasks}/$text",
	    HTTP_AUTHORIZATION => "Bearer $good" ]), $worker, undef, "$name, to the worker")
	    if $worker;
}
# Where a path that climbs leads to: another's tasks are 403 as ever.
is($t->as($u, GET => "$u->{tasks}/$_")->{status}, 403, "hostile: $_ is another's")
    for map { ("../../$_", "%2e%2e/%2E%2E/$_", "..%2f..%2f$_") } "$other->{id}/tasks";
is_ok($t->as($u, GET => $_), 200, "hostile: $_ is one's own")
    for "/api/x/../$id/tasks", "/%61pi/./$id/tasks", "/api%2f$id%2ftasks";
is_error($t->fcgi([ REQUEST_METHOD => 'GET', PATH_INFO => $_, HTTP_AUTHORIZATION =>
    "Bearer $good" ]), 404, undef, "hostile: the worker does not climb: $_")
    for "/api/x/../$id/tasks", "$u->{tasks}/../tasks", "/api/./$id/tasks", '..', '', 'api';

# --- bodies ------------------------------------------------------------------------
my $post = sub { $t->as($u, POST => $u->{tasks}, undef, body => $_[0]) };
my @bodies = (
    [ '64 KiB of [ and ]', '[' x 32_768 . ']' x 32_768, 400 ],
    [ '64 KiB of {"":', '{"":' x 16_384, 400 ],
    [ 'lists, 499 deep below the object', '{"title":"x","n":' . '[' x 499 . ']' x 499 . '}', 201 ],
    [ 'one deeper', '{"title":"x","n":' . '[' x 500 . ']' x 500 . '}', 400 ],
    [ 'objects, as deep', '{"title":"x","n":' . '{"a":' x 498 . '{}' . '}' x 499, 201 ],
    (map { [ 'a number ' . $show->($_), qq({"title":"x","n":$_}), 201 ] } '9007199254740993',
        '9223372036854775808', '-9223372036854775809', '1e999', '-1e999', '1e-999', '-0e0',
        '1' x 64, '1' x 60_000, '0.' . '0' x 100 . '1', '1e' . '0' x 100 . '1'),
    [ 'NaN for a boolean', '{"title":"x","completed":NaN}', 400 ],
    (map { [ "$_ for text", qq({"title":$_}), 422, 'body.title' ] } '9007199254740993', '1e999',
        '-0', '{}', '[["x"]]'),
    (map { [ "$_ for a boolean", qq({"title":"x","completed":$_}), 422, 'body.completed' ] }
        '1e999', '9007199254740993', '[]'),
    [ 'a number for a date', '{"title":"x","due_date":9007199254740993}', 422, 'body.due_date' ],
    [ 'numbers for tags', '{"title":"x","tags":[9007199254740993]}', 422, 'body.tags' ],
    [ 'lists for tags', '{"title":"x","tags":[["x"]]}', 422, 'body.tags' ],
    [ '20,000 tags', '{"title":"x","tags":[' . join(',', map { '""' } 1..20_000) . ']}', 422,
        'body.tags' ],
    [ 'one tag, 15,000 times', '{"title":"x","tags":[' . join(',', map { '"x"' } 1..15_000)
        . ']}', 201 ],
    [ '60,000 commas', '{"title":"x","tags":"' . ',' x 60_000 . '"}', 201 ],
    [ 'an empty key twice', '{"title":"x","":1,"":2}', 422, 'body.' ],
    [ 'a long key twice', '{"title":"x",' . join(',', map { '"' . 'k' x 32_000 . "\":$_" } 1, 2)
        . '}', 422, 'body.' . 'k' x 32_000 ],
    [ 'a key twice, with an escaped surrogate pair', "{\"title\":\"x\",\"\xf0\x9f\x98\x80\":1,"
        . '"\\ud83d\\ude00":2}', 422, "body.\x{1f600}" ],
    [ 'overlong UTF-8 of four bytes', "{\"title\":\"\xf0\x80\x80\xaf\"}", 400 ],
    [ 'an overlong NUL', "{\"title\":\"\xc0\x80\"}", 400 ],
    [ 'surrogates as UTF-8', "{\"title\":\"\xed\xa0\xbd\xed\xb8\x80\"}", 400 ],
    [ 'UTF-8 of five bytes', "{\"title\":\"\xf8\x88\x80\x80\x80\"}", 400 ],
    [ '__proto__', '{"title":"x","__proto__":{"completed":true},"constructor":1}', 201 ],
);
for my $c (@bodies) {
	my ($name, $body, $status, $what) = @$c;
	my $r = $post->($body);
	$status == 201 ? is_ok($r, 201, "hostile: $name")
	    : is_error($r, $status, $what, "hostile: $name is $status");
}
my $form = sub { $t->req(POST => '/api/login', { body => $_[0], headers =>
    [ 'Content-Type' => 'application/x-www-form-urlencoded' ] }) };
for my $c ([ 'a long name of control characters, twice', "\x01" x 32_000 . '=1&'
    . "\x01" x 32_000 . '=2', 422 ], [ 'a password twice', 'email=a%40b.example&password=x&'
    . 'p%61ssword=y', 422 ], [ 'an escaped NUL', 'email=a%40b.example&password=x%00', 400 ],
    [ 'a NUL', "email=a%40b.example&password=x\0", 400 ], [ 'invalid UTF-8',
    'email=a%40b.example&password=%ff', 400 ], [ 'overlong UTF-8',
    'email=a%40b.example&password=%c0%af', 400 ], [ 'a surrogate',
    'email=a%40b.example&password=%ed%a0%80', 400 ], [ 'half an escape',
    'email=a%40b.example&password=%4', 400 ]) {
	my ($name, $body, $status) = @$c;
	is_error($form->($body), $status, undef, "hostile: a form with $name is $status");
}

# --- 64 bits -------------------------------------------------------------------------
# Ids that no double holds: 2^53 + 1, and the largest.
for my $n ('9007199254740993', '9223372036854775807') {
	my $v = $t->user;
	$t->psql("UPDATE users SET id = $n WHERE id = $v->{id}");
	my $r = $t->req(POST => '/api/auth/login', { json => { map { $_ => $v->{$_} }
	    qw(email password) } });
	is_ok($r, 200, "hostile: user $n logs in");
	is($r->{json}{user_id}, $n, 'hostile: user_id is exact');
	$t->secret($r->{json}{access_token});
	$v = { token => $r->{json}{access_token}, tasks => "/api/$n/tasks" };
	like($t->as($v, GET => '/api/me')->{content}, qr/"id":$n,/, 'hostile: me, too');
	$t->psql("ALTER SEQUENCE tasks_id_seq RESTART WITH $n");
	$r = $t->as($v, POST => $v->{tasks}, { title => 'exact', id => 1, user_id => 1 });
	is_ok($r, 201, "hostile: task $n is made");
	like($r->{content}, qr/^\{"id":$n,"user_id":$n,/, 'hostile: its ids are exact');
	is($r->{headers}{location}, "$v->{tasks}/$n", 'hostile: Location, too');
	like($t->as($v, GET => $_)->{content}, qr/"id":$n,"user_id":$n,/, "hostile: GET $_, too")
	    for "$v->{tasks}/$n", $v->{tasks};
	(my $less = $n) =~ s/(.)\z/$1 - 1/e;
	is_error($t->as($v, GET => "$v->{tasks}/$less"), 404, 'Task not found',
	    "hostile: task $less is another");
	is_error($t->as($v, GET => "/api/$less/tasks"), 403, undef,
	    "hostile: user $less is another");
	for my $c ([ 200, $n ], [ 200, qq("$n") ], [ 401, $less ], [ 401, qq("$less") ],
	    [ 401, "$n.0" ]) {
		my ($status, $sub) = @$c;
		is($t->req(GET => '/api/me', { token => $claim->(sub => $sub) })->{status},
		    $status, "hostile: sub $sub is $status");
	}
	is($t->as($v, DELETE => "$v->{tasks}/$n")->{status}, 200, 'hostile: it is deleted');
}
$t->psql('ALTER SEQUENCE tasks_id_seq RESTART WITH 1000000');

# --- SQL --------------------------------------------------------------------------------
my @sql = ("'; DROP TABLE tasks; --", "' OR '1'='1", "\\'; SELECT pg_sleep(9); --",
    '$$; DELETE FROM users; $$', '{a,b}', '{"a","b"}', 'NULL', '\\x41', ':user_id', '$1', '%s%n',
    "\x{2019}; DROP TABLE users; --", "E'\\047", '");--', 'a\\', '${jndi:ldap://x}', '<b>&amp;');
for my $text (@sql) {
	my $name = 'hostile: ' . $show->($text);
	my %f = (title => $text, description => $text, recursion_pattern => $text,
	    tags => [ $text ]);
	my $r = $t->as($u, POST => $u->{tasks}, \%f);
	is_ok($r, 201, "$name is text");
	my $at = "$u->{tasks}/$r->{json}{id}";
	is_deeply($t->as($u, PUT => $at, \%f)->{json}{tags}, [ $text ], "$name is one tag");
	$r = $t->as($u, GET => $at)->{json};
	is_deeply({ map { $_ => $r->{$_} } keys %f }, \%f, "$name is stored as it is");
	my %login = (email => $u->{email}, password => $text);
	is_error($t->req(POST => '/api/login', { json => \%login }), 401, undef,
	    "$name is no password");
	is_error($t->req(POST => '/api/login', { json => { %login, email => $text } }), 422,
	    'body.email', "$name is no address");
	(my $tag = $text) =~ s/["\\\x{80}-\x{ffff}]//g;
	is_error($t->as($u, PUT => $at, { title => 'x' }, headers => [ 'If-Match' => qq("$tag") ]),
	    412, undef, "$name is no version");
}
my %quote = (username => 'quote', email => "x'or'1'='1\@example.org", password => "' OR 1=1 --");
is_ok($t->req(POST => '/api/register', { json => \%quote }), 201, 'hostile: an address of SQL');
is_ok($t->req(POST => '/api/login', { json => \%quote }), 200, 'hostile: is an address');
is_error($t->req(POST => '/api/login', { json => { %quote, password => "' OR 1=1" } }), 401, undef,
    'hostile: with one password');

# --- headers ------------------------------------------------------------------------------
my $forged = sub { grep { $_->[0] =~ /^(?:Set-Cookie|Forged)\z/i } @{$_[0]{list}} };
my $crlf = "\r\nSet-Cookie: forged=1\r\n\r\nforged";
(my $encoded = $crlf) =~ s/(\W)/sprintf '%%%02x', ord $1/ge;
for my $c ([ GET => "/api/$encoded" ], [ GET => "/docs$encoded" ], [ GET => "/docs/$encoded" ],
    [ POST => "/api/login$encoded" ], [ GET => "/x?$encoded" ],
    [ GET => '/x', Origin => "https://app.test\rSet-Cookie: forged=1" ],
    [ GET => '/x', Origin => "https://app.test$encoded" ],
    [ GET => '/x', Origin => 'https://app.test, https://evil.test' ],
    [ GET => '/x', 'X-Request-Id' => "abcdefgh\rSet-Cookie: forged=1" ],
    [ GET => '/x', 'X-Request-Id' => "abcdefgh$encoded" ],
    [ GET => '/x', Host => "todo.test\rSet-Cookie: forged=1" ]) {
	my ($method, $path, @h) = @$c;
	my $r = $t->req($method => $path, { headers => \@h });
	my $name = 'hostile: ' . $show->("$method $path @h");
	ok($r->{status} =~ /^4/ && error_shape($r), "$name is an error") or diag($r->{status});
	is(scalar $forged->($r), 0, "$name makes no header");
}
for my $c ([ 201, SCRIPT_NAME => "/x$crlf" ], [ 201, HTTP_ORIGIN => "https://app.test$crlf" ],
    [ 405, REQUEST_METHOD => "POST$crlf" ], [ 404, PATH_INFO => "/x$crlf" ],
    [ 201, REQUEST_ID => "abcdefgh$crlf" ], [ 201, HTTP_IF_MATCH => "\"x\"$crlf" ],
    [ 201, HTTP_IF_NONE_MATCH => "\"x\"$crlf" ], [ 415, CONTENT_TYPE => "text/x$crlf" ]) {
	my ($status, $name, $value) = @$c;
	my $r = $t->cgi(POST => $u->{tasks}, token => $u->{token}, json => { title => 'x' },
	    env => { $name => $value });
	is($r->{status}, $status, "hostile: $name with line ends");
	is(scalar $forged->($r) + ($r->{headers}{location} // '') =~ /forged/, 0,
	    "hostile: $name makes no header");
	unlike($r->{stderr}, qr/^(?!neon-todo\[\d+\]: )|forged/m,
	    "hostile: $name makes no line of the log");
}

# --- framing: one request, one answer ---------------------------------------------------------
my $hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
for my $c ([ 'two lengths', 'Content-Length: 0', 'Content-Length: ' . length $hidden ],
    [ 'length and chunks', 'Content-Length: 5', 'Transfer-Encoding: chunked' ],
    [ 'unknown chunks', 'Transfer-Encoding: xchunked' ],
    [ 'chunked twice', 'Transfer-Encoding: chunked, chunked' ],
    (map { [ "Content-Length $_", "Content-Length: $_" ] } '-1', '+5', '0x5', '5, 5', '1e1',
    '9' x 30)) {
	my ($name, @h) = @$c;
	my $r = $t->req(POST => '/x', { raw => join("\r\n", 'POST /api/logout HTTP/1.1', 'Host: x',
	    @h, 'Connection: close', '', "0\r\n\r\n$hidden") });
	like($r->{status}, qr/^(?:400|411|413|501)\z/, "hostile: $name");
	ok(error_shape($r), 'hostile: in JSON');
}
my $r = $t->req(POST => '/x', { raw => "POST /api/logout HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:"
    . " chunked\r\n\r\nffffffffffffffff1\r\nx\r\n0\r\n\r\n" });
is_error($r, 400, undef, 'hostile: a chunk of more than 64 bits');

# --- nothing stays -----------------------------------------------------------------------------
is($t->as($u, GET => $one)->{json}{title}, 'first', 'hostile: the first task is as it was');
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $other->{id}"), 0,
    'hostile: nobody else has one');
is($t->psql('SELECT count(*) FROM users'), 5, 'hostile: all accounts are there');
$t->end_web;
$t->stop_workers;
my $line = qr/\Aneon-todo\[\d+\]:\ (?:[\w-]+:\ database:\ the\ pooler.*|method=(?:[A-Z]+|-)
    \ route=\S+\ id=[\w.@-]+\ user=\d+\ status=\d{3}\ ms=[\d.]+\ db_ms=[\d.]+)\z/x;
my $asan = qr/^==\d+==WARNING: ASan doesn't fully support makecontext/;
is(join("\n", grep { !/$line/ && !/$asan/ } split /\n/, Todo::slurp("$t->{dir}/worker.log")), '',
    'hostile: the log has lines of requests only');
is(join("\n", grep { !/\A127[\d.]+ \[[^ ]+\] "[^"]*" \d{3} / } split /\n/,
    Todo::slurp("$t->{dir}/access.log")), '', 'hostile: so has that of nginx');

done_testing();
