# SPDX-License-Identifier: ISC
# The floors of src/: no file includes one of a floor above its own, and no module (a .c and
# its .h) includes itself by way of others.  No line has more than 100 columns.
# sanitizers: no
use strict;
use warnings;
use File::Basename qw(dirname);
use Text::Tabs qw(expand);

my @floors = qw(base db http account task dav);	# the program itself is on top, in src/
my $src = ($ENV{TOP_SRCDIR} || dirname($0) . '/..') . '/src';
my (%floor, %includes, @wrong);
@floor{@floors, '.'} = 0 .. @floors;
chdir $src or die "layers.t: $src: $!\n";
for my $file (sort glob '*.[ch] {' . join(',', @floors) . '}/*.[ch]') {
	open my $in, '<', $file or die "layers.t: $file: $!\n";
	my @lines = <$in>;
	push @wrong, map { "$file, line " . ($_ + 1) . ' has more than 100 columns' }
	    grep { length expand($lines[$_]) > 101 } 0 .. $#lines;
	my @own = grep { $_ ne 'config.h' } map { /^#include "(.*)"/ ? $1 : () } @lines;
	my $module = $file =~ s/\.[ch]$//r;
	$includes{$module}{s/\.h$//r} = 1 for grep { $_ ne "$module.h" } @own;
	push @wrong, map { "$file includes $_, which is above it" }
	    grep { ($floor{dirname($_)} // 99) > $floor{dirname($file)} } @own;
}
my %seen;
sub walk {
	my ($module, @way) = @_;
	push @wrong, join ' > ', @way, $module and return if grep { $_ eq $module } @way;
	return if $seen{$module}++;
	walk($_, @way, $module) for sort keys %{$includes{$module} || {}};
}
walk($_) for sort keys %includes;
print "1..1\n", map({ "# $_\n" } @wrong), @wrong ? 'not ' : '', 'ok 1 - layers: ',
    scalar keys %includes, " modules, no include upwards, no circle, no long line\n";
exit !!@wrong;
