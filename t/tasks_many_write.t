# SPDX-License-Identifier: ISC
# Many tasks at once: changes, new ones, and tags renamed.
# ways: direct pooled
use Todo;

my $t = Todo->new(workers => 2, wire => 1);
my $wire = $t->{wire};
my $u = $t->user;
my $other = $t->user;
my $theirs = $t->task($other, tags => [ 'a', 'b' ], title => 'theirs')->{id};
sub post { my ($path, $json, %o) = @_; return $t->as($u, POST => "/api/$u->{id}/$path", $json, %o) }
sub key { return (headers => [ 'Idempotency-Key' => $_[0] ]) }
sub get { return $t->as($u, GET => "$u->{tasks}/$_[0]")->{json} }
sub all { return $t->as($u, GET => $u->{tasks})->{json} }
sub title { return join ' ', map { $_->{title} } @{all()} }

# --- batch ------------------------------------------------------------------------------
my @new = ({ title => ' first ' }, { title => 'second', description => "a \"b\"\n\t\\ \x{1f34e}", due_date => '2026-02-15',
    priority => 'High', tags => 'home, work', recursion_pattern => 'weekly', completed => T, time_zone => 'Europe/Berlin' },
    { title => 'third', due_date => '2026-02-15T10:00:00.25+02:00', tags => [ 'a,b', '{}', '"', 'NULL', "\x{e9}" ], completed => F,
    description => undef, recursion_pattern => undef, time_zone => undef }, { title => 'fourth', due_date => '0001-01-01', tags => undef },
    { title => 'fifth', due_date => '9999-12-31T23:59:59Z', id => 7, user_id => $other->{id}, unknown => [ 1 ] });
my $r;
is($wire->count(sub { $r = post('tasks/batch', { tasks => \@new }) }), 1, 'batch: one flight');
is_ok($r, 201, 'batch: five tasks');
is(join(' ', sort keys %{$r->{json}}), 'ids', 'batch: answers ids');
is(join(' ', map { $_->{title} } map { get($_) } @{$r->{json}{ids}}), 'first second third fourth fifth', 'batch: in order');
is(jtype($r->{json}{ids}[0]), 'number', 'batch: which are numbers');
my @made = map { get($_) } @{$r->{json}{ids}};
# Each is what POST would have made of it.
for my $i (0..$#new) {
	my $one = $t->task($u, %{$new[$i]});
	is_deeply({ %{$made[$i]}, map { $_ => 0 } qw(id created_at updated_at completed_at) },
	    { %$one, map { $_ => 0 } qw(id created_at updated_at completed_at) }, "batch: $new[$i]{title} is as POST makes it");
	is($made[$i]{completed_at}, $made[$i]{completed} ? $made[$i]{created_at} : undef, 'batch: and so is completed_at');
	$t->as($u, DELETE => "$u->{tasks}/$one->{id}");
}
is(title(), 'first second third fourth fifth', 'batch: nothing else');
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $other->{id}"), 1, 'batch: and nothing of another user');
my $etag = $t->as($u, GET => $u->{tasks})->{headers}{etag};
$r = post('tasks/batch', { tasks => [ map { { title => "t$_", tags => [ 'bulk' ] } } 1..500 ] });
is_ok($r, 201, 'batch: 500');
is(join(' ', map { get($_)->{title} } @{$r->{json}{ids}}[0, 1, 250, 499]), 't1 t2 t251 t500', 'batch: in order');
isnt($t->as($u, GET => $u->{tasks})->{headers}{etag}, $etag, 'batch: the list has another version');
my @bulk = @{$r->{json}{ids}};

# All or none.
my $n = @{all()};
for my $case ([ {}, 'body.tasks' ], [ { tasks => undef }, 'body.tasks' ], [ { tasks => [] }, 'body.tasks' ], [ { tasks => {} }, 'body.tasks' ],
    [ { tasks => [ map { { title => 'x' } } 1..501 ] }, 'body.tasks' ], [ { tasks => 'x' }, 'body.tasks' ],
    [ { tasks => [ { title => 'x' }, 'y', { title => 'z' } ] }, 'body.tasks.1' ],
    [ { tasks => [ { title => 'x' }, {}, { title => '' }, { title => 'y', tags => [ 1 ], due_date => 'soon', time_zone => 'Mars' } ] },
	'body.tasks.1.title body.tasks.2.title body.tasks.3.due_date body.tasks.3.tags body.tasks.3.time_zone' ],
    [ { tasks => [ { title => 'x', completed => undef }, { title => 'x', priority => 'high' } ] }, 'body.tasks.0.completed body.tasks.1.priority' ]) {
	is_error(post('tasks/batch', $case->[0]), 422, $case->[1], "batch: refused: $case->[1]");
}
is_error($t->as($u, POST => "$u->{tasks}/batch", undef, body => '{"tasks":[{"title":"x"},{"title":"y","title":"z"}]}',
    headers => [ 'Content-Type' => 'application/json' ]), 422, 'body.tasks.1.title', 'batch: a key twice');
is_error($t->as($u, POST => "$u->{tasks}/batch", undef, body => '{"x":[{"a":1,"a":2}],"tasks":[{"title":"","title":5},{"tags":[{"b":1,"b":2}],"title":"y"}],"y":1,"y":2}',
    headers => [ 'Content-Type' => 'application/json' ]), 422, 'body.a body.tasks.0.title body.tasks.1.b body.tasks.1.tags body.y', 'batch: keys twice in many places');
is_error(post('tasks/batch', { tasks => [ map { { title => '' } } 1..100 ] }), 422, undef, 'batch: a hundred that are wrong');
is(scalar @{all()}, $n, 'batch: all or none');
is_error($t->as($other, POST => "$u->{tasks}/batch", { tasks => [ { title => 'x' } ] }), 403, undef, 'batch: of another user');
is_error($t->req(POST => "$u->{tasks}/batch", { json => { tasks => [ { title => 'x' } ] } }), 401, undef, 'batch: without a token');

# How large it may be.
sub large { my ($path, $size) = @_; my $json = '{"tasks":[{"title":"large"}],"x":"'; return $t->as($u, POST => $path, undef,
    headers => [ 'Content-Type' => 'application/json' ], body => $json . 'y' x ($size - length($json) - 2) . '"}') }
is_ok(large("$u->{tasks}/batch", 1024 * 1024), 201, 'batch: 1 MiB');
is_error(large("$u->{tasks}/batch", 1024 * 1024 + 1), 413, undef, 'batch: and not more');
is_error(large($u->{tasks}, 64 * 1024 + 1), 413, undef, 'batch: other bodies stay at 64 KiB');
for my $size (65537, 1024 * 1024 + 1) {
	my $body = ' ' x $size;
	like($t->cgi(POST => $u->{tasks}, token => $u->{token}, body => $body)->{content}, qr/too large/, "batch: by CGI, too: $size");
}
my @most = map { { title => "\x{1f34e}" x 200, description => "\x01\x{1f34e}" x 20, tags => [ map { "\x{1f34e}$_" } 1..32 ] } } 1..500;
is_ok(post('tasks/batch', { tasks => \@most }), 201, 'batch: much of all');

# Once.
my @r = map { post('tasks/batch', { tasks => [ { title => 'once1' }, { title => 'once2' } ] }, key('b')) } 1..3;
is(join(' ', map { "$_->{status} $_->{content}" } @r), join(' ', ("201 $r[0]{content}") x 3), 'batch: with one key, thrice the same answer');
is(scalar(grep { $_->{title} eq 'once1' } @{all()}), 1, 'batch: and made once');
$t->as($u, DELETE => "$u->{tasks}/$r[0]{json}{ids}[0]");
is(post('tasks/batch', { tasks => [ { title => 'once1' }, { title => 'once2' } ] }, key('b'))->{content}, $r[0]{content},
    'batch: also when one of them is gone');
is_error(post('tasks/batch', { tasks => [ { title => 'once3' } ] }, key('b')), 422, 'header.idempotency-key', 'batch: the key with other tasks');

# --- update -----------------------------------------------------------------------------------
my @id = @bulk[0..9];
sub set { my ($ids, $set, %o) = @_; return post('tasks/update', { ids => $ids, set => $set }, %o) }
my $before = get($id[0]);
is($wire->count(sub { $r = set([ @id[0..2] ], { priority => 'Low', title => 'new' }) }), 1, 'update: one flight');
is_ok($r, 200, 'update: three');
is($r->{content}, '{"count":3}', 'update: says how many');
my $after = get($id[0]);
is_deeply({ %$after, updated_at => 0 }, { %$before, updated_at => 0, priority => 'Low', title => 'new' }, 'update: sets what it says, and nothing else');
isnt($after->{updated_at}, $before->{updated_at}, 'update: with a new version');
is(get($id[3])->{priority}, 'Medium', 'update: others stay');
my %all = (title => 'all', description => 'd', due_date => '2026-03-01', priority => 'High', tags => [ 'x' ], recursion_pattern => 'daily',
    completed => T, time_zone => 'Asia/Tokyo');
set([ $id[1] ], \%all);
is_deeply({ map { $_ => get($id[1])->{$_} } keys %all }, \%all, 'update: every field');
like(get($id[1])->{completed_at}, qr/^2/, 'update: completed at');
set([ $id[1] ], { map { $_ => undef } qw(description due_date recursion_pattern tags time_zone) });
is_deeply({ map { $_ => get($id[1])->{$_} } qw(description due_date recursion_pattern tags time_zone) },
    { (map { $_ => undef } qw(description due_date recursion_pattern time_zone)), tags => [] }, 'update: null clears');
is(set([ @id[4, 5], $theirs, 987654321 ], { title => 'mine' })->{json}{count}, 2, 'update: those of others are passed over');
is($t->psql("SELECT title FROM tasks WHERE id = $theirs"), 'theirs', 'update: and stay as they are');
is(set([ $theirs ], { title => 'mine' })->{json}{count}, 0, 'update: none');
$etag = $t->as($u, GET => $u->{tasks})->{headers}{etag};
is(set([ @id[0..2], $theirs ], $_)->{content}, '{"count":3}', 'update: nothing to set') for {}, { unknown => 1 };
is($t->as($u, GET => $u->{tasks})->{headers}{etag}, $etag, 'update: changes nothing');

sub tags { return join '|', @{get($id[6])->{tags}} }
sub retag { my %set = @_; return set([ $id[6] ], \%set) }
retag(tags => [ 'a', 'b' ]);
retag(add_tags => [ 'c', 'a' ]);
is(tags(), 'a|b|c', 'update: add_tags adds tags that are not there');
retag(remove_tags => 'b, nothing');
is(tags(), 'a|c', 'update: remove_tags takes away');
retag(add_tags => [ 'd', 'c' ], remove_tags => [ 'c', 'a' ]);
is(tags(), 'd|c', 'update: tags are removed before others are added');
retag(tags => [ 'x', 'y' ], add_tags => 'z', remove_tags => [ 'x' ]);
is(tags(), 'y|z', 'update: all three');
retag(add_tags => undef, remove_tags => []);
is(tags(), 'y|z', 'update: none of them');
retag(tags => [ map { "t$_" } 1..31 ]);
is_ok(retag(add_tags => [ 'one' ]), 200, 'update: 32 tags');
is_error(set([ @id[7, 6] ], { add_tags => [ 'two' ] }), 422, 'body.set.add_tags', 'update: 33 are too many');
is_deeply(get($id[7])->{tags}, [ 'bulk' ], 'update: and then none is changed');
is_ok(retag(add_tags => [ 'two' ], remove_tags => [ 'one' ]), 200, 'update: one for another');

for my $case ([ { ids => [ 1 ] }, 'body.set' ], [ { set => {} }, 'body.ids' ], [ {}, 'body.ids body.set' ], [ { ids => [ 1 ], set => [] }, 'body.set' ],
    [ { ids => [ 1 ], set => undef }, 'body.set' ], [ { ids => [], set => { title => '' } }, 'body.ids body.set.title' ],
    [ { ids => [ 1 ], set => { title => undef, priority => 'x', completed => undef, add_tags => [ '' ], remove_tags => 5, time_zone => 'x' } },
	'body.set.add_tags body.set.completed body.set.priority body.set.remove_tags body.set.time_zone body.set.title' ]) {
	is_error(post('tasks/update', $case->[0]), 422, $case->[1], "update: refused: $case->[1]");
}
@r = map { set([ $id[8] ], { title => 'key' }, key('u')) } 1..2;
is(join(' ', map { $_->{content} } @r), '{"count":1} {"count":1}', 'update: with one key');
is_error(set([ $id[8] ], { title => 'other' }, key('u')), 422, 'header.idempotency-key', 'update: and another body');

# --- rename -------------------------------------------------------------------------------------
my $v = $t->user;
my %tagged = map { $_->[0] => $t->task($v, title => $_->[0], tags => $_->[1]) } [ one => [ 'a' ] ], [ both => [ 'x', 'b', 'y', 'a' ] ],
    [ other => [ 'b', 'A' ] ], [ none => [] ];
sub rename_tag { my ($from, $to, %o) = @_; return $t->as($v, POST => "/api/$v->{id}/tags/rename", { from => $from, to => $to }, %o) }
sub of { return join '|', @{$t->as($v, GET => "$v->{tasks}/$tagged{$_[0]}{id}")->{json}{tags}} }
is($wire->count(sub { $r = rename_tag('a', 'b') }), 1, 'rename: one flight');
is("$r->{status} $r->{content}", '200 {"count":2}', 'rename: how many had it');
is(of('one'), 'b', 'rename: it has the new name');
is(of('both'), 'x|b|y', 'rename: once, at its first place');
is(of('other'), 'b|A', 'rename: as it is written');
is(rename_tag('a', 'b')->{json}{count}, 0, 'rename: none has it now');
my $version = $t->as($v, GET => "$v->{tasks}/$tagged{one}{id}")->{headers}{etag};
is(rename_tag('b', ' b ')->{json}{count}, 0, 'rename: to itself');
is($t->as($v, GET => "$v->{tasks}/$tagged{one}{id}")->{headers}{etag}, $version, 'rename: changes nothing');
is(rename_tag('b', undef)->{json}{count}, 3, 'rename: to null');
is(join(' ', map { of($_) } qw(one both other none)), ' x|y A ', 'rename: drops it');
is($t->psql("SELECT tags FROM tasks WHERE id = $theirs"), '{a,b}', 'rename: those of others stay');
is_error($t->as($v, POST => "/api/$v->{id}/tags/rename", $_->[0]), 422, $_->[1], "rename: refused: $_->[1]")
    for [ {}, 'body.from body.to' ], [ { from => 'a' }, 'body.to' ], [ { from => undef, to => 'b' }, 'body.from' ],
    [ { from => '', to => '' }, 'body.from body.to' ], [ { from => 'x' x 51, to => "a\nb" }, 'body.from body.to' ], [ { from => 1, to => [] }, 'body.from body.to' ];
is_error($t->as($u, POST => "/api/$v->{id}/tags/rename", { from => 'a', to => 'b' }), 403, undef, 'rename: of another user');
@r = map { rename_tag('y', 'z', key('r')) } 1..2;
is(join(' ', map { $_->{content} } @r), '{"count":1} {"count":1}', 'rename: with one key');

done_testing();
