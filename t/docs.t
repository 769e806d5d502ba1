# SPDX-License-Identifier: ISC
# The documents say what is so: settings, defaults, limits, paths, packages; and the
# commands that they show do what is said of them.
# sanitizers: no
use Todo;
use File::Glob qw(bsd_glob);
use File::Path qw(make_path);

my $t = Todo->new(start => 0);
my $d = $t->{dir};
my @pages = map { s{^\Q$Todo::SRC/}{}r } bsd_glob("$Todo::SRC/man/*.[78]");
my %text = map { $_ => Todo::slurp("$Todo::SRC/$_") } qw(README CONTRIBUTING SECURITY NEWS etc/env
    debian/README.Debian src/conf.c src/routes.c dev/deps), @pages;
ok(length $text{$_}, "docs: $_ is there") for sort keys %text;
cmp_ok($text{README} =~ tr/\n//, '<=', 150, 'docs: README, its length');
for my $page (@pages) {
	my @named = $text{$page} =~ /^\.Xr (neon-todo\S*|todo\.fcgi) (\d)/mg;
	while (my ($name, $section) = splice @named, 0, 2) {
		ok($text{"man/$name.$section"}, "docs: $page names $name($section)");
	}
	like($text{README}, qr/^    \Q${\($page =~ s{man\/(.*)\.(\d)}{$1($2)}r)}\E /m, "docs: README names $page");
}

# What a reader sees in the examples of a page.
sub shown { return $_[0] =~ s/\\e/\\/gr =~ s/\\\(ha/^/gr =~ s/\\\(ti/~/gr =~ s/^\\&//gmr }
# The examples of a part of a page (.Sh, .Ss), one after the other.
sub examples {
	my ($page, $title) = @_;
	my ($part) = $text{$page} =~ /^\.S[hs] \Q$title\E\n(.*?)(?=^\.S|\z)/ms;
	ok(defined $part, "docs: $page has $title");
	return map { shown($_) } ($part // '') =~ /^\.Bd -literal.*?\n(.*?)^\.Ed$/msg;
}
my $man = $text{'man/todo.fcgi.8'};
my $api = $text{'man/neon-todo-api.7'};
my $use = $text{'man/neon-todo.7'};

# --- settings ------------------------------------------------------------------
my %macro = $text{'src/conf.c'} =~ m{^#define (\w+)\t+(\S.*?)(?:\t/\*.*)?$}mg;
my %max = (DATABASE_TIMEOUT => eval $macro{TIMEOUT_MAX},
    ACCESS_TOKEN_EXPIRE_MINUTES => eval $macro{MINUTES_MAX},
    REQUESTS => eval $macro{REQUESTS_MAX});
my ($rows) = $text{'src/conf.c'} =~ /\} settings\[\] = \{(.*?)^\};/ms;
my %default;
while ($rows =~ /\{ \.name = "(\w+)"(.*?)\},?\n(?=\t\{|\z)/sg) {
	my ($name, $row) = ($1, $2);
	($default{$name}) = $row =~ /\.def = ("[^"]*"|\w+)/;
	$default{$name} = ($macro{$default{$name}} // $default{$name}) =~ s/"//gr if defined $default{$name};
}
my @names = $text{'src/conf.c'} =~ /\.(?:name|alias) = "(\w+)"/g;
is(scalar keys %default, 14, 'docs: the settings of src/conf.c');
my $help = $t->worker_cli(['--help'])->{stdout};
for my $name (@names, 'TODO_ENV_FILE') {
	like($man, qr/^\.(?:It )?Ev $name\b/m, "docs: the man page explains $name");
	like($help, qr/\b$name\b/, "docs: --help names $name") unless $name eq 'JWT_SECRET_KEY';
}
my %item = $man =~ /^\.It Ev (\w+)(?: .*)?\n(.*?)(?=^\.(?:It|El))/msg;
for my $name (sort keys %default) {
	my ($template) = $text{'etc/env'} =~ /^#$name=(.*)$/m;
	ok(defined $template, "docs: the template has $name");
	my $def = $default{$name} // next;
	my $said = $def =~ /^127/ ? 'loopback' : $def;
	like($item{$name}, qr/(?<!\w)\Q$said\E(?!\w)/, "docs: the man page, the default of $name");
	is($template =~ s/^'(.*)'$/$1/r, $def, "docs: the template, the default of $name");
}
for my $name (sort keys %max) {
	like($item{$name}, qr/\b$default{$name}\b.*\b$max{$name}\b/s, "docs: the man page, the limit of $name");
	like($t->worker_cli(['--check-config'], env => { $name => $max{$name} + 1 })->{stderr},
	    qr/\b$max{$name}\b/, "docs: what the program says of it");
}
unlike(join("", @text{grep { !m{^src/} } sort keys %text}), qr/09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7/,
    'docs: no placeholder secret is shown');

# --- paths and packages ----------------------------------------------------------
my %paths = map { $_ => 1 } $text{'src/routes.c'} =~ /"(\/(?:api|auth)\/[^"]*)"/g;
cmp_ok(scalar keys %paths, '>=', 20, 'docs: the paths of src/routes.c');
for my $path (map { "/api/auth/$_" } qw(register login me logout password delete)) {
	ok($paths{$path}, "docs: $path is a route");
}
for my $path (sort keys %paths) {
	my $shown = $path =~ s/:user/{user_id}/r =~ s/:task/{id}/r =~ s/:feed/{secret}/r =~ s/:app/{id}/r;
	like($api, qr/^(?:\.It \w+ Ta|\.Pa) \Q$shown\E(?: |$)/m, "docs: the man page has $shown");
}
for my $path ($text{'src/routes.c'} =~ m{"(/[\w.]+)"}g, '/docs') {
	like($api, qr{^\.(?:It GET Ta|Pa) \Q$path\E\b}m, "docs: the page of the API names $path");
}
like($text{README}, qr/^\s*\.\/$_\b/m, "docs: README shows ./$_") for qw(run check);

my ($apt) = shown($use) =~ /^apt install (gcc (?:.*\\\n)*.*)$/m;
my ($run) = $text{'dev/deps'} =~ /^run_packages='(.*?)'/ms;
is(join(' ', sort 'postgresql', 'pgbouncer', grep { /\w/ } split /[\s\\]+/, $apt), join(' ', sort split ' ', $run),
    'docs: the manual has the packages of ./run, but for its database');

SKIP: {
	skip 'no Makefile here', 1 unless -e "$Todo::BUILD/Makefile";
	delete local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL DESTDIR)};
	my $said = `make -C '$Todo::BUILD' install prefix=/usr sysconfdir=/etc DESTDIR='$d/root' 2>&1 </dev/null`;
	is($?, 0, 'docs: make install, as the manual has it') or diag($said);
	my $all = join "\n", @text{grep { m{README|man/|[A-Z]\z} } sort keys %text};
	my %named = map { s/[.,:;]+\z//r => 1 } $all =~ m{(?<![\w./\$-])(/(?:usr/(?:sbin|share|lib/systemd)
	    |etc/(?:nginx|apache2|lighttpd|caddy)/neon-todo)\b[\w./-]*)}xg;
	delete @named{grep { m{/README\.Debian|/swagger-ui\z|/zoneinfo\z|^/usr/share/neon-todo/env\Z.} } keys %named};
	cmp_ok(scalar keys %named, '>=', 8, 'docs: the files that are named');
	ok(-e "$d/root$_", "docs: $_ is installed") for sort keys %named;
}

# --- commands ----------------------------------------------------------------------
# A command as it is shown, with this test's directories and programs.
sub ours {
	my $command = shift;
	for ([ '/run/neon-todo', $d ], [ '/usr/sbin/todo.fcgi', $t->{bin} ], [ '10.0.0.11', '127.0.0.1' ],
	    [ '/usr/bin/multiwatch', Process::which('multiwatch') ]) {
		$command =~ s/\Q$_->[0]\E/$_->[1]/g;
	}
	$command =~ s/-p (\d+)/'-p ' . Todo::free_port()/ge;
	$command =~ s/-[uU] www-data //g unless $Todo::ROOT;
	return $command =~ s/&\s*\z//r;
}
sub start_as_shown {
	my ($where, $command) = @_;
	my ($pool) = $command =~ m{/(tasks|auth)\.sock};
	my ($port) = (my $ours = ours($command)) =~ /-p (\d+)/;
	$pool //= 'tcp';
	$t->end($pool) if $t->{pool}{$pool};
	unlink "$d/$pool.sock";
	$t->spawn($pool, 'worker.log', { $t->worker_env }, 'sh', '-c', "exec $ours");
	# spawn-fcgi binds it first and gives it to nginx then.
	Todo::wait_for(sub { $port ? IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port")
	    : -S "$d/$pool.sock" && (!$Todo::ROOT || (stat _)[4]) }, "$where, $pool");
	return $pool;
}
chmod 0777, $d;
my $shell = qr/(?:.*\\\n)*.*/;
my @spawn = map { shown($_) =~ /^(spawn-fcgi $shell)$/mg } $use, $man;
is(scalar @spawn, 5, 'docs: the commands that start workers');
for my $command (grep { m{ -s /} } @spawn) {
	my ($first) = $command =~ /^(.*?) --/;
	my $pool = start_as_shown('docs', $command);
	next if $pool eq 'tasks' && !$t->{pool}{auth};
	$t->start_nginx unless $t->{pool}{nginx};
	is_ok(Todo::wait_for(sub { my $r = $t->req(GET => '/readyz'); $r->{status} == 200 && $r },
	    'the workers'), 200, "docs: nginx reaches the workers of $first");
	is(scalar(grep { (stat "/proc/$_")[4] == 0 } $t->worker_pids($pool)), 0,
	    'docs: none of which is root') if $Todo::ROOT;
	$t->end('tasks') if $command ne $spawn[-1] && $pool eq 'tasks';
}
$t->end(start_as_shown('docs', $_)) for grep { / -a / } @spawn;

# Ours for curl: the real one, whose answers are kept.
make_path("$d/bin");
my $curl = Process::which('curl');
Todo::spew("$d/bin/curl", "#!/bin/sh\nn=\$((\$(cat '$d/calls' 2>/dev/null || echo 0) + 1))\necho \$n >'$d/calls'\n"
    . "'$curl' -q -sS --noproxy '*' -D '$d/head.'\$n -o '$d/body.'\$n \"\$@\" || exit\ncat '$d/body.'\$n\n");
chmod 0755, "$d/bin/curl";

# Runs the lines; the answers in turn, each with its status, head, body and the lines'
# comment on it.
sub try_lines {
	my ($name, $lines) = @_;
	unlink glob "$d/{calls,head.*,body.*}";
	$lines =~ s{http://127\.0\.0\.1:8080}{http://127.0.0.1:$t->{port}};
	Todo::spew("$d/lines", $lines);
	my $said = `cd '$d' && PATH='$d/bin':"\$PATH" sh -eu '$d/lines' 2>&1 >/dev/null`;
	is("$? $said", '0 ', "docs: $name can be run from top to bottom");
	my @shown = split /^(?=.*\bcurl )/m, $lines;
	@shown = grep { /\bcurl / } @shown;
	is(Todo::slurp("$d/calls") + 0, scalar @shown, "docs: $name, all of its requests");
	return map { my $head = Todo::slurp("$d/head.$_");
	    { shown => $shown[$_ - 1], note => join(' ', $shown[$_ - 1] =~ /^(?:.*\s)??# (.*)$/mg),
	    head => $head, status => ($head =~ /^HTTP\S+ (\d+)/)[0] // 0,
	    body => Todo::slurp("$d/body.$_") } } 1..@shown;
}
sub blocks {
	my ($title) = @_;
	my ($section) = $text{README} =~ /^\Q$title\E\n-+\n(.*?)(?=^\S[^\n]*\n---|\z)/ms;
	return join '', map { s/^    //gmr . "\n" } grep { /\bcurl |\bB=/ && /\A\n*    / } split /\n\n+/, $section;
}
my $B = "B=http://127.0.0.1:8080\n";
like((try_lines('README, A first request', blocks('A first request')))[-1]{body}, qr/^\[\{"id".*"Pay rent"/,
    'docs: README, the list');
$t->psql('DELETE FROM users');
my @titles = $api =~ /^\.Sh THE API BY EXAMPLE\n(.*?)^\.Sh/ms ? $1 =~ /^\.Ss (.*)$/mg : ();
my $example = join "\n", map { examples('man/neon-todo-api.7', $_) } @titles;
my @calls = try_lines('the API by example', $example);
my %says = (
    'Location' => sub { $_[0]{head} =~ /^Location: /mi },
    'ETag' => sub { $_[0]{head} =~ /^ETag: "/mi },
    'the list' => sub { @{$_[1]} == 2 && $_[1][0]{title} eq 'Pay rent' },
    'flips' => sub { $_[1]{completed} },
    'a view' => sub { @{$_[1]} == 1 && !$_[1][0]{completed} },
    'by state, priority and tag' => sub { $_[1]{open} == 1 && $_[1]{completed} == 1 && $_[1]{priority}{High} == 1
        && $_[1]{tags}[0]{tag} eq 'home' },
    'what it means' => sub { $_[1]{rrule} eq 'FREQ=WEEKLY;INTERVAL=2' },
    'all tasks, as iCalendar' => sub { $_[0]{body} =~ /^BEGIN:VTODO.*^SUMMARY:Pay rent/ms },
    'the token ends' => sub { 1 },		# below
);
my %done;
for my $call (@calls) {
	my ($what) = $call->{shown} =~ /(\S*\$[BU]\S*)/;
	my $note = $call->{note};
	like($call->{status}, $note =~ /^(\d{3})\b/ ? qr/^$1$/ : qr/^20[01]$/, "docs: $what")
	    or diag("$call->{shown}$call->{body}");
	my ($json) = $note =~ /(\{.*\})/;
	if ($json) {
		my $like = join '.*', map { quotemeta =~ s/\d+/\\d+/gr } split /\.\.\./, $json;
		$like = quotemeta($json) if $json =~ /count/;
		like($call->{body}, qr/^$like/, "docs: $what, as shown");
	}
	my $got = eval { Cpanel::JSON::XS->new->utf8->decode($call->{body}) };
	$t->note_secrets($got) if ref $got eq 'HASH';
	for my $word (grep { $note =~ /\b\Q$_\E\b/ } sort keys %says) {
		$done{$word} = 1;
		ok(eval { $says{$word}->($call, $got) }, "docs: $what, $word") or diag($call->{body});
	}
}
is(join(', ', grep { !$done{$_} } sort keys %says), '', 'docs: all that is said of them was tried');
my ($agenda) = grep { $_->{shown} =~ /agenda/ } @calls;
like($agenda->{body}, qr/"due_date":"2026-03-01"/, 'docs: the agenda has the task');
is($t->psql('SELECT count(*) FROM users'), 0, 'docs: and all of it is gone at the end');
(my $ended = $example) =~ s/(auth\/logout[^\n]*\n).*/$1curl \$B\/api\/auth\/me -H "\$A"\n/s;
is((try_lines('the API by example, until logout', $ended))[-1]{status}, 401, 'docs: where the token ends');
$t->psql('DELETE FROM users');

$t->end('tasks');
$t->{env}{METRICS_FILE} = "$d/metrics";
start_as_shown('docs', $spawn[0]);
Todo::wait_for(sub { $t->req(GET => '/metrics')->{status} == 200 }, 'metrics');
for my $call (try_lines('Watching it', $B . (examples('man/neon-todo.7', 'WATCHING'))[0])) {
	my ($what) = $call->{shown} =~ /(\$B\S+)/;
	is($call->{status}, 200, "docs: $what");
}

# The man page's request by CGI, and what the database may be told.
my ($cgi) = shown($man) =~ /^(REQUEST_METHOD=GET $shell)$/m;
my $u = $t->user;
$cgi =~ s/ todo\.fcgi / '$t->{bin}' /;
{
	local %ENV = ($t->worker_env, TOKEN => $u->{token});
	delete $ENV{METRICS_FILE};
	Todo::spew("$d/cgi", $cgi);
	like(scalar `sh '$d/cgi' 2>&1`, qr/\AStatus: 200.*\Q$u->{email}\E/s, 'docs: the request by CGI');
}
# Runs commands of a page, with other words for those that are the reader's.
sub run_shown {
	my ($name, $commands, %for) = @_;
	for my $word (sort { length $b <=> length $a } keys %for) {
		ok($commands =~ s/(?<![\w-])\Q$word\E(?![\w-])/$for{$word}/g, "docs: $name has $word");
	}
	my $out = `cd '$d' && (\n$commands) 2>&1`;
	is($?, 0, "docs: $name") or diag("$commands$out");
	return $out;
}
my ($make, $key, $try) = examples('man/neon-todo.7', 'The settings');
run_shown('the settings', $make, '/etc/neon-todo' => "$d/etc", '/usr/share/neon-todo/env' => "$Todo::SRC/etc/env");
my $env = { $t->worker_env };
Todo::spew("$d/etc/.env", Todo::slurp("$d/etc/.env") . join '', map { "$_->[0]='$_->[1]'\n" }
    [ SECRET_KEY => run_shown('a secret key', $key) =~ s/\n//r ], map { [ $_ => $env->{$_} ] }
    grep { $env->{$_} } qw(DATABASE_URL DATABASE_HOSTS));
is((stat "$d/etc/.env")[2] & 0777, 0600, 'docs: .env is for its owner alone');
my $good;
{
	local %ENV = (PATH => "$ENV{PATH}:/usr/sbin:/sbin", TODO_ENV_FILE => "$d/etc/.env");
	$try =~ s/^chown.*\n|runuser -u www-data -- //gm unless $Todo::ROOT;
	$good = run_shown('trying them', $try, $Todo::ROOT ? ('/etc/neon-todo/.env' => "$d/etc/.env") : (),
	    '/usr/sbin/todo.fcgi' => $t->{bin});
}
like($good, qr/^SECRET_KEY: .*\n.*\Q$d\E\/etc\/\.env/m, 'docs: the program reads them');

my ($grant, $alter) = examples('man/neon-todo.7', 'The database');
my $role = "$t->{db}_app";
$t->admin("CREATE ROLE $role LOGIN PASSWORD 'app password'");
(my $as_app = $t->{url}) =~ s{//[^@]+@}{//$role:app%20password@};
{
	local @ENV{qw(OWNER_URL DATABASE_URL OTHER_DATABASE_URL)} = ($t->{url}) x 2;
	run_shown('the rights of a role', $grant, '/usr/share/neon-todo/schema.sql' => "$Todo::SRC/sql/schema.sql",
	    app => $role);
	local %ENV = (%ENV, $t->worker_env, DATABASE_URL => $as_app, REQUEST_METHOD => 'GET', PATH_INFO => '/readyz');
	delete $ENV{METRICS_FILE};
	like(scalar `'$t->{bin}' </dev/null 2>&1`, qr/\AStatus: 200/, 'docs: which are enough for the service');
	$ENV{OWNER_URL} = $as_app;
	run_shown('the end of late statements', $alter, neondb_owner => $role);
}
my ($anew) = grep { /UPDATE/ } examples('man/neon-todo-caldav.7', 'FOR ADMINISTRATORS');
{
	local $ENV{DATABASE_URL} = $t->{url};
	like(run_shown('what programs read anew after a restore', $anew), qr/^UPDATE \d+$/m, 'docs: it is a statement');
}
my ($dump) = examples('man/neon-todo.7', 'BACKING UP');
my $other = "$t->{db}_other";
$t->admin("CREATE DATABASE $other OWNER todo TEMPLATE template0");
{
	local @ENV{qw(DATABASE_URL OTHER_DATABASE_URL)} = ($t->{url}, $t->{url} =~ s/\Q$t->{db}\E/$other/r);
	run_shown('the backup', $dump);
}
is($t->sql_in($other, 'SELECT count(*) FROM users'), $t->psql('SELECT count(*) FROM users'),
    'docs: all of it is back');
$t->admin("DROP DATABASE $other WITH (FORCE)");
$t->psql("DROP OWNED BY $role");
$t->admin("DROP ROLE $role");

# --- what developers type ------------------------------------------------------------
my %target = map { $_ => 1 } map { split } Todo::slurp("$Todo::SRC/Makefile.am") =~ /^([a-z][a-z -]*):/mg,
    qw(all check install uninstall distclean);
for my $file ('README', 'CONTRIBUTING', @pages) {
	my @commands = map { /^(?:    )?(\S.*)$/ ? $1 : () } split /\n/, $text{$file};
	for my $make (grep { /^[a-z]/ } map { /(?:^|&& )make ([a-z-]+)/ ? $1 : () } @commands) {
		ok($target{$make =~ s/-local//r} || $target{"$make-local"}, "docs: $file, make $make");
	}
}
my @files = $text{CONTRIBUTING} =~ m{(?<![\w./*])((?:t|dev|src|etc|fuzz|bench|sql|debian|man|base|http)/[\w./-]*\w)}g;
for my $file (grep { !m{/TARGET|soonest} } @files) {
	ok(-e "$Todo::SRC/$file" || -e "$Todo::SRC/src/$file" || bsd_glob("$Todo::SRC/{,src/}$file.{c,h,pm,t}"),
	    "docs: CONTRIBUTING, $file is there");
}
my $options = `'$Todo::SRC/run' --help`;
for my $option ($text{README} =~ /\.\/run --help lists ([^.]*?) and more/s ? $1 =~ /(--\w+)/g : 'none') {
	like($options, qr/^  \Q$option\E\b/m, "docs: ./run has $option");
}

# --- a site with a certificate --------------------------------------------------------
my ($site) = grep { /http\.conf/ } examples('man/neon-todo.7', 'nginx');
my ($prefix) = grep { /prefix/ } examples('man/neon-todo.7', 'nginx');
my ($known) = grep { /^location/ } examples('man/neon-todo-caldav.7', 'FOR ADMINISTRATORS');
my ($plain, $tls) = (Todo::free_port(), Todo::free_port());
my $pem = "$d/key.pem";
is(system("openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=todo.example.org -keyout '$pem' -out '$d/cert.pem' 2>/dev/null"),
    0, 'docs: a certificate');
for ([ 'listen 80;', "listen 127.0.0.1:$plain;" ], [ 'listen 443', "listen 127.0.0.1:$tls" ],
    ([ '/var/log/nginx/', "$d/" ]) x 2, [ qr{/etc/letsencrypt/\S+/fullchain\.pem}, "$d/cert.pem" ],
    [ qr{/etc/letsencrypt/\S+/privkey\.pem}, $pem ], [ 'include neon-todo/upstreams.conf;', 
	Todo::slurp("$Todo::SRC/etc/nginx/upstreams.conf") =~ s{/run/neon-todo}{$d}gr ],
    ([ qr/^ *listen \[.*\n/m, '' ]) x 2) {
	ok($site =~ s/$_->[0]/$_->[1]/, "docs: the site with a certificate has $_->[0]");
}
my $temp = join "\n", map { "${_}_temp_path $d/tls_$_;" } qw(client_body proxy fastcgi uwsgi scgi);
my $user = $Todo::ROOT ? 'user www-data;' : '';
Todo::spew("$d/tls.conf", "$user pid $d/tls.pid; daemon off;\nevents {}\nhttp {\n$temp\naccess_log off;\n$site\n}\n");
$t->spawn('tls', 'nginx.log', { PATH => $ENV{PATH} }, 'nginx', '-p', $d, '-e', "$d/tls.log", '-c', "$d/tls.conf");
my $ask = "curl -q -s -i --noproxy '*' --cacert '$d/cert.pem' --connect-to todo.example.org:80:127.0.0.1:$plain"
    . " --connect-to todo.example.org:443:127.0.0.1:$tls";
my $got = Todo::wait_for(sub { my $got = `$ask http://todo.example.org/api/auth/me`; $got }, 'the site', 10);
like($got, qr{^Location: https://todo\.example\.org/api/auth/me\r$}m, 'docs: http leads to https');
$got = `$ask -k https://todo.example.org/api/auth/me`;
like($got, qr{\AHTTP/2 401.*^strict-transport-security: max-age=31536000\r$}ms, 'docs: https is answered, with HSTS');
my %fields;
$fields{lc $1}++ while $got =~ /^([\w-]+): /mg;
is(join(' ', grep { $fields{$_} > 1 } sort keys %fields), '', 'docs: and no header field twice');
$t->end('tls');

# The same below a prefix, to which the host's CalDAV leads.
ok($site =~ s{(include neon-todo/server\.conf;\n)}{$1$prefix$known}, 'docs: the site below a prefix');
Todo::spew("$d/tls.conf", "$user pid $d/tls.pid; daemon off;\nevents {}\nhttp {\n$temp\naccess_log off;\n$site\n}\n");
$t->spawn('tls', 'nginx.log', { PATH => $ENV{PATH} }, 'nginx', '-p', $d, '-e', "$d/tls.log", '-c', "$d/tls.conf");
$got = Todo::wait_for(sub { my $got = `$ask -k https://todo.example.org/todo/api/auth/me`; $got }, 'the prefix', 10);
like($got, qr{\AHTTP/2 401}, 'docs: the API is below the prefix');
like(scalar `$ask -k https://todo.example.org/.well-known/caldav`, qr{^location: https://todo\.example\.org(?::$tls)?/todo/dav/\r$}m,
    'docs: and CalDAV is found');
$t->end('tls');

done_testing();
