# SPDX-License-Identifier: ISC
# Writes are made once: repeated by the client with an Idempotency-Key, or by the
# worker when the answer was lost.
# ways: direct pooled
use Todo;
use Dav;
use Digest::SHA qw(sha256);
use Time::HiRes qw(time sleep);

my $t = Todo->new(workers => 4, wire => 1);
my $wire = $t->{wire};
my $u = $t->user;
my $other = $t->user;
my $n = 0;
sub key { return [ 'Idempotency-Key' => $_[0] ] }
sub count { return $t->psql("SELECT count(*) FROM tasks WHERE title = '$_[0]'") }

# --- the client repeats --------------------------------------------------------
my @r = map { $t->as($u, POST => $u->{tasks}, { title => 'once' }, headers => key('k1')) } 1..3;
is(join(' ', map { $_->{status} } @r), '201 201 201', 'once: POST with one key, three times');
is($r[$_]{json}{id}, $r[0]{json}{id}, 'once: is one task') for 1, 2;
is($r[1]{headers}{location}, $r[0]{headers}{location}, 'once: with the same Location');
is($r[1]{headers}{etag}, $r[0]{headers}{etag}, 'once: and ETag');
is(count('once'), 1, 'once: in the database too');
is_error($t->as($u, POST => $u->{tasks}, { title => 'another' }, headers => key('k1')), 422,
    'header.idempotency-key', 'once: the key with another body is 422');
is(count('another'), 0, 'once: and nothing is written');
is_error($t->as($u, PUT => "$u->{tasks}/$r[0]{json}{id}", { title => 'once' },
    headers => key('k1')), 422, 'header.idempotency-key', 'once: so it is with another method');
my $r = $t->as($other, POST => $other->{tasks}, { title => 'once' }, headers => key('k1'));
is_ok($r, 201, 'once: it is another user\'s own key');
isnt($r->{json}{id}, $r[0]{json}{id}, 'once: and another task');
my $one = "$u->{tasks}/$r[0]{json}{id}";
@r = map { $t->as($u, PATCH => "$one/complete", undef, headers => key('flip')) } 1..2;
is(join(' ', map { $_->{json}{completed} } @r), '1 1', 'once: a flip with one key flips once');
$t->as($u, PATCH => "$one/complete", undef, headers => key('flip back'));
$r = $t->as($u, PATCH => "$one/complete", undef, headers => key('flip'));
is($r->{json}{completed}, F, 'once: a repetition answers with the task as it is now');
my $etag = $r->{headers}{etag};
@r = map { $t->as($u, PUT => $one, { title => 'new' }, headers =>
    [ 'If-Match' => $etag, @{key('put')} ]) } 1..2;
is(join(' ', map { $_->{status} } @r), '200 200', 'once: PUT with If-Match, repeated');
is_error($t->as($u, PUT => $one, { title => 'newer' }, headers => [ 'If-Match' => $etag,
    @{key('put2')} ]), 412, undef, 'once: another one is too late');
is_error($t->as($u, PUT => $one, { title => '' }, headers => key('bad')), 422, 'body.title',
    'once: a write that is refused');
is_ok($t->as($u, PUT => $one, { title => 'good' }, headers => key('bad')), 200,
    'once: has not used up its key');
@r = map { $t->as($u, DELETE => $one, undef, headers => key('del')) } 1..2;
is(join(' ', map { $_->{status} } @r), '200 200', 'once: DELETE, repeated');
is_error($t->as($u, DELETE => $one, undef, headers => key('del2')), 404, undef,
    'once: another one finds nothing');
my %who = (username => 'once_r', email => 'once_r@example.org', password => 'long enough');
@r = map { $t->req(POST => '/api/auth/register', { json => { %who }, headers => key('reg') }) } 1..2;
is(join(' ', map { $_->{status} } @r), '201 201', 'once: register, repeated');
is($r[1]{json}{id}, $r[0]{json}{id}, 'once: is one account') or diag($r[1]{content});
$t->note_secrets($_->{json}) for @r;
is_error($t->req(POST => '/api/auth/register', { json => \%who }), 409, undef,
    'once: without the key it is taken');
is_ok($t->req(POST => '/auth/register', { json => \%who, headers => key('reg') }), 201,
    'once: register under its other name is the same request');
is_ok($t->req(POST => '/api/auth/register', { json => { %who, username => 'once_s',
    email => 'once_s@example.org' }, headers => key('reg') }), 201,
    'once: the key of somebody else who has no account yet');
is_error($t->as($u, POST => $u->{tasks}, { title => 'x' }, headers =>
    [ @{key($_->[0])}, @{key($_->[1])} ]), 422, 'header.idempotency-key',
    'once: two keys, even of nothing') for [ 'a', 'a' ], [ 'a', 'b' ], [ 'a', '' ];
# As a web server may join two.
is_error($t->as($u, POST => $u->{tasks}, { title => 'x' }, headers => key($_)), 422,
    'header.idempotency-key', 'once: one with a comma') for 'a, a', 'a,', '"a,b"';
is_ok($t->as($u, POST => $u->{tasks}, { title => 'x' }, headers => key('')), 201,
    'once: an empty one is none');
is_error($t->as($u, POST => $u->{tasks}, { title => 'x' }, headers => key('k' x 256)), 422,
    'header.idempotency-key', 'once: a key that is too long');
is_ok($t->as($u, POST => $u->{tasks}, { title => 'long' }, headers => key('k' x 255)), 201,
    'once: one that is not');

is($t->psql('SELECT count(*) FROM writes WHERE NOT kept') <= 5, 1,
    'once: without a key a worker needs one row');

# at the same time
my @kids = map {
	my $k = $_;
	my $pid = fork;
	if (!$pid) {
		my $r = $t->as($u, POST => $u->{tasks}, { title => 'race' }, headers => key('race'));
		Todo::spew("$t->{dir}/race.$k", "$r->{status} " . ($r->{json}{id} // ''));
		POSIX::_exit(0);
	}
	$pid } 1..4;
waitpid $_, 0 for @kids;
my %seen = map { Todo::slurp("$t->{dir}/race.$_") => 1 } 1..4;
is(join(' | ', keys %seen) =~ /^201 \d+\z/ ? 'one' : join(' | ', keys %seen), 'one',
    'once: four at the same time are one task');
is(count('race'), 1, 'once: in the database too');

# --- the answer is lost --------------------------------------------------------
# Nothing of the server's is passed on until the write is there; then the
# connection is cut, and the worker has to find out.
sub lose {
	my ($name, $there, @request) = @_;
	# Every worker is connected, and has its row.
	$t->task($u, title => 'warm') for 1..16;
	$t->user;
	$wire->ask('mute');
	pipe my $out, my $in;
	my $pid = fork;
	if (!$pid) {
		my $r = $request[1] =~ m{^/dav/} ? dav($t, $u, @request) : $t->as($u, @request);
		Todo::spew("$t->{dir}/lost.tag", $r->{headers}{etag} // '');
		print $in "$r->{status} $r->{content}";
		close $in;
		POSIX::_exit(0);
	}
	close $in;
	Todo::wait_for($there, "$name in the database", 8);
	$wire->ask('pass');
	$wire->ask('cut');
	my $text = join '', <$out>;
	waitpid $pid, 0;
	return $text;
}
sub lost_tag { return Todo::slurp("$t->{dir}/lost.tag") }
my $text = lose('create', sub { count('lost') }, POST => $u->{tasks}, { title => 'lost' });
like($text, qr/^201 .*"title":"lost"/, 'once: a create whose answer is lost is answered');
is(count('lost'), 1, 'once: and made once');
my ($id) = $text =~ /"id":(\d+)/;
is($t->psql("SELECT title FROM tasks WHERE id = $id"), 'lost', 'once: it is that task');
$text = lose('flip', sub { $t->psql("SELECT completed FROM tasks WHERE id = $id") eq 't' },
    PATCH => "$u->{tasks}/$id/complete");
like($text, qr/^200 .*"completed":true/, 'once: a flip whose answer is lost');
is($t->psql("SELECT completed FROM tasks WHERE id = $id"), 't', 'once: flipped once');
$text = lose('update', sub { count('lost 2') }, PUT => "$u->{tasks}/$id", { title => 'lost 2' });
like($text, qr/^200 .*"title":"lost 2"/, 'once: an update whose answer is lost');
$text = lose('delete', sub { !count('lost 2') }, DELETE => "$u->{tasks}/$id");
like($text, qr/^200 /, 'once: a delete whose answer is lost is no 404');
%who = (username => 'lost_r', email => 'lost_r@example.org', password => 'long enough');
$text = lose('register', sub { $t->psql("SELECT count(*) FROM users WHERE username = 'lost_r'") },
    POST => '/api/auth/register', \%who);
like($text, qr/^201 .*"username":"lost_r"/, 'once: an account whose answer is lost is no 409');
$t->secret($1) if $text =~ /"access_token":"([^"]+)/;

app($t, $u);
my $put = sub { my ($title) = @_; my $list = "/dav/$u->{id}/tasks"; return ("$list/lost.ics", join '', map { "$_\r\n" } 'BEGIN:VCALENDAR',
    'BEGIN:VTODO', 'UID:lost@x', "SUMMARY:$title", 'END:VTODO', 'END:VCALENDAR') };
my @type = (headers => [ 'Content-Type' => 'text/calendar', 'If-None-Match' => '*' ]);
$text = lose('CalDAV, new', sub { count('lost dav') }, PUT => $put->('lost dav'), @type);
is($text, '201 ', 'once: a PUT of CalDAV whose answer is lost, and that would be 412');
is(count('lost dav'), 1, 'once: is made once');
my $dav_tag = lost_tag();
is($dav_tag, dav($t, $u, GET => "/dav/$u->{id}/tasks/lost.ics")->{headers}{etag}, 'once: and its version is told');
@type = (headers => [ 'Content-Type' => 'text/calendar', 'If-Match' => $dav_tag ]);
$text = lose('CalDAV, changed', sub { count('lost dav 2') }, PUT => $put->('lost dav 2'), @type);
is($text, '204 ', 'once: a change of CalDAV whose answer is lost');
$dav_tag = lost_tag();
is($dav_tag, dav($t, $u, GET => "/dav/$u->{id}/tasks/lost.ics")->{headers}{etag}, 'once: its version is told, too');
$text = lose('CalDAV, deleted', sub { !count('lost dav 2') }, DELETE => ($put->(''))[0], undef, headers => [ 'If-Match' => $dav_tag ]);
is($text, '204 ', 'once: a DELETE of CalDAV whose answer is lost is no 404');
is($t->psql("SELECT count(*) FROM deleted_tasks WHERE name = 'lost.ics'"), 1, 'once: and is noted as gone');

# --- the backend dies in the statement -----------------------------------------
for my $case ([ 'create', POST => $u->{tasks}, { title => 'killed' } ],
    [ 'list', GET => $u->{tasks} ]) {
	my ($name, @request) = @$case;
	my $release = $t->hold('LOCK TABLE tasks');
	my $answer = $t->later($u, @request);
	$t->waiting(1);
	$t->admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	    WHERE datname = '$t->{db}' AND usename = 'todo' AND wait_event_type = 'Lock'");
	$release->();
	like($answer->(), qr/^20[01] /,
	    "once: $name, its backend terminated in the statement, is answered right");
}
is(count('killed'), 1, 'once: and made once');

# what is past goes
$t->psql("UPDATE writes SET at = now() - interval '26 hours'");
is_ok($t->as($u, POST => '/api/auth/logout'), 200, 'once: the next logout');
is($t->psql('SELECT count(*) FROM writes'), 0, 'once: clears old keys');

# They are also cleared each hour, and now and then after a new worker's first write.  That
# request does not wait for it.
$t->psql(q{CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(5); RETURN OLD; END'; CREATE TRIGGER slow BEFORE DELETE ON writes
    FOR EACH ROW EXECUTE FUNCTION slow()});
my $v = $t->user;
my $key = 0;
$key++ until ord(sha256(sha256("\0" x 32 . sha256($key)) . sha256(pack 'q', $v->{id}))) < 8;
my $gone = 0;
$t->psql("INSERT INTO deleted_tasks (user_id, name, at) SELECT $v->{id}, i || '.ics', now() - i * interval '1 day'
    FROM unnest(ARRAY[89, 91]) i");
for (1..8) {
	$t->restart_workers;
	$t->psql("INSERT INTO writes (key, request, kept, row_id, at) VALUES ('past', '', true, 1,
	    now() - interval '26 hours') ON CONFLICT DO NOTHING");
	my $begin = time;
	is_ok($t->as($v, POST => $v->{tasks}, { title => 'clean' }, headers => key($key)), 201,
	    'once: a write, after which old keys are cleared');
	cmp_ok(time - $begin, '<', 4, 'once: does not wait for that');
	last if $gone = eval { Todo::wait_for(sub { !$t->psql("SELECT count(*) FROM writes
	    WHERE key = 'past'") }, 'the clearing', 10) };
	$key++ until ord(sha256(sha256("\0" x 32 . sha256(++$key)) . sha256(pack 'q', $v->{id}))) < 8;
}
ok($gone, 'once: old keys are cleared');
is($t->psql("SELECT string_agg(name, ' ') FROM deleted_tasks WHERE user_id = $v->{id}"), '89.ics', 'once: also the names of tasks that went 90 days ago');
my @slow = grep { /ms=(\d+)\./ && $1 >= 1200 && /POST route=\/api\/:user\/tasks / && /user=$v->{id} / }
    split /\n/, $t->log;
is("@slow", '', 'once: and the log does not say that the request took so long');

done_testing();
