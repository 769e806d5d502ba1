# SPDX-License-Identifier: ISC
# DELETE: gone from the answer, the list and the database.
use Todo;

my $t = Todo->new;
my $u = $t->user;
my @task = map { $t->task($u, title => "t$_") } 1..4;
my $path = sub { "$u->{tasks}/$task[$_[0]]{id}" };

my $r = $t->as($u, DELETE => $path->(1));
is_ok($r, 200, 'US3-4: a task is deleted');
is(join(' ', keys %{$r->{json}}), 'message', 'delete: the answer is a message');
is(jtype($r->{json}{message}), 'string', 'delete: in text');
is($t->psql("SELECT count(*) FROM tasks WHERE id = $task[1]{id}"), 0,
    'FR-010: the row is gone from the database');
is(join(' ', map { $_->{title} } @{$t->as($u, GET => $u->{tasks})->{json}}),
    't1 t3 t4', 'US3-4: it no longer appears in the list');
is_error($t->as($u, GET => $path->(1)), 404, 'Task not found',
    'delete: nor by itself');
is_error($t->as($u, DELETE => $path->(1)), 404, 'Task not found', 'delete: again');
is_error($t->as($u, PUT => $path->(1), { title => 'x' }), 404, 'Task not found',
    'delete: no update brings it back');
is_error($t->as($u, PATCH => $path->(1) . '/complete'), 404, 'Task not found',
    'delete: no toggle either');
is_ok($t->req(DELETE => $path->(0), { token => $u->{token}, headers =>
    [ 'Content-Type' => 'application/json' ] }), 200,
    'delete: a Content-Type and no body is normal');
is_error($t->req(DELETE => $path->(2)), 401, 'Not authenticated',
    'delete: no token');
is_error($t->as($u, DELETE => "$u->{tasks}/987654321"), 404, 'Task not found',
    'delete: no such task');

my $new = $t->task($u, title => 'new');
cmp_ok($new->{id}, '>', $task[3]{id}, 'delete: an id is never used again');
is($t->psql("SELECT string_agg(title, ' ' ORDER BY id) FROM tasks"),
    't3 t4 new', 'delete: nothing else is gone');

done_testing();
