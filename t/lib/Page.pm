# SPDX-License-Identifier: ISC
package Page;

# Runs the scripts of t/js/page/ in a browser, against a service.  Each of their lines is a
# test, and they may ask for what only this side can do.  Screenshots go to TODO_ARTIFACTS;
# without it there are only those of failures, in the service's own directory.

use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use File::Glob qw(bsd_glob);
use File::Path qw(make_path remove_tree);
use IPC::Open2 qw(open2);
use Test::More ();
use Todo;

# What a script asks for, by its name: a function of the service and the rest of the line.
my %do = (
	stop_workers => sub { $_[0]->stop_workers; unlink bsd_glob("$_[0]{dir}/*.sock"); 'stopped' },
	start_workers => sub { $_[0]->start_workers; $_[0]->ready; 'started' },
	sql => sub { $_[0]->psql($_[1]) // '' },
	# How often an address may send a password, from now on; what it has sent still counts.
	limit => sub {
		my ($t, $rate) = @_;
		my ($file, $nginx) = ("$t->{dir}/neon-todo/limits.conf", $t->{pool}{nginx});
		my %old = map { $_ => 1 } Process::members($nginx);
		Todo::spew($file, Todo::slurp($file) =~ s/ rate=\K[^;]+/$rate/r);
		kill HUP => $nginx;
		Todo::wait_for(sub { grep { !$old{$_} } Process::members($nginx) }, 'a new process of nginx');
		return 'limited';
	},
	# Another release, in which app/page.js says NAME; "half": and its sw.js another.
	release => sub {
		my ($t, $text) = @_;
		my ($name, $half) = split / /, $text;
		my $www = "$t->{dir}/page";
		my $js = Todo::slurp("$www/app/page.js") =~ s{^globalThis\.release = .*\n}{}r;
		$js = qq{globalThis.release = "$name"\n$js};
		# Not while the old one is being sent.
		rename Todo::spew("$t->{dir}/page.js", $js), "$www/app/page.js" or die "page.js: $!";
		my $sum = sha256_hex($half ? 'another' : $js);
		my $sw = Todo::slurp("$www/sw.js") =~ s/^const VERSION = \K.*/"$name"/mr;
		Todo::spew("$www/sw.js", $sw =~ s{"app/page\.js": \K"\w+"}{"$sum"}r);
		# Web servers tell files apart by their length and their time, in seconds.
		my $at = time + ++$t->{releases};
		utime $at, $at, "$www/app/page.js", "$www/sw.js";
		return 'released';
	},
	# The files of version 0.1, or again those of today.
	version => sub {
		my ($t, $which) = @_;
		my ($www, $today) = ("$t->{dir}/page", "$t->{dir}/today");
		if ($which eq 'today') {
			remove_tree($www);
			rename $today, $www or die "$www: $!";
			return 'done';
		}
		rename $www, $today or die "$www: $!";
		mkdir $www;
		system('tar', '-xJf', "$Todo::SRC/t/js/page-0.1.tar.xz", '--strip-components=1', '-C', $www)
		    == 0 or die "tar: $?";
		return 'done';
	},
);

# Whether there is a browser, and what drives it; a test that has none is skipped, or with
# TODO_REQUIRE_ALL fails.
sub browser {
	my %program = (firefox => 'firefox-esr', desktop => 'chromium');
	Todo::need($program{$ENV{TODO_BROWSER} // ''} // 'chromium-headless-shell') if $ENV{TODO_NPM};
	return $ENV{TODO_NPM};
}

# Runs a script, by its name, against this service; the arguments are for the script.
sub play {
	my ($t, $script, @arguments) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $shots = $ENV{TODO_ARTIFACTS} || "$t->{dir}/shots";
	make_path($shots);
	my $pid = open2(my $out, my $in, 'node', "$Todo::SRC/t/js/page/$script.mjs",
	    "http://127.0.0.1:$t->{port}" . ($t->{mount} // ''), "$ENV{TODO_NPM}/node_modules", $shots,
	    @arguments);
	binmode $out, ':utf8';
	while (my $line = <$out>) {
		chomp $line;
		if ($line =~ /^do (\w+) ?(.*)/) {
			my $said = eval { $do{$1}->($t, $2) } // '';
			Test::More::diag($@) if $@;
			syswrite $in, "$said\n";
		} elsif ($line =~ /^(not )?ok - (.*)/) {
			Test::More::ok(!$1, "page: $2");
		} else {
			Test::More::diag($line);
		}
	}
	waitpid $pid, 0;
	Test::More::is($?, 0, "page: $script.mjs ends well");
}

# The whole of a test that is one script, against a service of its own.
sub test {
	my ($script) = @_;
	if (browser()) {
		my $t = Todo->new(env => { ACCESS_TOKEN_EXPIRE_MINUTES => 60 });
		$t->expect_log(qr/connect|socket/i);
		play($t, $script);
	} else {
		Test::More::plan(skip_all => 'TODO_NPM does not say where the packages are');
	}
	done_testing();
}

1;
