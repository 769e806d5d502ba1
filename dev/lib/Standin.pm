# SPDX-License-Identifier: ISC
package Standin;

# The local stand-in for a Neon database: PostgreSQL with TLS and SCRAM, and PgBouncer in
# transaction mode in front of it, all below one directory.  It is chosen explicitly
# (./run without a DATABASE_URL, the tests, bench/); nothing falls back to it.  What is in
# the directory: dev/standin --help.
#
# Methods that do something die with one line if they can't.

use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use Fcntl qw(:flock);
use File::Path qw(make_path remove_tree);
use Process qw($ROOT which slurp spew random_hex pause wait_for listener quotable command
    capture);

my $role = 'todo';
my $owner = 'postgres';		# the user of the servers if root starts them

# Options: max_connections (100), and settings: lines of postgresql.conf for a cluster
# that is made now.
sub new {
	my ($class, $dir, %o) = @_;
	$dir = getcwd() . "/$dir" if $dir !~ m{^/};
	return bless { dir => abs_path($dir) // $dir, max_connections => 100, settings => '', %o },
	    $class;
}

# Calls it while no other process starts or stops these servers.
sub alone {
	my ($self, $code) = @_;
	-d $self->{dir} or die "$self->{dir}: there is no stand-in\n";
	my $umask = umask 077;
	my $done = eval {
		open my $lock, '>>', "$self->{dir}/lock" or die "$self->{dir}/lock: $!\n";
		flock $lock, LOCK_EX;
		$self->find_postgres;
		$code->();
		1;
	};
	my $why = $@;
	umask $umask;
	die $why if !$done;
}

# A person's settings for other databases do not reach the servers, nor psql.
sub environment {
	return { (map { $_ => $ENV{$_} } grep { !/^PG/ } keys %ENV), LC_ALL => 'C', @_ };
}

# Runs a program as the servers' user; the caller's directory does not belong to them.
sub as_owner {
	my ($o, @command) = @_;
	return command({ as => $owner, dir => '/', env => environment(), %$o }, @command);
}

# Lets the servers' user have these files, which are made if they are not there.
sub give {
	for my $file (@_) {
		-e $file or spew($file, '');
		chown((getpwnam $owner)[2, 3], $file) if $ROOT;
	}
}

sub last_line { return $_[0] =~ /([^\n]*)\n*\z/ ? $1 : '' }

# --- is it there, does it run ----------------------------------------------------

# The newest PostgreSQL that is installed, or the one the data was made by.
sub find_postgres {
	my ($self) = @_;
	my ($version) = slurp("$self->{dir}/data/PG_VERSION") =~ /^(\d+)/;
	my @bins = sort { ($b =~ /(\d+)/)[0] <=> ($a =~ /(\d+)/)[0] }
	    glob '/usr/lib/postgresql/*/bin';
	@bins = ("/usr/lib/postgresql/$version/bin", @bins) if defined $version;
	my ($bin) = grep { -x "$_/initdb" && -x "$_/pg_ctl" } @bins,
	    map { s{/[^/]+\z}{}r } which('pg_ctl');
	defined $bin or die "no PostgreSQL server found; dev/deps run installs it\n";
	!defined $version || $bin =~ m{/$version/bin\z}
	    || command({}, "$bin/postgres", '--version') =~ / $version(?:[. ]|$)/m
	    or die "$self->{dir}/data was made by PostgreSQL $version, which is not installed\n";
	@$self{qw(bin psql)} = ($bin, -x "$bin/psql" ? "$bin/psql" : 'psql');
}

# The process of a file, if it still exists and is the one that was started with this
# argument.  A zombie, or a stranger under the same id, has another command line.
sub alive {
	my ($file, $argument) = @_;
	my ($pid) = slurp($file) =~ /^(\d+)/ or return 0;
	return grep({ $_ eq $argument } split /\0/, slurp("/proc/$pid/cmdline")) ? $pid : 0;
}

sub db_runs { return alive("$_[0]{dir}/data/postmaster.pid", "$_[0]{dir}/data") }
sub pooler_runs { return alive("$_[0]{dir}/sock/pgbouncer.pid", "$_[0]{dir}/pgbouncer.ini") }
sub runs { return $_[0]->db_runs && $_[0]->pooler_runs }
sub port { return slurp("$_[0]{dir}/port") =~ s/\n//r }
sub pooler_port { return slurp("$_[0]{dir}/pooler.port") =~ s/\n//r }

# --- what is made once -------------------------------------------------------------

# The servers' user has to reach the directory.  We open our own for that, but nobody
# else's, and none that was there before and holds other things.
sub open_dir {
	my ($self) = @_;
	my $dir = $self->{dir};
	defined getpwnam $owner or die "there is no user $owner; the package postgresql makes it\n";
	my $enters = sub { as_owner({}, 'test', '-x', $_[0]); $? == 0 };
	return if $enters->($dir);
	opendir my $d, $dir or die "$dir: $!\n";
	if (-o $dir && (-e "$dir/lock" || !grep { !/^\.\.?\z/ } readdir $d)) {
		chmod 07777 & (stat $dir)[2] | 0111, $dir;
		return if $enters->($dir);
	}
	my $closed = $dir;
	while ((my $above = $closed =~ s{/[^/]+\z}{}r) ne '') {
		last if $enters->($above);
		$closed = $above;
	}
	die "the user $owner cannot enter $closed; use another directory or chmod a+x it\n";
}

# A certificate authority, whose key signs once and is gone: nobody can use it against a
# machine that came to trust ca.crt.
sub make_certificates {
	my ($self) = @_;
	my ($dir, $made) = ($self->{dir}, "$self->{dir}/tls");
	return if -f "$dir/server.crt" && -f "$dir/ca.crt";
	remove_tree($made);
	mkdir $made or die "$made: $!\n";
	for ([ ca => '/CN=neon-todo stand-in CA' ],
	    [ server => '/CN=localhost', '-CA', "$made/ca.crt", '-CAkey', "$made/ca.key",
		qw(-extensions v3_req -addext extendedKeyUsage=serverAuth -addext),
		'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' ]) {
		my ($name, $subject, @more) = @$_;
		my $said = command({}, qw(openssl req -x509 -newkey ec -nodes -days 3650),
		    qw(-pkeyopt ec_paramgen_curve:P-256 -subj), $subject,
		    '-keyout', "$made/$name.key", '-out', "$made/$name.crt", @more);
		$? == 0 or die 'openssl failed: ', last_line($said), "\n";
		chmod 0644, "$made/$name.crt";
	}
	give("$made/server.key");
	rename "$made/$_", "$dir/$_" for qw(ca.crt server.key server.crt);
	remove_tree($made);
}

# Moved into place when it is whole: an interrupted start leaves nothing that looks like a
# cluster.
sub make_cluster {
	my ($self) = @_;
	my ($data, $new) = ("$self->{dir}/data", "$self->{dir}/data.new");
	return if -d $data;
	remove_tree($new);
	mkdir $new or die "$new: $!\n";
	give($new);
	my $said = as_owner({}, "$self->{bin}/initdb", '-D', $new, qw(--no-sync -U postgres -E UTF8
	    --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256));
	$? == 0 or die 'initdb failed: ', last_line($said), "\n";
	spew("$new/postgresql.auto.conf", $self->{settings});
	rename $new, $data or die "$data: $!\n";
}

sub password {
	my ($self) = @_;
	my $file = "$self->{dir}/password";
	if (!-s $file) {
		spew("$file.new", random_hex(24) . "\n");
		rename "$file.new", $file or die "$file: $!\n";
	}
	return slurp($file) =~ s/\n//r;
}

# --- start ---------------------------------------------------------------------

# Tries to start a server on a port that is free on every loopback address, the one of the
# file if it still is; five times, since others may be faster.
sub on_free_port {
	my ($file, $start) = @_;
	my $six = listener('::1', 0);
	for (1 .. 5) {
		my ($port) = slurp($file) =~ /^(\d+)\n/;
		until (defined $port && listener('127.0.0.1', $port)
		    && (!$six || listener('::1', $port))) {
			(undef, $port) = listener('127.0.0.1', 0) or die "no free port on 127.0.0.1\n";
		}
		spew($file, "$port\n");
		chmod 0644, $file;
		return 1 if $start->($port, '127.0.0.1' . ($six ? ',::1' : ''));
		pause(0.5);
	}
	return 0;
}

sub write_db_config {
	my ($self, $port, $addresses) = @_;
	my $dir = $self->{dir};
	spew("$dir/postgresql.conf", <<"END");
# Written by dev/lib/Standin.pm at every start.
listen_addresses = '$addresses'
port = $port
unix_socket_directories = '$dir/sock'
max_connections = $self->{max_connections}
ssl = on
ssl_cert_file = '$dir/server.crt'
ssl_key_file = '$dir/server.key'
password_encryption = 'scram-sha-256'
log_line_prefix = '%m [%p] %q%u\@%d '
END
	spew("$dir/pg_hba.conf", "local all all trust\nhostssl all all all scram-sha-256\n");
	give("$dir/postgresql.conf", "$dir/pg_hba.conf");
	rename "$dir/$_", "$dir/data/$_" or die "$dir/data/$_: $!\n"
	    for qw(postgresql.conf pg_hba.conf);
}

# PostgreSQL refuses to start while any process has the id in its lock file, be it a
# stranger or, if nothing reaps orphans, its own zombie.  We know better.  The rest of
# the file stays: by it the server sees orphans that still use the data.
sub clear_stale_lock {
	my ($self) = @_;
	my $file = "$self->{dir}/data/postmaster.pid";
	return if !-e $file;
	spew($file, slurp($file) =~ s/\A.*/4194305/r);		# above any process id
	my $socket = "$self->{dir}/sock/.s.PGSQL." . $self->port;
	unlink $socket, "$socket.lock";
}

# Runs pg_ctl and returns whether it is content; the server keeps the log open.
sub pg_ctl {
	my ($self, @arguments) = @_;
	as_owner({ out => '/dev/null' }, "$self->{bin}/pg_ctl", @arguments, '-s', '-w',
	    '-D', "$self->{dir}/data", '-l', "$self->{dir}/pg.log");
	return $? == 0;
}

sub start_db {
	my ($self) = @_;
	my $log = "$self->{dir}/pg.log";
	return if $self->db_runs;
	$self->clear_stale_lock;
	give($log);
	my $size = -s $log;
	return if on_free_port("$self->{dir}/port", sub {
		$self->write_db_config(@_);
		$self->pg_ctl('start');
	});
	my @errors = grep { /FATAL|ERROR/ } split /\n/, substr slurp($log), $size;
	die 'PostgreSQL does not start: ', $errors[-1] // '', " (see $log)\n";
}

# Carries out SQL as the superuser and returns what psql prints, rows by lines; dies with
# the server's message.  Through stdin: a password has no place in a process list.
sub psql {
	my ($self, $sql, @arguments) = @_;
	$self->{psql} or $self->find_postgres;
	my ($rows, $why) = capture({ env => environment(), text => $sql }, $self->{psql},
	    qw(-X -q -A -t -v ON_ERROR_STOP=1 -U postgres -h), "$self->{dir}/sock",
	    '-p', $self->port, @arguments);
	$? == 0 or die $why || "psql failed\n";
	return $rows;
}

# Repeated at every start, so that a start cut short mends itself.
sub make_role {
	my ($self) = @_;
	my $password = $self->password;
	$self->psql(<<"END", '-d', 'postgres');
SET client_min_messages = warning;
SET log_min_error_statement = panic;
SELECT 'CREATE ROLE $role LOGIN' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = '$role') \\gexec
SELECT 'CREATE DATABASE $role OWNER $role' WHERE NOT EXISTS
    (SELECT FROM pg_database WHERE datname = '$role') \\gexec
ALTER ROLE $role PASSWORD '$password';
END
}

# A query gets through, over TLS, to our own certificate.
sub answers {
	my ($self, $port) = @_;
	command({ env => environment(PGPASSWORD => $self->password, PGCONNECT_TIMEOUT => 5) },
	    $self->{psql}, '-Xqc', 'SELECT 1', "host=localhost port=$port user=$role dbname=$role "
	    . "sslmode=verify-full sslrootcert='$self->{dir}/ca.crt'");
	return $? == 0;
}

sub write_pooler_config {
	my ($self, $port, $addresses) = @_;
	my ($dir, $db_port, $password) = ($self->{dir}, $self->port, $self->password);
	spew("$dir/userlist.txt", qq{"$role" "$password"\n});
	spew("$dir/pgbouncer.ini", <<"END");
; Written by dev/lib/Standin.pm at every start.
[databases]
* = host=127.0.0.1 port=$db_port

[pgbouncer]
listen_addr = $addresses
listen_port = $port
unix_socket_dir = $dir/sock
logfile = $dir/pgbouncer.log
pidfile = $dir/sock/pgbouncer.pid
auth_type = scram-sha-256
auth_file = $dir/userlist.txt
pool_mode = transaction
max_client_conn = 2000
default_pool_size = 20
ignore_startup_parameters = extra_float_digits
; a restarted database is tried again at once, not after 15 seconds
server_login_retry = 1
client_tls_sslmode = require
client_tls_key_file = $dir/server.key
client_tls_cert_file = $dir/server.crt
server_tls_sslmode = verify-full
server_tls_ca_file = $dir/ca.crt
END
	give("$dir/userlist.txt", "$dir/pgbouncer.ini");
}

sub start_pooler {
	my ($self) = @_;
	my ($dir, $log) = ($self->{dir}, "$self->{dir}/pgbouncer.log");
	return if $self->pooler_runs;
	give($log);
	unlink "$dir/sock/pgbouncer.pid";
	on_free_port("$dir/pooler.port", sub {
		my ($port) = @_;
		$self->write_pooler_config(@_);
		# One descriptor per client and per server connection.
		as_owner({ out => '/dev/null' }, 'sh', '-c', 'ulimit -n 4096 2>/dev/null; exec "$@"',
		    'sh', 'pgbouncer', '-q', '-d', "$dir/pgbouncer.ini");
		for (1 .. 100) {
			return 1 if $self->answers($port);
			last if $_ > 10 && !$self->pooler_runs;	# its file is there before it listens
			pause(0.05);
		}
		$self->stop_pooler;
		return 0;
	}) or die 'PgBouncer does not start: ', last_line(slurp($log)), " (see $log)\n";
}

sub write_url {
	my ($self, $way, $port) = @_;
	my $file = "$self->{dir}/$way.url";
	# The path may hold what means something else in a URL.
	my $ca = "$self->{dir}/ca.crt" =~ s{([^A-Za-z0-9/._~-])}{sprintf '%%%02X', ord $1}ger;
	spew("$file.new", "postgresql://$role:" . $self->password
	    . "\@localhost:$port/$role?sslmode=verify-full&sslrootcert=$ca\n");
	rename "$file.new", $file or die "$file: $!\n";
}

sub start_both {
	my ($self) = @_;
	mkdir "$self->{dir}/sock";
	give("$self->{dir}/sock");
	$self->make_certificates;
	$self->make_cluster;
	$self->start_db;
	$self->make_role;
	$self->start_pooler;
	$self->answers($self->port)
	    or die 'PostgreSQL does not answer on port ', $self->port, " (see $self->{dir}/pg.log)\n";
	$self->write_url(direct => $self->port);
	$self->write_url(pooled => $self->pooler_port);
}

# Makes what is missing, starts what does not run, and waits until both ways in answer;
# data, password and ports are kept.  What runs is stopped if it fails.
sub start {
	my ($self) = @_;
	quotable($self->{dir});
	my $umask = umask 022;
	my $made = eval { make_path($self->{dir}); 1 };
	umask $umask;
	$made or die "$self->{dir} cannot be made\n";
	$self->{dir} = abs_path($self->{dir});
	$self->open_dir if $ROOT;
	which('pgbouncer') or die "no PgBouncer found; dev/deps run installs it\n";
	$self->alone(sub {
		return if $self->runs && -f "$self->{dir}/pooled.url";
		eval { $self->start_both; 1 } or do {
			my $why = $@;
			$self->stop_both;
			die $why;
		};
	});
}

# --- stop ----------------------------------------------------------------------

sub stop_pooler {
	my ($self) = @_;
	my $pid = $self->pooler_runs or return;
	kill 'TERM', $pid;
	eval { wait_for(sub { !$self->pooler_runs }, 'PgBouncer', 10) } or kill 'KILL', $pid;
	wait_for(sub { !$self->pooler_runs }, 'the end of PgBouncer');
	unlink "$self->{dir}/sock/pgbouncer.pid";
}

sub stop_both {
	my ($self) = @_;
	$self->stop_pooler;
	!$self->db_runs or $self->pg_ctl('stop', '-m', 'fast')
	    or $self->pg_ctl('stop', '-m', 'immediate')
	    or die "PostgreSQL does not stop (see $self->{dir}/pg.log)\n";
}

# Stops both servers and waits for them; the data stays.
sub stop {
	my ($self) = @_;
	$self->alone(sub { $self->stop_both }) if -d $self->{dir};
}

# Restarts PostgreSQL alone, in the mode fast or immediate.
sub restart_db {
	my ($self, $mode) = @_;
	$self->alone(sub {
		$self->pg_ctl('restart', '-m', $mode) or die "PostgreSQL does not restart\n";
	});
}

1;
