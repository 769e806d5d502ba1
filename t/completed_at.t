# SPDX-License-Identifier: ISC
# When a task was completed: by which write, and of those that an earlier version completed.
# ways: direct (pooled)
use Todo;

my $t = Todo->new;
my $u = $t->user;
sub get { return $t->as($u, GET => "$u->{tasks}/$_[0]")->{json} }
sub put { my ($id, %json) = @_; return $t->as($u, PUT => "$u->{tasks}/$id", { %json })->{json} }
sub flip { my ($id, @json) = @_; return $t->as($u, PATCH => "$u->{tasks}/$id/complete", @json)->{json} }

# --- by which write -------------------------------------------------------------------
my $task = $t->task($u, title => 'x');
is($task->{completed_at}, undef, 'completed_at: null while it is open');
my $done = flip($task->{id});
is($done->{completed_at}, $done->{updated_at}, 'completed_at: that of the write that completes it');
my $again = flip($task->{id}, { completed => T });
is($again->{completed_at}, $done->{completed_at}, 'completed_at: to complete it again moves nothing');
my $put = put($task->{id}, title => 'y', completed => T, completed_at => '2001-01-01T00:00:00Z');
is($put->{completed_at}, $done->{completed_at}, 'completed_at: nor does a change, and clients can\'t set it');
isnt($put->{updated_at}, $done->{updated_at}, 'completed_at: though updated_at moves');
is(flip($task->{id})->{completed_at}, undef, 'completed_at: null once it is open again');
$done = put($task->{id}, completed => T);
is($done->{completed_at}, $done->{updated_at}, 'completed_at: completed by PUT');
is(put($task->{id}, completed => F)->{completed_at}, undef, 'completed_at: and opened');
$done = $t->task($u, title => 'born so', completed => T);
is($done->{completed_at}, $done->{created_at}, 'completed_at: made as completed');
my $many = sub { $t->as($u, POST => "$u->{tasks}/complete", { ids => [ $task->{id}, $done->{id} ], @_ }) };
$many->();
is(get($done->{id})->{completed_at}, $done->{completed_at}, 'completed_at: of many, it stays of those that were');
is(get($task->{id})->{completed_at}, get($task->{id})->{updated_at}, 'completed_at: and comes to the others');
$many->(completed => F);
is(get($_)->{completed_at}, undef, 'completed_at: many are opened') for $task->{id}, $done->{id};
$task = $t->task($u, title => 'again', due_date => '2026-01-01', recursion_pattern => 'daily');
$done = flip($task->{id}, { next => T, map { $_ => $task->{$_} } qw(due_date recursion_pattern) });
is($done->{completed_at}, $done->{updated_at}, 'completed_at: with a next one');
is(get($done->{next_id})->{completed_at}, undef, 'completed_at: which is open');
is_deeply([ map { $_->{completed_at} } @{$t->as($u, GET => $u->{tasks})->{json}} ],
    [ map { $_->{completed_at} } map { get($_->[0]) } $t->psql("SELECT id FROM tasks
    WHERE user_id = $u->{id} ORDER BY id") ], 'completed_at: lists have it too');

# --- of an earlier version ------------------------------------------------------------
my @old = map { $t->task($u, title => "old $_", completed => $_ % 2 ? T : F) } 1..4;
my $list = $t->as($u, GET => $u->{tasks});
my @before = grep { $_->{title} =~ /^old/ } @{$list->{json}};
$t->psql("UPDATE tasks SET completed_at = NULL WHERE title LIKE 'old%' AND user_id = $u->{id}");
is_deeply([ grep { $_->{title} =~ /^old/ } @{$t->as($u, GET => $u->{tasks})->{json}} ], \@before,
    'completed_at: of rows without one it is updated_at');
is(put($old[0]{id}, title => 'old and changed')->{completed_at}, $old[0]{updated_at},
    'completed_at: which stays when they change');
my $etag = $t->as($u, GET => $u->{tasks})->{headers}{etag};
my $unfilled = sub { $t->psql('SELECT count(*) FROM tasks WHERE completed AND completed_at IS NULL') };
is($unfilled->(), 1, 'completed_at: one is left');
$t->psql("INSERT INTO tasks (user_id, title, completed) SELECT $u->{id}, 'bulk', true FROM generate_series(1, 2500)");
$t->restart_workers;
Todo::wait_for(sub { $unfilled->() == 0 }, 'the workers to note when tasks were completed', 20);
is($t->psql("SELECT count(*) FROM tasks WHERE completed AND completed_at = updated_at AND title = 'bulk'"), 2500,
    'completed_at: a worker that starts notes all of them');
is(get($old[2]{id})->{completed_at}, $old[2]{updated_at}, 'completed_at: as they were');
is($t->as($u, GET => $u->{tasks})->{headers}{etag}, $etag, 'completed_at: nobody has to read them again');

# Workers that start while another one is at it do not leave it all to that one, which may have no
# requests for a long time.
$t->psql("INSERT INTO tasks (user_id, title, completed) SELECT $u->{id}, 'more', true FROM generate_series(1, 2500)");
my $turn = $t->hold('SELECT pg_advisory_xact_lock(7236829460124)');
$t->restart_workers;
is($unfilled->(), 2500, 'completed_at: nothing is noted while another worker has the turn');
$turn->();
Todo::wait_for(sub { $t->as($u, GET => $u->{tasks}); $unfilled->() == 0 }, 'the workers to go on with it', 30);
is($unfilled->(), 0, 'completed_at: and all of it after that');

# --- time_zone -------------------------------------------------------------------------
$task = $t->task($u, title => 'z', time_zone => 'Europe/Berlin');
is($task->{time_zone}, 'Europe/Berlin', 'time_zone: as it was given');
is(put($task->{id}, title => 'zz')->{time_zone}, 'Europe/Berlin', 'time_zone: it stays');
is(put($task->{id}, time_zone => 'Asia/Kathmandu')->{time_zone}, 'Asia/Kathmandu', 'time_zone: it changes');
is(put($task->{id}, time_zone => undef)->{time_zone}, undef, 'time_zone: and goes');
is($t->task($u, title => 'u', time_zone => $_)->{time_zone}, $_, "time_zone: $_")
    for 'UTC', 'Etc/GMT+12', 'America/Argentina/ComodRivadavia', 'Asia/Calcutta', 'America/Port-au-Prince';
for my $no ('', 'Europe/Atlantis', 'europe/berlin', '+01:00', 'CET-1CEST', '../zoneinfo/UTC', 'localtime',
    'posix/UTC', "Europe/Berlin\n", 5, T, [], 'x' x 5000) {
	is_error($t->as($u, POST => $u->{tasks}, { title => 'n', time_zone => $no }), 422, 'body.time_zone',
	    'time_zone: refused: ' . substr $Client::JSON->encode([ $no ]), 0, 30);
}
is_error($t->as($u, PUT => "$u->{tasks}/$task->{id}", { time_zone => 'Mars', title => '' }), 422,
    'body.time_zone body.title', 'time_zone: one of several fields that are wrong');
ok(!eval { $t->psql("UPDATE tasks SET time_zone = 'Mars' WHERE id = $task->{id}"); 1 },
    'time_zone: the table takes none that the database does not know');

# One that this host knows and the database does not.
SKIP: {
	my $dir = "$t->{dir}/zoneinfo";
	skip 'no zoneinfo', 5 if !-f '/usr/share/zoneinfo/Europe/Berlin';
	mkdir $dir;
	Todo::spew("$dir/Atlantis", Todo::slurp('/usr/share/zoneinfo/Europe/Berlin'));
	chmod 0755, $dir;
	chmod 0644, "$dir/Atlantis";
	$t->{env}{TZDIR} = $dir;
	$t->restart_workers;
	is_error($t->as($u, POST => $u->{tasks}, { title => 'n', time_zone => 'Atlantis' }), 422, 'body.time_zone',
	    'time_zone: the database does not know it');
	# A host without any.
	is_error($t->as($u, POST => $u->{tasks}, { title => 'n', time_zone => 'Europe/Berlin' }), 422,
	    'body.time_zone', 'time_zone: this host does not know it');
	is($t->task($u, title => 'utc', time_zone => 'UTC')->{time_zone}, 'UTC', 'time_zone: UTC is always known');
	delete $t->{env}{TZDIR};
	like($t->worker_cli([ '--check-config' ], env => { TZDIR => '/nonexistent' })->{stderr}, qr/no tzdata/,
	    'time_zone: --check-config says where there is no tzdata');
	unlike($t->worker_cli([ '--check-config' ])->{stderr}, qr/tzdata/, 'time_zone: and nothing where there is');
}

done_testing();
