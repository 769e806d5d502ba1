# SPDX-License-Identifier: ISC
# Many tasks at once: complete and delete.
use Todo;

my $t = Todo->new(workers => 4, wire => 1);
my $wire = $t->{wire};
my $u = $t->user;
my $other = $t->user;
my @id = map { $t->task($u, title => "t$_")->{id} } 1..12;
my $theirs = $t->task($other)->{id};
sub many { my ($verb, $json, %o) = @_; return $t->as($u, POST => "$u->{tasks}/$verb", $json, %o) }
sub key { return (headers => [ 'Idempotency-Key' => $_[0] ]) }
sub done { return join ' ', map { $_->[0] } $t->psql("SELECT id FROM tasks WHERE user_id = $u->{id} AND completed ORDER BY id") }
sub there { return join ' ', map { $_->[0] } $t->psql("SELECT id FROM tasks WHERE user_id = $u->{id} ORDER BY id") }

# --- complete ---------------------------------------------------------------------
my $etag = $t->as($u, GET => $u->{tasks})->{headers}{etag};
my $version = $t->as($u, GET => "$u->{tasks}/$id[0]")->{headers}{etag};
my $r = many(complete => { ids => [ @id[0..2] ] });
is_ok($r, 200, 'many: complete');
is($r->{content}, '{"count":3}', 'many: says how many');
is(done(), "@id[0..2]", 'many: and those are');
isnt($t->as($u, GET => "$u->{tasks}/$id[0]")->{headers}{etag}, $version, 'many: each has a new version');
isnt($t->as($u, GET => $u->{tasks})->{headers}{etag}, $etag, 'many: and so has the list');
is(many(complete => { ids => [ @id[1..3] ], completed => T })->{json}{count}, 3,
    'many: those that are completed already count');
is(many(complete => { ids => [ @id[0, 1] ], completed => F })->{json}{count}, 2, 'many: not completed');
is(done(), "@id[2, 3]", 'many: set, never flipped');
is(many(complete => { ids => [ $id[4], $id[4], $id[4] ] })->{json}{count}, 1, 'many: an id that is given thrice is one');
is(many(complete => { ids => [ $theirs, 987654321, 9007199254740991, $id[5] ] })->{json}{count}, 1,
    'many: others\' tasks are passed over');
is($t->psql("SELECT completed FROM tasks WHERE id = $theirs"), 'f', 'many: and stay as they are');
is(many(complete => { ids => [ $theirs ] })->{json}{count}, 0, 'many: nothing but others\'');
my $before = there();
my $done = done();

# --- refused ----------------------------------------------------------------------
for my $verb (qw(complete delete)) {
	for my $case ([ {} ], [ { ids => [] } ], [ { ids => undef } ], [ { ids => '1' } ], [ { ids => 1 } ],
	    [ { ids => {} } ], [ { ids => [ "$id[0]" ] } ], [ { ids => [ 0 ] } ], [ { ids => [ -1 ] } ],
	    [ { ids => [ 1.5 ] } ], [ { ids => [ undef ] } ], [ { ids => [ T ] } ], [ { ids => [ [ 1 ] ] } ],
	    [ { ids => [ 1..1001 ] } ]) {
		is_error(many($verb => $case->[0]), 422, 'body.ids', "many: $verb "
		    . substr $Client::JSON->encode($case->[0]), 0, 40);
	}
	for my $text ('[9007199254740992]', '[1e400]', '[9223372036854775807]', '[-0]', '[1e-5]',
	    '[9007199254740991.4]', '[1.00000000000000001]', '[4503599627370497.1]', '[99999999999999999999]') {
		is_error($t->as($u, POST => "$u->{tasks}/$verb", undef, body => "{\"ids\":$text}",
		    headers => [ 'Content-Type' => 'application/json' ]), 422, 'body.ids', "many: $verb $text");
	}
	is_error($t->as($u, POST => "$u->{tasks}/$verb", undef, body => "{\"ids\":[$id[0]],\"ids\":[$id[1]]}",
	    headers => [ 'Content-Type' => 'application/json' ]), 422, 'body.ids', "many: $verb, ids twice");
	is_error($t->as($other, POST => "$u->{tasks}/$verb", { ids => [ $id[0] ] }), 403, undef,
	    "many: $verb, another user's path");
	is_error($t->as($u, PUT => "$u->{tasks}/$verb", { title => 'x' }), 422, 'path.task_id', "many: no PUT of $verb");
}
is_error(many(complete => { ids => [ 1 ], completed => 'yes' }), 422, 'body.completed', 'many: completed is a boolean');
is_error(many(complete => { ids => 1, completed => undef }), 422, 'body.completed body.ids', 'many: all in one answer');
is(there(), $before, 'many: a refused request changes nothing');
is($t->as($u, POST => "$u->{tasks}/complete", undef, headers => [ 'Content-Type' => 'application/json' ],
    body => "{\"a\\\\\":[1.5,{\"-2\":-3e1}],\"\\u0069ds\" : [ $id[6] , $id[7].0,$id[8]e0],\"b\":8}")->{content},
    '{"count":3}', 'many: ids among other numbers, written in other ways');
is(done(), join(' ', sort { $a <=> $b } split(' ', $done), @id[6..8]), 'many: are those tasks');
is(many(complete => { ids => [ @id[6..8] ], completed => F })->{json}{count}, 3, 'many: open again');
is(many(complete => { ids => [ 1..1000 ] })->{status}, 200, 'many: a thousand ids');
is_ok(many(complete => { ids => [ map { 9007199254740991 - $_ } 0..999 ] }), 200, 'many: of the longest');

# --- delete, and once -----------------------------------------------------------------
is(many(delete => { ids => [ @id[0, 1], $theirs ] })->{json}{count}, 2, 'many: delete');
is(there(), "@id[2..11]", 'many: and they are gone');
is($t->psql("SELECT count(*) FROM tasks WHERE id = $theirs"), 1, 'many: others\' are not');
is(many(delete => { ids => [ @id[0, 1] ] })->{json}{count}, 0, 'many: deleted once');
my @r = map { many(delete => { ids => [ @id[2, 3] ] }, key('d')) } 1..3;
is(join(' ', map { "$_->{status} $_->{content}" } @r), join(' ', ('200 {"count":2}') x 3),
    'many: with one key, three times, it is the same answer');
is_error(many(delete => { ids => [ $id[4] ] }, key('d')), 422, 'header.idempotency-key', 'many: the key with another body');
is_error(many(complete => { ids => [ @id[2, 3] ] }, key('d')), 422, 'header.idempotency-key', 'many: or for another thing');
is(there(), "@id[4..11]", 'many: nothing else went');
@r = map { many(complete => { ids => [ @id[4, 5] ], completed => F }, key('c')) } 1..2;
is(join(' ', map { $_->{content} } @r), '{"count":2} {"count":2}', 'many: complete with one key');

# The answer is lost; the worker finds out by itself.
many(complete => { ids => [ $id[11] ] }) for 1..16;
$wire->ask('mute');
pipe my $out, my $in;
my $pid = fork;
if (!$pid) {
	my $r = many(delete => { ids => [ @id[4..6] ] });
	print $in "$r->{status} $r->{content}";
	close $in;
	POSIX::_exit(0);
}
close $in;
Todo::wait_for(sub { there() eq "@id[7..11]" }, 'the delete in the database', 8);
$wire->ask('pass');
$wire->ask('cut');
is(join('', <$out>), '200 {"count":3}', 'many: an answer that is lost is answered');
waitpid $pid, 0;

# Two who write the same tasks in opposite orders do not wait for each other.
$t->psql("INSERT INTO tasks (user_id, title) SELECT $u->{id}, 'd' FROM generate_series(1, 300)");
my @many = map { $_->[0] + 0 } $t->psql("SELECT id FROM tasks WHERE user_id = $u->{id} AND title = 'd' ORDER BY id");
my @kids = map {
	my $k = $_;
	my $pid = fork;
	if (!$pid) {
		my @mine = $k % 2 ? @many : reverse @many;
		my $good = grep { many(complete => { ids => \@mine, completed => $_ % 2 ? T : F })->{content} eq '{"count":300}' } 1..15;
		POSIX::_exit($good == 15 ? 0 : 1);
	}
	$pid } 1..4;
my $bad = grep { waitpid $_, 0; $? } @kids;
is($bad, 0, 'many: in opposite orders at the same time');

# --- who may ------------------------------------------------------------------------------
is_error($t->req(POST => "$u->{tasks}/delete", { json => { ids => [ 1 ] } }), 401, undef, 'many: no token');
$t->as($u, POST => '/api/auth/logout');
is_error(many(delete => { ids => [ $id[7] ] }), 401, undef, 'many: logged out');
is($t->psql("SELECT count(*) FROM tasks WHERE id = $id[7]"), 1, 'many: then nothing goes');
is($t->psql("SELECT count(*) FROM writes WHERE kept"), 2, 'many: and no write is noted');

done_testing();
