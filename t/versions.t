# SPDX-License-Identifier: ISC
# Versions of an account's tasks become visible in their order: who polls misses none.
use Todo;
use Time::HiRes qw(time sleep);

# What happens between connections: a worker has one request at a time.
# They wait for as long as a busy machine takes to have all of them wait.
my $t = Todo->new(workers => 6, env => { REQUESTS => 1, DATABASE_TIMEOUT => 12 });
my ($u, $other) = map { $t->user } 1..2;
my $serial = 0;

# Starts a child; what it returns waits for it, and gives what it said.
sub child {
	my $do = shift;
	my $file = "$t->{dir}/child." . ++$serial;
	my $pid = fork;
	if (!$pid) {
		Todo::spew($file, $do->());
		POSIX::_exit(0);
	}
	return sub { waitpid $pid, 0; return Todo::slurp($file) };
}

# A client that polls: it takes the list if that is another one, and of it what is newer
# than all it has seen.
sub poller { return { who => $_[0], last => '', seen => {} } }
sub poll {
	my $p = shift;
	my $r = $t->as($p->{who}, GET => $p->{who}{tasks}, undef,
	    headers => $p->{etag} ? [ 'If-None-Match' => $p->{etag} ] : []);
	return 0 if $r->{status} == 304;
	$p->{etag} = $r->{headers}{etag};
	my $last = $p->{last};
	for my $task (@{$r->{json}}) {
		my $at = $task->{updated_at} =~ s/Z\z//r;	# which a whole second has where others have a dot
		next if $at le $last;
		$p->{seen}{"$task->{id} $task->{updated_at}"} = 1;
		$p->{last} = $at if $at gt $p->{last};
	}
	return 1;
}
sub now { return map { $_->[0] =~ s/\.0+Z/Z/r } $t->psql("SELECT id || ' ' || to_char(updated_at AT TIME ZONE 'UTC',
    'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM tasks WHERE user_id = $_[0]{id}") }

# --- a write of 200 tasks, and a quick one beside it --------------------------------
$t->psql("INSERT INTO tasks (user_id, title) SELECT $u->{id}, 't' FROM generate_series(1, 201)");
my @id = map { $_->[0] + 0 } $t->psql("SELECT id FROM tasks WHERE user_id = $u->{id} ORDER BY id");
my $theirs = $t->task($other, title => 'theirs')->{id};
my $poller = poller($u);
poll($poller);
$poller->{seen} = {};
my $release = $t->hold("SELECT FROM tasks WHERE id = $id[150] FOR UPDATE");
my $many = $t->later($u, POST => "$u->{tasks}/complete", { ids => [ @id[0..199] ] });
$t->waiting(1);
my $quick = $t->later($u, PATCH => "$u->{tasks}/$id[200]/complete");
$t->waiting(2);
poll($poller);
is_ok($t->as($other, PATCH => "$other->{tasks}/$theirs/complete"), 200,
    'versions: another account\'s write');
$t->waiting(2);	# those two still
is_ok($t->as($u, GET => $u->{tasks}), 200, 'versions: no read waits');
$release->();
is($many->(), '200 {"count":200}', 'versions: 200 tasks at once');
like($quick->(), qr/^200 .*"completed":true/, 'versions: one beside them');
poll($poller);
is(scalar keys %{$poller->{seen}}, 201, 'versions: who polls sees all 201');
is(poll($poller), 0, 'versions: and then no more');

# --- the same with no lock held, many times --------------------------------------------
my $writers = 4;
my @writer = map {
	my $k = $_;
	child(sub {
		my @made;
		srand $k;
		for my $i (1..12) {
			my $r = $k == 0 ? $t->as($u, POST => "$u->{tasks}/complete",
			    { ids => [ @id ], completed => $i % 2 ? T : F }) :
			    $t->as($u, POST => $u->{tasks}, { title => "w$k.$i" });
			push @made, $r->{status} < 300 ? '' : $r->{status};
		}
		return join '', @made;
	}) } 0..$writers;
my $polls = 0;
$poller->{seen} = {};
my $until = time + 3;
$polls += poll($poller) while time < $until;
is(join('', map { $_->() } @writer), '', 'versions: writers beside each other all succeed');
poll($poller);
my @missed = grep { !$poller->{seen}{$_} } now($u);
is("@missed[0 .. ($#missed < 2 ? $#missed : 2)]", '', "versions: of "
    . ($writers * 12 + 12) . ' writes, none is missed by ' . "$polls polls");

# --- in opposite orders -----------------------------------------------------------------
$t->psql("UPDATE tasks SET due_date = '2026-02-01Z', due_day = '2026-02-01', completed = false,
    recursion_pattern = 'daily' WHERE user_id = $u->{id}");
my @crossing = map {
	my $k = $_;
	child(sub {
		my %status;
		my @mine = $k % 2 ? @id[0..99] : reverse @id[0..99];
		for my $i (1..10) {
			my $one = $mine[$i * 3];
			my $r = $k < 2 ? $t->as($u, POST => "$u->{tasks}/complete", { ids => \@mine }) :
			    $k < 4 ? $t->as($u, PATCH => "$u->{tasks}/$one/complete", { completed => T,
			    next => T, due_date => '2026-02-01', recursion_pattern => 'daily' }) :
			    $k < 5 ? $t->as($u, POST => "$u->{tasks}/delete", { ids => [ reverse @id[95..99, $i] ] }) :
			    $t->as($u, PUT => "$u->{tasks}/$one", { title => "k$k.$i" });
			$status{$r->{status}}++;
		}
		# What was deleted while this waited for it is another version, too.
		return join ' ', grep { !/^(?:200|404|412)\z/ } keys %status;
	}) } 0..5;
is(join('', map { $_->() } @crossing), '', 'versions: in opposite orders nobody waits in a circle');
is($t->psql('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'), 0,
    'versions: the database saw no deadlock');

# --- what waited looks again ---------------------------------------------------------------
my $mine = $t->task($u, title => 'flip');
my $path = "$u->{tasks}/$mine->{id}";
my $etag = $t->as($u, GET => $path)->{headers}{etag};
$release = $t->hold("SELECT FROM users WHERE id = $u->{id} FOR NO KEY UPDATE");
my @flip = map { $t->later($u, PATCH => "$path/complete") } 1..3;
$t->waiting(3);
$release->();
is(join(' ', sort map { $_->() =~ /"completed":(\w+)/ } @flip), 'false true true',
    'versions: flips that waited flip what is there then');
$release = $t->hold("SELECT FROM users WHERE id = $u->{id} FOR NO KEY UPDATE");
my @match = map { $t->later($u, PUT => $path, { title => "m$_" },
    headers => [ 'If-Match' => $t->as($u, GET => $path)->{headers}{etag} ]) } 1..3;
$t->waiting(3);
$release->();
is(join(' ', sort map { /^(\d+)/ } map { $_->() } @match), '200 412 412',
    'versions: of those that want one version, one gets it');
$release = $t->hold("SELECT FROM users WHERE id = $u->{id} FOR NO KEY UPDATE");
my @gone = map { $t->later($u, DELETE => $path) } 1..2;
$t->waiting(2);
$release->();
is(join(' ', sort map { /^(\d+)/ } map { $_->() } @gone), '200 404', 'versions: it is deleted once');
my @key = (headers => [ 'Idempotency-Key' => 'waited' ]);
$release = $t->hold("SELECT FROM users WHERE id = $u->{id} FOR NO KEY UPDATE");
my @once = map { $t->later($u, POST => $u->{tasks}, { title => 'waited' }, @key) } 1..3;
$t->waiting(3);
$release->();
is(scalar(grep { /^201 / } map { $_->() } @once), 3, 'versions: one key, three that waited');
is($t->psql("SELECT count(*) FROM tasks WHERE title = 'waited'"), 1, 'versions: make one task');

# A write that waits while its session ends is not made.
my $list = $t->as($u, GET => $u->{tasks})->{content};
is_error($t->as($u, DELETE => "$u->{tasks}/987654321"), 404, undef, 'versions: nothing there');
is_error($t->as($u, PUT => "$u->{tasks}/$id[0]", { title => 'x' },
    headers => [ 'If-Match' => $etag ]), 412, undef, 'versions: another version');
is($t->as($u, GET => $u->{tasks})->{content}, $list, 'versions: a request that is refused writes nothing');
$release = $t->hold("UPDATE users SET sessions_from = now() + interval '1 minute' WHERE id = $u->{id}");
my @ended = ($t->later($u, POST => $u->{tasks}, { title => 'ended' }),
    $t->later($u, POST => "$u->{tasks}/delete", { ids => \@id }));
$t->waiting(2);
my $count = $t->psql("SELECT count(*) FROM tasks WHERE user_id = $u->{id}");
$release->();
is(join(' ', map { /^(\d+)/ } map { $_->() } @ended), '401 401',
    'versions: writes whose session ended while they waited');
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $u->{id}"), $count, 'versions: are not made');

# Nor is one of an account that ended.
$release = $t->hold("DELETE FROM users WHERE id = $other->{id}");
my $late = $t->later($other, POST => $other->{tasks}, { title => 'late' });
my $out = $t->later($other, POST => '/api/auth/logout');
$t->waiting(2);
$release->();
like($late->(), qr/^401 /, 'versions: a write whose account ended while it waited');
like($out->(), qr/^200 /, 'versions: and a logout');

done_testing();
