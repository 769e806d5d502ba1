# SPDX-License-Identifier: ISC
# Where the data is: in the database of DATABASE_URL, in no other place.
# ways: direct pooled
use Todo;
use Time::HiRes qw(time);

my $t = Todo->new(workers => 2);
my $u = $t->user;
my $task = $t->task($u, title => 'kept');
my ($port) = $t->{url} =~ /:(\d+)\//;

# --- the database of the URL, and only it -----------------------------------
is($t->psql("SELECT title FROM tasks WHERE id = $task->{id}"), 'kept',
    'US1-2: a query runs in the database that DATABASE_URL names');
my @pids = map { $t->worker_pids($_) } qw(tasks auth);
is(scalar @pids, 3, 'three workers');

# Every TCP connection of a worker, as the kernel sees it.
sub remote_ports {
	my $pid = shift;
	my %inode = map { /^socket:\[(\d+)\]/ ? ($1 => 1) : () }
	    map { readlink // '' } glob "/proc/$pid/fd/*";
	my @ports;
	for my $f ("/proc/$pid/net/tcp", "/proc/$pid/net/tcp6") {
		for (split /\n/, Todo::slurp($f)) {
			my @c = split;
			next unless @c > 9 && $inode{$c[9]} && $c[3] eq '01';
			push @ports, hex((split /:/, $c[2])[1]);
		}
	}
	return @ports;
}
my @ports = map { remote_ports($_) } @pids;
is(join(' ', @ports), join(' ', ($port) x 3),
    'SC-010: each worker has one connection, to the port of DATABASE_URL');
is(join(' ', @ports), join(' ', ($port) x 3),
    'FR-014: one persistent connection per worker, none per request');
if ($t->{way} eq 'direct') {
	is($t->psql("SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
	    WHERE datname = '$t->{db}' AND usename = 'todo' AND ssl"), 3,
	    'FR-002: over TLS');
}

# --- no local file ----------------------------------------------------------
sub data_files {
	return grep { !/\/(?:worker|error|access|nginx)\.log$|\/nginx\.pid$|\/sql\./ }
	    split /\n/, `find '$t->{dir}' -type f -newer '$t->{dir}/nginx.conf' 2>/dev/null`;
}
my @written;
for my $pid (@pids) {
	for my $fd (glob "/proc/$pid/fd/*") {
		my $file = readlink $fd // next;
		my ($flags) = Todo::slurp("/proc/$pid/fdinfo/" . ($fd =~ s{.*/}{}r)) =~
		    /flags:\s+(\d+)/;
		push @written, $file if $file =~ m{^/} && $file !~ m{^/dev/}
		    && oct($flags // 0) & 3;
	}
}
is(join(' ', grep { !/\/worker\.log$/ } @written), '',
    'SC-006: a worker has no file open for writing but its log');
for (1..5) { $t->as($u, POST => $u->{tasks}, { title => "t$_" }) }
is(join(' ', data_files()), '', 'SC-006: no data file appears');
is(join(' ', grep { /\.(db|sqlite3?|json)\b/ }
    split /\n/, `find '$t->{dir}' -type f`), '', 'SC-006: no .db file anywhere');

# --- sessions ---------------------------------------------------------------
for my $c ([ GET => $u->{tasks} ], [ POST => $u->{tasks}, { title => 'x' } ],
    [ POST => $u->{tasks}, { title => '' } ], [ GET => "$u->{tasks}/987654321" ],
    [ PUT => "$u->{tasks}/$task->{id}", { title => 'y' } ], [ GET => '/api/auth/me' ]) {
	$t->as($u, @$c);
	is($t->psql("SELECT count(*) FROM pg_stat_activity WHERE datname = '$t->{db}'
	    AND usename = 'todo' AND state <> 'idle'"), 0,
	    "FR-015: after $c->[0] $c->[1] no session is left in a transaction");
}
$t->req(POST => '/api/auth/register', { json => { username => 'dup',
    email => $u->{email}, password => 'password 1' } });
is($t->psql("SELECT count(*) FROM pg_stat_activity WHERE datname = '$t->{db}'
    AND usename = 'todo' AND state <> 'idle'"), 0,
    'FR-015: after a statement that failed neither');
my $r;
$r = $t->as($u, GET => $u->{tasks}) for 1..30;
my $sessions = $t->psql("SELECT count(*) FROM pg_stat_activity
    WHERE datname = '$t->{db}' AND usename = 'todo'");
cmp_ok($sessions, '<=', 3, 'FR-014: thirty requests, no more sessions than workers');

# --- restart, another machine ------------------------------------------------
my $list = $t->as($u, GET => $u->{tasks})->{content};
$t->restart_workers;
my $start = time;
is($t->as($u, GET => $u->{tasks})->{content}, $list,
    'SC-004: after a restart the list is complete');
my $second = Todo->new(start => 0);
@$second{qw(url secret)} = @$t{qw(url secret)};
$second->start;
my $in = $second->req(POST => '/api/auth/login', { json => { email => $u->{email},
    password => $u->{password} } });
is_ok($in, 200, 'SC-009: another machine with the same DATABASE_URL knows the user');
is($second->req(GET => $u->{tasks}, { token => $in->{json}{access_token} })->{content},
    $list, 'SC-009: and lists the same tasks');
is($second->as($u, GET => $u->{tasks})->{content}, $list,
    'SC-009: and takes the token of the first');
$second->stop;

# --- DATABASE_URL changes ---------------------------------------------------
my $other = Todo->new(start => 0);
my $file = "$t->{dir}/.env";
my $write = sub { Todo::spew($file, "DATABASE_URL=$_[0]\nDATABASE_HOSTS=localhost\n"
    . "SECRET_KEY=$t->{secret}\n"); chmod 0644, $file };
$write->($t->{url});
$t->{env} = { DATABASE_URL => undef, DATABASE_HOSTS => undef, SECRET_KEY => undef };
$t->restart_workers;
is($t->as($u, GET => $u->{tasks})->{content}, $list,
    'FR-001: DATABASE_URL from .env alone');
$write->($other->{url});
is($t->as($u, GET => $u->{tasks})->{content}, $list,
    'edge: DATABASE_URL changed while running: running workers keep theirs');
is_ok($t->as($u, POST => $u->{tasks}, { title => 'still here' }), 201,
    'edge: DATABASE_URL changed while running: writes too');
is($t->psql("SELECT count(*) FROM tasks WHERE title = 'still here'"), 1,
    'edge: DATABASE_URL changed while running: in the first database');
$t->restart_workers;
is_error($t->as($u, GET => $u->{tasks}), 401, undef,
    'edge: DATABASE_URL changed while running: a restart takes the new one');
my $v = $t->user;
$t->task($v, title => 'in the other');
is($other->psql('SELECT title FROM tasks'), 'in the other',
    'SC-010: every statement goes where DATABASE_URL says');
is($t->psql("SELECT count(*) FROM tasks WHERE title = 'in the other'"), 0,
    'SC-010: and nowhere else');

done_testing();
