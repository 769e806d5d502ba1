# SPDX-License-Identifier: ISC
# ./run: options, what it prints, and that it leaves nothing behind.
# ways: direct
use Todo;

my $t = Todo->new(start => 0);
my $source = $Todo::SRC;
Todo::lack('./run needs a build in build/, or a tree that can be written')
    unless -w $source || -x "$source/build/todo.fcgi";
my $dir = "$t->{dir}/s";
delete @ENV{qw(DATABASE_URL DATABASE_HOSTS SECRET_KEY TODO_ENV_FILE)};
my $run = sub { my $out = `'$source/run' --state '$dir' @_ 2>&1 </dev/null`;
    return ($? >> 8, $out) };
my $left = sub { join ' ', grep { my $line = Todo::slurp("/proc/$_/cmdline");
    index($line, "$dir/") >= 0 } map { m{(\d+)} } glob '/proc/[0-9]*' };

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
for my $way ('', '--pooled') {
	($status, $out) = $run->("--port $port --workers 1 --auth-workers 1 --detach $way");
	is($status, 0, "run: --detach $way") or diag($out);
	like($out, qr{http://127\.0\.0\.1:$port\b}, 'run: prints the address');
	my ($example) = $out =~ /^(R=.*?)\n\n/ms;
	is(($example // '') =~ tr/\n//, 2, 'run: and an example of three lines');
	my $file = Todo::spew("$t->{dir}/example", $example // '');
	like(scalar `sh '$file' 2>&1`, qr/"title":"Buy milk".*\n\[.*"title":"Buy milk"/,
	    'run: which works when pasted');
	like(scalar `curl -s http://127.0.0.1:$port/metrics`, qr/^neon_todo_workers 2$/m,
	    'run: its workers are counted');
	like(scalar `curl -s http://127.0.0.1:$port/`, qr/<title>Todo/, 'run: the page is there');
	is(scalar `curl -s -o '$t->{dir}/main.js' -w '%{http_code}' http://127.0.0.1:$port/app/main.js`, '200',
	    'run: with its scripts');
	like(scalar `curl -sL http://127.0.0.1:$port/docs`, qr/swagger-ui-bundle/,
	    'run: its API is shown');
	my ($again, $said) = $run->('--port 1 --detach');
	is($again, 0, 'run: a second one');
	like($said, qr{http://127\.0\.0\.1:$port\b}, 'run: says what is running');
	my $env = Todo::slurp("$dir/.env");
	$t->secret($1) while $env =~ /^(?:SECRET_KEY)='([^']+)'/mg;
	like($env, qr/^DATABASE_URL='postgresql:/m, 'run: DATABASE_URL is in one file');
	is((stat "$dir/.env")[2] & 07, 0, 'run: that others can not read');
	is(scalar(`. '$dir/.env'; psql -XAt "\$DATABASE_URL" -c 'SELECT count(*) FROM tasks'`),
	    $way ? "2\n" : "1\n", 'run: which psql can use; data is kept between runs');
	is(($run->('--stop'))[0], 0, 'run: --stop');
	is($left->(), '', 'run: leaves no process');
}
is(($run->('--stop'))[0], 0, 'run: --stop where nothing runs');

done_testing();
