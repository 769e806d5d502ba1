# SPDX-License-Identifier: ISC
# What of the page needs no browser: its stores, its time, what its line understands, and what
# it brings over from others.
# sanitizers: no
use Todo;
use File::Glob qw(:bsd_glob);

Todo::need('node');
$ENV{NODE_OPTIONS} = "--require \"$Todo::SRC/t/js/globals.cjs\"";
# In one process: each of its own would load the same again.
my $load = 'import {pathToFileURL} from "node:url"; for (const f of process.argv.slice(1)) await import(pathToFileURL(f))';
open my $out, '-|', 'node', '--test-reporter=tap', '--input-type=module', '-e', $load,
    glob "$Todo::SRC/t/js/unit/*.test.mjs" or die "node: $!";
my @said = <$out>;
close $out;
is($?, 0, 'units: all of them passed') or diag(@said);
for (@said) {
	ok(!$1, "units: $2") if /^(not )?ok \d+ - (.*)/;
}

done_testing();
