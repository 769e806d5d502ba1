# SPDX-License-Identifier: ISC
# The database goes away and comes back: no error where none is needed, a 503
# where it is, and the right answer afterwards.
# ways: direct pooled
# long: 21
use Todo;
use Time::HiRes qw(time sleep);

my $t = Todo->new(own_db => 1, workers => 2);
my $u = $t->user;
my $task = $t->task($u, title => 'x');
my $one = "$u->{tasks}/$task->{id}";
my $end = sub { $t->psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = '$t->{db}' AND usename = 'todo'"); sleep 0.3 };
my @calls = (
    [ GET => $u->{tasks} ], [ GET => $one ], [ GET => '/api/auth/me' ],
    [ POST => $u->{tasks}, { title => 'new' } ], [ PUT => $one, { title => 'y' } ],
    [ PATCH => "$one/complete" ]);
my $login = sub { $t->req(POST => '/api/auth/login', { json => { email => $u->{email},
    password => $u->{password} } }) };

# --- closed while idle, as Neon does when it suspends -----------------------
for my $c (@calls) {
	$end->();
	my $count = $t->psql('SELECT count(*) FROM tasks');
	is_ok($t->as($u, @$c), $c->[0] eq 'POST' ? 201 : 200,
	    "edge: database unavailable: connection closed while idle, $c->[0] $c->[1]");
	is($t->psql('SELECT count(*) FROM tasks') - $count, $c->[0] eq 'POST' ? 1 : 0,
	    'edge: database unavailable: done once');
}
$end->();
is_ok($login->(), 200, 'edge: database unavailable: closed while idle, login');
is_ok($t->as($u, GET => $u->{tasks}), 200, 'and on') for 1..4;

# --- stopped ----------------------------------------------------------------
my $list = $t->as($u, GET => $u->{tasks})->{content};
$t->stop_db;
for my $c (@calls, [ POST => '/api/auth/login', { email => $u->{email},
    password => $u->{password} } ], [ POST => '/api/auth/register',
    { username => 'nobody', email => 'nobody@example.org', password => 'password 1' } ]) {
	my $start = time;
	my $r = $t->as($u, @$c);
	is_error($r, 503, undef, "FR-013: database stopped, $c->[0] $c->[1] is 503 JSON");
	cmp_ok(time - $start, '<', 14, 'FR-013: soon');
	unlike($r->{content}, qr/libpq|refused|socket|SSL|localhost|password auth/i,
	    'FR-013: and shows nothing of the inside');
}
is_error($t->req(GET => $u->{tasks}), 401, undef,
    'edge: database unavailable: what needs no database still answers');
is_error($t->as($u, POST => $u->{tasks}, { title => '' }), 422, 'body.title',
    'edge: database unavailable: field errors, too');
is(scalar(map { $t->worker_pids($_) } qw(tasks auth)), 3,
    'edge: database unavailable: no worker died');
$t->start_db;
my $r = Todo::wait_for(sub { my $r = $t->as($u, GET => $u->{tasks});
    $r->{status} == 200 && $r }, 'recovery', 20);
is($r->{content}, $list,
    'edge: database unavailable: back again, nothing was half done');
is($t->psql("SELECT count(*) FROM users WHERE username = 'nobody'"), 0,
    'edge: database unavailable: no account of a sign-up that was told 503');
for my $c (@calls) {
	my $r = Todo::wait_for(sub { my $r = $t->as($u, @$c);
	    $r->{status} != 503 && $r }, 'recovery', 20);
	is_ok($r, $c->[0] eq 'POST' ? 201 : 200,
	    "edge: database unavailable: back again, $c->[0] $c->[1]");
}
is_ok(Todo::wait_for(sub { my $r = $login->(); $r->{status} != 503 && $r }, 'login', 20),
    200, 'edge: database unavailable: back again, login');

# --- restarted quickly, under load ------------------------------------------
pipe my $out, my $in;
my $pid = fork;
if (!$pid) {
	my $until = time + 4;
	while (time < $until) {
		my $r = $t->as($u, GET => $one);
		syswrite $in, ($r->{status} == 503 && !error_shape($r) ? 'shape' :
		    $r->{status}) . "\n";
	}
	POSIX::_exit(0);
}
close $in;
sleep 1;
system("'$Todo::SRC/dev/standin' restart-db '$t->{standin}' >/dev/null 2>&1") == 0
    or diag('restart-db failed');
my %seen;
$seen{$_}++ while defined($_ = <$out>) && chomp;
waitpid $pid, 0;
is(join(' ', grep { $_ ne '200' && $_ ne '503' } sort keys %seen), '',
    'FR-013: a restart under load: 200 or 503, nothing else');
cmp_ok($seen{200} // 0, '>', 0, 'FR-013: and mostly 200');
is_ok(Todo::wait_for(sub { my $r = $t->as($u, GET => $one); $r->{status} != 503 && $r },
    'recovery', 20), 200, 'FR-013: and 200 in the end');

done_testing();
