# SPDX-License-Identifier: ISC
# What an operator asks and reads: health, readiness, metrics, the log.
# sanitizers: too
# long: 39
use Todo;
use Time::HiRes qw(sleep);

my $t = Todo->new(workers => 3, wire => 1);
my $file = "$t->{dir}/run/metrics";
mkdir "$t->{dir}/run";
chown((getpwnam 'www-data')[2, 3], "$t->{dir}/run") if $Todo::ROOT;
my $u = $t->user;

sub metrics {
	my %o = @_;
	my $r = $t->req(GET => '/metrics', \%o);
	return $r if %o || $r->{status} != 200;
	my %m = $r->{content} =~ /^(neon_todo_\S+) (\S+)$/mg;
	return \%m;
}
# Once the others have counted what they answered.
sub settled {
	my $m;
	for (1..100) {
		$m = metrics();
		last if $m->{neon_todo_workers_busy} == 1;
		sleep 0.03;
	}
	return $m;
}
sub sum {
	my ($m, $re) = @_;
	my $n = 0;
	$n += $m->{$_} for grep { /$re/ } keys %$m;
	return $n;
}

# --- health and readiness ----------------------------------------------------
$t->{wire}->quiet(4);
for my $p (qw(/healthz /health /api/health)) {
	my $r;
	is($t->{wire}->count(sub { $r = $t->req(GET => $p) }), 0,
	    "ops: $p does not ask the database");
	is_ok($r, 200, "ops: $p");
	is($r->{json}{status}, 'ok', 'ops: says so');
	is($r->{headers}{'cache-control'}, 'no-store', 'ops: is never cached');
}
is($t->req(HEAD => '/healthz')->{status}, 200, 'ops: HEAD of it');
is_error($t->req(POST => '/healthz'), 405, undef, 'ops: POST of it');
$t->req(GET => '/readyz') for 1..6;	# each worker has the statement now
my $r;
cmp_ok($t->{wire}->count(sub { $r = $t->req(GET => '/readyz') }), '<=', 1,
    'ops: /readyz is one flight');
is_ok($r, 200, 'ops: /readyz');
$t->{wire}->ask('refuse');
$t->{wire}->ask('cut');
is_error($t->req(GET => '/readyz'), 503, undef, 'ops: without the database /readyz is 503');
is_ok($t->req(GET => '/healthz'), 200, 'ops: and /healthz is not');
$t->{wire}->ask('pass');
ok(Todo::wait_for(sub { $t->req(GET => '/readyz')->{status} == 200 }, 'the database'), 'ops: until it is back');

# It never waits for long, whatever a request may wait: two seconds, and what a busy machine
# adds, as one sees by what needs no database.
sub timed {
	my $start = Time::HiRes::time();
	my $r = $t->req(GET => $_[0]);
	return ($r, Time::HiRes::time() - $start);
}
sub unready {
	my $what = shift;
	my (undef, $busy) = timed('/healthz');
	my ($r, $took) = timed('/readyz');
	is_error($r, 503, undef, "ops: $what, /readyz is 503");
	cmp_ok($took, '<', 2 + 10 * $busy, sprintf 'ops: after %.1f s', $took);
}
sub is_back {
	ok(eval { Todo::wait_for(sub { $t->req(GET => '/readyz')->{status} == 200 }, 'it', 15) },
	    'ops: and then it is ready again');
}
$t->{env}{DATABASE_TIMEOUT} = 12;
$t->restart_workers;
for my $mode ('swallow', 'mute', 'refuse') {
	$t->{wire}->ask($mode);
	$t->{wire}->ask('cut') if $mode eq 'refuse';
	unready("the database's network: $mode") for 1..2;
	$t->{wire}->ask('cut');
	$t->{wire}->ask('pass');
	is_back();
}
# New connections find a server that never answers.
$t->{wire}->ask('cut');
$t->{wire}->ask('swallow');
unready('a connection that is never made') for 1..2;
$t->{wire}->ask('cut');
$t->{wire}->ask('pass');
is_back();
{
	my $release = $t->hold('LOCK TABLE users, tasks, revoked_tokens, writes');
	my (undef, $busy) = timed('/healthz');
	my ($r, $took) = timed('/readyz');
	like($r->{status}, qr/^(200|503)\z/, 'ops: locks on all tables');
	cmp_ok($took, '<', 2 + 10 * $busy, 'ops: hold it for less than two seconds');
	# A worker may take several requests while another has none.
	my @all;
	$t->waiting(3, or_more => 1, meanwhile => sub {
		push @all, $t->later($u, GET => $u->{tasks});
		sleep 0.1 });
	unready('every worker waits for a lock');
	$release->();
	$_->() for @all;
	is_back();
}
SKIP: {
	Todo::spew("$t->{dir}/slow.c", <<'C');
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>
int getaddrinfo(const char *n, const char *s, const struct addrinfo *h, struct addrinfo **r)
{
	static int times;
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	if ((h == NULL || (h->ai_flags & AI_NUMERICHOST) == 0) && times++ > 0)
		sleep(5);
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(n, s, h, r);
}
C
	skip 'no compiler', 1 if system "cc -shared -fPIC -o '$t->{dir}/slow.so' "
	    . "'$t->{dir}/slow.c' -ldl 2>&1";
	my $asan = $ENV{ASAN_OPTIONS} ? "$ENV{ASAN_OPTIONS}:" : '';
	local $t->{env} = { %{$t->{env}}, LD_PRELOAD => "$t->{dir}/slow.so",
	    ASAN_OPTIONS => "${asan}verify_asan_link_order=0" };
	$t->restart_workers;
	Todo::wait_for(sub { @{$t->{wire}->ask('stat')->{open}} == 4 }, 'the connections of all');
	sleep 0.5;
	$t->{wire}->ask('cut');
	sleep 0.2;
	unready('names are looked up slowly') for 1..2;
	is_ok($t->as($u, GET => $u->{tasks}), 200, 'ops: a request waits for that');
}
delete $t->{env}{DATABASE_TIMEOUT};
$t->restart_workers;

# --- metrics -----------------------------------------------------------------
is_error(metrics(x => 1), 404, 'Not Found', 'ops: no METRICS_FILE, no /metrics');
$t->{env}{METRICS_FILE} = $file;
$t->restart_workers;
my $m = metrics();
ok(Todo::wait_for(sub { my $m = metrics(); ref $m && $m->{neon_todo_workers} == 4 }, 'four workers'),
    'ops: all workers of both pools are counted');
$r = $t->req(GET => '/metrics');
like($r->{headers}{'content-type'}, qr{^text/plain; version=0\.0\.4}, 'ops: their type');
is(join("\n", grep { !/^(#.*|[a-z_]+(\{([a-z_]+="[^"\\\n]*",?)+\})? [0-9.e+]+)\z/ }
    split /\n/, $r->{content}), '', 'ops: each line is a comment or a sample');
my $before = settled();
my $list = 'requests_total{method="GET",route="/api/:user/tasks",status="200"}';
my @kids = map {
	my $pid = fork;
	if (!$pid) {
		$t->as($u, GET => $u->{tasks}) for 1..50;
		POSIX::_exit(0);
	}
	$pid } 1..4;
waitpid $_, 0 for @kids;
$t->req(GET => '/nothing');
is_error($t->as($u, GET => "$u->{tasks}/9"), 404, undef, 'ops: a task that is not there');
is_error($t->req(POST => '/api/auth/login', { json => { email => 'a@b.example',
    password => 'wrong' } }), 401, undef, 'ops: a login of the other pool');
my $after = settled();
is($after->{"neon_todo_$list"} - ($before->{"neon_todo_$list"} // 0), 200,
    'ops: requests add up over the workers');
is($after->{'neon_todo_request_duration_seconds_count{method="GET",route="/api/:user/tasks"}'}
    - ($before->{'neon_todo_request_duration_seconds_count{method="GET",route="/api/:user/tasks"}'}
    // 0), 200, 'ops: so do durations');
my $wait = 'neon_todo_database_wait_seconds_total{method="GET",route="/api/:user/tasks"}';
cmp_ok($after->{$wait}, '>', $before->{$wait}, 'ops: and the time for the database');
my @bucket = map { $_->[1] } sort { $a->[0] <=> $b->[0] } map {
	/duration_seconds_bucket\{method="GET",route="\/api\/:user\/tasks",le="([^"]+)"/
	    ? [ $1 eq '+Inf' ? 9e9 : $1, $after->{$_} ] : () } keys %$after;
is("@bucket", join(' ', sort { $a <=> $b } @bucket), 'ops: buckets are cumulative');
is($after->{'neon_todo_requests_total{method="",route="",status="404"}'}, 1,
    'ops: an unknown path has no route');
is(sum($after, qr/route="\/api\/auth\/login",status="401"/), 1, 'ops: both pools are in it');
is($after->{neon_todo_workers_busy}, 1, 'ops: only the one that answers is busy');

# a worker that dies in a request
my $release = $t->hold('LOCK TABLE tasks');
my $kid = fork;
if (!$kid) {
	$t->as($u, GET => $u->{tasks});
	POSIX::_exit(0);
}
my $two = Todo::wait_for(sub { my $m = metrics(); $m->{neon_todo_requests_in_flight} == 2 },
    'a request in flight');
ok($two, 'ops: a request that waits for the database is in flight');
kill 'KILL', $t->worker_pids;
$release->();
waitpid $kid, 0;
$t->ready;
Todo::wait_for(sub { metrics()->{neon_todo_workers} == 4 }, 'the successors');
my $again = settled();
is($again->{neon_todo_workers_busy}, 1, 'ops: one that was killed is not');
is($again->{neon_todo_workers}, 4, 'ops: its successor is counted');
cmp_ok($again->{"neon_todo_$list"}, '>=', $after->{"neon_todo_$list"},
    'ops: nothing is counted back');
$t->{wire}->ask('cut');
sleep 0.2;
$t->as($u, GET => $u->{tasks}) for 1..12;
cmp_ok(settled()->{neon_todo_database_reconnects_total}, '>=', 1, 'ops: reconnects');

# who may see them
is_error(metrics(headers => [ 'X-Forwarded-For' => '192.0.2.1' ]), 404, undef,
    'ops: not from behind another proxy');
is_error(metrics(headers => [ Forwarded => 'for=192.0.2.1' ]), 404, undef,
    'ops: in either header');
is_error(metrics(headers => [ $_ => 'x' ]), 404, undef, "ops: nor with $_")
    for qw(X-Real-IP X-Forwarded-Host X-Forwarded-Proto Via);
my @proxied = ('X-Forwarded-For' => '192.0.2.1');
is_error(metrics(headers => [ $_->[0] ? @proxied : (), $_->[1] => '', $_->[0] ? () : @proxied ]),
    404, undef, "ops: an empty $_->[1] of the client's takes nothing away")
    for map { [ 1, $_ ], [ 0, $_ ] } qw(Forwarded X-Forwarded-For Via);
$r = $t->fcgi([ REQUEST_METHOD => 'GET', PATH_INFO => '/metrics', REMOTE_ADDR => '192.0.2.1',
    REMOTE_ADDR => '' ]);
is($r->{status}, 404, 'ops: nor does an empty parameter of another kind');
$t->{env}{METRICS_ALLOW} = '192.0.2.0/24, 127.0.0.9';
$t->restart_workers;
is_error(metrics(from => '127.0.0.8'), 404, undef, 'ops: nor from elsewhere');
is(metrics(from => '127.0.0.9')->{status}, 200, 'ops: METRICS_ALLOW says from where');
delete $t->{env}{METRICS_ALLOW};

# the file
my $other = Todo::spew("$t->{dir}/run/precious", 'not to be lost');
chmod 0666, $other;
symlink $other, "$t->{dir}/run/link";
for ([ $other, 'another file' ], [ "$t->{dir}/run/link", 'a symbolic link' ],
    [ "$t->{dir}/nowhere/metrics", 'a directory that is not there' ],
    [ "$t->{dir}/run", 'a directory' ], [ 'metrics', 'no absolute path' ]) {
	my ($path, $what) = @$_;
	$r = $t->worker_cli([], fcgi => 1, env => { METRICS_FILE => $path });
	is($r->{exit}, 78, "ops: METRICS_FILE that is $what");
	like($r->{stderr}, qr/\A[^\n]*METRICS_FILE[^\n]*\n\z/, 'ops: is named');
}
is(Todo::slurp($other), 'not to be lost', 'ops: and left alone');
# one of another version
open my $f, '+<', $file or die "$file: $!";
seek $f, 32, 0;
print $f 'another version';
close $f;
$t->restart_workers;
ok(Todo::wait_for(sub { my $m = metrics(); ref $m && $m->{neon_todo_workers} == 4 },
    'all of them'), 'ops: that of another version is replaced');

# --- the log -----------------------------------------------------------------
sub logged {
	my ($code) = @_;
	my $size = sub { -s "$t->{dir}/worker.log" };
	my $at = -1;
	# A line comes after its answer.
	for (my $now = $size->(); $now != $at; $now = $size->()) {
		$at = $now;
		sleep 0.3;
	}
	$code->();
	for (1..40) {
		sleep 0.05;
		last if $size->() > $at;
	}
	return substr Todo::slurp("$t->{dir}/worker.log"), $at;
}
my $line = logged(sub { $t->as($u, GET => "$u->{tasks}?x=private", undef,
    headers => [ 'X-Request-Id' => 'trace-1234' ]) });
my $want = "method=GET route=/api/:user/tasks id=trace-1234 user=$u->{id} status=200";
like($line, qr/^neon-todo\[\d+\]: $want ms=\d+\.\d{3} db_ms=\d+\.\d{3}\n\z/,
    'ops: one line a request');
unlike($line, qr/private/, 'ops: no query string');
$line = logged(sub { $t->req(POST => '/api/auth/login', { json =>
    { email => $u->{email}, password => $u->{password} } }) });
like($line, qr/ user=$u->{id} status=200 /, 'ops: a login has its user');
unlike($line, qr/\Q$u->{email}\E|\Q$u->{username}\E|127\.0/, 'ops: but nothing personal');
$line = logged(sub { $t->req(GET => '/secret/path') });
like($line, qr/method=GET route=- id=\S+ user=0 status=404/, 'ops: an unknown path');
unlike($line, qr/secret/, 'ops: is not shown');
for my $case ([ REQUEST_ID => 'from-nginx', 'from-nginx' ],
    [ HTTP_X_REQUEST_ID => 'from-client', 'from-client' ],
    [ UNIQUE_ID => 'Zz1@-aB', 'Zz1@-aB' ], [ REQUEST_ID => "a b", '-' ],
    [ HTTP_X_REQUEST_ID => "x user=7", '-' ], [ REQUEST_ID => 'x' x 65, '-' ]) {
	my ($name, $value, $want) = @$case;
	$r = $t->worker_cli([], env => { REQUEST_METHOD => 'GET', PATH_INFO => '/healthz',
	    $name => $value });
	like($r->{stderr}, qr/ id=\Q$want\E /, "ops: $name names the request, or nothing does");
}
$t->{env}{LOG_REQUESTS} = 'off';
$t->restart_workers;
is(logged(sub { $t->as($u, GET => $u->{tasks}) }), '', 'ops: LOG_REQUESTS=off');

done_testing();
