# SPDX-License-Identifier: ISC
# Where settings come from: environment, TODO_ENV_FILE, .env; and what makes
# no difference: libpq's variables and files.
# sanitizers: too
use Todo;

my $t = Todo->new(workers => 1);
my $u = $t->user;
my $url = $t->{url};
my ($pw) = $url =~ m{//[^:]+:([^@]+)@};
my %cgi = (REQUEST_METHOD => 'GET', PATH_INFO => '/api/auth/me',
    SCRIPT_NAME => '', SERVER_PROTOCOL => 'HTTP/1.1', GATEWAY_INTERFACE => 'CGI/1.1');
my $n = 0;
sub file {
	my ($text, $dir) = @_;
	$dir ||= $t->{dir};
	-d $dir or mkdir $dir, 0755;
	my $name = $dir eq $t->{dir} ? 'env.' . ++$n : '.env';
	my $f = Todo::spew("$dir/$name", $text);
	chmod 0644, $f;
	return $f;
}

# One request by the binary as CGI; true if it took the secret this token is
# made with and reached the database that knows this user.
sub serves {
	my ($secret, %o) = @_;
	my $token = $t->token(sub => "$u->{id}", -key => $secret);
	my $r = $t->worker_cli([], clean => 1, cwd => $o{cwd}, env => { %cgi,
	    HTTP_AUTHORIZATION => "Bearer $token", %{$o{env} || {}} });
	return 1 if $r->{exit} == 0 && $r->{stdout} =~ /\Q$u->{email}\E/;
	note("exit $r->{exit}: $r->{stderr}$r->{stdout}");
	return 0;
}
my %base = (DATABASE_URL => $url, DATABASE_HOSTS => 'localhost');
my $key = $t->{secret};

# --- the grammar ------------------------------------------------------------
my $odd = 'a=b#c:d/e+f ' . 'x' x 30;
for my $c (
    [ 'plain', "SECRET_KEY=$key\n", $key ],
    [ 'no newline at the end', "SECRET_KEY=$key", $key ],
    [ 'export', "export SECRET_KEY=$key\n", $key ],
    [ 'CRLF', "# x\r\nSECRET_KEY=$key\r\nTAGS_FORMAT=array\r\n", $key ],
    [ 'comments and empty lines', "\n# one\n   # two\n\nSECRET_KEY=$key\n# end", $key ],
    [ 'a comment after a blank', "SECRET_KEY=$key # the secret\n", $key ],
    [ '= and # inside', "SECRET_KEY=$key=#x==\n", "$key=#x==" ],
    [ 'single quotes', "SECRET_KEY='$odd'\n", $odd ],
    [ 'single quotes are literal', "SECRET_KEY='$key\\n\"\$HOME'\n", "$key\\n\"\$HOME" ],
    [ 'double quotes', "SECRET_KEY=\"$odd\"\n", $odd ],
    [ 'double quotes with escapes', "SECRET_KEY=\"$key\\\"\\\\\\n.\"\n", "$key\"\\\n." ],
    [ 'a comment after quotes', "SECRET_KEY='$key' # x\n", $key ],
    [ 'a # inside quotes', "SECRET_KEY=\"$key # x\"\n", "$key # x" ],
    [ 'no interpolation', "SECRET_KEY=$key\$HOME\${PATH}`id`\n", "$key\$HOME\${PATH}`id`" ],
    [ 'no interpolation in double quotes', "SECRET_KEY=\"$key\$HOME\"\n", "$key\$HOME" ],
    [ 'names that are not ours', "FOO=bar\nSECRET_KEY=$key\n_X1=\n", $key ],
    [ 'the other name', "JWT_SECRET_KEY=$key\n", $key ]) {
	my ($name, $text, $want) = @$c;
	ok(serves($want, env => { %base, TODO_ENV_FILE => file($text) }),
	    "config: .env, $name");
}

# --- precedence -------------------------------------------------------------
my $full = "DATABASE_URL=$url\nDATABASE_HOSTS=localhost\nSECRET_KEY=$key\n";
my $dir = "$t->{dir}/home1";
file($full, $dir);
ok(serves($key, cwd => $dir),
    'US1-1: DATABASE_URL in .env of the working directory is connected to');
ok(serves($key, env => { TODO_ENV_FILE => file($full) }),
    'FR-001: TODO_ENV_FILE names another .env');
my $other = 'another-' . $key;
ok(serves($other, cwd => $dir, env => { SECRET_KEY => $other }),
    'config: the environment wins over .env');
ok(serves($key, cwd => $dir, env => { SECRET_KEY => '' }),
    'config: an empty variable of the environment counts as unset');
ok(serves($other, cwd => $dir, env => { JWT_SECRET_KEY => $other }),
    'config: so does its other name in the environment');
ok(serves($other, cwd => $dir, env => { TODO_ENV_FILE =>
    file($full =~ s/\Q$key\E/$other/r) }), 'config: TODO_ENV_FILE wins over .env');
my $bare = "$t->{dir}/home2";
mkdir $bare;
my $r = $t->worker_cli([], clean => 1, cwd => $bare, fcgi => 1, timeout => 20);
is($r->{exit}, 78, 'US1-3: no .env and no environment, no start');
like($r->{stderr}, qr/\A[^\n]*DATABASE_URL[^\n]*\n\z/, 'US1-3: one line says why');
$r = $t->worker_cli([], clean => 1, cwd => $dir, fcgi => 1, timeout => 20,
    env => { DATABASE_URL => 'sqlite:///todo.db' });
is($r->{exit}, 78, 'FR-001: a bad value in the environment is not mended by .env');

# --- what must make no difference -------------------------------------------
my $home = "$t->{dir}/home3";
mkdir $_, 0755 for $home, "$home/.postgresql";
for my $f ([ '.pgpass', "*:*:*:*:wrong\n", 0600 ],
    [ '.pg_service.conf', "[nope]\nhost=192.0.2.1\nport=1\n", 0644 ],
    [ '.postgresql/root.crt', "no certificate\n", 0644 ],
    [ '.postgresql/root.crl', "no list\n", 0644 ],
    [ '.postgresql/postgresql.crt', "no certificate\n", 0644 ],
    [ '.postgresql/postgresql.key', "no key\n", 0600 ]) {
	Todo::spew("$home/$f->[0]", $f->[1]);
	chmod $f->[2], "$home/$f->[0]";
	chown((getpwnam 'www-data')[2, 3], "$home/$f->[0]") if $Todo::ROOT;
}
my %pg = (PGHOSTADDR => '192.0.2.1', PGHOST => '/nonexistent', PGPORT => '1',
    PGSERVICE => 'nope', PGSERVICEFILE => "$home/.pg_service.conf",
    PGSYSCONFDIR => $home, PGOPTIONS => '-c search_path=nowhere -c '
    . 'default_transaction_read_only=on', PGSSLMODE => 'disable', PGREQUIRESSL => '0',
    PGSSLROOTCERT => '/nonexistent', PGSSLCERT => '/nonexistent', PGSSLKEY =>
    '/nonexistent', PGSSLCRL => '/nonexistent', PGUSER => 'nobody', PGDATABASE =>
    'nowhere', PGPASSWORD => 'wrong', PGPASSFILE => "$home/.pgpass",
    PGCLIENTENCODING => 'LATIN1', PGTZ => 'Asia/Tokyo', PGDATESTYLE => 'SQL, DMY',
    PGCONNECT_TIMEOUT => '1', PGTARGETSESSIONATTRS => 'standby', PGCHANNELBINDING =>
    'disable', PGGSSENCMODE => 'require', PGKRBSRVNAME => 'x', PGREQUIREPEER =>
    'nobody', PGSSLMINPROTOCOLVERSION => 'TLSv1.3', PGSSLSNI => '0', PGAPPNAME => 'x');
my %all = (%base, SECRET_KEY => $key, HOME => $home);
ok(serves($key, env => { %all, $_ => $pg{$_} }), "FR-001: $_ makes no difference")
    for sort keys %pg;
ok(serves($key, env => { %all, %pg }), 'FR-001: all of them at once neither');
ok(serves($key, env => { %all }), 'FR-001: nor files below the home directory');
(my $none = $url) =~ s/:\Q$pw\E@/@/;
$r = $t->worker_cli([], clean => 1, fcgi => 1, timeout => 20, env => { %all,
    DATABASE_URL => $none, PGPASSWORD => $pw });
is($r->{exit}, 78, 'FR-001: a password is not taken from PGPASSWORD');
Todo::spew("$home/.pgpass", "*:*:*:*:$pw\n");
$r = $t->worker_cli([], clean => 1, fcgi => 1, timeout => 20, env => { %all,
    DATABASE_URL => $none, PGPASSFILE => "$home/.pgpass" });
is($r->{exit}, 78, 'FR-001: nor from .pgpass');
like($r->{stderr}, qr/\A[^\n]*DATABASE_URL[^\n]*\n\z/, 'FR-001: one line says why');
unlike($r->{stderr}, qr/\Q$pw\E/, 'FR-001: and shows no password');

# --- the same place written otherwise ---------------------------------------
my ($port) = $url =~ /:(\d+)\//;
my $dead = Todo::free_port();
my %same = (
    'postgres:' => $url =~ s/^postgresql/postgres/r,
    'sslmode=require, raised to verify-full' => $url =~ s/verify-full/require/r,
    'no sslmode, the same' => $url =~ s/sslmode=verify-full&//r,
    'two hosts, the first dead' => $url =~ s/localhost:$port/localhost:$dead,localhost:$port/r,
    'an address that DATABASE_HOSTS names' => "$url&hostaddr=127.0.0.1",
);
ok(serves($key, env => { %all, DATABASE_HOSTS => 'localhost,127.0.0.1',
    DATABASE_URL => $same{$_} }), "FR-001: DATABASE_URL, $_") for sort keys %same;

# --- what --check-config explains -------------------------------------------
my $f = file("DATABASE_URL='$url'\nJWT_SECRET_KEY='$key'\nTAGS_FORMAT=string\n");
$r = $t->worker_cli(['--check-config'], clean => 1, env => { TODO_ENV_FILE => $f,
    DATABASE_HOSTS => 'localhost', ACCESS_TOKEN_EXPIRE_MINUTES => '' });
is($r->{exit}, 0, 'config: --check-config');
for (qr/^DATABASE_URL: [^\n]+\n    \w+ at localhost, port \d+, [^\n]*verify-full[^\n]* \(\Q$f\E\)$/m,
    qr/^SECRET_KEY: [^\n]+\n    \d+ bytes, not shown \(\Q$f\E, as JWT_SECRET_KEY\)$/m,
    qr/^DATABASE_HOSTS: [^\n]+\n    localhost \(environment\)$/m,
    qr/^TAGS_FORMAT: [^\n]+\n    string \(\Q$f\E\)$/m,
    qr/^ACCESS_TOKEN_EXPIRE_MINUTES: [^\n]+\n    30 \(default\)$/m,
    qr/^CORS_ORIGINS: [^\n]+\n    not set$/m) {
	like($r->{stdout}, $_, 'config: each value and where it came from');
}
unlike("$r->{stdout}$r->{stderr}", qr/\Q$pw\E|\Q$key\E/, 'config: but no secret');

# A name that is no setting may be another program's, whose file this is, too.
sub check {
	my ($text, %env) = @_;
	my $file = file("$full$text\n");
	return ($t->worker_cli(['--check-config'], clean => 1,
	    env => { TODO_ENV_FILE => $file, %env }), $file);
}
for my $c ([ 'TAG_FORMAT=string', 'TAGS_FORMAT' ], [ 'DATABSE_URL=x', 'DATABASE_URL' ],
    [ 'database_timeout=5', 'DATABASE_TIMEOUT' ], [ 'JWT_SECRETKEY=x', 'JWT_SECRET_KEY' ]) {
	my ($line, $meant) = @$c;
	my ($name) = $line =~ /^(\w+)/;
	($r, $f) = check($line);
	is($r->{exit}, 0, "config: $line is no reason not to start");
	is((split /\n/, $r->{stderr})[0], "todo.fcgi: $name is no setting ($f); did you mean $meant?",
	    'config: but --check-config asks');
}
($r) = check('', LOG_REQUEST => 'off');
like($r->{stderr}, qr/^todo\.fcgi: LOG_REQUEST is no setting \(environment\); did you mean LOG_REQUESTS\?$/m,
    'config: in the environment, too');
($r, $f) = check("NEXT_PUBLIC_API_URL=x\nDEBUG=True");
is("$r->{exit} $r->{stderr}", "0 todo.fcgi: the settings are ok\n", 'config: names of others are fine');
like($r->{stdout}, qr/^$_: no setting\n    not used \(\Q$f\E\)$/m, "config: $_ is listed")
    for qw(NEXT_PUBLIC_API_URL DEBUG);
($r) = check(join "\n", map { 'N' x $_ . "$_=1" } 1..99);
is($r->{exit}, 0, 'config: however many, and long');

# --- METRICS_FILE, as a worker would open it ---------------------------------
my $mine = "$t->{dir}/metrics";
mkdir $mine;
chown((getpwnam 'www-data')[2, 3], $mine) if $Todo::ROOT;
($r) = check("METRICS_FILE=$mine/m");
is("$r->{exit} $r->{stderr}", "0 todo.fcgi: the settings are ok\n",
    'config: METRICS_FILE in a directory that the user can write');
ok(!-e "$mine/m", 'config: is not made by --check-config');
my $closed = "$t->{dir}/closed";
mkdir $closed, 0555;
for my $c ([ 'in no directory', '/nonexistent/m' ], [ 'in a directory nobody can write', "$closed/m" ],
    [ 'that is a directory', $mine ], [ 'below a file', "$f/m" ]) {
	($r) = check("METRICS_FILE=$c->[1]");
	is($r->{exit}, 78, "config: METRICS_FILE $c->[0]");
	like($r->{stderr}, qr/\A[^\n]*METRICS_FILE: \Q$c->[1]\E can't be used: [^\n]+\n\z/,
	    'config: one line says so');
}

# --- no file at all ------------------------------------------------------------
ok(serves($key, env => { %base, SECRET_KEY => $key, TODO_ENV_FILE => '/dev/null' }),
    'config: TODO_ENV_FILE=/dev/null is an empty file');
for my $c ([ '/', 'Is a directory' ], [ '/dev/zero', 'holds a NUL byte' ]) {
	$r = $t->worker_cli(['--check-config'], clean => 1, env => { TODO_ENV_FILE => $c->[0] });
	like($r->{stderr}, qr/\A[^\n]*TODO_ENV_FILE: \Q$c->[0]\E: can't be read: $c->[1]\n\z/,
	    "config: $c->[0] is not");
}
my $hidden = Todo::spew("$t->{dir}/hidden.env", '');
chmod 0000, $hidden;
$r = $t->worker_cli(['--check-config'], clean => 1, env => { TODO_ENV_FILE => $hidden });
like($r->{stderr}, qr/ \Q$hidden\E: can't be read: the user with id [1-9]\d* may not; change its owner or group$/m,
    'config: a .env that the user may not read');
for my $bad ("$url/x\@y", "postgresql://u:$pw", "postgresql://u:$pw\@/x?host=/tmp") {
	$r = $t->worker_cli(['--check-config'], clean => 1, env => {
	    DATABASE_URL => $bad, SECRET_KEY => $key });
	is($r->{exit}, 78, 'config: a bad DATABASE_URL');
	unlike("$r->{stdout}$r->{stderr}", qr/\Q$pw\E/, 'config: is not shown either');
}

done_testing();
