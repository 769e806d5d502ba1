# SPDX-License-Identifier: ISC
package Todo;

# A whole neon-todo in a temporary directory: a database of its own in the
# stand-in, worker pools, nginx with the shipped files. Everything it starts
# is stopped when the test ends, however it ends.

use strict;
use warnings;
use Carp qw(croak);
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Copy ();
use File::Glob qw(bsd_glob);
use File::Path qw(remove_tree);
use File::Temp ();
use IO::Socket::INET;
use Cpanel::JSON::XS ();
use parent qw(Client Process Web);
use Process qw($ROOT need lack which slurp spew wait_for free_port members);
use Test::More ();
use Time::HiRes qw(time sleep);

our $SRC   = abs_path($ENV{TOP_SRCDIR} || dirname(__FILE__) . '/../..');
our $BUILD = abs_path($ENV{TOP_BUILDDIR} || $SRC);
my ($owner, $serial, $private, @live) = ($$, 0);

# Debian's psql is a wrapper in Perl that takes five times as long as what it starts.
$ENV{PATH} = join ':', (reverse sort glob '/usr/lib/postgresql/[0-9][0-9]/bin'),
    $ENV{PATH} || '/usr/bin:/bin', '/usr/local/sbin', '/usr/sbin', '/sbin';
# A signal that ends the test must run END below.
$SIG{$_} = sub { exit 130 } for qw(INT TERM HUP);
$SIG{PIPE} = 'IGNORE';

# "use Todo" is "use strict, warnings, Test::More" with a done_testing that
# looks into the logs first, and T and F for JSON's true and false.
sub import {
	my $to = caller;
	strict->import;
	warnings->import;
	no strict 'refs';
	/^\w/ and *{"${to}::$_"} = \&{"Test::More::$_"} for @Test::More::EXPORT;
	*{"${to}::TODO"} = \${"${to}::TODO"};
	*{"${to}::$_"} = \&$_ for qw(T F);
	*{"${to}::$_"} = \&{"Client::$_"} for
	    qw(jtype error_shape fields is_error is_ok);
	my $b = Test::More->builder;
	binmode $_, ':utf8' for $b->output, $b->failure_output, $b->todo_output;
	no warnings 'redefine';
	*{"${to}::done_testing"} = sub {
		$_->finish for grep { defined } @live;
		Test::More::done_testing();
	};
}

END {
	if ($$ == $owner) {
		my $status = $?;
		$_ and $_->stop for @live;
		standin('stop', $private) if $private;
		remove_tree($private) if $private && !$ENV{TODO_KEEP};
		note_time($ENV{TODO_TIMES}) if $ENV{TODO_TIMES};
		$? = $status;
	}
}

# For t/run: the seconds that this took, and those of processors.  Of these only what
# was waited for is known: not the database, nor what was killed with its parent.
sub note_time {
	my $cpu = 0;
	$cpu += $_ for times;
	open my $out, '>>', $_[0] or return;
	printf $out "%7.1f %7.1f   %s %s\n", time - $^T, $cpu, $ENV{TODO_WAY} // '', basename($0);
	close $out;
}

sub T { Cpanel::JSON::XS::true }
sub F { Cpanel::JSON::XS::false }

# --- the stand-in database --------------------------------------------------

sub standin { return Process::standin("$SRC/dev/standin", @_) }

sub new_standin {
	my $more = shift;
	need(qw(pgbouncer psql));
	my $dir = File::Temp::tempdir('todo-db-XXXXXX', TMPDIR => 1, CLEANUP => 0);
	chmod 0755, $dir;
	return $dir if eval { standin('create', $dir, $more) };
	my $why = $@;
	remove_tree($dir);
	croak $why;
}

# --- life -------------------------------------------------------------------

# Options: way, workers, auth_workers, retries (of multiwatch), backlog (of the
# sockets), env, own_db (and standin_options), web_workers and web_connections (of nginx),
# wire, mount (the path it is below), web (what starts the web server instead
# of nginx), and start => 0 for a database and a binary only.
sub new {
	my ($class, %o) = @_;
	need(qw(psql spawn-fcgi multiwatch), $o{web} ? () : 'nginx');
	my $self = bless {
		way => $ENV{TODO_WAY} || 'direct', workers => 2,
		auth_workers => 1, web_workers => 1, web_connections => 512,
		start => 1, pool => {}, env => {}, secrets => {}, expect => [], %o,
	}, $class;
	push @live, $self;
	$self->{dir} = File::Temp::tempdir('todo-XXXXXX', TMPDIR => 1,
	    CLEANUP => 0);
	chmod 0755, $self->{dir};
	my ($bin) = grep { defined && -x } $ENV{TODO_FCGI}, "$BUILD/todo.fcgi",
	    bsd_glob("$SRC/build*/todo.fcgi");
	lack('no todo.fcgi: run make') unless $bin;
	$self->{bin} = "$self->{dir}/todo.fcgi";
	File::Copy::copy($bin, $self->{bin}) or croak "$bin: $!";
	chmod 0755, $self->{bin};

	$self->{standin} = $self->{own_db} ? new_standin($self->{standin_options})
	    : $ENV{TODO_STANDIN} || ($private ||= new_standin());
	$self->{db} = sprintf 'todo_%d_%d_%06x', $$, ++$serial, rand 2**24;
	$self->admin("CREATE DATABASE $self->{db} OWNER todo TEMPLATE template0");
	$self->{secret} = join '', map { ('a'..'z', 'A'..'Z', 0..9)[rand 62] }
	    1..48;
	$self->secret($self->{secret});
	$self->{url} = $self->db_url($self->{way});
	$self->secret($self->{url} =~ m{//[^:]+:([^@]+)@});
	if ($self->{wire}) {
		require Wire;
		my ($port) = $self->{url} =~ /:(\d+)\//;
		$self->{wire} = Wire->new($port, $self->{standin});
		$self->{url} =~ s/:$port\//':' . $self->{wire}->port . '\/'/e;
	}
	$self->start if $self->{start};
	return $self;
}

# The way's URL for this object's database.
sub db_url {
	my ($self, $way) = @_;
	my $url = slurp("$self->{standin}/$way.url");
	$url =~ s/\s+\z//;
	$url =~ s{(://[^/]+/)[^?]*}{$1$self->{db}};
	return $url;
}

# Has every worker from now on run by this command.
sub wrap {
	my ($self, @command) = @_;
	rename $self->{bin}, "$self->{bin}.own" or croak "$self->{bin}: $!";
	spew($self->{bin}, "#!/bin/sh\nexec @command '$self->{bin}.own' \"\$@\"\n");
	chmod 0755, $self->{bin};
}

# What a worker's environment holds, and nothing else.
sub worker_env {
	my ($self, %more) = @_;
	my %e = (PATH => $ENV{PATH}, DATABASE_URL => $self->{url},
	    DATABASE_HOSTS => 'localhost', SECRET_KEY => $self->{secret},
	    (map { $_ => $ENV{$_} } grep { /^(?:A|UB|L)SAN_OPTIONS$/ } keys %ENV),
	    %{$self->{env}}, %more);
	return map { $_ => $e{$_} } grep { defined $e{$_} } keys %e;
}

sub start_workers {
	my $self = shift;
	my %n = (tasks => $self->{workers}, auth => $self->{auth_workers});
	for my $pool (grep { $n{$_} } sort keys %n) {
		my $sock = "$self->{dir}/$pool.sock";
		unlink $sock;
		$self->spawn($pool, 'worker.log', { $self->worker_env }, 'spawn-fcgi',
		    '-n', '-s', $sock, '-M', '0666',
		    ($self->{backlog} ? ('-b', $self->{backlog}) : ()),
		    ($ROOT ? qw(-u www-data -g www-data) : ()), '--', which('multiwatch'),
		    '-f', $n{$pool}, ($self->{retries} ? ('-r', $self->{retries}) : ()),
		    '-s', 'TERM', '--', $self->{bin});
		# spawn-fcgi binds first and opens the socket to nginx then.
		wait_for(sub { -S $sock && (stat _)[2] & 2 }, "$pool.sock");
	}
}

sub stop_workers {
	my $self = shift;
	my @dirty = grep { !$self->end($_) } qw(tasks auth);
	$self->{dirty} = 1 if @dirty;
	return !@dirty;
}

sub restart_workers {
	my $self = shift;
	$self->stop_workers;
	$self->start_workers;
	$self->ready;
}

# Pids of the workers of a pool (without multiwatch).
sub worker_pids {
	my ($self, $pool) = @_;
	my $lead = $self->{pool}{$pool || 'tasks'} or return;
	return grep { $_ != $lead } members($lead);
}

# Seconds of processor that the workers of a pool have had: what they did, whatever else
# the machine does.
sub cpu {
	my ($self, $pool) = @_;
	my $ticks = 0;
	for my $pid ($self->worker_pids($pool)) {
		my @f = split ' ', slurp("/proc/$pid/stat") =~ s/.*\) //sr;
		$ticks += $f[11] + $f[12];
	}
	return $ticks / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

# A copy of a directory of the source, made once: web servers run as a user who may not
# be able to enter the checkout, and their files can't quote every name.
sub copy {
	my ($self, $from, $to) = @_;
	my $copy = "$self->{dir}/$to";
	return $copy if -e $copy;
	system('cp', '-R', "$SRC/$from", $copy) == 0 && system('chmod', '-R', 'a+rX', $copy) == 0
	    or croak "$SRC/$from can't be copied";
	return $copy;
}

sub start_nginx {
	my ($self, $extra) = @_;
	my $d = $self->{dir};
	$self->copy('etc/nginx', 'neon-todo');
	$self->{port} ||= free_port();
	my $user = $ROOT ? 'user www-data;' : '';
	my $temp = join "\n\t", map { "${_}_temp_path $d/tmp_$_;" }
	    qw(client_body proxy fastcgi uwsgi scgi);
	$extra //= '';
	my $host = $self->{host} // '127.0.0.1';
	# One that has a single request in hand had better not be chosen beside idle ones.
	my $keep = ($self->{env}{REQUESTS} // 0) eq '1' ? '' :
	    'keepalive 64; keepalive_requests 100; keepalive_timeout 1s;';
	my $www = $self->{www} // $self->copy('www', 'page');
	my $upstreams = $self->{upstreams} // <<"CONF";
	upstream neon_todo_tasks { server unix:$d/tasks.sock max_fails=0; $keep }
	upstream neon_todo_auth { server unix:$d/auth.sock max_fails=0; }
CONF
	spew("$d/nginx.conf", <<"CONF");
$user
daemon off;
worker_processes $self->{web_workers};
pid $d/nginx.pid;
error_log $d/error.log notice;
events { worker_connections $self->{web_connections}; }
http {
	$temp
	include neon-todo/http.conf;
	access_log $d/access.log neon_todo;
$upstreams
	server {
		listen $host:$self->{port};
		include neon-todo/server.conf;
		set \$neon_todo_www $www;
		$extra
	}
}
CONF
	$self->spawn('nginx', 'nginx.log', { PATH => $ENV{PATH} }, @{$self->{inside} || []},
	    'nginx', '-p', $d, '-e', "$d/error.log", '-c', "$d/nginx.conf");
	wait_for(sub { IO::Socket::INET->new(PeerAddr => "$host:$self->{port}")
	    || (!members($self->{pool}{nginx}) && croak 'nginx: '
	    . slurp("$d/nginx.log") . slurp("$d/error.log")) }, 'nginx');
}

sub start {
	my $self = shift;
	$self->start_workers;
	$self->{web} ? $self->{web}->($self) : $self->start_nginx;
	$self->ready;
}

# Carries out this SQL in a transaction, and commits it when what it returns is called.
# On return its locks are held, or waited for.
sub hold {
	my ($self, $sql) = @_;
	my $name = 'hold.' . ++$serial;
	my $port = slurp("$self->{standin}/port") + 0;
	my $pid = fork // croak "fork: $!";
	if (!$pid) {
		$ENV{PGAPPNAME} = $name;
		exec 'sh', '-c', '{ echo "BEGIN; $1;"; while test -d "$2" && ! test -e "$2/$3"; do '
		    . 'sleep 0.05; done; echo "COMMIT;"; } | psql -h "$4" -p "$5" -U postgres -d "$6" '
		    . '-XAtq >/dev/null', 'sh', $sql, $self->{dir}, $name, "$self->{standin}/sock",
		    $port, $self->{db} or POSIX::_exit(127);
	}
	wait_for(sub { $self->psql("SELECT count(*) FROM pg_stat_activity
	    WHERE datname = '$self->{db}' AND application_name = '$name'
	    AND (wait_event_type = 'Lock'
	    OR state = 'idle in transaction' AND query NOT LIKE 'BEGIN%')") }, $name);
	return sub { spew("$self->{dir}/$name", ''); waitpid $pid, 0 };
}

# How many statements wait for a lock.
sub waits {
	return scalar $_[0]->psql("SELECT count(*) FROM pg_stat_activity
	    WHERE datname = '$_[0]{db}' AND backend_type = 'client backend'
	    AND wait_event_type = 'Lock'");
}

# Waits until so many do.
sub waiting {
	my ($self, $n, $or_more) = @_;
	wait_for(sub {
		my $is = $self->waits;
		$is == $n || ($or_more && $is > $n) }, "$n that wait");
}

# Sends a request of this user; what it returns waits for the answer, "STATUS CONTENT".
sub later {
	my ($self, $u, @request) = @_;
	my $file = "$self->{dir}/later." . ++$serial;
	my $pid = fork // croak "fork: $!";
	if (!$pid) {
		my $r = $self->as($u, @request);
		spew($file, "$r->{status} $r->{content}");
		POSIX::_exit(0);
	}
	return sub {
		waitpid $pid, 0;
		my $text = slurp($file);
		$self->secret($1) if $text =~ /"access_token":"([^"]+)/;
		return $text;
	};
}

# Both pools have answered once.  A web server that answers with nothing but its own
# errors for five seconds is not waited for.
sub ready {
	my $self = shift;
	for my $path ('/api/1/tasks', '/api/auth/me') {
		my ($r, $broken) = ({});
		my $until = time + 60;
		while (time < $until) {
			$r = $self->req(GET => $path, { timeout => 60 });
			last if $r->{status} == 401
			    || grep { !members($_) } values %{$self->{pool}};
			$broken = $r->{status} < 500 ? undef : $broken // time;
			last if defined $broken && time - $broken > 5;
			sleep 0.2;
		}
		next if $r->{status} == 401;
		Test::More::diag("$_:\n" . substr slurp("$self->{dir}/$_"), -3000)
		    for qw(worker.log error.log web.log);
		croak "the service does not answer: $r->{status}";
	}
}

sub stop {
	my $self = shift;
	return if $self->{stopped}++;
	$self->end_web;
	$self->stop_workers;
	$self->end($_) for keys %{$self->{pool}};
	$self->{wire}->stop if ref $self->{wire};
	if ($self->{own_db} && $self->{standin}) {
		standin('stop', $self->{standin});
		remove_tree($self->{standin}) unless $ENV{TODO_KEEP};
	} elsif ($self->{standin} && $self->{db}) {
		eval { $self->admin("DROP DATABASE IF EXISTS $self->{db} WITH (FORCE)") };
	}
	remove_tree($self->{dir}) if $self->{dir} && !$ENV{TODO_KEEP};
}

sub DESTROY { $$ == $owner and $_[0]->stop }

# nginx, or what stands in its place. TERM is what init sends those.
sub end_web {
	my $self = shift;
	$self->end('nginx', 'QUIT');
	$self->end('web') or $self->{dirty} = 1;
}

# The assertions at the end of every test: clean stop, clean logs.
sub finish {
	my $self = shift;
	return if $self->{finished}++;
	local $Test::Builder::Level = $Test::Builder::Level + 3;
	if (!$self->{down}) {
		my @hash = eval { map { $_->[0] }
		    $self->psql('SELECT password FROM users') };
		$self->secret(@hash);
	}
	$self->end_web;
	$self->stop_workers;
	Test::More::ok(!$self->{dirty}, 'workers stop when asked');
	my $log = $self->log;
	my @bad = grep { /Sanitizer|runtime error:|\[(?:alert|emerg|crit)\]/ }
	    split /\n/, $log;
	for my $re (@{$self->{expect}}) { @bad = grep { !/$re/ } @bad }
	Test::More::is(join("\n", @bad), '', 'logs: no sanitizer, no alert');
	my @leak = grep { index($log, $_) >= 0 } keys %{$self->{secrets}};
	Test::More::is("@leak", '', 'logs: no secret');
	my @tail = split /\n/, slurp("$self->{dir}/worker.log");
	splice @tail, 0, -10 if @tail > 10;
	Test::More::diag(join "\n", 'the end of worker.log:', @tail)
	    if !Test::More->builder->is_passing;
	$self->stop;
}

sub log {
	my $self = shift;
	return join '', map { slurp("$self->{dir}/$_") }
	    qw(worker.log error.log access.log nginx.log web.log);
}

sub expect_log { push @{$_[0]{expect}}, $_[1] }
sub secret { my $self = shift; $self->{secrets}{$_} = 1
    for grep { defined && length >= 8 } @_ }

# Copies what git would clone, or, if git knows nothing of it, what a release holds: of
# ./run there is no state, nor its build.  Returns whether that was possible.
sub clone {
	my (undef, $to) = @_;
	return system("cd '$SRC' && { git ls-files -co --exclude-standard 2>/dev/null ||
	    find . '(' -path ./.state -o -path ./build ')' -prune -o -type f -print; } |
	    tar cf - -T - | tar xf - -C '$to'") == 0;
}

# Runs one of t/js, which asks this service; each of its lines is a test.
sub script {
	my ($self, $name) = @_;
	my $dir = "$self->{dir}/$name";
	mkdir $dir;
	my $out = `node '$SRC/t/js/$name.mjs' 'http://127.0.0.1:$self->{port}' '$ENV{TODO_NPM}/node_modules' '$dir' 2>&1`;
	Test::More::is($?, 0, "$name.mjs ends well");
	for my $line (split /\n/, $out) {
		$line =~ /^(not )?ok - (.*)/ ? Test::More::ok(!$1, $2) : Test::More::diag($line);
	}
}

# --- the database from outside ----------------------------------------------

sub sql_in {
	my ($self, $db, $sql) = @_;
	my $port = slurp("$self->{standin}/port") + 0;
	utf8::encode($sql) if utf8::is_utf8($sql);
	my $in = spew("$self->{dir}/sql.$$." . ++$serial, $sql);
	my $pid = open(my $rows, '-|') // croak "fork: $!";
	if (!$pid) {
		%ENV = (PATH => $ENV{PATH}, LC_ALL => 'C.UTF-8');
		open STDIN, '<', '/dev/null';
		open STDERR, '>', "$in.err";
		exec 'psql', '-h', "$self->{standin}/sock", '-p', $port, '-U', 'postgres', '-d', $db,
		    qw(-v ON_ERROR_STOP=1 -v VERBOSITY=verbose -XAtq -F), "\x1f", '-f', $in
		    or POSIX::_exit(127);
	}
	my $out = do { local $/; <$rows> } // '';
	close $rows;
	my $status = $?;
	$self->{sql_error} = slurp("$in.err");
	unlink $in, "$in.err";
	croak "psql: $self->{sql_error}" if $status;
	utf8::decode($out);
	return map { [ split /\x1f/, $_, -1 ] } split /\n/, $out;
}

sub admin { my ($self, $sql) = @_; return $self->sql_in('postgres', $sql) }

# Rows as lists; in scalar context the first value. Dies with the server's
# message when the statement fails.
sub psql {
	my ($self, $sql) = @_;
	my @rows = $self->sql_in($self->{db}, $sql);
	return wantarray ? @rows : $rows[0] && $rows[0][0];
}

sub stop_db { my $self = shift; $self->{down} = 1;
    standin('stop', $self->{standin}) }
sub start_db { my $self = shift; $self->{down} = 0;
    standin('start', $self->{standin}) }

1;
