# SPDX-License-Identifier: ISC
# PATCH .../complete flips, or sets what the body says.
use Todo;

my $t = Todo->new;
my $u = $t->user;
my $task = $t->task($u, title => 'x', tags => [ 'a' ], due_date => '2026-01-01');
my $path = "$u->{tasks}/$task->{id}/complete";
my $stored = sub { scalar $t->psql("SELECT completed FROM tasks
    WHERE id = $task->{id}") };

my $last = $task->{updated_at};
my $tag = '';
for my $c (
    [ 'no body flips to true', {}, T ],
    [ 'no body flips back', {}, F ],
    [ '{} flips', { body => '{}' }, T ],
    [ 'a Content-Type and no body flips', { headers =>
        [ 'Content-Type' => 'application/json' ] }, F ],
    [ 'Content-Length 0 flips', { headers => [ 'Content-Type' =>
        'application/json', 'Content-Length' => 0 ] }, T ],
    [ 'another Content-Type and no body flips', { headers =>
        [ 'Content-Type' => 'text/plain' ] }, F ],
    [ 'true sets', { body => '{"completed": true}' }, T ],
    [ 'true on true stays true', { body => '{"completed":true}' }, T ],
    [ 'false sets', { body => '{"completed":false}' }, F ],
    [ 'false on false stays false', { body => '{"completed":false}' }, F ],
    [ 'other fields are ignored', { body => '{"title":"y","priority":9}' }, T ],
    [ 'other fields beside completed are ignored',
        { body => '{"title":7,"completed":false}' }, F ]) {
	my ($name, $o, $want) = @$c;
	my $r = $t->req(PATCH => $path, { token => $u->{token}, %$o });
	is_ok($r, 200, "complete: $name");
	is_deeply({ %{$r->{json}}, map { $_ => 0 } qw(updated_at completed_at) }, { %$task,
	    completed => $want, map { $_ => 0 } qw(updated_at completed_at) },
	    "US3-3: $name, answered with the whole task");
	is(defined $r->{json}{completed_at} ? T : F, $want, 'complete: completed_at goes with it');
	is($stored->(), $want ? 't' : 'f', "US3-3: $name, saved at once");
	isnt($r->{json}{updated_at}, $last, 'complete: updated_at moves');
	like($r->{headers}{etag} // '', qr/^"[^"]+"\z/, 'complete: an ETag');
	isnt($r->{headers}{etag}, $tag, 'complete: which moves');
	($last, $tag) = ($r->{json}{updated_at}, $r->{headers}{etag});
}
is_error($t->req(PATCH => $path, { token => $u->{token}, body => $_->[0] }), 422,
    $_->[1], "complete: $_->[0] is refused")
    for [ '{"completed":null}', 'body.completed' ],
    [ '{"completed":1}', 'body.completed' ],
    [ '{"completed":"true"}', 'body.completed' ], [ '[true]', 'body' ],
    [ 'true', 'body' ], [ 'null', 'body' ],
    [ '{"completed":true,"completed":false}', 'body.completed' ];
is_error($t->req(PATCH => $path, { token => $u->{token}, body => 'yes' }), 400,
    undef, 'complete: no JSON is 400');
is($stored->(), 'f', 'complete: nothing refused was stored');
is_error($t->as($u, PATCH => "$u->{tasks}/987654321/complete"), 404,
    'Task not found', 'complete: no such task');
is_error($t->req(PATCH => $path), 401, 'Not authenticated', 'complete: no token');

# Another session of the same user sees it.
my $other = $t->req(POST => '/api/auth/login', { json => { email => $u->{email},
    password => $u->{password} } })->{json}{access_token};
$t->req(PATCH => $path, { token => $u->{token} });
is($t->req(GET => "$u->{tasks}/$task->{id}", { token => $other })
    ->{json}{completed}, T, 'SC-009: another session of the user sees the change');
is_ok($t->req(POST => $u->{tasks}, { token => $other, json =>
    { title => 'from the phone' } }), 201, 'SC-009: and writes on its own');
is(scalar(@{$t->req(GET => $u->{tasks}, { token => $u->{token} })->{json}}), 2,
    'SC-009: which the first session lists');

done_testing();
