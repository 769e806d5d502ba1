# SPDX-License-Identifier: ISC
# dev/fresh: what it refuses, a user with sudo, and that a signal leaves nothing behind.  What it is
# for is seen by .ci/run and ./check --all.
# sanitizers: no
use Todo;
use POSIX ();

my $d = File::Temp::tempdir('todo-fresh-t-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chmod 0755, $d;
my $fresh = "$Todo::SRC/dev/fresh";
sub said { return scalar `@_ 2>&1 </dev/null` }

for my $bad ('', '--bogus', '--suite', '--suite sid true', '--at rel true') {
	like(said("'$fresh' $bad"), qr/\Afresh: [^\n]+\n\z/, "fresh: '$bad', in one line");
	is($? >> 8, 64, "fresh: '$bad' is refused");
}
like(said("'$fresh' --help"), qr/\Q$_\E/, "fresh: --help names $_") for qw(--suite --user
    --user-only --at --before --keep --verbose);
SKIP: {
	skip 'needs root', 1 if !$Todo::ROOT;
	# It may not be able to enter the checkout.
	system('cp', $fresh, "$d/fresh");
	like(said("setpriv --reuid=www-data --regid=www-data --clear-groups sh '$d/fresh' true"),
	    qr/\Afresh: run it as root: [^\n]+\n\z/, 'fresh: for root alone');
	is($? >> 8, 1, 'fresh: which is a failure');
	Todo::need('debootstrap');
	for my $packages ('downloaded', 'kept from before') {
		like(said("'$fresh' --user sudo id -un"), qr/^root\n\z/m, "fresh: sudo, $packages");
	}
	for my $signal (qw(INT TERM HUP)) {
		mkdir "$d/$signal";
		my $pid = fork;
		if (!$pid) {
			$SIG{INT} = 'DEFAULT';
			@ENV{qw(TMPDIR XDG_CACHE_HOME)} = ("$d/$signal", "$d/cache");
			open STDIN, '<', '/dev/null';
			open STDERR, '>', "$d/$signal.log";
			exec $fresh, '--verbose', 'true' or POSIX::_exit(127);
		}
		# Its root is seen in its own namespace alone, its processes everywhere.
		Todo::wait_for(sub { grep { Todo::slurp($_) =~ m{debootstrap\0.*\Q$d/$signal/\E}s }
		    glob '/proc/[0-9]*/cmdline' }, 'debootstrap');
		kill $signal, $pid;
		waitpid $pid, 0;
		is($? >> 8, { INT => 130, TERM => 143, HUP => 129 }->{$signal}, "fresh: SIG$signal ends it")
		    or diag(Todo::slurp("$d/$signal.log"));
		is(join(' ', glob "$d/$signal/*"), '', 'fresh: no file is left');
		is(join(' ', grep { Todo::slurp($_) =~ /\Q$d\E/ } glob '/proc/[0-9]*/cmdline'), '',
		    'fresh: nor a process');
		unlike(Todo::slurp('/proc/self/mounts'), qr/\Q$d\E/, 'fresh: nor a mount');
	}
}

done_testing();
