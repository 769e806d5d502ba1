# SPDX-License-Identifier: ISC
# Every scenario, requirement, criterion and edge case of the specification has
# a test that carries its number.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Glob qw(:bsd_glob);
use Test::More;

my $dir = dirname(__FILE__);
my %scenarios = (1 => 3, 2 => 4, 3 => 5, 4 => 4, 5 => 4);
my @ids = map { my $s = $_; map { "US$s-$_" } 1..$scenarios{$s} } sort keys %scenarios;
push @ids, map { sprintf 'FR-%03d', $_ } 1..15;
push @ids, map { sprintf 'SC-%03d', $_ } 1..10;
push @ids, map { "edge: $_" } 'database unavailable', 'concurrent writes',
    'user deleted', 'pool exhaustion', 'foreign key gone', '1000+ tasks',
    'DATABASE_URL changed while running';

my %where;
for my $file (glob "$dir/*.t") {
	next if $file eq __FILE__ || $file =~ /acceptance\.t$/;
	open my $f, '<:encoding(UTF-8)', $file or die "$file: $!";
	while (my $line = <$f>) {
		next if $line =~ /^\s*#/;
		# a test's name begins with its number
		while ($line =~ /(['"])((?:US\d-\d|(?:FR|SC)-\d{3})\b|edge: [^:'"]+)/g) {
			$where{$2} //= $file =~ s{.*/}{}r . ":$.";
		}
	}
}
ok($where{$_}, "$_ has a test" . ($where{$_} ? " ($where{$_})" : '')) for @ids;
my %known = map { $_ => 1 } @ids;
is(join(', ', grep { !$known{$_} } sort keys %where), '', 'no test has an unknown number');

done_testing();
