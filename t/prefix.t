# SPDX-License-Identifier: ISC
# The service below a prefix of nginx.
# sanitizers: no
use Todo;

my $t = Todo->new(start => 0);
$t->start_workers;
$t->start_nginx('set $neon_todo_prefix /todo;');
my %ann = (username => 'ann', email => 'ann@example.org', password => 'long enough');
$t->secret($ann{password});
my $r = {};
Todo::wait_for(sub { $r = $t->req(GET => '/todo/api/auth/me'); $r->{status} == 401 },
    'the workers');
is_error($r, 401, undef, 'prefix: me');
$r = $t->req(POST => '/todo/api/auth/register', { json => \%ann });
is_ok($r, 201, 'prefix: register');
my ($id, $token) = @{$r->{json}}{qw(user_id access_token)};
$t->secret($token);
is_ok($t->req(POST => '/todo/auth/login', { json => \%ann }), 200, 'prefix: login');
$r = $t->req(POST => "/todo/api/$id/tasks", { token => $token, json => { title => 'x' } });
is_ok($r, 201, 'prefix: create');
my $at = $r->{headers}{location};
like($at, qr{^/todo/api/$id/tasks/\d+\z}, 'prefix: Location has it');
is_ok($t->req(GET => $at, { token => $token }), 200, 'prefix: and leads there');
is_error($t->req(GET => $_, { token => $token }), 404, undef, "prefix: $_ is not there")
    for "/api/$id/tasks", "/todos/api/$id/tasks", "/todos", "/tod", "/todo/todo/api/$id/tasks";
is_error($t->req(POST => '/api/auth/login', { json => \%ann }), 404, undef,
    'prefix: nor is login without it');
is($t->req(GET => '/todo/openapi.json')->{json}{servers}[0]{url}, '/todo',
    'prefix: the description has it');
for my $c ([ '/todo', '/todo/' ], [ '/todo?list=1', '/todo/?list=1' ]) {
	$r = $t->req(GET => $c->[0]);
	is("$r->{status} $r->{headers}{location}", "308 $c->[1]", "prefix: $c->[0] leads to the page");
}
is($t->req(GET => '/todo/')->{status}, 200, 'prefix: which is there');
is($t->req(GET => '/todo/docs')->{headers}{location}, 'docs/', 'prefix: /docs');
is($t->req(GET => '/todo/docs/')->{status}, 200, 'prefix: and its page');
is_error($t->req(GET => $_), 404, undef, "prefix: $_ is not there")
    for '/docs', '/docs/', '/docs/docs.js';

done_testing();
