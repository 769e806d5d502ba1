# SPDX-License-Identifier: ISC
# ./run: options, what it prints, and that it leaves nothing behind.
# sanitizers: no
# long: 35
use Todo;
use File::Path qw(make_path);

my $t = Todo->new(start => 0);
# As cloned, below a name that autoconf refuses, and built without optimization, which takes
# half as long.  What autoreconf makes is there already; it makes it below.
my $source = "$t->{dir}/l\xc3\xa4nd 1/neon todo";
make_path($source);
ok($t->clone($source), 'run: a clone');
is(system("'$Todo::SRC/dev/lit-html' '$source/www/app/lib'"), 0, 'run: with lit-html');
my @made = grep { -e "$Todo::SRC/$_" } qw(aclocal.m4 build-aux config.h.in configure Makefile.in);
system('cp', '-a', (map { "$Todo::SRC/$_" } @made), "$source/") if @made;
$ENV{CFLAGS} = '-O0';
my $dir = "$t->{dir}/\xc3\xa4 s";
delete @ENV{qw(DATABASE_URL DATABASE_HOSTS SECRET_KEY TODO_ENV_FILE)};
my $run = sub { my $out = `'$source/run' --state '$dir' @_ 2>&1 </dev/null`;
    return ($? >> 8, $out) };
my $left = sub { join ' ', grep { my $line = Todo::slurp("/proc/$_/cmdline");
    index($line, "$dir/") >= 0 } map { m{(\d+)} } glob '/proc/[0-9]*' };

# A second ./run that asks for something else than what runs.
sub other {
	my ($options, $why, $env) = @_;
	return if !defined $options;
	my $said = `env @{[ $env // '' ]} '$source/run' --state '$dir' --detach $options 2>&1 </dev/null`;
	is($? >> 8, 1, "run: $options @{[ $env // '' ]} is not what runs") or diag($said);
	like($said, qr/^run: runs already at \S+, but .*$why/m, "run: and says so: $why");
	return $said;
}

for my $bad ('--port 0', '--port', '--port x', '--workers 0', '--bogus', 'extra') {
	my ($status, $out) = $run->($bad);
	is($status, 64, "run: $bad is refused");
	like($out, qr/\A[^\n]+\n\z/, "run: $bad, in one line");
}
my ($status, $out) = $run->('--help');
is($status, 0, 'run: --help');
like($out, qr/\Q$_\E/, "run: --help names $_") for qw(--port --workers --auth-workers
    --pooled --detach --stop --state 8080);

my $port = Todo::free_port();
$ENV{DATABSE_URL} = 'a name that no setting has';
for my $way ('', '--pooled') {
	($status, $out) = $run->("--port $port --workers 1 --auth-workers 1 --detach $way");
	is($status, 0, "run: --detach $way") or diag($out);
	like($out, qr/^todo\.fcgi: DATABSE_URL is no setting \(environment\); did you mean DATABASE_URL\?$/m,
	    'run: a misspelled name is asked about');
	like($out, qr{http://127\.0\.0\.1:$port\b}, 'run: prints the address');
	my ($example) = $out =~ /^(R=.*?)\n\n/ms;
	is(($example // '') =~ tr/\n//, 2, 'run: and an example of three lines');
	my $pasted = Todo::spew("$t->{dir}/example", $example // '');
	like(scalar `sh '$pasted' 2>&1`, qr/"title":"Buy milk".*\n\[.*"title":"Buy milk"/,
	    'run: which works when pasted');
	like(scalar `curl -s http://127.0.0.1:$port/metrics`, qr/^neon_todo_workers 2$/m,
	    'run: its workers are counted');
	like(scalar `curl -s http://127.0.0.1:$port/`, qr/<title>Todo/, 'run: the page is there');
	is(scalar `curl -s -o '$t->{dir}/page.js' -w '%{http_code}' http://127.0.0.1:$port/app/page.js`, '200',
	    'run: with its scripts');
	like(scalar `curl -sL http://127.0.0.1:$port/docs`, qr/swagger-ui-bundle/,
	    'run: its API is shown');
	unlike($out, qr/route=/, 'run: no line of a log is printed');
	like($out, qr/ssh .*-L $port:127\.0\.0\.1:$port /, 'run: how to get there from elsewhere');
	my ($again, $said) = $run->("--detach $way");
	is($again, 0, 'run: a second one') or diag($said);
	like($said, qr{\ARuns already at http://127\.0\.0\.1:$port\b.* \d+\.\d+\.\d+ since 20.*stand-in},
	    'run: says what is running');
	other($_->[0], $_->[1]) for [ '--port 1', 'another --port' ], [ '--workers 2', 'another --workers' ],
	    [ $way ? () : ('--pooled', 'another --pooled') ];
	other($way, 'another database', "DATABASE_URL='postgresql://u:p\@ep-x.neon.tech/d'");
	my $file = Todo::spew("$t->{dir}/env", "DATABASE_URL='postgresql://u:p\@ep-x.neon.tech/d'\n");
	chmod 0644, $file;
	like(other($way, 'another database', "TODO_ENV_FILE='$file'"), qr/chmod 600 '\Q$file\E'/,
	    'run: others can read the password');
	chmod 0600, $file;
	unlike(other($way, 'another database', "TODO_ENV_FILE='$file'"), qr/chmod/, 'run: or not');
	Todo::spew($file, "CORS_ORIGINS=https://app.test\n");
	other($way, 'other settings', "TODO_ENV_FILE='$file'");
	Todo::spew("$dir/www/app/page.js", Todo::slurp("$dir/www/app/page.js") . "// older\n");
	other($way, 'built before');
	my $env = Todo::slurp("$dir/.env");
	$t->secret($1) while $env =~ /^(?:SECRET_KEY)='([^']+)'/mg;
	like($env, qr/^DATABASE_URL='postgresql:/m, 'run: DATABASE_URL is in one file');
	is((stat "$dir/.env")[2] & 07, 0, 'run: that others can not read');
	is(scalar(`. '$dir/.env'; psql -XAt "\$DATABASE_URL" -c 'SELECT count(*) FROM tasks'`),
	    $way ? "2\n" : "1\n", 'run: which psql can use; data is kept between runs');
	is(($run->('--stop'))[0], 0, 'run: --stop');
	is($left->(), '', 'run: leaves no process');
}
is(($run->('--stop'))[0], 0, 'run: --stop if nothing runs');

# Where nothing can be written, and nothing has been made.
my $place = "$t->{dir}/l\xc3\xa4nd 2";
make_path("$place/build");
# Objects do not tell where they were made: configure and make run, the compiler need not again.
# (They are made again if they are older than the mark that their directory is there.)
system("cd '$source/build' && find . -name '*.o' -o -name .dirstamp | tar -cf - -T - | tar -xf - -C '$place/build'");
is(system("cd '$source' && rm -rf build configure && chmod -R a+rX,a-w ."), 0, 'run: a clone that is only read');
my @as = $Todo::ROOT ? qw(setpriv --reuid=www-data --regid=www-data --clear-groups) : ();
system('chown', '-R', 'www-data:', $place) if $Todo::ROOT;
# PERL5LIB has prove's -I, where that user may not look.
sub clone { return scalar `env -u PERL5LIB DATABASE_URL=mysql://x @as '$source/run' @_ 2>&1 </dev/null` }
like(clone(), qr{\Arun: \Q$source\E/\.state cannot be made; .*--state\n\z}, 'run: it can not be written');
# Nor into TMPDIR.
$ENV{TMPDIR} = $source;
like(clone("--state '$place'"), qr/DATABASE_URL/, 'run: it is built elsewhere');
is($? >> 8, 78, 'run: and its settings are looked at') or diag(Todo::slurp("$place/build/run.log"));
make_path("$place/mine");
SKIP: {
	skip 'needs root, for another user', 1 if !$Todo::ROOT;
	like(clone("--state '$place/mine'"), qr/\Q$place\E\/mine belongs to root/,
	    'run: a state that another user made');
}
my $above = "$t->{dir}/l\xc3\xa4nd 1";
like(scalar `cd '$source' && chmod 0 '$above' && env -u PERL5LIB @as ./run 2>&1`,
    qr/\Arun: the user \S+ cannot enter \Q$above\E; .*\n\z/, 'run: nor entered');
chmod 0755, $above;
system('chmod', '-R', 'u+w', $source);

done_testing();
