# SPDX-License-Identifier: ISC
# More of the page in a browser: other programs, languages, the installed page.
# Each scenario of t/js/page_more.mjs is a test.  Screenshots go to TODO_ARTIFACTS, or into
# the test's own directory.
# sanitizers: no
use Todo;
use File::Path qw(make_path);

SKIP: {
	skip 'TODO_NPM does not say where the packages are', 1 unless $ENV{TODO_NPM};
	Todo::need('chromium-headless-shell');
	my $t = Todo->new(workers => 2, auth_workers => 1, env => { ACCESS_TOKEN_EXPIRE_MINUTES => 60 });
	my $shots = $ENV{TODO_ARTIFACTS} || "$t->{dir}/shots";
	make_path($shots);
	open my $out, '-|', 'node', "$Todo::SRC/t/js/page_more.mjs", "http://127.0.0.1:$t->{port}",
	    "$ENV{TODO_NPM}/node_modules", $shots or die "node: $!";
	binmode $out, ':utf8';
	while (my $line = <$out>) {
		chomp $line;
		if ($line =~ /^(not )?ok - (.*)/) {
			ok(!$1, "page: $2");
		} else {
			diag($line);
		}
	}
	close $out;
	is($?, 0, 'page: the script ends well');
}

done_testing();
