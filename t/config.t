# SPDX-License-Identifier: ISC
# Bad settings stop the start: exit status 78, one line that names the
# variable and shows no password.
# sanitizers: too
use Todo;

my $t = Todo->new(start => 0);
my $url = $t->{url};
my ($pw) = $url =~ m{//[^:]+:([^@]+)@};
my ($ca) = $url =~ /sslrootcert=([^&]+)/;
my ($port) = $url =~ /:(\d+)\//;
my $secret = $t->{secret};
my $neon = "postgresql://todo:$pw\@ep-a-b-123.eu-central-1.aws.neon.tech/todo";

# A worker that is refused waits for a second before it ends: many wait together.
my @waiting;
sub refused {
	my ($name, $variable, %env) = @_;
	push @waiting, map { [ $name, $variable, $env{SECRET_KEY} // '', $_,
	    $t->worker_begin($_, env => \%env, fcgi => !@$_, timeout => 60) ] }
	    [], ['--check-config'];
	look() if @waiting >= 40;
}
sub look {
	for (splice @waiting) {
		my ($name, $variable, $given, $mode, $end) = @$_;
		my $r = $end->();
		my @wrong;
		push @wrong, "exit $r->{exit}" if $r->{exit} != 78;
		push @wrong, 'not one line' if $r->{stderr} !~ /\A[^\n]+\n\z/;
		push @wrong, "does not name $variable" if $r->{stderr} !~ /\b$variable\b/;
		push @wrong, 'shows the password' if index($r->{stderr}, $pw) >= 0;
		push @wrong, 'shows the secret' if grep { length > 5
		    && index($r->{stderr}, $_) >= 0 } $given, $secret;
		ok(!@wrong, "$name" . (@$mode ? " (@$mode)" : ''))
		    or diag("@wrong: $r->{stderr}");
	}
}

# --- DATABASE_URL -----------------------------------------------------------
refused('US1-3: DATABASE_URL missing stops the start with 78 and one line',
    'DATABASE_URL', DATABASE_URL => undef);
refused('US1-3: an empty DATABASE_URL is a missing one', 'DATABASE_URL',
    DATABASE_URL => '');
my %bad = (
    'no URL' => 'hello', 'a blank' => ' ', 'a key=value string' =>
        "host=localhost port=$port dbname=todo user=todo password=$pw",
    'mysql:' => "mysql://todo:$pw\@localhost/todo",
    'http:' => "http://todo:$pw\@localhost/todo",
    'the scheme alone' => 'postgresql://',
    'the scheme of SQLAlchemy' => "postgresql+psycopg2://todo:$pw\@localhost/todo",
    'a port that is no number' => "postgresql://todo:$pw\@localhost:abc/todo",
    'a port too large' => "postgresql://todo:$pw\@localhost:70000/todo",
    'an unknown parameter' => "$url&nonsense=1",
    'sslmode nonsense' => "postgresql://todo:$pw\@localhost/todo?sslmode=maybe",
    'service=' => "$url&service=other",
    'a password not encoded' => "postgresql://todo:$pw\@x/\@localhost:$port/todo",
    'an sslrootcert that is not there' =>
        "postgresql://todo:$pw\@localhost:$port/todo?sslrootcert=/nonexistent/ca.crt",
);
refused("US1-3: DATABASE_URL that is $_", 'DATABASE_URL', DATABASE_URL => $bad{$_})
    for sort keys %bad;
for my $mode (qw(disable allow prefer)) {
	(my $plain = $url) =~ s/sslmode=[^&]+/sslmode=$mode/;
	refused("FR-002: sslmode=$mode is refused, plaintext is no way to Neon",
	    'DATABASE_URL', DATABASE_URL => $plain);
}

# --- only Neon, unless told otherwise ---------------------------------------
my %host = (
    'sqlite:' => 'sqlite:///todo.db', 'sqlite: in memory' => 'sqlite://',
    'localhost' => $url, '127.0.0.1' => $url =~ s/localhost/127.0.0.1/r,
    '::1' => $url =~ s/localhost/[::1]/r,
    'LOCALHOST' => $url =~ s/localhost/LOCALHOST/r,
    'a unix socket in the host' => "postgresql://todo:$pw\@%2Fvar%2Frun/todo?sslmode=require",
    'a unix socket in a parameter' => "postgresql://todo:$pw\@/todo?host=/tmp&sslmode=require",
    'an abstract unix socket' => "postgresql://todo:$pw\@/todo?host=\@x&sslmode=require",
    'no host at all' => "postgresql:///todo?user=todo&password=$pw",
    'another company' => "postgresql://todo:$pw\@db.example.com/todo",
    'a name that only ends like it' => $neon =~ s/aws\.neon/aws.xneon/r,
    'a name that has it in the middle' => $neon =~ s/neon\.tech/neon.tech.example.com/r,
    'the bare suffix' => $neon =~ s/ep-.*neon/neon/r,
    'a second host that is local' => $neon =~ s{/todo\z}{,localhost:5432/todo}r,
    'a first host that is local' => $neon =~ s{@}{\@localhost:5432,}r,
    'a socket beside Neon' => "$neon?host=/tmp",
    'a hostaddr beside Neon' => "$neon?hostaddr=127.0.0.1",
    'a hostaddr beside Neon, foreign' => "$neon?hostaddr=192.0.2.1",
    'a host parameter beside Neon' => "$neon?host=localhost",
);
refused("FR-002: DATABASE_URL with $_ is refused", 'DATABASE_URL',
    DATABASE_URL => $host{$_}, DATABASE_HOSTS => undef) for sort keys %host;
refused('FR-002: an empty DATABASE_HOSTS is the default', 'DATABASE_URL',
    DATABASE_URL => $url, DATABASE_HOSTS => '');
refused("FR-002: DATABASE_HOSTS=$_ does not allow localhost", 'DATABASE_URL',
    DATABASE_URL => $url, DATABASE_HOSTS => $_)
    for '127.0.0.1', '.localhost', 'host', 'localhos', 'neon.tech', '*', '.';
refused('FR-002: with DATABASE_HOSTS=localhost Neon is another host',
    'DATABASE_URL', DATABASE_URL => $neon, DATABASE_HOSTS => 'localhost');
sub allowed {
	my ($name, %env) = @_;
	my $r = $t->worker_cli(['--check-config'], env => \%env, timeout => 20);
	is($r->{exit}, 0, $name) or diag($r->{stderr});
	unlike("$r->{stdout}$r->{stderr}", qr/\Q$pw\E|\Q$secret\E/,
	    'and no secret is shown');
}
allowed('FR-002: localhost is allowed if DATABASE_HOSTS names it');
allowed("FR-002: in a list: '$_'", DATABASE_HOSTS => $_)
    for '.neon.tech,localhost', ' localhost , .neon.tech', 'LocalHost';

my %neon = (
    'direct' => $neon, 'pooled' => $neon =~ s/123/123-pooler/r,
    'of a cell' => $neon =~ s/\.eu/.c-2.eu/r, 'in upper case' => $neon =~ s/neon\.tech/NEON.Tech/r,
    'as the console shows it' => "$neon?sslmode=require&channel_binding=require",
    'with postgres:' => $neon =~ s/^postgresql/postgres/r,
    'with a port' => $neon =~ s{/todo\z}{:5432/todo}r,
    'twice' => $neon =~ s{/todo\z}{,ep-c.aws.neon.tech/todo}r,
);
allowed("FR-002: Neon's host $_ is allowed by default", DATABASE_URL => $neon{$_},
    DATABASE_HOSTS => undef) for sort keys %neon;
allowed('FR-002: an address is allowed if it is named', DATABASE_URL =>
    "$neon?hostaddr=192.0.2.1", DATABASE_HOSTS => '.neon.tech,192.0.2.1');
refused('FR-002: but no other', 'DATABASE_URL', DATABASE_URL =>
    "$neon?hostaddr=192.0.2.10", DATABASE_HOSTS => '.neon.tech,192.0.2.1');

# --- as it is pasted ---------------------------------------------------------
allowed("config: $_->[0] around DATABASE_URL", DATABASE_URL => "$_->[1]$neon?sslmode=require$_->[2]",
    DATABASE_HOSTS => undef)
    for [ 'blanks', '  ', ' ' ], [ 'a line end', '', "\n" ], [ 'CR and line end', '', "\r\n" ],
    [ 'a tab', "\t", "\t" ];
allowed("config: a line end after $_", $_ => { DATABASE_HOSTS => 'localhost', TAGS_FORMAT => 'array',
    ACCESS_TOKEN_EXPIRE_MINUTES => 30, LOG_REQUESTS => 'on', METRICS_FILE => '/tmp/x',
    DATABASE_TIMEOUT => 10, SANDBOX => 'on', METRICS_ALLOW => '127.0.0.1',
    FCGI_WEB_SERVER_ADDRS => '127.0.0.1', CORS_ORIGINS => 'https://a.example' }->{$_} . " \r\n")
    for qw(DATABASE_HOSTS TAGS_FORMAT ACCESS_TOKEN_EXPIRE_MINUTES LOG_REQUESTS METRICS_FILE
    DATABASE_TIMEOUT SANDBOX METRICS_ALLOW FCGI_WEB_SERVER_ADDRS CORS_ORIGINS);
is($t->worker_cli(['--check-config'], env => { METRICS_FILE => "/tmp/x\n" })->{stdout} =~
    /METRICS_FILE:.*\n    (.*)\n/ && $1, '/tmp/x (environment)', 'config: it is shown without');
refused('config: a setting of blanks alone', 'DATABASE_URL', DATABASE_URL => " \n");
# What is wrong with one, in words that help: as a pattern.
for my $case ([ "$neon?sslmode=require;", 'ends with ;' ], [ "$neon?sslmode=require'", "ends with '" ],
    [ qq($neon?sslmode=require"), 'ends with "' ], [ "'$neon'", 'remove the text before that' ],
    [ "psql '$neon'", 'remove the text before that' ], [ "DATABASE_URL=$neon", 'remove the text before' ],
    [ $neon =~ s/^postgresql/postgresql+asyncpg/r, 'name of a driver' ],
    [ "$neon?sslmode=require\nx", 'line end' ], [ "$neon?sslmode=required", 'unknown sslmode; use' ],
    [ "$neon?sslmode=require&pgbouncer=true", 'parameter pgbouncer' ],
    [ "$neon?schema=public&sslmode=require", 'parameter schema' ],
    [ "$neon?connection_limit=1", 'parameter connection_limit' ],
    [ "postgresql://todo:Zz/$pw\@h.neon.tech/db", '%2F' ],
    [ "$neon?channel_binding=required", 'invalid channel_binding' ],
    [ "$neon?target_session_attrs=x", 'invalid target_session_attrs' ],
    [ "$neon?keepalives_idle=x", 'invalid integer value "x" for .* "keepalives_idle"' ],
    [ "$neon?tcp_user_timeout=1s", 'invalid integer value "1s"' ],
    [ "$neon?ssl_min_protocol_version=x", 'invalid "?ssl_min_protocol_version' ],
    [ '', "not set.*; copy it from Neon's console" ], [ "$neon?service=x", 'service; leave it out' ],
    [ "$neon?sslrootcert=/nonexistent/x", 'No such file or directory; without sslrootcert' ],
    [ "postgresql://todo:$pw\@db.example.com/todo", 'add it there' ],
    [ "postgresql://todo\@h.neon.tech/db", 'has no password; copy all of it' ],
    [ "postgresql://todo:%zz$pw\@h.neon.tech/db", 'percent-encode the special' ]) {
	my ($url, $want) = @$case;
	my $r = $t->worker_cli(['--check-config'], env => { DATABASE_URL => $url,
	    DATABASE_HOSTS => undef });
	is($r->{exit}, 78, "config: $want");
	like($r->{stderr}, qr/\A[^\n]*DATABASE_URL[^\n]*$want[^\n]*\n\z/, 'config: says so');
	unlike("$r->{stdout}$r->{stderr}", qr/\Q$pw\E/, 'config: without the password');
}

# --- DATABASE_TIMEOUT ---------------------------------------------------------
refused("config: DATABASE_TIMEOUT=$_", 'DATABASE_TIMEOUT', DATABASE_TIMEOUT => $_) for 0, 13, '10s';
my %waits = ('nginx/server.conf' => qr/^fastcgi_read_timeout +(\d+)s;/m,
    'apache/proxy-fcgi.conf' => qr/ timeout=(\d+) /, 'apache/fcgid.conf' => qr/^FcgidIOTimeout +(\d+)/m,
    'lighttpd/neon-todo.conf' => qr/"read-timeout" +=> (\d+)/, 'caddy/Caddyfile' => qr/read_timeout (\d+)s/);
for my $file (sort keys %waits) {
	my @seconds = Todo::slurp("$Todo::SRC/etc/$file") =~ /$waits{$file}/g;
	is(scalar(grep { $_ < 12 + 3 } @seconds, @seconds ? () : 0), 0,
	    "config: $file waits for longer than the largest");
}

# --- SECRET_KEY -------------------------------------------------------------
refused('config: SECRET_KEY missing', 'SECRET_KEY', SECRET_KEY => undef);
like($t->worker_cli(['--check-config'], env => { SECRET_KEY => $_ })->{stderr},
    qr/SECRET_KEY [^\n]*; make one with: openssl rand -hex 32$/m, "config: SECRET_KEY '$_': how to make one")
    for '', 'short', 'changeme' x 4;
refused('config: SECRET_KEY empty', 'SECRET_KEY', SECRET_KEY => '');
refused('config: SECRET_KEY of 31 bytes', 'SECRET_KEY', SECRET_KEY => 'k7Q-' x 7 . 'abc');
refused("config: SECRET_KEY the placeholder $_", 'SECRET_KEY', SECRET_KEY => $_)
    for '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
    'your-secret-key-change-this-in-production',
    'your_super_secret_key_change_in_production',
    'changeme-changeme-changeme-changeme',
    'the output of: openssl rand -base64 48';
refused('config: JWT_SECRET_KEY too short', 'JWT_SECRET_KEY', SECRET_KEY => undef,
    JWT_SECRET_KEY => 'short');

for my $url ("postgresql://todo:Zz\@$pw:x\@h.neon.tech/db", "postgresql://todo:Zz\@$pw",
    "postgresql://todo:Zz\@$pw.x/db\@h.neon.tech/db") {
	my $r = $t->worker_cli(['--check-config'], env => { DATABASE_URL => $url,
	    DATABASE_HOSTS => '.neon.tech' });
	is($r->{exit}, 78, 'config: an @ in the password that is not encoded');
	unlike($r->{stderr}, qr/\Q$pw\E/, 'config: and no part of it is shown');
}
is($t->worker_cli(['--check-config', 'x'])->{exit}, 64, 'config: a word too many');

# --- the others -------------------------------------------------------------
refused("config: ACCESS_TOKEN_EXPIRE_MINUTES=$_", 'ACCESS_TOKEN_EXPIRE_MINUTES',
    ACCESS_TOKEN_EXPIRE_MINUTES => $_)
    for '0', '-5', 'abc', '30m', '1.5', '99999999999999999999', ' ';
refused("config: TAGS_FORMAT=$_", 'TAGS_FORMAT', TAGS_FORMAT => $_)
    for 'list', 'Array', 'string,array';
refused("config: CORS_ORIGINS=$_", 'CORS_ORIGINS', CORS_ORIGINS => $_)
    for 'app.example.org', 'https://app.example.org/path';
refused('config: a TODO_ENV_FILE that is not there', 'TODO_ENV_FILE',
    TODO_ENV_FILE => '/nonexistent/.env');
my $file = Todo::spew("$t->{dir}/broken.env", "DATABASE_URL\nthis is no line\n");
chmod 0644, $file;
my $r = $t->worker_cli(['--check-config'], env => { TODO_ENV_FILE => $file });
is($r->{exit}, 78, 'config: a .env with a broken line');
like($r->{stderr}, qr/\A[^\n]*\bline 1\b[^\n]*\n\z/, 'config: its number is named');

look();

# --- options ----------------------------------------------------------------
$r = $t->worker_cli(['--check-config']);
is($r->{exit}, 0, 'config: --check-config of a good configuration');
unlike("$r->{stdout}$r->{stderr}", qr/\Q$pw\E|\Q$secret\E/,
    'config: it shows no secret');
$r = $t->worker_cli(['--version'], clean => 1);
is("$r->{exit} $r->{stderr}", '0 ', 'config: --version needs no configuration');
like($r->{stdout}, qr/\A\S+ v?\d+(\.\d+)+\S*\n/, 'config: and says which');
$r = $t->worker_cli(['--help'], clean => 1);
is("$r->{exit} $r->{stderr}", '0 ', 'config: --help needs no configuration');
like($r->{stdout}, qr/$_\b/, "config: --help names $_")
    for '--check-config', '--version', 'DATABASE_URL';
$r = $t->worker_cli(['--nonsense']);
isnt($r->{exit}, 0, 'config: an unknown option is an error');
like($r->{stderr}, qr/nonsense|usage/i, 'config: and says so');

done_testing();
