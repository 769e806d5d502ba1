# SPDX-License-Identifier: ISC
# The documents say what is so: settings, defaults, limits, paths, packages; and the
# commands that they show do what is said of them.
# sanitizers: no
use Todo;
use File::Path qw(make_path);

my $t = Todo->new(start => 0);
my $d = $t->{dir};
my %text = map { $_ => Todo::slurp("$Todo::SRC/$_") } qw(README man/todo.fcgi.8 man/neon-todo.7
    etc/env debian/README.Debian src/conf.c src/routes.c dev/deps);
my ($readme, $man) = @text{qw(README man/todo.fcgi.8)};
ok(length $text{$_}, "docs: $_ is there") for sort keys %text;

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
my ($table) = $readme =~ /^Configuration\n-+\n(.*?)^todo\.fcgi --check-config/ms;
for my $name (@names, 'TODO_ENV_FILE') {
	like($readme, qr/\b$name\b/, "docs: README names $name");
	like($man, qr/^\.(?:It )?Ev $name\b/m, "docs: the man page explains $name");
	like($help, qr/\b$name\b/, "docs: --help names $name") unless $name eq 'JWT_SECRET_KEY';
}
for my $name (sort keys %default) {
	my ($line) = $table =~ /^    $name\b.*?  +(.*)$/m;
	my ($template) = $text{'etc/env'} =~ /^#$name=(.*)$/m;
	ok(defined $line, "docs: README has $name in its table");
	ok(defined $template, "docs: the template has $name");
	my $def = $default{$name} // next;
	my $said = $def =~ /^127/ ? 'this machine' : $def;
	like($line, qr/\(\Q$said\E(?:;|\))/, "docs: README, the default of $name");
	is($template =~ s/^'(.*)'$/$1/r, $def, "docs: the template, the default of $name");
}
for my $name (sort keys %max) {
	like($table, qr/^    $name\b.*up to $max{$name}\)$/m, "docs: README, the limit of $name");
	my ($item) = $man =~ /^\.It Ev $name\n(.*?)^\.It/ms;
	like($item, qr/\b$default{$name}\b.*\b$max{$name}\b/s, "docs: the man page, the limit of $name");
	like($t->worker_cli(['--check-config'], env => { $name => $max{$name} + 1 })->{stderr},
	    qr/\b$max{$name}\b/, "docs: what the program says of it");
}
unlike("$readme$man", qr/09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7/,
    'docs: no placeholder secret is shown');

# --- paths and packages ----------------------------------------------------------
my %paths = map { $_ => 1 } $text{'src/routes.c'} =~ /"(\/(?:api|auth)\/[^"]*)"/g;
cmp_ok(scalar keys %paths, '>=', 20, 'docs: the paths of src/routes.c');
for my $path (map { "/api/auth/$_" } qw(register login me logout password delete)) {
	ok($paths{$path}, "docs: $path is a route");
	like($readme, qr{\Q$path\E}, "docs: README names $path");
}
for my $path (sort keys %paths) {
	my $shown = $path =~ s/:user/{user_id}/r =~ s/:task/{id}/r =~ s/:feed/{secret}/r =~ s/:app/{id}/r;
	like($man, qr/^(?:\.It \w+ Ta|\.Pa) \Q$shown\E(?: |$)/m, "docs: the man page has $shown");
}
for my $path ($text{'src/routes.c'} =~ m{"(/[\w.]+)"}g, '/docs') {
	like($_->[1], qr{\Q$path\E\b}, "docs: $_->[0] names $path")
	    for [ README => $readme ], [ 'the man page' => $man ];
}
like($readme, qr/^\s*\.\/$_\b/m, "docs: README shows ./$_") for qw(run check);

my ($apt) = $readme =~ /^    apt install (gcc (?:.*\\\n)*.*)$/m;
my ($run) = $text{'dev/deps'} =~ /^run_packages='(.*?)'/ms;
is(join(' ', sort 'postgresql', 'pgbouncer', grep { /\w/ } split /[\s\\]+/, $apt), join(' ', sort split ' ', $run),
    'docs: README has the packages of ./run, but for its database');

SKIP: {
	skip 'no Makefile here', 1 unless -e "$Todo::BUILD/Makefile";
	delete local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL DESTDIR)};
	my $said = `make -C '$Todo::BUILD' install prefix=/usr sysconfdir=/etc DESTDIR='$d/root' 2>&1 </dev/null`;
	is($?, 0, 'docs: make install, as README has it') or diag($said);
	my $all = join "\n", @text{grep { m{README|man/} } sort keys %text};
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
(my $examples = $man) =~ s/\\e$/\\/gm;
my @spawn = ($readme =~ /^    (spawn-fcgi $shell)$/mg, $examples =~ /^(spawn-fcgi $shell)$/mg);
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

# Runs the lines; the answers in turn, each with its status, head, body and what the
# lines say behind #.
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
	my ($section) = $readme =~ /^\Q$title\E\n-+\n(.*?)(?=^\S[^\n]*\n---|\z)/ms;
	return join '', map { s/^    //gmr . "\n" } grep { /\bcurl |\bB=/ && /\A\n*    / } split /\n\n+/, $section;
}
my $B = "B=http://127.0.0.1:8080\n";
my @calls = try_lines('The API by example', blocks('The API by example'));
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
(my $ended = blocks('The API by example')) =~ s/(auth\/logout[^\n]*\n).*/$1curl \$B\/api\/auth\/me -H "\$A"\n/s;
is((try_lines('The API by example, until logout', $ended))[-1]{status}, 401, 'docs: where the token ends');
$t->psql('DELETE FROM users');

$t->end('tasks');
$t->{env}{METRICS_FILE} = "$d/metrics";
start_as_shown('docs', $spawn[0]);
Todo::wait_for(sub { $t->req(GET => '/metrics')->{status} == 200 }, 'metrics');
for my $call (try_lines('Watching it', $B . blocks('Watching it'))) {
	my ($what) = $call->{shown} =~ /(\$B\S+)/;
	is($call->{status}, 200, "docs: $what");
}

# The man page's request by CGI, and what the database may be told.
my ($cgi) = $examples =~ /^(REQUEST_METHOD=GET $shell)$/m;
my $u = $t->user;
$cgi =~ s/ todo\.fcgi / '$t->{bin}' /;
{
	local %ENV = ($t->worker_env, TOKEN => $u->{token});
	delete $ENV{METRICS_FILE};
	Todo::spew("$d/cgi", $cgi);
	like(scalar `sh '$d/cgi' 2>&1`, qr/\AStatus: 200.*\Q$u->{email}\E/s, 'docs: the request by CGI');
}
my ($alter) = $readme =~ /^    (ALTER ROLE .*;)$/m;
ok(eval { $t->psql('BEGIN; ' . ($alter =~ s/neondb_owner/todo/r) . ' ROLLBACK'); 1 }, 'docs: ALTER ROLE');

# --- a site with a certificate --------------------------------------------------------
my ($site) = $text{'man/neon-todo.7'} =~ /^(include neon-todo\/http\.conf;.*?)^\.Ed/ms;
my ($plain, $tls) = (Todo::free_port(), Todo::free_port());
my $key = "$d/key.pem";
is(system("openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=todo.example.org -keyout '$key' -out '$d/cert.pem' 2>/dev/null"),
    0, 'docs: a certificate');
for ([ 'listen 80;', "listen 127.0.0.1:$plain;" ], [ 'listen 443', "listen 127.0.0.1:$tls" ],
    ([ '/var/log/nginx/', "$d/" ]) x 2, [ qr{/etc/letsencrypt/\S+/fullchain\.pem}, "$d/cert.pem" ],
    [ qr{/etc/letsencrypt/\S+/privkey\.pem}, $key ], [ 'include neon-todo/upstreams.conf;', 
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

done_testing();
