# SPDX-License-Identifier: ISC
# Bodies: what is JSON and what is not, types, sizes, and the order of checks.
use Todo;

my $t = Todo->new;
my $u = $t->user;
my $task = $t->task($u, title => 'x');
my $post = sub { my ($body, @h) = @_; $t->as($u, POST => $u->{tasks}, undef,
    body => $body, @h ? (headers => [ @h ]) : ()) };

# --- 400: not JSON ----------------------------------------------------------
my %bad = (
    'empty' => '', 'blank' => " \n", 'text' => 'hello', 'cut' => '{"title":"x"',
    'cut string' => '{"title":"x', 'text after the value' => '{"title":"x"} x',
    'a second value' => '{"title":"x"}{}', 'comma at the end' => '{"title":"x",}',
    'comma at the end of a list' => '{"title":"x","tags":["a",]}',
    'two commas' => '{"title":"x",,"a":1}', 'single quotes' => "{'title':'x'}",
    'no quotes' => '{title:"x"}', 'a comment' => '{"title":"x"}//c',
    'byte order mark' => "\xef\xbb\xbf{\"title\":\"x\"}",
    'UTF-16' => "\xff\xfe{\0}\0", 'a NUL byte after it' => "{\"title\":\"x\"}\0",
    'a NUL byte inside' => "{\"title\":\"x\0y\"}",
    'invalid UTF-8' => "{\"title\":\"\xff\"}",
    'overlong UTF-8' => "{\"title\":\"\xc0\xaf\"}",
    'UTF-8 of a surrogate' => "{\"title\":\"\xed\xa0\x80\"}",
    'UTF-8 beyond Unicode' => "{\"title\":\"\xf4\x90\x80\x80\"}",
    'cut UTF-8' => "{\"title\":\"\xe2\x82\"}",
    'invalid UTF-8 in a key' => "{\"title\":\"x\",\"\xff\":1}",
    'invalid UTF-8 in an unknown field' => "{\"title\":\"x\",\"y\":[\"\xff\"]}",
    'lone high surrogate' => '{"title":"\\ud800"}',
    'lone low surrogate' => '{"title":"\\udc00"}',
    'high surrogate before text' => '{"title":"\\ud83dx"}',
    'surrogates the wrong way round' => '{"title":"\\ude00\\ud83d"}',
    'escaped NUL' => '{"title":"a\\u0000b"}',
    'escaped NUL in a key' => '{"title":"x","a\\u0000":1}',
    'escaped NUL in an unknown field' => '{"title":"x","y":{"z":"\\u0000"}}',
    'raw newline in a string' => "{\"title\":\"a\nb\"}",
    'raw tab in a string' => "{\"title\":\"a\tb\"}",
    'raw control character' => "{\"description\":\"a\x01b\",\"title\":\"x\"}",
    'bad escape' => '{"title":"\\x41"}', 'short \\u' => '{"title":"\\u12"}',
    'number 01' => '{"title":"x","n":01}', 'number 1.' => '{"title":"x","n":1.}',
    'number .5' => '{"title":"x","n":.5}', 'number +1' => '{"title":"x","n":+1}',
    'number 1e' => '{"title":"x","n":1e}', 'number -' => '{"title":"x","n":-}',
    'number 0x1' => '{"title":"x","n":0x1}', 'NaN' => '{"title":"x","n":NaN}',
    'Infinity' => '{"title":"x","n":Infinity}', 'True' => '{"title":"x","n":True}',
    'tru' => '{"title":"x","n":tru}', 'key without value' => '{"title"}',
    'key a number' => '{1:2,"title":"x"}', 'wrong bracket' => '{"title":"x"]',
    'form feed as blank' => "\f{\"title\":\"x\"}",
);
for my $name (sort keys %bad) {
	is_error($post->($bad{$name}), 400, undef, "body: $name is 400");
}
is_error($t->req(POST => '/api/auth/login', { body => $bad{cut} }), 400, undef,
    'body: login, cut is 400');
is_error($t->as($u, PUT => "$u->{tasks}/$task->{id}", undef, body => ''), 400,
    undef, 'body: PUT, empty is 400');
is_error($t->as($u, PUT => "$u->{tasks}/$task->{id}", undef,
    headers => [ 'Content-Type' => 'application/json' ]), 400, undef,
    'body: PUT, none is 400');
is_error($t->req(POST => '/api/auth/register', { headers =>
    [ 'Content-Type' => 'application/json' ] }), 400, undef,
    'body: register, none is 400');
is_error($post->('[' x 60000), 400, undef, 'body: deep nesting, cut, is 400');

# --- 422: JSON, but ---------------------------------------------------------
for my $v ('[]', '"text"', '1', 'true', 'null', '[{"title":"x"}]') {
	is_error($post->($v), 422, 'body', "body: $v is no object, 422");
	is_error($t->req(POST => '/api/auth/login', { body => $v }), 422, 'body',
	    "body: login with $v, too");
}
is_error($post->('{"title":"a","title":"b"}'), 422, 'body.title',
    'body: a duplicate key is 422');
is_error($post->('{"title":"a","\\u0074itle":"b"}'), 422, 'body.title',
    'body: however it is written');
is_error($post->('{"title":"a","x":1,"x":2}'), 422, 'body.x',
    'body: of an unknown field, too');
is_error($t->req(POST => '/api/auth/login', { body =>
    '{"email":"a@example.org","password":"x","password":"y"}' }), 422,
    'body.password', 'body: login with two passwords is 422');

# --- good JSON --------------------------------------------------------------
for my $c ([ 'blanks around', " \r\n\t{ \"title\" : \"x\" } \n" ],
    [ 'surrogate pair', '{"title":"\\ud83d\\ude00"}', "\x{1f600}" ],
    [ 'escapes', '{"title":"\\"\\\\\\/ \\u00e9"}', "\"\\/ \x{e9}" ],
    [ 'numbers of every form', '{"title":"x","n":[0,-0,1.5e+3,1E-2,-7,1e400]}' ],
    [ 'nested unknown fields', '{"title":"x","o":{"title":"","a":[{}]}}' ],
    [ 'a long unknown field', '{"title":"x","u":"' . 'y' x 60000 . '"}' ]) {
	my ($name, $body, $want) = @$c;
	my $r = $post->($body);
	is_ok($r, 201, "body: $name") or next;
	is($r->{json}{title}, $want // 'x', "body: $name, title");
}
is_ok($t->as($u, POST => $u->{tasks}, undef, headers => [ 'Content-Type' =>
    'application/json', 'Transfer-Encoding' => 'chunked' ],
    body => "7\r\n{\"title\r\n6\r\n\":\"x\"}\r\n0\r\n\r\n"), 201,
    'body: chunked');

# --- 415 --------------------------------------------------------------------
my $json = '{"title":"x"}';
is_ok($post->($json, 'Content-Type' => $_), 201, "body: Content-Type $_")
    for 'application/json', 'Application/JSON', 'application/json; charset=utf-8',
    'application/merge-patch+json', 'Application/vnd.api+JSON; charset=utf-8',
    'application/json;charset="UTF-8"';
is_error($post->($json, 'Content-Type' => $_), 415, undef,
    "body: Content-Type $_ is 415") for 'text/plain', 'text/json', 'application/xml',
    'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
    'application/jsonx', 'json', 'text/x+json', 'application/x+jsons', 'application/+json';
is_error($t->as($u, POST => $u->{tasks}, undef, body => $json, no_type => 1), 415,
    undef, 'body: no Content-Type is 415');
is_error($t->req(POST => '/api/auth/login', { body => '{}', no_type => 1 }), 415,
    undef, 'body: login without one, too');
is_error($t->req(POST => '/api/auth/login', { body => '<a/>', headers =>
    [ 'Content-Type' => 'application/xml' ] }), 415, undef, 'body: login with XML');

# --- 413 --------------------------------------------------------------------
my $fit = '{"title":"x","u":"' . 'y' x (65536 - 20) . '"}';
is(length $fit, 65536, 'body: 65,536 bytes');
is_ok($post->($fit), 201, 'body: 64 KiB is taken');
is_error($post->("$fit "), 413, undef, 'body: one byte more is 413');
is_error($post->('x' x 200000), 413, undef, 'body: 413 comes before 400');
is_error($t->as($u, PUT => "$u->{tasks}/$task->{id}", undef,
    body => '{"title":"' . 'y' x 70000 . '"}'), 413, undef,
    'body: 413 comes before the field rules');
is_error($t->req(POST => '/api/auth/register', { body => 'x' x 70000 }), 413,
    undef, 'body: register, too');

# --- order ------------------------------------------------------------------
my %x = (body => '{', headers => [ 'Content-Type' => 'text/plain' ]);
is_error($t->req(POST => '/nothing', { %x }), 404, undef, 'order: 404 first');
is_error($t->req(DELETE => $u->{tasks}, { %x }), 405, undef, 'order: then 405');
is_error($t->req(POST => $u->{tasks}, { %x }), 401, undef, 'order: then 401');
is_error($t->as($u, POST => '/api/987654321/tasks', undef, %x), 403, undef,
    'order: then 403');
is_error($t->as($u, POST => $u->{tasks}, undef, %x), 415, undef, 'order: then 415');
is_error($t->as($u, PUT => "$u->{tasks}/987654321", undef, body => '{'), 400, undef,
    'order: then 400');
is_error($t->as($u, PUT => "$u->{tasks}/987654321", { title => '' }), 422,
    'body.title', 'order: then 422');
is_error($t->as($u, PUT => "$u->{tasks}/987654321", { title => 'x' }, headers =>
    [ 'If-Match' => '"x"' ]), 404, undef, 'order: then 404 of the row');
is_error($t->as($u, PUT => "$u->{tasks}/$task->{id}", { title => 'x' }, headers =>
    [ 'If-Match' => '"x"' ]), 412, undef, 'order: then 412');

is_error($post->('{"title":"a","x":{"y":1,"y":2}}'), 422, 'body.y',
    'body: a duplicate key below an unknown field');
is_error($post->('{"title":"a","x":[{"y":1,"y":2}]}'), 422, 'body.y',
    'body: a duplicate key in a list');
{
	my $many = join ',', map { qq("k$_":1,"k$_":2) } 10..99;
	my $r = $post->("{$many,\"title\":\"\",\"priority\":\"x\"}");
	is($r->{status}, 422, 'body: many duplicate keys');
	like(join(' ', fields($r)), qr/body\.priority.*body\.title/,
	    'body: and the fields are still named');
}
is($t->req(POST => '/api/login', { body => '&' x 60_000, headers =>
    [ 'Content-Type' => 'application/x-www-form-urlencoded' ] })->{status}, 400,
    'body: a form of too many fields');

done_testing();
