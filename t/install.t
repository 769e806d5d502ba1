# SPDX-License-Identifier: ISC
# make install over what administrators have edited, and make uninstall.
# sanitizers: no
use Todo;
use File::Glob qw(:bsd_glob);

Todo::need(qw(make));
my $build = $Todo::BUILD;
Todo::lack('needs a build directory with its Makefile') unless -e "$build/Makefile";
my $t = Todo->new(start => 0);
my $root = "$t->{dir}/root";
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL DESTDIR)};
sub make {
	my $out = `make -C '$build' $_[0] DESTDIR='$root' 2>&1 </dev/null`;
	is($?, 0, "install: make $_[0]") or diag($out);
	return $out;
}
sub left { return sort split /\n/, `find '$root' ! -type d` }

make('install');
my %at = map { m{([^/]+)\z} => $_ } grep { m{/nginx/neon-todo/} } left();
is(join(' ', sort keys %at), join(' ', sort map { m{([^/]+)\z} } glob "$Todo::SRC/etc/nginx/*"),
    'install: all files for nginx');
my ($program) = grep { m{/sbin/todo\.fcgi\z} } left();
like(scalar `'$program' --version`, qr/^neon-todo \d/, 'install: the program runs');
my ($manual) = grep { m{/man8/todo\.fcgi\.8\z} } left();
is(Todo::slurp($manual), Todo::slurp("$Todo::SRC/man/todo.fcgi.8"), 'install: its manual is there');
# What the texts send people into, and site.conf.
my @edited = qw(limits.conf machines.conf site.conf upstreams.conf);
for (@edited, 'server.conf') {
	ok(-e $at{$_}, "install: $_") or next;
	Todo::spew($at{$_}, Todo::slurp($at{$_}) . "# mine\n");
}
my $said = make('install');
like($said, qr/^\Q$at{$_}\E stays as it is/m, "install: $_, edited, stays; a line says so") for @edited;
like(Todo::slurp($at{$_}), qr/^# mine$/m, "install: so it is, $_") for @edited;
unlike(Todo::slurp($at{'server.conf'}), qr/# mine/, 'install: the others are of the new version');
make('uninstall');
is(join(' ', left()), join(' ', sort map { "$at{$_}.saved" } @edited),
    'install: make uninstall keeps edited files, by another name');
like(Todo::slurp("$at{$_}.saved"), qr/^# mine$/m, "install: as it was, $_") for @edited;
unlink left();
make('install');
unlike(make('install'), qr/stays as it is/, 'install: says nothing of files that were not edited');
make('uninstall');
is(join(' ', left()), '', 'install: and goes');

done_testing();
