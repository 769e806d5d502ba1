# SPDX-License-Identifier: ISC
package Seccomp;

# Runs a program under a seccomp filter, as systemd and containers do.

use strict;
use warnings;
use Config;
use Process qw(slurp);

my %number;

# True if the worker limits itself; with sanitizers it can't be limited at all.
sub built {
	return $Config{ptrsize} == 8
	    && slurp("$Todo::BUILD/config.h") =~ /^#define HAVE_SECCOMP 1/m;
}

# The numbers of the system calls of this machine, by name.
sub numbers {
	if (!%number) {
		my $text = `echo '#include <sys/syscall.h>' | cc -E -dM - 2>&1`;
		%number = $text =~ /^#define __NR_(\w+) (\d+)$/mg;
		Todo::lack("no numbers of system calls: $text") unless $number{prctl};
	}
	return \%number;
}

# What a command begins with so that these calls, or with "only" all others, are
# refused with EPERM.
sub refusing {
	my ($only, @names) = @_;
	my $nr = numbers();
	my ($allow, $refuse) = (0x7fff0000, 0x00050001);
	my @is = map { sprintf '%d', $nr->{$_} } grep { defined $nr->{$_} } @names;
	my ($hit, $miss) = $only eq 'only' ? ($allow, $refuse) : ($refuse, $allow);
	return ($^X, '-e', <<'PERL', $nr->{prctl}, $hit, $miss, "@is", '--');
my ($prctl, $hit, $miss, $is) = splice @ARGV, 0, 4;
shift;
my $code = pack 'SCCL', 0x20, 0, 0, 0;			# the call's number
$code .= pack 'SCCLSCCL', 0x15, 0, 1, $_, 6, 0, 0, $hit for split ' ', $is;
$code .= pack 'SCCL', 6, 0, 0, $miss;
my $filter = pack 'Sx![P]P', length($code) / 8, $code;
syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
syscall($prctl, 22, 2, $filter) == 0 or die "seccomp: $!";
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!";
PERL
}

1;
