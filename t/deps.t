# SPDX-License-Identifier: ISC
# dev/deps: what it says if packages are missing and it can't install them.
# sanitizers: no
use Todo;

# A machine where no package is installed, with these commands alone.
my $d = File::Temp::tempdir('todo-deps-XXXXXX', TMPDIR => 1, CLEANUP => 1);
mkdir "$d/bin";
symlink Process::which($_), "$d/bin/$_" for qw(sh sed tr id env setpriv);
sub command {
	Todo::spew("$d/bin/$_[0]", "#!/bin/sh\n$_[1]\n");
	chmod 0755, "$d/bin/$_[0]";
}
command('dpkg-query', 'exit 1');
chmod 0755, $d;
Todo::spew("$d/deps", Todo::slurp("$Todo::SRC/dev/deps"));
# Root would install them.
my @as = $Todo::ROOT ? qw(setpriv --reuid=www-data --regid=www-data --clear-groups) : ();
sub said { return scalar `env -i PATH='$d/bin' @as sh '$d/deps' $_[0] 2>&1 </dev/null` }

for my $what (qw(run check)) {
	my $said = said($what);
	is($? >> 8, 1, "deps: $what without sudo fails");
	like($said, qr/\Adeps: packages are missing, and there is no sudo; root installs them by: apt-get install [^\n]* gcc [^\n]*\n\z/,
	    'deps: with one line that root can use');
}
like(said('run'), qr/ libpq-dev /, 'deps: all of them');
unlike(said('run'), qr/ clang /, 'deps: and no others');

command('sudo', 'exit 1');
like(said('run'), qr/^deps: sudo did not install them; root installs them by: apt-get install [^\n]* gcc [^\n]*\n\z/m,
    'deps: so for one whom sudo refuses');
is($? >> 8, 1, 'deps: which fails');
command('sudo', 'echo "$@"');
like(said('run'), qr{^-- \Q$d\E/deps install gcc .* libpq-dev }m, 'deps: with sudo it is called again');
is($? >> 8, 0, 'deps: which is good');
command('dpkg-query', 'echo "ii "');
is(said('run'), '', 'deps: nothing is said if nothing is missing');

done_testing();
