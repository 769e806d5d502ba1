# SPDX-License-Identifier: ISC
# The endpoint that CONTRIBUTING makes, as it stands there, in a copy of the source.
# sanitizers: no
# long: 13
use Todo;

Todo::need(qw(make cc));
Todo::lack('no configure: run autoreconf -i') unless -x "$Todo::SRC/configure";
my $t = Todo->new(start => 0);
my $copy = "$t->{dir}/source";
my $say = Todo::slurp("$Todo::SRC/CONTRIBUTING");
my ($section) = $say =~ /^A first endpoint\n-+\n(.*?)(?=^\S[^\n]*\n---)/ms;

# All but what was built there; a build in place would keep configure from another.
system("mkdir '$copy' && cd '$Todo::SRC' && tar -c --exclude=./.git --exclude=./.state --exclude='./build*' --exclude='*.o'"
    . " --exclude=./config.status . | tar -x -C '$copy' && cp -r '$Todo::SRC/build-aux' '$copy/' && chmod -R u+w '$copy'") == 0
    or die "no copy of the source";

# Each block of code, by the words before it.
my %edit = (
    qr/^At the end of (\S+),/m => sub { "$_[0]\n$_[1]" },
    qr/^Before the last line of (\S+),/m => sub { $_[0] =~ s/(?=^.*\n\z)/$_[1]/mr },
    qr/^After "(?<line>[^"]+)" in (?<file>\S+),/m => sub { $_[0] =~ s/^\Q$_[2]\E\n\K/$_[1]/mr },
    qr/^After the line of PATCH in (\S+):/m => sub { $_[0] =~ s/^\.It PATCH .*\n\K/$_[1]/mr },
    qr/^In (\S+), which is new,/m => sub { $_[1] },
);
my $done = 0;
while ($section =~ /^(\S(?:.+\n)+)\n((?:(?:    .*)?\n)+?)(?=\n?\S|\z)/mg) {
	my ($words, $code) = ($1, $2);
	for my $where (keys %edit) {
		$words =~ $where or next;
		my ($line, $file) = ($+{line}, $+{file} // $1);
		my $before = -e "$copy/$file" ? Todo::slurp("$copy/$file") : '';
		my $after = $edit{$where}->($before, $code =~ s/^    //gmr =~ s/\n+\z/\n/r, $line);
		isnt($after, $before, "contributing: $file is changed");
		Todo::spew("$copy/$file", $after);
		$done++;
	}
}
is($done, 6, 'contributing: six files, as CONTRIBUTING has them');

delete local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL DESTDIR)};
my ($cc) = -e "$Todo::BUILD/Makefile" ? Todo::slurp("$Todo::BUILD/Makefile") =~ /^CC = (\S+)/m : ();
my $said = `mkdir '$copy/build' && cd '$copy/build' && ../configure -q --enable-werror CC=${\($cc // 'cc')} CFLAGS=-O0 2>&1 \\
    && make -s src/db/stmt_enum.h && make -s -j2 todo.fcgi t/unit/tables 2>&1 </dev/null`;
is($?, 0, 'contributing: it is built') or diag($said);
my $tables = `'$copy/build/t/unit/tables' 2>&1`;
is($?, 0, 'contributing: the tables agree') or diag($tables);
like($tables, qr/^ok.*soonest/m, 'contributing: and have it');
symlink "$Todo::BUILD/page", "$copy/build/page";	# the page is the same
{
	local @ENV{qw(TODO_STANDIN PROVE_FLAGS)} = ($t->{standin}, '-v');
	delete local @ENV{qw(TOP_SRCDIR TOP_BUILDDIR TODO_FCGI TODO_TIMES TODO_WAY TODO_WAYS)};
	my ($line) = $section =~ /&& (\.\.\/t\/run task_soonest\.t)$/m;
	$said = `cd '$copy/build' && $line 2>&1`;
	is($?, 0, 'contributing: its test passes') or diag($said);
	like($said, qr/^ok \d+ - soonest: of the open ones$/m, 'contributing: to its end');
}

done_testing();
