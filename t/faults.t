# SPDX-License-Identifier: ISC
# The fault bed. People work while something breaks; each of them knows what their
# list must look like, and the database is asked in the end. Prints a table.
# ways: direct pooled
# long: 115
use Todo;
use Dav;
use Time::HiRes qw(time sleep);
use Time::Local ();

my $t = Todo->new(own_db => 1, wire => 1, workers => 4, auth_workers => 2,
    retries => 1_000_000);
# What may take longer than it should on a machine that has other things to do: seconds,
# by how long requests took before the fault.
my $busy = 3;
my ($wire, $pooled) = ($t->{wire}, $t->{way} eq 'pooled');
my @people = map { { u => $t->user, have => {} } } 1..5;
app($t, $_->{u}) for @people;
my $serial = 0;
my @table;

# --- people at work ---------------------------------------------------------------
sub as_text { my $task = shift; return "$task->{title}:" . ($task->{completed} ? 1 : 0) }
sub as_list { return { map { $_->{id} => as_text($_) } @{$_[0]} } }
# What CalDAV calls a task, without ".ics".
sub own {
	my $task = shift;
	my ($y, $m, $d, $H, $M, $S, $usec) = $task->{created_at} =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)(?:\.(\d+))?Z\z/;
	return sprintf '%d-%x', $task->{id}, (Time::Local::timegm($S, $M, $H, $d, $m - 1, $y) - 946684800) * 1_000_000
	    + substr(($usec // '') . '000000', 0, 6);
}
sub same {
	my ($x, $y) = map { my $h = $_; join ' ', map { "$_=$h->{$_}" } sort keys %$h } @_;
	return $x eq $y;
}

# One request: what was asked, its status, what was wrong with the answer, begin and
# end. It may change what the person has.
sub turn {
	my ($p, $kind) = @_;
	my ($u, $have) = @$p{qw(u have)};
	my $id = (keys %$have)[rand keys %$have];
	$kind = 'create' if !defined $id || $kind =~ /delete/ && keys %$have < 4;
	$kind = 'get' if $kind =~ /^dav_/ && !$p->{own}{$id};
	my $dav = $kind =~ /^dav_/ ? "/dav/$u->{id}/tasks/$p->{own}{$id}.ics" : undef;
	my $one = "$u->{tasks}/" . ($id // 0);
	my $title = "$$." . ++$serial;
	my %ask = (
	    list => [ GET => $u->{tasks} ],
	    get => [ GET => $one ],
	    me => [ GET => '/api/auth/me' ],
	    create => [ POST => $u->{tasks}, { title => $title } ],
	    update => [ PUT => $one, { title => $title } ],
	    flip => [ PATCH => "$one/complete" ],
	    delete => [ DELETE => $one ],
	    dav_get => [ GET => $dav ],
	    dav_put => [ PUT => $dav, vtodo(($p->{own}{$id // 0} // '') . '@neon-todo', "SUMMARY:$title"), headers => [ 'Content-Type' => 'text/calendar' ] ],
	    dav_delete => [ DELETE => $dav ],
	    register => [ POST => '/api/auth/register', { username => "u.$title",
	        email => "u.$title\@example.org", password => 'long enough' } ],
	);
	my %want = %$have;		# after a write
	$want{$id} =~ s/.*:/$title:/ if $kind eq 'update';
	$want{$id} =~ s/(.)\z/1 - $1/e if $kind eq 'flip';
	$want{$id} = "$title:0" if $kind eq 'dav_put';
	delete $want{$id} if $kind =~ /delete/;
	my $begin = time;
	my ($method, $path, $body, @more) = @{$ask{$kind}};
	my $r = defined $dav ? dav($t, $u, $method, $path, $body, @more, timeout => 60) :
	    $t->as($u, $method, $path, $body, timeout => 60);
	my $end = time;
	my ($status, $json) = @$r{qw(status json)};
	$status = 'cut' if $r->{cut};	# a list that had begun: all that HTTP can say then
	my $wrong = '';
	if ($status =~ /^2/) {
		if ($kind eq 'list') {
			$wrong = 'another list' unless same(as_list($json), $have);
		} elsif ($kind eq 'create') {
			$wrong = 'another task' if $want{$json->{id}} || as_text($json) ne "$title:0";
			$want{$json->{id}} = "$title:0";
			$p->{own}{$json->{id}} = own($json);
		} elsif ($kind =~ /^(get|update|flip)\z/) {
			$wrong = 'another task' if as_text($json) ne $want{$id};
		} elsif ($kind eq 'dav_get') {
			my ($is) = $r->{content} =~ /^SUMMARY:(.*)\r$/m;
			$wrong = 'another text' if "$is:" . ($r->{content} =~ /^STATUS:COMPLETED\r$/m ? 1 : 0) ne $want{$id};
		} elsif ($kind eq 'register') {
			push @{$p->{names}{1}}, "u.$title";
		}
		$p->{have} = \%want;
	} elsif ($status eq '503') {
		$wrong = '503 without Retry-After or JSON' unless error_shape($r) &&
		    ($r->{headers}{'retry-after'} // '') =~ /^\d+\z/;
		push @{$p->{names}{0}}, "u.$title" if $kind eq 'register';
	} elsif ($status =~ /^(502|504|cut)\z/) {	# it may be there
		$wrong = "$status without JSON" unless $r->{cut} || error_shape($r);
		my $list = {};
		sleep 0.5;		# the server may still be at it
		for (1..200) {
			$list = $t->as($u, GET => $u->{tasks});
			last if $list->{status} == 200;
			sleep 0.1;
		}
		$list = as_list($list->{json} || []);
		if ($kind eq 'create') {
			my @new = grep { !$have->{$_} } keys %$list;
			$want{$new[0]} = "$title:0" if @new == 1;
		}
		$wrong = "neither done nor undone: $kind" if !same($list, $have) && !same($list, \%want);
		$p->{have} = $list;
	} else {
		$wrong = "status $status";
	}
	return [ $kind, $status, $wrong, $begin, $end ];
}

# Lets all of them work until told to stop, or for some rounds of everything; calm is
# without sign-ups.
sub begin {
	my ($rounds, $calm) = @_;
	my $stop = "$t->{dir}/stop";
	unlink $stop;
	my @kids;
	for my $k (0..$#people) {
		my $pid = fork;
		if (!$pid) {
			my $p = $people[$k];
			srand;
			my @log;
			my @kinds = $k || $calm ? qw(list get create update flip delete create flip dav_get dav_put create dav_delete)
			    : qw(me register get me create list);
			for (my $i = 0; $rounds ? $i < $rounds * @kinds : !-e $stop; $i++) {
				push @log, turn($p, $rounds ? $kinds[$i % @kinds] : $kinds[rand @kinds]);
				sleep 0.05;
			}
			Todo::spew("$t->{dir}/log.$k", Cpanel::JSON::XS::encode_json([ $p, \@log ]));
			POSIX::_exit(0);
		}
		push @kids, $pid;
	}
	return { kids => \@kids, stop => $stop };
}

sub finish {
	my $work = shift;
	Todo::spew($work->{stop}, '');
	waitpid $_, 0 for @{$work->{kids}};
	my @log;
	for my $k (0..$#people) {
		my $said = Cpanel::JSON::XS::decode_json(Todo::slurp("$t->{dir}/log.$k"));
		$people[$k] = $said->[0];
		push @log, @{$said->[1]};
	}
	return @log;
}

sub seen {
	my ($want, @log) = @_;
	my %n;
	$n{$_->[1]}++ for grep { ($_->[0] =~ /^(list|get|me|dav_get)\z/ ? 'read' : 'write') eq $want } @log;
	return \%n;
}

# Runs one row of the table: what happens between two rounds of work (idle), or at
# work. Allowed are 2xx and what the row names.
sub row {
	my ($fault, %o) = @_;
	return if $o{only} && $o{only} ne $t->{way};
	my (@log, $begin);
	if ($o{idle}) {
		@log = finish(begin(1));
		$begin = time;
		$o{idle}->();
		push @log, finish(begin(1));
	} else {
		my $work = begin(0, $o{calm});
		sleep 0.5;
		$begin = time;
		$o{work}->();
		sleep 0.5;
		@log = finish($work);
	}
	my ($reads, $writes) = map { seen($_, @log) } qw(read write);
	my @calm = sort { $a <=> $b } map { $_->[4] < $begin ? $_->[4] - $_->[3] : () } @log;
	$busy = 3 + 40 * ($calm[$#calm / 2] // 0.1);
	my ($slowest) = sort { $b <=> $a } map { $_->[4] - $_->[3] } @log;
	my @wrong = map { $_->[2] || () } @log;
	for my $is ([ reads => $reads ], [ writes => $writes ]) {
		my $allowed = $o{$is->[0]} || qr/(?!)/;
		push @wrong, map { "$is->[1]{$_} $is->[0] are $_" }
		    grep { !/^2|$allowed/ } sort keys %{$is->[1]};
	}
	# what the database holds
	my ($lost, $more) = (0, 0);
	for my $p (@people) {
		my %there = map { $_->[0] => "$_->[1]:" . ($_->[2] eq 't' ? 1 : 0) }
		    $t->psql("SELECT id, title, completed FROM tasks WHERE user_id = $p->{u}{id}");
		$lost += grep { ($there{$_} // '') ne $p->{have}{$_} } keys %{$p->{have}};
		$more += grep { !$p->{have}{$_} } keys %there;
		for my $there (0, 1) {
			my $names = delete $p->{names}{$there} or next;
			my $n = $t->psql("SELECT count(*) FROM users WHERE username IN ("
			    . join(',', map { "'$_'" } @$names) . ')');
			$lost += @$names - $n if $there;
			$more += $n if !$there;
		}
	}
	push @wrong, "$lost lost" if $lost;
	push @wrong, "$more that were not acknowledged" if $more;
	push @wrong, sprintf 'slowest %.1f s', $slowest if $slowest > ($o{slowest} || 2) + $busy;
	push @wrong, $o{then}->(@log) if $o{then};
	is(join('; ', @wrong), '', "fault: $fault");
	push @table, sprintf '%-52s | %-16s | %-24s | %4.1f s | %s', $fault,
	    (map { my $n = $_; join ' ', map { "$_:$n->{$_}" } sort keys %$n } $reads, $writes),
	    $slowest, @wrong ? 'WRONG' : 'right';
}

my $end = sub { $t->psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = '$t->{db}' AND usename = 'todo'") };
my $times = sub { my ($n, $pause, $do) = @_; $do->(), sleep $pause for 1..$n };
my $pooler = sub { kill $_[0], Todo::slurp("$t->{standin}/sock/pgbouncer.pid") };
my $standin = sub { system("'$Todo::SRC/dev/standin' $_[0] '$t->{standin}' "
    . ($_[1] // '') . " >'$t->{dir}/standin.log' 2>&1 </dev/null") == 0
    or die Todo::slurp("$t->{dir}/standin.log") };

# --- while nothing is asked ---------------------------------------------------------
row('backends terminated while idle', idle => $end);
row('PgBouncer killed while idle', only => 'pooled',
    idle => sub { $pooler->('KILL'); $standin->('start') });
row('suspended: PgBouncer killed, PostgreSQL stopped', idle => sub {
	$pooler->('KILL') if $pooled;
	$standin->('restart-db');
	$standin->('start');
});
row('connections cut by FIN while idle', idle => sub { $wire->ask('cut') });
row('connections cut by RST while idle', idle => sub { $wire->ask('rst') });

# --- at work --------------------------------------------------------------------------
row('backends terminated in their statements',
    work => sub { $times->(20, 0.1, $end) }, writes => qr/503/);
row('connections cut by FIN in a request', work => sub { $times->(10, 0.2, sub { $wire->ask('cut') }) });
row('connections cut by RST in a request', work => sub { $times->(10, 0.2, sub { $wire->ask('rst') }) });
row('answers lost after the commit', work => sub { $times->(8, 0.2, sub {
	$wire->ask('mute');
	sleep 0.1;
	$wire->ask('pass');
	$wire->ask('cut');
}) });
row('PgBouncer killed', only => 'pooled', work => sub { $times->(2, 0.5, sub {
	$pooler->('KILL');
	$standin->('start');
}) });
for my $how (qw(fast immediate)) {
	row("PostgreSQL restarted, $how", work => sub { $standin->('restart-db', $how) }, writes => qr/503/);
}
row('the compute takes 3 s to wake', work => sub {
	$wire->ask('wake 3');
	$wire->ask('cut');
	sleep 4;
	$wire->ask('pass');
}, slowest => 4);

my $back;
row('the database is gone for 12 s', work => sub {
	$standin->('stop');
	sleep 12;
	$standin->('start');
	$back = time;
	sleep 5;
}, reads => qr/503/, writes => qr/503|504/, slowest => 10, then => sub {
	my $doubt = grep { $_->[1] == 504 } @_;		# in a statement when it went
	my @late = grep { $_->[1] == 503 && $_->[3] > $back + 3 } @_;
	my ($first, $last) = (sort { $a <=> $b } @{$wire->ask('stat')->{since}})[0, -1];
	return (($doubt > 6 ? "$doubt of 6 workers do not know" : ()), (@late ? @late . ' still 503 when it was back for 3 s' : ()),
	    $last - $first < 0.05 ? 'all reconnected at once' : ());
});

$t->{env}{DATABASE_TIMEOUT} = 3;
$t->restart_workers;
my $before = -s "$t->{dir}/worker.log";
row('the network swallows packets for 8 s, limit 3 s', work => sub {
	$wire->ask('swallow');
	sleep 8;
	$wire->ask('pass');
	sleep 2;
}, reads => qr/503/, writes => qr/503|504/, slowest => 6, then => sub {
	my $said = substr Todo::slurp("$t->{dir}/worker.log"), $before;
	my ($longest) = sort { $b <=> $a } $said =~ /status=\d+ ms=([\d.]+)/g;
	return $longest > 1000 * ($busy + 2) ? "a worker was held for $longest ms" : ();
});
delete $t->{env}{DATABASE_TIMEOUT};
$t->restart_workers;

row('too many connections (53300) for 3 s', work => sub {
	$t->admin("ALTER DATABASE $t->{db} CONNECTION LIMIT 0");
	$end->();
	sleep 3;
	$t->admin("ALTER DATABASE $t->{db} CONNECTION LIMIT -1");
	sleep 1;
}, reads => qr/503/, writes => qr/503/, slowest => 10);

my @killed;
row('workers killed with SIGKILL in a request', work => sub { $times->(12, 0.2, sub {
	my @workers = $t->worker_pids;
	my $gone = $workers[rand @workers];
	kill 'KILL', $gone;
	my $begin = time;
	eval { Todo::wait_for(sub {
		my @now = $t->worker_pids;
		@now == 4 && !grep { $_ == $gone } @now;
	}, 'the pool', 5) };
	push @killed, time - $begin;
}) }, reads => qr/502|cut/, writes => qr/502/, then => sub {
	my $n = grep { $_->[1] =~ /^(502|cut)\z/ } @_;
	return (($n > 12 ? "$n errors of 12 workers" : ()),
	    (grep { $_ > $busy } @killed) ? 'the pool was not whole soon' : ());
});

# Half a dozen who guess passwords, each time from another address.
row('a flood of logins', calm => 1, work => sub {
	my $until = time + 4;
	my @kids = map {
		my $pid = fork;
		if (!$pid) {
			my %n;
			$n{$t->req(POST => '/api/auth/login', { timeout => 60, json => { password => 'a guess',
			    email => $people[0]{u}{email} } })->{status}}++ while time < $until;
			POSIX::_exit(scalar grep { !/^(401|429|503)\z/ } keys %n);
		}
		$pid } 1..6;
	for (@kids) {
		waitpid $_, 0;
		is($?, 0, 'fault: a flood of logins is answered 401, 429 or 503');
	}
}, slowest => 1);

# --- gone while a request waits ------------------------------------------------------------
for my $lock ('', 'LOCK TABLE tasks;') {
	for my $case ([ 401, 'account deleted', sub { "DELETE FROM users WHERE id = $_[0]{id}" } ],
	    [ 401, 'token revoked', sub { "INSERT INTO revoked_tokens VALUES
	        (sha256('$_[0]{token}'), $_[0]{id}, now() + interval '1 hour')" } ],
	    [ 401, 'password changed', sub { "UPDATE users SET sessions_from =
	        now() + interval '1 second' WHERE id = $_[0]{id}" } ],
	    [ 404, 'task deleted', sub { "DELETE FROM tasks WHERE id = $_[1]{id}" } ]) {
		my ($status, $what, $sql) = @$case;
		# A row's lock is met by a statement that has begun, before the logout.
		next if $what eq 'token revoked' && !$lock;
		my $v = $t->user;
		my $task = $t->task($v, title => 'x');
		my $one = "$v->{tasks}/$task->{id}";
		my @ask = ([ PATCH => "$one/complete" ], [ PUT => $one, { title => 'y' } ], [ DELETE => $one ],
		    $status == 401 ? [ POST => $v->{tasks}, { title => 'z' } ] : (),
		    $lock ? [ GET => $one ] : ());
		my $change = $sql->($v, $task);
		my $release = $t->hold("$lock $change");
		my @answers = map { $t->later($v, @$_) } @ask;
		$t->waiting(1, or_more => 1);
		sleep 0.3;	# for those that wait in a worker, after these
		$release->();
		is(join(' ', map { $_->() =~ /^(\d+)/ } @answers),
		    join(' ', ($status) x @ask), "fault: $what in flight" . ($lock ? ', table locked' : ''));
	}
}

# --- the pooler ---------------------------------------------------------------------------
sub pooler_setting {
	my ($name, $value) = @_;
	my $file = "$t->{standin}/pgbouncer.ini";
	my $text = Todo::slurp($file);
	$text =~ s/^$name = .*\n//m;
	Todo::spew($file, "$text$name = $value\n");
	$pooler->('HUP');
	sleep 0.5;
}
if ($pooled) {
	pooler_setting(pool_mode => 'session');
	$t->restart_workers;
	row('the pooler loses prepared statements in mid-life', work => sub {
		pooler_setting(pool_mode => 'transaction');
		$end->();
		sleep 2;
	});

	pooler_setting(query_wait_timeout => 1);
	pooler_setting(default_pool_size => 1);
	$end->();
	my $holder = fork;
	if (!$holder) {
		local %ENV = (PATH => $ENV{PATH}, DATABASE => $t->db_url('pooled'));
		system 'psql "$DATABASE" -XAtq -c "SELECT pg_sleep(6)" >/dev/null';
		POSIX::_exit(0);
	}
	sleep 0.5;
	row('query_wait_timeout of the pooler', work => sub { sleep 6 },
	    reads => qr/503/, writes => qr/503/, slowest => 10);
	waitpid $holder, 0;
	pooler_setting(default_pool_size => 20);
	pooler_setting(query_wait_timeout => 120);
}

# --- Neon's proxy refuses ---------------------------------------------------------------------
# Its texts (and those of PostgreSQL and PgBouncer) as a worker meets them when it
# connects again: whether the request is tried again, or told to come back.
my %neon = (
	again => [
	    'Failed to acquire permit to connect to the database. Too many database connection'
	    . ' attempts are currently ongoing.', "Couldn't connect to compute node",
	    'Control plane request failed', 'Authentication timed out',
	    'Too many connections to this endpoint. Please try again later.',
	    'Too many connections attempts', 'sorry, too many clients already',
	    'no more connections allowed (max_client_conn)',
	    'remaining connection slots are reserved for non-replication superuser connections',
	    'Control plane request failed: endpoint is temporarily unavailable. Check your quotas'
	    . ' and/or contact our support.' ],
	never => [
	    'connection is insecure (try using `sslmode=require`)',
	    'Endpoint ID is not specified. Either please upgrade the postgres client library (libpq)'
	    . ' for SNI support', 'Inconsistent project name inferred from SNI (x) and project option (y).',
	    "password authentication failed for user 'todo'", 'authentication protocol violation',
	    'This IP address 192.0.2.1 is not allowed to connect to this endpoint.',
	    'Control plane request failed: endpoint cannot be found',
	    'Control plane request failed: endpoint is disabled',
	    'You have exceeded the limit of concurrently active endpoints.',
	    'Your project has exceeded the data transfer quota. Upgrade your plan to increase limits.',
	    'unsupported startup parameter: search_path', 'database "x" does not exist' ],
);
$t->stop_workers;
@$t{qw(workers auth_workers)} = (1, 0);
my $u = $people[1]{u};
for my $kind (sort keys %neon) {
	for my $text (@{$neon{$kind}}) {
		my $from = -s "$t->{dir}/worker.log";
		$t->start_workers;
		my $title = 'n' . ++$serial;
		my $connected = $t->as($u, GET => '/api/auth/me')->{status};
		$wire->ask('reset');
		$wire->ask("say 1 $text");
		$wire->ask('cut');
		my $r = $t->as($u, POST => $u->{tasks}, { title => $title });
		my $attempts = @{$wire->ask('stat')->{attempts}};
		my $there = $t->psql("SELECT count(*) FROM tasks WHERE title = '$title'");
		my $logged = index(substr(Todo::slurp("$t->{dir}/worker.log"), $from), $text) >= 0 ? 'logged' : 'not logged';
		my $shape = $r->{status} == 201 || error_shape($r) && $r->{headers}{'retry-after'}
		    ? '' : ', bad error';
		is("$connected, $r->{status}$shape, $attempts attempts, $there made, $logged", $kind eq 'again' ?
		    '200, 201, 2 attempts, 1 made, logged' : '200, 503, 1 attempts, 0 made, logged',
		    "fault: \"$text\"") or diag(substr(Todo::slurp("$t->{dir}/worker.log"), $from));
		$t->stop_workers;
	}
}
$wire->ask('pass');
push @table, sprintf '%-52s | %s', scalar(@{$neon{again}}) . ' texts of connects that pass', 'tried again';
push @table, sprintf '%-52s | %s', scalar(@{$neon{never}}) . ' texts of those that do not', '503';

diag(join "\n", "$t->{way}:", sprintf('%-52s | %-16s | %-24s | %6s | %s', 'fault',
    'reads', 'writes', 'slowest', 'answers and database'), @table);
$t->expect_log(qr/./);

done_testing();
