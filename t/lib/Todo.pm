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
use IO::Socket::UNIX;
use Cpanel::JSON::XS ();
use lib dirname(__FILE__) . '/../../dev/lib';
use parent qw(Client Servers Web);
use Process qw($ROOT which slurp spew wait_for free_port launch members);
use Standin;
use Test::More ();
use Time::HiRes qw(time sleep);

our $SRC   = $Servers::SRC;
our $BUILD = abs_path($ENV{TOP_BUILDDIR} || $SRC);
our $PAGE  = $Servers::PAGE;
my ($owner, $serial, $private, @live) = ($$, 0);

# Debian's psql is a wrapper in Perl that takes five times as long as what it starts.
$ENV{PATH} = join ':', (reverse sort glob '/usr/lib/postgresql/[0-9][0-9]/bin'),
    $ENV{PATH};
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
		Standin->new($private)->stop if $private;
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

# --- what a machine lacks ---------------------------------------------------

# Leaves the test when a program is missing; with TODO_REQUIRE_ALL it fails.
sub need {
	my @missing = grep { !which($_) } @_;
	lack("no @missing on this machine") if @missing;
}

sub lack {
	Test::More::BAIL_OUT($_[0]) if $ENV{TODO_REQUIRE_ALL};
	Test::More::plan(skip_all => $_[0]) if !Test::More->builder->has_plan;
	croak $_[0];
}

# A directory that servers' users can enter.
sub directory {
	my $dir = File::Temp::tempdir("$_[0]-XXXXXX", TMPDIR => 1, CLEANUP => 0);
	chmod 0755, $dir;
	return $dir;
}

# A stand-in for tests.  Only a crash of the machine could tell that it writes nothing to
# the disk for good.
sub start_standin {
	my ($dir, @options) = @_;
	need(qw(pgbouncer psql));
	Standin->new($dir, settings => "fsync = off\n", @options)->start;
	return $dir;
}

# --- life -------------------------------------------------------------------

# Options: way, workers, auth_workers, retries (of multiwatch), backlog (of the
# sockets), env, own_db (true, or options of Standin), web_workers and web_connections (of nginx),
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
	$self->{dir} = directory('todo');
	my ($bin) = grep { defined && -x } $ENV{TODO_FCGI}, "$BUILD/todo.fcgi",
	    bsd_glob("$SRC/build*/todo.fcgi");
	lack('no todo.fcgi: run make') unless $bin;
	$self->{bin} = "$self->{dir}/todo.fcgi";
	File::Copy::copy($bin, $self->{bin}) or croak "$bin: $!";
	chmod 0755, $self->{bin};

	if ($self->{own_db}) {
		start_standin($self->{standin} = directory('todo-db'),
		    ref $self->{own_db} ? @{$self->{own_db}} : ());
	} else {
		$self->{standin} = $ENV{TODO_STANDIN} || $private
		    || start_standin($private = directory('todo-db'));
	}
	$self->{db} = sprintf 'todo_%d_%d_%06x', $$, ++$serial, rand 2**24;
	# By copying files: on a disk this takes a third of the time, as nothing is synced.
	$self->admin("CREATE DATABASE $self->{db} OWNER todo TEMPLATE template0 STRATEGY file_copy");
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
	$self->start_pool($_, $n{$_}, log => 'worker.log', env => { $self->worker_env },
	    retries => $self->{retries}, backlog => $self->{backlog}) for grep { $n{$_} } sort keys %n;
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

# Pids of the workers of a pool: without multiwatch, and without what it has forked and is no
# worker yet, to which a signal would be lost.
sub worker_pids {
	my ($self, $pool) = @_;
	my $lead = $self->{pool}{$pool || 'tasks'} or return;
	return grep { $_ != $lead && slurp("/proc/$_/comm") ne "multiwatch\n" } members($lead);
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

sub start {
	my $self = shift;
	$self->start_workers;
	$self->{web} ? $self->{web}->($self) : $self->start_nginx;
	$self->ready;
}

# A web server that answers with nothing but its own errors for so many seconds is not
# waited for.
sub ready { $_[0]->SUPER::ready(20) }

# Carries out this SQL in a transaction, and commits it when what it returns is called.
# On return its locks are held, or waited for.
sub hold {
	my ($self, $sql) = @_;
	my $name = 'hold.' . ++$serial;
	pipe my $read, my $write or croak "pipe: $!";
	# A test that forgets it ends with an error, and not never.
	my $pid = launch({ env => { %ENV, PGAPPNAME => $name,
	    PGOPTIONS => '-c idle_in_transaction_session_timeout=5min' }, in => $read, out => '/dev/null',
	    err => \*STDERR }, 'psql', '-h', "$self->{standin}/sock",
	    '-p', Standin->new($self->{standin})->port, qw(-U postgres -XAtq -d), $self->{db});
	syswrite $write, "BEGIN; $sql;\n";
	wait_for(sub { $self->psql("SELECT count(*) FROM pg_stat_activity
	    WHERE datname = '$self->{db}' AND application_name = '$name'
	    AND (wait_event_type = 'Lock'
	    OR state = 'idle in transaction' AND query NOT LIKE 'BEGIN%')") }, $name);
	return sub { syswrite $write, "COMMIT;\n\\q\n"; waitpid $pid, 0 };
}

# Waits until so many sessions have waited for a lock; with or_more also if there are more.
# They give up and try again, with pauses: at one moment seldom all of them wait.
# meanwhile is called before each look.
sub waiting {
	my ($self, $n, %o) = @_;
	my %seen;
	wait_for(sub {
		$o{meanwhile}->() if $o{meanwhile};
		$seen{$_->[0]} = 1 for $self->psql("SELECT pid FROM pg_stat_activity
		    WHERE datname = '$self->{db}' AND backend_type = 'client backend'
		    AND wait_event_type = 'Lock'");
		keys %seen == $n || ($o{or_more} && keys %seen > $n) }, "$n that wait");
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

sub stop {
	my $self = shift;
	return if $self->{stopped}++;
	$self->end_web;
	$self->stop_workers;
	$self->end($_) for keys %{$self->{pool}};
	$self->{wire}->stop if ref $self->{wire};
	if ($self->{own_db} && $self->{standin}) {
		Standin->new($self->{standin})->stop;
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
	utf8::encode($sql) if utf8::is_utf8($sql);
	my $out = eval { Standin->new($self->{standin})->psql($sql, '-d', $db, '-F', "\x1f",
	    '-v', 'VERBOSITY=verbose') };
	$self->{sql_error} = $@;
	croak "psql: $@" if !defined $out;
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
    Standin->new($self->{standin})->stop }
sub start_db { my $self = shift; $self->{down} = 0;
    Standin->new($self->{standin})->start }

# --- a worker by itself ------------------------------------------------------

# Runs it with these arguments; %o: env (undef removes a name), clean => 1 for
# no settings at all, stdin, cwd, fcgi => 1 for a listening socket on
# descriptor 0, timeout, as => 'me' to keep root. Returns exit, signal,
# stdout, stderr, elapsed; exit is -1 when it had to be killed.
sub worker_cli { return worker_begin(@_)->() }

# The same, but for what it returns: a function that waits for the end and returns
# that.  elapsed is until then.
sub worker_begin {
	my ($self, $args, %o) = @_;
	my $base = "$self->{dir}/cli.$$." . ++$serial;
	my %env = $o{clean} ? (PATH => $ENV{PATH}, (map { $_ => $ENV{$_} }
	    grep { /^(?:A|UB|L)SAN_OPTIONS$/ } keys %ENV), %{$o{env} || {}})
	    : $self->worker_env(%{$o{env} || {}});
	my $listen = $o{fcgi} && IO::Socket::UNIX->new(Local => "$base.sock",
	    Listen => 5);
	my $start = time;
	my $pid = launch({ dir => $o{cwd} || $self->{dir}, own => 1,
	    as => ($o{as} // '') eq 'me' ? undef : $Servers::USER,
	    env => { map { $_ => $env{$_} } grep { defined $env{$_} } keys %env },
	    in => $listen || spew("$base.in", $o{stdin} // ''),
	    out => "$base.out", err => "$base.err" }, $self->{bin}, @$args);
	return sub {
		my ($until, $status, $done) = ($start + ($o{timeout} || 30), 0, 0);
		while (time < $until) {
			$done = waitpid $pid, POSIX::WNOHANG();
			$status = $?, last if $done;
			sleep 0.01;
		}
		my $elapsed = time - $start;
		if (!$done) {
			kill 'KILL', $pid;
			waitpid $pid, 0;
		}
		undef $listen;
		my %r = (elapsed => $elapsed, exit => $done ? $status >> 8 : -1,
		    signal => $status & 127, stdout => slurp("$base.out"),
		    stderr => slurp("$base.err"));
		unlink glob "$base.*";
		return \%r;
	};
}

1;
