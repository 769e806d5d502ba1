# SPDX-License-Identifier: ISC
# Too many attempts: 429 for whatever takes a password, under all its names, per
# address, and for nothing else.
# sanitizers: no
use Todo;

my $t = Todo->new(auth_workers => 2);
my $u = $t->user;
my @paths = map { ("/api/auth/$_", "/api/$_", "/auth/$_") }
    qw(login token register signup);
@paths = grep { $_ ne '/api/signup' } @paths;
push @paths, '/api/auth/password', '/api/auth/delete';

my $net = 1;
for my $path (@paths) {
	my $from = '127.9.0.' . ++$net;
	# an empty object costs neither a hash nor the database
	my @r = map { $t->as($u, POST => $path, {}, from => $from) } 1..75;
	my @no = grep { $_->{status} == 429 } @r;
	is(join(' ', map { $_->{status} } @r[0..29]), join(' ', (422) x 30),
	    "limits: $path, a burst is let through");
	cmp_ok(scalar @no, '>', 0, "limits: $path, then it is 429") or next;
	is_error($no[0], 429, undef, "limits: $path, with Retry-After, in JSON");
	is($t->as($u, POST => $path, {}, from => '127.9.1.' . $net)->{status},
	    422, "limits: $path, another address is not touched");
	# the same address, other requests
	my %other = map { $_->{status} => 1 } map { $t->req(OPTIONS => $path,
	    { from => $from, headers => [ Origin => 'https://x.test',
	    'Access-Control-Request-Method' => 'POST' ] }) } 1..60;
	is(join(' ', keys %other), '204', "limits: OPTIONS $path is never limited");
}
my $from = '127.9.0.250';
my %seen;
for (1..100) {
	my $path = $paths[$_ % @paths];
	$seen{$t->req(POST => $path, { json => {}, from => $from })->{status}}++;
}
cmp_ok($seen{429} // 0, '>', 0, 'limits: the names share one count');
my $r;
my %tasks = map { $_->{status} => 1 } map { $t->as($u, GET => $u->{tasks}, undef,
    from => $from) } 1..80;
is(join(' ', keys %tasks), '200', 'limits: tasks are never limited');
my %me = map { $t->as($u, GET => '/api/auth/me', undef, from => $from)->{status} => 1 }
    1..60;
is(join(' ', keys %me), '200', 'limits: nor is me');
my %out = map { $t->req(POST => '/api/auth/logout', { from => $from })->{status} => 1 }
    1..60;
is(join(' ', keys %out), '200', 'limits: nor is logout');
my @origin = map { $t->req(POST => '/api/auth/login', { json => {}, from => $from,
    headers => [ Origin => 'https://app.test' ] }) } 1..80;
($r) = grep { $_->{status} == 429 } @origin;
is($r && $r->{headers}{'access-control-allow-origin'}, 'https://app.test',
    'limits: 429 carries CORS headers, a page can read it');
is_ok(Todo::wait_for(sub { my $r = $t->req(POST => '/api/auth/login', { from => $from,
    json => { email => $u->{email}, password => $u->{password} } });
    $r->{status} != 429 && $r }, 'the limit to pass'), 200,
    'limits: a moment later login works again');

done_testing();
