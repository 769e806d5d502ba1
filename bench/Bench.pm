# SPDX-License-Identifier: ISC
package Bench;

# What bench/bench and bench/growth measure with: a whole neon-todo on a
# database of its own, seeded; wrk against it, pgbench beside it, what all of
# them use, and the proof that every request was answered and every write kept.

use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use File::Path qw(make_path);
use POSIX ();
use Time::HiRes qw(time sleep);
use parent 'Todo';
use Process qw(which slurp spew wait_for capture);

# Lacking a program is an error here, no reason to skip.
$ENV{TODO_REQUIRE_ALL} = 1;
delete @ENV{grep { /^PG/ } keys %ENV};

my $TICK = POSIX::sysconf(POSIX::_SC_CLK_TCK());
our $CPUS = () = slurp('/proc/cpuinfo') =~ /^processor\b/mg;
my ($TASKS, $WRITERS) = (20, 1000);
my $faults = 0;

# --- options ----------------------------------------------------------------

my @options = (
	[ ROUNDS => 3, 'rounds; medians of them are printed' ],
	[ SECONDS => 10, 'seconds of each run' ],
	[ RTT => 0, 'milliseconds that the database is away' ],
	[ CONNECTIONS => 16, 'keep-alive connections' ],
	[ WORKERS => 4, 'workers of the task pool' ],
	[ AUTH_WORKERS => 2, 'workers of the auth pool' ],
	[ CLIENTS => '4 16', 'of pgbench, the best counts; with BENCH_RTT, one per connection' ],
	[ NGINX => 1, 'nginx processes' ],
	[ SCENARIOS => '', 'those of bench/bench to run (all), or none' ],
	[ CURVES => '', 'those of bench/growth to draw (all), or none' ],
	[ TASKS_MAX => 1_000_000, 'largest table of bench/growth; 10000000 takes some minutes more' ],
	[ DIR => 'bench-results', 'where the tables and drawings go' ],
);

sub option {
	my $name = shift;
	my ($default) = map { $_->[1] } grep { $_->[0] eq $name } @options;
	my $value = $ENV{"BENCH_$name"};
	return defined $value && length $value ? $value
	    : ($ENV{BENCH_RTT} || 0) > 0 && $name eq 'CLIENTS' ? option('CONNECTIONS')
	    : $default;
}

# Answers --help; there are no other arguments.
sub arguments {
	my $text = shift;
	return if !@ARGV;
	my $help = $ARGV[0] =~ /^(?:-h|--help)$/;
	print { $help ? *STDOUT : *STDERR } $text, "\nFrom the environment:\n\n",
	    (map { sprintf "    %-19s %s%s\n", "BENCH_$_->[0]", $_->[2],
		length $_->[1] ? " ($_->[1])" : '' } @options),
	    "\nTOP_BUILDDIR and TODO_FCGI say what is measured, as for t/run.\n";
	exit($help ? 0 : 64);
}

# What was chosen of these; with "none" there is nothing to do.
sub chosen {
	my ($option, @all) = @_;
	my %known = map { $_ => 1 } @all;
	my @chosen = split /[\s,]+/, option($option);
	exit 0 if "@chosen" eq 'none';
	my @strange = grep { !$known{$_} } @chosen;
	die "BENCH_$option: no @strange; there are @all\n" if @strange;
	return @chosen ? @chosen : @all;
}

# Says what went wrong with a run; the program ends with 1, its figures are void.
sub fault {
	print STDERR 'WRONG: ', @_, "\n";
	$faults++;
}
sub status { return $faults ? 1 : 0 }

# --- life -------------------------------------------------------------------

sub new {
	my ($class, %o) = @_;
	for my $p (qw(wrk pgbench)) {
		which($p) or die "no $p on this machine: dev/deps bench installs it\n";
	}
	my ($load) = slurp('/proc/loadavg') =~ /^(\S+)/;
	my @before = machine();
	sleep 2;
	my $busy = ((machine())[0] - $before[0]) / 2 / $CPUS * 100;
	my $self = $class->SUPER::new(load => $load, busy => $busy, start => 0, way => 'direct',
	    own_db => [ max_connections => 800 ], workers => option('WORKERS'),
	    auth_workers => option('AUTH_WORKERS'),
	    retries => 1_000_000_000, web_workers => option('NGINX'),
	    web_connections => 4096, %o);
	$self->{near} = $self->{url};
	$self->away(option('RTT'));
	$self->start_workers;
	# Logins come from many addresses, so that the limit of each is in force.
	$self->start_nginx('set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP;');
	$self->ready;
	$self->connected;
	$self->{statements} = statements();
	my $u = $self->user;
	$self->{password} = $u->{password};
	$self->{hash} = $self->psql('SELECT password FROM users');
	sleep 1.2;		# until nginx has written what was asked so far
	return $self;
}

# Moves the database so many milliseconds away, for workers that start now.
sub away {
	my ($self, $ms) = @_;
	$self->end('delay');
	$self->{rtt} = $ms;
	$self->{url} = $self->{near};
	return if $ms <= 0;
	my ($port) = $self->{near} =~ m{:(\d+)/};
	unlink "$self->{dir}/delay.log";
	$self->spawn('delay', 'delay.log', {}, "$Todo::BUILD/bench/delay", $port, $ms);
	my $its = wait_for(sub { slurp("$self->{dir}/delay.log") =~ /^(\d+)\n/ && $1 }, 'bench/delay');
	$self->{url} =~ s{:$port/}{:$its/};
}

# All workers have their connection.
sub connected {
	my $self = shift;
	my $n = $self->{workers} + $self->{auth_workers};
	wait_for(sub { $self->psql(q{SELECT count(*) FROM pg_stat_activity
	    WHERE usename = 'todo' AND datname = current_database()}) >= $n },
	    "$n connections", 120);
}

sub restart {
	my ($self, %o) = @_;
	$self->{$_} = $o{$_} for keys %o;
	$self->restart_workers;
	$self->connected;
}

# Users 1 to N of 20 tasks each, then one for each list of another length, then
# those who only write, so that no list grows while it is measured. Everybody's
# tasks lie scattered, as they do if many users add to theirs at a time.
sub seed {
	my ($self, $users, @lists) = @_;
	my $small = $users * $TASKS;
	my $all = $users + @lists + $WRITERS;
	my $row = q{'Task ' || k || ': something to do', CASE WHEN k % 2 = 0 THEN
	    'What has to be done, by whom, and what is known about it so far; no more than that.' END,
	    timestamptz '2026-03-01 12:00Z' + k * interval '1 hour',
	    (ARRAY['High', 'Medium', 'Low'])[k % 3 + 1]::public.task_priority, '{home,work}',
	    CASE WHEN k % 4 = 0 THEN 'weekly' END, k % 5 = 0, CASE WHEN k % 5 = 0 THEN now() END};
	my $columns = 'id, user_id, title, description, due_date, priority, tags, recursion_pattern,
	    completed, completed_at';
	my ($id, $more) = ($small, '');
	for my $i (0 .. $#lists) {
		my $user = $users + 1 + $i;
		$more .= "INSERT INTO public.tasks ($columns) SELECT $id + k, $user, $row
		    FROM generate_series(1, $lists[$i]) k;\n";
		$id += $lists[$i];
	}
	# Nobody has to look each row's user up.
	$self->psql(<<"SQL");
SET session_replication_role = replica;
TRUNCATE public.users, public.tasks, public.revoked_tokens CASCADE;
INSERT INTO public.users (id, username, email, password)
    SELECT n, 'user_' || n, 'user_' || n || '\@example.org', '$self->{hash}'
    FROM generate_series(1, $all) n;
INSERT INTO public.tasks ($columns) SELECT n + 1, n % $users + 1, $row
    FROM generate_series(0, $small - 1) n, LATERAL (SELECT n / $users + 1 AS k) x;
$more
SELECT setval('public.tasks_id_seq', $id);
SQL
	# Not all at once, or wrk holds more tokens than tasks.
	my $readers = $users < 10_000 ? $users : 10_000;
	$self->{seeded} = { users => $users, readers => $readers, stride => int($users / $readers),
	    last_task => $id, lists => \@lists, first_writer => $users + @lists + 1 };
	my $n = 0;
	my @ids = ((map { 1 + $_ * $self->{seeded}{stride} } 0 .. $readers - 1),
	    $users + 1 .. $all);
	$self->{people} = [ map { { id => $_, token => $self->token(sub => "$_",
	    email => "user_$_\@example.org", username => "user_$_", iat => int time,
	    jti => sprintf('%032x', $_), exp => int(time) + 7 * 86400) } } @ids ];
	$self->write_people;
	$self->tidy;
}

sub write_people {
	my $self = shift;
	spew("$self->{dir}/people.lua", join '', "return {\n",
	    (map { sprintf "{%d,%s},\n", $_->{id}, join ',', map { '"' . s/"/\\"/gr . '"' }
		grep { defined } @$_{qw(token etag)} } @{$self->{people}}), "}\n");
	chmod 0600, "$self->{dir}/people.lua";
}

# As it was seeded, but for what toggles changed.
sub tidy {
	my $self = shift;
	$self->psql("DELETE FROM public.tasks WHERE id > $self->{seeded}{last_task}");
	$self->psql('VACUUM (ANALYZE) public.tasks, public.users');
	$self->psql('CHECKPOINT');
}

# --- scenarios --------------------------------------------------------------

# What wrk asks (a function of Lua), how each must be answered, and the same as
# statements with their shares for pgbench. A "fixed" one is of one user's list.
my %BODY = (title => 'Buy milk and bread', description => 'The shop at the corner closes at eight.',
    due_date => '2026-03-01T12:00:00Z', priority => 'High', tags => [qw(home errands)]);
my %MIX = (list => 70, get => 15, toggle => 10, create => 5);
our %KIND = (
	list   => { title => 'list of 20', want => [ 'GET 200' ] },
	get    => { title => 'get one', want => [ 'GET 200' ] },
	create => { title => 'create', want => [ 'POST 201' ] },
	toggle => { title => 'toggle', want => [ 'PATCH 200' ] },
	mixed  => { title => 'mixed', want => [ 'GET 200', 'POST 201', 'PATCH 200' ] },
	login  => { title => 'login', want => [ 'LOGIN 200' ], pool => 'auth' },
	flood  => { title => 'flood of logins', want => [ 'LOGIN 401', 'LOGIN 429' ] },
	poll   => { title => 'poll of 20', want => [ 'GET 304' ] },
);
my %STATEMENT = (list => 'task_list', get => 'task_get', toggle => 'task_complete',
    create => 'task_create', login => 'account_login');

sub kind {
	my $name = shift;
	my ($kind, $length) = $name =~ /^(list|poll)(\d+)$/ ? ($1, $2) : ($name, undef);
	my $k = $KIND{$kind} or die "no scenario $name\n";
	return { %$k, name => $kind, length => $length,
	    defined $length ? (title => sprintf '%s of %s', $kind,
	    scalar reverse(reverse($length) =~ s/(\d{3})(?=\d)/$1,/gr)) : () };
}

sub fixed_index {
	my ($self, $length) = @_;
	my $lists = $self->{seeded}{lists};
	my ($i) = grep { $lists->[$_] == $length } 0 .. $#$lists;
	die "no list of $length was seeded\n" unless defined $i;
	return $i;
}

sub lua {
	my ($self, $k, $delay) = @_;
	my $s = $self->{seeded};
	my $first = $s->{readers};
	my ($from, $to) = defined $k->{length} ? (($first + 1 + $self->fixed_index($k->{length})) x 2)
	    : (1, $first);
	my $writers = $first + @{$s->{lists}} + 1;
	my $body = $Client::JSON->encode(\%BODY);
	my $post = sprintf 'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s',
	    length $body, $body =~ s/"/\\"/gr;
	my $sum = 0;
	my $mix = join '', map { $sum += $MIX{$_}; "\tif r <= $sum then return kinds.$_() end\n" }
	    sort { $MIX{$b} <=> $MIX{$a} } keys %MIX;
	my $pause = $delay ? "function delay() return random(0, 2 * $delay) end" : '';
	return <<"LUA";
local threads = 0
function setup(thread)
	threads = threads + 1
	thread:set("seed", threads * 7919 + $$)
end

local random = math.random
local people = dofile("$self->{dir}/people.lua")
local path, auth, kinds = {}, {}, {}
for i, p in ipairs(people) do
	path[i] = "/api/" .. p[1] .. "/tasks"
	auth[i] = " HTTP/1.1\\r\\nHost: todo.bench\\r\\nAuthorization: Bearer " .. p[2] .. "\\r\\n"
end

local function task(i)
	return path[i] .. "/" .. random(0, @{[$TASKS - 1]}) * $s->{users} + people[i][1]
end
function kinds.list()
	local i = random($from, $to)
	return "GET " .. path[i] .. auth[i] .. "\\r\\n"
end
function kinds.poll()
	local i = random($from, $to)
	return "GET " .. path[i] .. auth[i] .. "If-None-Match: " .. people[i][3] .. "\\r\\n\\r\\n"
end
function kinds.get()
	local i = random($from, $to)
	return "GET " .. task(i) .. auth[i] .. "\\r\\n"
end
function kinds.toggle()
	local i = random($from, $to)
	return "PATCH " .. task(i) .. "/complete" .. auth[i] .. "\\r\\n"
end
function kinds.create()
	local i = random($writers, $writers + @{[$WRITERS - 1]})
	return "POST " .. path[i] .. auth[i] .. "$post"
end
function kinds.mixed()
	local r = random(100)
$mix
end
local function login(address, email, password)
	local body = '{"email":"' .. email .. '","password":"' .. password .. '"}'
	return "POST /api/auth/login HTTP/1.1\\r\\nHost: todo.bench\\r\\nX-Real-IP: " .. address ..
	    "\\r\\nContent-Type: application/json\\r\\nContent-Length: " .. #body .. "\\r\\n\\r\\n" .. body
end
function kinds.login()
	return login("10." .. random(255) .. "." .. random(255) .. "." .. random(255),
	    "user_" .. people[random($from, $to)][1] .. "\@example.org", "$self->{password}")
end
function kinds.flood()
	return login("10.0.0.1", "user_1\@example.org", "wrong password")
end
function init()
	math.randomseed(seed)
end
request = kinds.$k->{name}
$pause
function done(summary, latency)
	local e = summary.errors
	io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
	    latency:percentile(50), latency:percentile(99),
	    e.connect + e.read + e.write + e.timeout))
end
LUA
}

# --- wrk --------------------------------------------------------------------

# Options: connections, seconds, delay (mean of the milliseconds each connection
# rests between its requests).
sub start_wrk {
	my ($self, $k, %o) = @_;
	my $file = spew("$self->{dir}/$k->{name}.lua", $self->lua($k, $o{delay}));
	chmod 0600, $file;
	my $n = $o{connections} || option('CONNECTIONS');
	open my $out, '-|', 'wrk', '-t', $n < 2 ? 1 : 2, '-c', $n,
	    '-d', ($o{seconds} || option('SECONDS')) . 's', '--timeout', '30s', '-s', $file,
	    "http://127.0.0.1:$self->{port}" or die "wrk: $!\n";
	return { out => $out, title => $k->{title}, connections => $n };
}

sub end_wrk {
	my $w = shift;
	my $text = do { local $/; readline $w->{out} };
	close $w->{out};
	my ($n, $usec, $p50, $p99, $errors) = $text =~ /^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$/m
	    or die "wrk, $w->{title}: $text\n";
	fault("$w->{title}: wrk counts $errors errors of its connections") if $errors;
	fault("$w->{title}: no request was answered") if !$n;
	return { requests => $n, rate => $n / $usec * 1e6, p50 => $p50 / 1e3, p99 => $p99 / 1e3 };
}

# What nginx answered: "METHOD STATUS" => how many; and the bytes of bodies.
sub logged {
	my $self = shift;
	my ($size, %n) = (-1);
	my $log = "$self->{dir}/access.log";
	# wrk leaves while some are on their way, and nginx writes once a second.
	while ($size != -s $log) {
		$size = -s _;
		sleep 1.2 + 2 * $self->{rtt} / 1000;
	}
	my $bytes = 0;
	open my $f, '<', $log or die "$log: $!\n";
	while (<$f>) {
		my ($method, $login, $http, $status, $body) =
		    m{"(\w+) \S*?(/login)? HTTP/1\.([01])" (\d+) (\d+) } or die "access.log: $_";
		next if $http == 0;		# what was asked before wrk
		$n{($login ? 'LOGIN' : $method) . " $status"}++;
		$bytes += $body;
	}
	return (\%n, $bytes);
}

# Rows of the table, and how many updates it has seen: the backends tell with
# their next statement a second later.
sub rows {
	my ($self, $updates) = @_;
	my ($rows, $seen);
	my $until = time + 15;
	while (1) {
		($rows, $seen) = @{($self->psql("SELECT count(*), (SELECT n_tup_upd
		    FROM pg_stat_user_tables WHERE relname = 'tasks') FROM public.tasks"))[0]};
		last if !defined $updates || $seen >= $updates || time > $until;
		sleep 0.3;
		$self->req(GET => "/api/$self->{people}[0]{id}/tasks",
		    { token => $self->{people}[0]{token} }) for 1 .. $self->{workers};
	}
	return ($rows, $seen);
}

# One checked run of wrk. The result: requests, rate, p50, p99, the seconds of
# CPU that 1,000 requests took of worker, nginx, postgres, and, while they are
# counted, the flights to the database for one.
sub run {
	my ($self, $name, %o) = @_;
	my $k = kind($name);
	my $writes = grep { /POST|PATCH/ } @{$k->{want}};
	my ($rows, $updates) = $writes ? $self->rows : ();
	truncate "$self->{dir}/$_", 0 for qw(access.log worker.log);
	my $wire = $self->{counting};
	my $flights = $wire && $wire->flights;
	my $before = $self->used;
	my $w = $self->start_wrk($k, %o);
	my $flood = $o{flood} && $self->start_wrk(kind('flood'), connections => 8, delay => 10);
	my $r = end_wrk($w);
	end_wrk($flood) if $flood;
	my ($n, $bytes) = $self->logged;
	my $used = $self->since($before);
	my $flown = $wire ? $wire->flights - $flights : 0;
	if ($flood) {
		my %flood = map { $_ => delete $n->{"LOGIN $_"} || 0 } 401, 429;
		$r->{$_} = $flood{$_} for keys %flood;
		fault("$k->{title}: nobody stopped the flood") if !$flood{429};
	}
	my %want = map { $_ => 1 } @{$k->{want}};
	my @other = grep { !$want{$_} } sort keys %$n;
	fault("$k->{title}: ", join ', ', map { "$n->{$_} of $_" } @other) if @other;
	my $all = 0;
	$all += $_ for values %$n;
	fault("$k->{title}: wrk counts $r->{requests}, nginx $all")
	    if $all < $r->{requests} || $all > $r->{requests} + 2 * $w->{connections};
	fault("$k->{title}: $bytes bytes of bodies with 304") if $n->{'GET 304'} && $bytes;
	if ($writes) {
		my $toggled = $n->{'PATCH 200'} || 0;
		my ($rows_now, $updates_now) = $self->rows($updates + $toggled);
		fault("$k->{title}: $n->{'POST 201'} created, rows: ", $rows_now - $rows)
		    if $rows_now - $rows != ($n->{'POST 201'} ||= 0);
		fault("$k->{title}: $toggled toggled, rows: ", $updates_now - $updates)
		    if $updates_now - $updates != $toggled;
		$self->tidy;
	}
	$r->{$_} = $used->{$_} * 1000 / ($all || 1) for qw(worker nginx postgres);
	$r->{flights} = $flown / ($all || 1);
	return $r;
}

# Runs code while the workers' connections are counted; no figure is worth
# anything then but the flights.
sub counting {
	my ($self, $code) = @_;
	require Wire;
	my ($port) = $self->{near} =~ m{:(\d+)/};
	my $url = $self->{url};
	my %was = map { $_ => $self->{$_} } qw(workers auth_workers);
	$self->{counting} = Wire->new($port);
	my $its = $self->{counting}->port;
	$self->{url} = $self->{near} =~ s{:$port/}{:$its/}r;
	$self->restart(workers => 1, auth_workers => 1);
	$code->();
	$self->{url} = $url;
	$self->restart(%was);
	(delete $self->{counting})->stop;
}

# ETags of lists, for those who poll; false if lists have none.
sub etags {
	my $self = shift;
	my $readers = $self->{seeded}{readers} + @{$self->{seeded}{lists}};
	for my $p (@{$self->{people}}[0 .. $readers - 1]) {
		my $r = $self->req(GET => "/api/$p->{id}/tasks", { token => $p->{token} });
		$p->{etag} = $r->{headers}{etag} // return 0;
	}
	$self->write_people;
	return 1;
}

# --- pgbench ----------------------------------------------------------------

# The statements of this build with pgbench's variables in them, and the types
# that the worker gives its parameters.
sub statements {
	my $c = slurp("$Todo::BUILD/src/db/stmt.c");
	my %type = $c =~ /\[PARAM_(\w+)\] = TYPE_(\w+)/g;
	my %sql;
	while ($c =~ /\.name\ =\ "(\w+)".*?\n (?:\s*\.param\ =\ \{(.*?)\},\n)?
	    \s*\.sql\ =\ "((?:[^"\\]|\\.)*)"/gsx) {
		my ($name, $params, $sql) = ($1, $2 // '', $3);
		my @param = $params =~ /PARAM_(\w+)/g;
		$sql =~ s/\\(.)/$1/g;
		$sql =~ s{\$(\d+)}{
			my $p = $param[$1 - 1];
			my $t = $type{$p} // 'BY_PLACE';
			':' . lc($p) . ($t eq 'BY_PLACE' ? '' : '::' . lc($t) =~ s/_array$/[]/r)
		}ge;
		$sql{$name} = { sql => $sql, params => [ map { lc } @param ] };
	}
	die "no statements in $Todo::BUILD/src/db/stmt.c\n" unless keys %sql;
	return \%sql;
}

# A variable that pgbench does not know is SQL's NULL: on purpose for these.
my %NULL = map { $_ => 1 } qw(completed due_day if_match if_none_match
    recursion_pattern time_zone);
my %CONSTANT = (token_hash => '\x' . sha256_hex('no token'), issued_at => '2026-01-01',
    email => 'user_1@example.org', write_kept => 'f', lock_wait => '0',
    title => $BODY{title}, description => $BODY{description}, due_date => $BODY{due_date},
    priority => $BODY{priority}, tags => '{' . join(',', @{$BODY{tags}}) . '}');

# The scripts of a scenario, as arguments.
sub scripts {
	my ($self, $k) = @_;
	my $s = $self->{seeded};
	my %share = $k->{name} eq 'mixed' ? %MIX : ($k->{name} => 1);
	my @args;
	for my $name (sort keys %share) {
		my $st = $self->{statements}{$STATEMENT{$name}} or die "no statement for $name\n";
		my %set = (user_id => $name eq 'create'
		    ? sprintf 'random(%d, %d)', $s->{first_writer}, $s->{first_writer} + $WRITERS - 1
		    : defined $k->{length} ? $s->{users} + 1 + $self->fixed_index($k->{length})
		    : sprintf '1 + random(0, %d) * %d', $s->{readers} - 1, $s->{stride});
		$set{task_id} = sprintf 'random(0, %d) * %d + :user_id', $TASKS - 1, $s->{users};
		# As a worker does: a row of its own, another request each time.
		$set{write_key} = '1000000000000000 + :client_id';
		$set{write_request} = 'random(10000000, 99999999)';
		my @strange = grep { !$set{$_} && !$NULL{$_} && !exists $CONSTANT{$_} }
		    @{$st->{params}};
		die "$STATEMENT{$name} takes @strange, which bench/Bench.pm does not know\n" if @strange;
		my $file = spew("$self->{dir}/$name.sql", join '', (map { "\\set $_ $set{$_}\n" }
		    qw(user_id task_id write_key write_request)), "$st->{sql};\n");
		push @args, '-f', "$file\@$share{$name}";
	}
	return (@args, map { ('-D', "$_=$CONSTANT{$_}") } sort keys %CONSTANT);
}

sub spawn_pgbench {
	my ($self, @args) = @_;
	my ($user, $password, $host, $port, $db, $mode, $ca) = $self->{url} =~
	    m{^postgresql://(\w+):(\w+)@(\w+):(\d+)/(\w+)\?sslmode=([\w-]+)&sslrootcert=(.*)}
	    or die "no URL that pgbench could use\n";
	$ca =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	my %env = (%ENV, PGUSER => $user, PGPASSWORD => $password, PGHOST => $host, PGPORT => $port,
	    PGDATABASE => $db, PGSSLMODE => $mode, PGSSLROOTCERT => $ca);
	my ($text, $why) = capture({ env => \%env }, 'pgbench', '-n', @args);
	die "pgbench: $why\n" if $?;
	return $text;
}

# One run of pgbench with the statements of the scenario: clients, rate, and
# the CPU of PostgreSQL for 1,000 of them.
sub pgbench {
	my ($self, $name, $clients, %o) = @_;
	my $k = kind($name);
	my $writes = grep { /POST|PATCH/ } @{$k->{want}};
	my ($rows, $updates) = $writes ? $self->rows : ();
	my $before = $self->used;
	# A thread connects its clients one after the other, within the time of the run.
	my $threads = $self->{rtt} > 0 || $clients < 2 ? $clients : 2;
	my $text = $self->spawn_pgbench('-M', 'prepared', '-c', $clients, '-j', $threads,
	    '-T', $o{seconds} || option('SECONDS'), $self->scripts($k));
	wait_for(sub { my @n = $self->psql(q{SELECT FROM pg_stat_activity WHERE application_name =
	    'pgbench'}); !@n }, 'the end of pgbench');
	my $used = $self->since($before);
	my ($n) = $text =~ /^number of transactions actually processed: (\d+)/m;
	my ($tps) = $text =~ /^tps = ([\d.]+)/m;
	my ($failed) = $text =~ /^number of failed transactions: (\d+)/m;
	die "pgbench: $text\n" unless $n && $tps;
	fault("pgbench, $k->{title}: $failed failed") if $failed;
	if ($writes) {
		# A statement that finds nothing is fast, and no ceiling.
		my ($rows_now, $updates_now) = $self->rows(
		    $name eq 'toggle' ? $updates + $n : undef);
		fault("pgbench, $k->{title}: $n, rows: ", $rows_now - $rows)
		    if $name eq 'create' && $rows_now - $rows != $n;
		fault("pgbench, $k->{title}: $n, rows: ", $updates_now - $updates)
		    if $name eq 'toggle' && $updates_now - $updates != $n;
		$self->tidy;
	}
	# The workers are connected already.
	$self->{connecting} //= ($self->connecting)[1];
	return { clients => $clients, rate => $tps,
	    postgres => ($used->{postgres} - $clients * $self->{connecting}) * 1000 / $n };
}

# What a connection takes by itself: milliseconds, and the database's seconds of CPU.
sub connecting {
	my $self = shift;
	my $n = 30;
	my $file = spew("$self->{dir}/connect.sql", "SELECT 1;\n");
	my $before = $self->used;
	my $text = $self->spawn_pgbench('-C', '-c', 1, '-t', $n, '-f', $file);
	my $cpu = $self->used->{postgres} - $before->{postgres};
	$text =~ /^average connection time = ([\d.]+) ms/m or die "pgbench: $text\n";
	return ($1, $cpu / $n);
}

# --- what it costs ----------------------------------------------------------

# Seconds of CPU so far, by whom. Ticks are too coarse for 256 processes that
# do a little each; these have no threads, so that the kernel's finer count holds.
sub used {
	my $self = shift;
	my ($postmaster) = slurp("$self->{standin}/data/postmaster.pid") =~ /^(\d+)/;
	my %who = map { $self->{pool}{$_} ? ($self->{pool}{$_} => $_) : () }
	    qw(tasks auth nginx delay);
	my %u = map { $_ => 0 } qw(worker nginx postgres delay);
	for my $file (glob '/proc/[0-9]*/stat') {
		my ($pid, $rest) = slurp($file) =~ /^(\d+) \(.*\) (.*)/s or next;
		my (undef, $parent, $group, @f) = split ' ', $rest;
		my ($nsec) = slurp($file =~ s/stat\z/schedstat/r) =~ /^(\d+)/;
		my $ticks = defined $nsec ? $nsec / 1e9 * $TICK : $f[8] + $f[9];
		if ($pid == $postmaster || $parent == $postmaster) {
			$u{postgres} += $ticks;
			$u{postgres} += $f[10] + $f[11] if $pid == $postmaster;	# who has left
		} elsif (my $name = $who{$group}) {
			next if $name =~ /^(?:tasks|auth)$/ && $pid == $group;	# multiwatch
			$u{$name =~ /^(?:tasks|auth)$/ ? 'worker' : $name} += $ticks;
		}
	}
	$_ /= $TICK for values %u;
	@u{qw(machine steal)} = machine();
	$u{own} = 0;
	$u{own} += $_ for times;	# wrk and pgbench, too, once they have ended
	$u{time} = time;
	return \%u;
}

# The machine's seconds of CPU, and those that its host gave to others.
sub machine {
	my (undef, $user, $nice, $system, @rest) = split ' ', (slurp('/proc/stat') =~ /^(cpu .*)/)[0];
	return map { $_ / $TICK } $user + $nice + $system, $rest[4];
}

# What was used since then; and how quiet the machine was.
sub since {
	my ($self, $before) = @_;
	my $now = $self->used;
	my %d = map { $_ => $now->{$_} - $before->{$_} } keys %$now;
	$self->{all}{$_} += $d{$_} for keys %d;
	return \%d;
}

sub quiet {
	my $self = shift;
	my $u = $self->{all} or return '';
	my $whole = $u->{time} * $CPUS / 100;
	my $else = $u->{machine};
	$else -= $u->{$_} for qw(worker nginx postgres delay own);
	$else = 0 if $else < 0;
	my $text = sprintf "before: load %.2f, %.0f %% busy; during: stolen %.1f %%, "
	    . "used by others %.1f %% of %d CPUs\n", $self->{load}, $self->{busy},
	    $u->{steal} / $whole, $else / $whole, $CPUS;
	# The load may be what is left of our own last run.
	$text .= "WARNING: the machine is not quiet; these figures say little.\n"
	    if $self->{busy} > 5 || $u->{steal} / $whole > 1 || $else / $whole > 5;
	return $text;
}

# What was measured, and where.
sub head {
	my $self = shift;
	my ($cpu) = slurp('/proc/cpuinfo') =~ /^model name\s*: (.*)/m;
	my $version = $self->psql('SHOW server_version');
	my ($commit) = `git -C '$Todo::SRC' describe --always --dirty 2>/dev/null` =~ /(\S+)/;
	return sprintf "%s, %d CPUs (%s), PostgreSQL %s, %s\n", POSIX::strftime('%F %R', localtime),
	    $CPUS, $cpu // 'unknown', $version, defined $commit ? "source $commit" : 'released source';
}

# KiB of each worker: { pid, pss, private, rss, peak }.
sub memory {
	my ($self, $pool) = @_;
	my @m;
	for my $pid ($self->worker_pids($pool)) {
		my $status = slurp("/proc/$pid/status");
		next unless $status =~ /^Name:\s+todo/m;
		my %m = (pid => $pid, private => 0);
		my $rollup = slurp("/proc/$pid/smaps_rollup");
		($m{pss}) = $rollup =~ /^Pss:\s+(\d+)/m;
		$m{private} += $1 while $rollup =~ /^Private_(?:Clean|Dirty):\s+(\d+)/mg;
		($m{rss}) = $status =~ /^VmRSS:\s+(\d+)/m;
		($m{peak}) = $status =~ /^VmHWM:\s+(\d+)/m;
		push @m, \%m;
	}
	return @m;
}

# --- figures ----------------------------------------------------------------

sub median {
	my @v = sort { $a <=> $b } grep { defined } @_;
	return @v ? ($v[int($#v / 2)] + $v[int(@v / 2)]) / 2 : undef;
}

# Lines of a table: the first column to the left, all others to the right.
sub table {
	my @rows = @_;
	my @width;
	for my $r (@rows) {
		for my $i (0 .. $#$r) {
			my $n = length($r->[$i] //= '-');
			$width[$i] = $n if $n > ($width[$i] // 0);
		}
	}
	return join '', map { my $r = $_; join('  ', map {
	    sprintf $_ ? "%*s" : "%-*s", $width[$_], $r->[$_] } 0 .. $#$r) =~ s/\s+\z//r . "\n" } @rows;
}

# Says it, and keeps it in a file of the results.
sub out {
	my ($file, @text) = @_;
	make_path(option('DIR'));
	open my $f, '>>', option('DIR') . "/$file" or die "$file: $!\n";
	print { $_ } @text for *STDOUT, $f;
}

1;
