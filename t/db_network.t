# SPDX-License-Identifier: ISC
# A network that is slow, cut or silent between a worker and the database: no
# worker hangs, nothing is done twice, and it goes on when the network does.
# ways: direct pooled
use Todo;
use Time::HiRes qw(time sleep);

my $t = Todo->new(workers => 1, auth_workers => 1, wire => 1,
    env => { DATABASE_TIMEOUT => 3 });
my $wire = $t->{wire};
my $u = $t->user;
my $task = $t->task($u, title => 'x');
my $one = "$u->{tasks}/$task->{id}";
my $count = sub { scalar $t->psql('SELECT count(*) FROM tasks') };
my $back = sub { Todo::wait_for(sub { my $r = $t->as($u, GET => $one);
    $r->{status} == 200 && $r }, 'recovery', 40) };

# --- slow -------------------------------------------------------------------
$wire->ask('delay 0.3');
my $start = time;
is_ok($t->as($u, GET => $one), 200, 'network: a slow one, GET');
is_ok($t->as($u, POST => $u->{tasks}, { title => 'slow' }), 201, 'network: slow, POST');
cmp_ok(time - $start, '>', 0.9, 'network: it was slow');
$wire->ask('pass');

# --- cut while idle ---------------------------------------------------------
for my $c ([ GET => $one ], [ POST => $u->{tasks}, { title => 'after' } ],
    [ PUT => $one, { title => 'y' } ]) {
	$wire->ask('cut');
	sleep 0.2;
	my $n = $count->();
	is_ok($t->as($u, @$c), $c->[0] eq 'POST' ? 201 : 200,
	    "edge: database unavailable: cut while idle, $c->[0] is right all the same");
	is($count->() - $n, $c->[0] eq 'POST' ? 1 : 0, 'network: and done once');
}

# --- cut in a request -------------------------------------------------------
sub cut_during {
	my (@req) = @_;
	$wire->ask('delay 0.5');
	pipe my $out, my $in;
	my $pid = fork;
	if (!$pid) {
		my $r = $t->as($u, @req);
		syswrite $in, "$r->{status} " . (error_shape($r) ? 1 : 0);
		POSIX::_exit(0);
	}
	close $in;
	sleep 0.75;	# the statement has reached the database, its answer not us
	$wire->ask('pass');
	$wire->ask('cut');
	my $text = <$out>;
	waitpid $pid, 0;
	return split ' ', $text;
}
my ($status) = cut_during(GET => $one);
is($status, 200, 'FR-013: cut during a read, it is asked again');
my $n = $count->();
my ($created, $shape) = cut_during(POST => $u->{tasks}, { title => 'once' });
like($created, qr/^(201|503)\z/, 'FR-013: cut during a write, 503 (or 201 if it is safe)');
ok($created == 201 || $shape, 'FR-013: in JSON');
cmp_ok($count->() - $n, '<=', 1, 'FR-013: and never twice');
$back->();

# --- silent -----------------------------------------------------------------
$wire->ask('swallow');
for my $c ([ GET => $u->{tasks} ], [ POST => $u->{tasks}, { title => 'lost' } ]) {
	my $start = time;
	my $r = $t->as($u, @$c);
	is_error($r, 503, undef, "FR-013: a silent network, $c->[0] is 503");
	cmp_ok(time - $start, '<', 28, 'FR-013: before the web server gives up');
}
is_error($t->req(GET => $u->{tasks}), 401, undef,
    'FR-013: the worker is free again for others');
$wire->ask('cut');
$wire->ask('pass');
is_ok($back->(), 200, 'edge: database unavailable: the network is back, so are we');
is($t->psql("SELECT count(*) FROM tasks WHERE title = 'lost'"), 0,
    'edge: database unavailable: nothing was half done');

# --- connections refused ----------------------------------------------------
$wire->ask('refuse');
$wire->ask('cut');
sleep 0.2;
is_error($t->as($u, GET => $one), 503, undef, 'FR-013: no new connection, 503');
$wire->ask('pass');
is_ok($back->(), 200, 'edge: database unavailable: new connections again');
is(scalar(map { $t->worker_pids($_) } qw(tasks auth)), 2, 'network: no worker died');

done_testing();
