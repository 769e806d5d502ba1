# SPDX-License-Identifier: ISC
# No connection is left, or no worker is: waiting, or 503; never anything else.
# ways: direct pooled
use Todo;
use Time::HiRes qw(time sleep);

my $t = Todo->new(workers => 2, env => { DATABASE_TIMEOUT => 3 });
my $u = $t->user;
$t->task($u, title => 'x');

# --- more requests than workers ---------------------------------------------
sub load {
	my ($clients, $each) = @_;
	pipe my $out, my $in;
	my @kids;
	for (1..$clients) {
		my $pid = fork;
		if (!$pid) {
			for (1..$each) {
				my $r = $t->as($u, GET => $u->{tasks}, undef, timeout => 120);
				my $good = $r->{status} == 200 ? ref $r->{json} eq 'ARRAY'
				    : error_shape($r);
				syswrite $in, ($good ? $r->{status} : "bad $r->{status}") . "\n";
			}
			POSIX::_exit(0);
		}
		push @kids, $pid;
	}
	close $in;
	my %seen;
	$seen{$_}++ while defined($_ = <$out>) && chomp;
	waitpid $_, 0 for @kids;
	return %seen;
}
my %seen = load(24, 10);
is(join(' ', map { "$_:$seen{$_}" } sort keys %seen), '200:240',
    'edge: pool exhaustion: 24 clients on 2 workers all get their answer');
cmp_ok($t->psql("SELECT count(*) FROM pg_stat_activity WHERE datname = '$t->{db}'
    AND usename = 'todo'"), '<=', 3,
    'edge: pool exhaustion: with no more connections than workers');

# --- no connection slot left in the database --------------------------------
my $limit = sub { $t->admin("ALTER DATABASE $t->{db} CONNECTION LIMIT $_[0]") };
my $end = sub { $t->psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = '$t->{db}' AND usename = 'todo'"); sleep 0.3 };
$limit->(0);
$end->();
for my $c ([ GET => $u->{tasks} ], [ POST => $u->{tasks}, { title => 'lost' } ]) {
	my $start = time;
	my $r = $t->as($u, @$c);
	is_error($r, 503, undef, "edge: pool exhaustion: no slot left, $c->[0] is 503");
	cmp_ok(time - $start, '<', 15, 'edge: pool exhaustion: soon');
}
$limit->(-1);
my $r = Todo::wait_for(sub { my $r = $t->as($u, GET => $u->{tasks});
    $r->{status} == 200 && $r }, 'recovery', 30);
is(join(' ', map { $_->{title} } @{$r->{json}}), 'x',
    'edge: pool exhaustion: slots are back, so is the service, nothing half done');

# --- no room in the queue of the sockets either -----------------------------
{
	# A worker that takes many at once would leave none in the queue.
	my $b = Todo->new(workers => 1, backlog => 1, env => { REQUESTS => 1 });
	$b->expect_log(qr/connect\(\) to unix:.*Resource temporarily unavailable/);
	my $v = $b->user;
	my $release = $b->hold('LOCK TABLE tasks');
	pipe my $out, my $in;
	my @kids;
	for (1..12) {
		my $pid = fork;
		if (!$pid) {
			my $r = $b->as($v, POST => $v->{tasks}, { title => 'x' }, timeout => 90);
			my $good = $r->{status} == 201 || $r->{status} == 503 && error_shape($r)
			    && ($r->{headers}{'retry-after'} // '') =~ /^\d+\z/;
			syswrite $in, ($good ? '' : 'bad ') . "$r->{status}\n";
			POSIX::_exit(0);
		}
		push @kids, $pid;
	}
	close $in;
	# All but those in the worker and in the queue are told so at once.
	my %seen;
	while (defined($_ = <$out>) && chomp) {
		$seen{$_}++;
		$release->(), undef $release if $release && $seen{503};
	}
	$release->() if $release;
	waitpid $_, 0 for @kids;
	is(join(' ', grep { !/^(201|503)\z/ } sort keys %seen), '',
	    'edge: pool exhaustion: every worker busy, the queue full: 503 with Retry-After')
	    or diag(explain(\%seen));
	cmp_ok($seen{503} // 0, '>', 0, 'edge: pool exhaustion: some were told so');
	is($b->psql('SELECT count(*) FROM tasks'), $seen{201} // 0,
	    'edge: pool exhaustion: a 503 wrote nothing, a 201 wrote once');
	is_ok($b->as($v, POST => $v->{tasks}, { title => 'x' }), 201,
	    'edge: pool exhaustion: and it is over when the load is');
}

# --- requests that nobody waits for any more ----------------------------------
# A worker that has room takes a request as soon as it comes.
{
	my $b = Todo->new(workers => 1, env => { REQUESTS => 1 });
	my $v = $b->user;
	my $release = $b->hold('LOCK TABLE tasks');
	my $first = $b->later($v, POST => $v->{tasks}, { title => 'first' });
	$b->waiting(1);
	my $body = '{"title":"given up"}';
	close $b->fcgi_open([ REQUEST_METHOD => 'POST', PATH_INFO => $v->{tasks},
	    HTTP_AUTHORIZATION => "Bearer $v->{token}", CONTENT_TYPE => 'application/json',
	    CONTENT_LENGTH => length $body ], $body);
	$release->();
	$first->();
	is(join(' ', map { $_->{title} } @{$b->as($v, GET => $v->{tasks})->{json}}), 'first',
	    'edge: pool exhaustion: what the web server gave up in the queue is not carried out');
}

# --- one worker less --------------------------------------------------------
my @old = $t->worker_pids('tasks');
kill 'KILL', $old[0];
Todo::wait_for(sub { !kill 0, $old[0] }, 'its end');
is_ok($t->as($u, GET => $u->{tasks}), 200,
    'edge: pool exhaustion: with a worker killed the others serve') for 1..3;
ok(Todo::wait_for(sub {
	my @now = $t->worker_pids('tasks');
	@now == 2 && !grep { $_ == $old[0] } @now;
}, 'the new worker'), 'edge: pool exhaustion: and a new one took its place');
is_ok($t->as($u, GET => $u->{tasks}), 200, 'and serves') for 1..4;

done_testing();
