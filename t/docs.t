# SPDX-License-Identifier: ISC
# The documents name what the program knows: every setting, every path.
# ways: direct
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

my $src = $ENV{TOP_SRCDIR} || abs_path(dirname(__FILE__) . '/..');
sub slurp { open my $f, '<', "$src/$_[0]" or return ''; local $/; return scalar <$f> }
my ($readme, $man) = (slurp('README'), slurp('man/todo.fcgi.8'));
ok(length $readme, 'docs: README is there');
ok(length $man, 'docs: the man page is there');

my $conf = slurp('src/conf.c');
my @names = $conf =~ /\.(?:name|alias) = "(\w+)"/g;
cmp_ok(scalar @names, '>=', 6, 'docs: the settings of src/conf.c');
for my $name (@names, 'TODO_ENV_FILE') {
	like($readme, qr/\b$name\b/, "docs: README names $name");
	like($man, qr/\b$name\b/, "docs: the man page names $name");
}
my $route = slurp('src/route.c');
my %paths = map { $_ => 1 } $route =~ /"(\/(?:api|auth)\/[^"]*)"/g;
cmp_ok(scalar keys %paths, '>=', 20, 'docs: the paths of src/route.c');
for my $path (map { "/api/auth/$_" } qw(register login me logout password delete)) {
	ok($paths{$path}, "docs: $path is a route");
	like($readme, qr{\Q$path\E}, "docs: README names $path");
}
like($readme, qr{/tasks}, 'docs: README shows tasks');
for my $path ($route =~ m{"(/[\w.]+)"}g) {
	like($_->[1], qr{\Q$path\E\b}, "docs: $_->[0] names $path")
	    for [ README => $readme ], [ 'the man page' => $man ];
}
like($readme, qr{^\s*\./$_\b}m, "docs: README shows ./$_") for qw(run check);
for my $bad ('09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7') {
	unlike("$readme$man", qr/$bad/, 'docs: no placeholder secret is shown');
}

done_testing();
