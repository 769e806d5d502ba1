# SPDX-License-Identifier: ISC
# Clients of CalDAV that nobody here wrote, behind nginx and Apache: vdirsyncer, python-caldav
# and tsdav (of npm, dev/deps npm DIRECTORY).
# sanitizers: no
use Todo;
use Dav;

Todo::need(qw(vdirsyncer));

# Runs a program as a user would: its output, and what it says, if it failed.
sub client {
	my ($t, $u, $name, @command) = @_;
	my $dir = "$t->{dir}/client";
	mkdir $dir;
	delete local @ENV{grep { /proxy/i } keys %ENV};
	local @ENV{qw(HOME USERNAME PASSWORD LC_ALL)} = ($dir, $u->{email}, $u->{app}{password}, 'C.UTF-8');
	open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1 </dev/null', 'sh', @command or die $!;
	my $text = do { local $/; <$out> } // '';
	close $out;
	is($?, 0, $name) or diag($text);
	return $text;
}

my %web = (
    nginx => sub { $_[0]->start_nginx("set \$neon_todo_prefix '$_[0]{mount}';") },
    Apache => sub { my $t = shift;
        $t->start_apache([ qw(headers setenvif unique_id reqtimeout alias proxy proxy_fcgi) ], <<"CONF") },
Define NEON_TODO_MOUNT $t->{mount}/
Define NEON_TODO_RUN $t->{dir}
Include neon-todo/proxy-fcgi.conf
CONF
);
for my $web (sort keys %web) {
	my $mount = $web eq 'nginx' ? '' : '/todo';
	my $t = Todo->new(web => $web{$web}, mount => $mount);
	my $u = $t->user;
	app($t, $u);
	$t->task($u, title => 'one');
	my $base = "http://127.0.0.1:$t->{port}$mount";
	my $list = "$base/dav/$u->{id}/tasks/";

	# By the address of the page, or of CalDAV.
	for my $url ("$base/", "$base/dav/") {
		my $text = client($t, $u, "$web: python-caldav, from $url", '/usr/bin/python3', '-c', <<"PYTHON", $url);
import caldav, os, sys
client = caldav.DAVClient(url=sys.argv[1], username=os.environ['USERNAME'], password=os.environ['PASSWORD'])
principal = client.principal()
for c in principal.calendars():
    print(c.url, c.name, c.get_supported_components(), client.check_cdav_support())
PYTHON
		is($text, "$list Tasks ['VTODO'] True\n", "$web: python-caldav, finds the list");
		SKIP: {
			skip 'TODO_NPM does not say where the packages are', 2 unless $ENV{TODO_NPM};
			$text = client($t, $u, "$web: tsdav, from $url", 'node', "$Todo::SRC/t/js/dav_find.mjs", $url, "$ENV{TODO_NPM}/node_modules");
			my $found = eval { JSON::PP->new->utf8->decode($text) } // [];
			is(join(' ', map { "$_->{url} $_->{displayName} @{$_->{components}} $_->{ctag}" } @$found), "$list Tasks VTODO "
			    . multistatus(dav($t, $u, PROPFIND => "/dav/$u->{id}/tasks/", undef, depth => 0))->{"$mount/dav/$u->{id}/tasks/"}{'S:getctag'},
			    "$web: tsdav, finds the list");
		}
	}
	my $d = "$t->{dir}/client";
	Todo::spew("$d/config", <<"CONF");
[general]
status_path = "$d/status"
[pair phone]
a = "here"
b = "there"
collections = ["from b"]
[storage here]
type = "filesystem"
path = "$d/here"
fileext = ".ics"
[storage there]
type = "caldav"
url = "$base/"
username.fetch = ["command", "printenv", "USERNAME"]
password.fetch = ["command", "printenv", "PASSWORD"]
CONF
	my $text = client($t, $u, "$web: vdirsyncer", 'sh', '-c', "yes | vdirsyncer -c '$d/config' discover phone");
	like($text, qr/- "tasks" \("Tasks"\)|"tasks"/, "$web: vdirsyncer, finds the list");
	ok(-d "$d/here/tasks", "$web: vdirsyncer, makes its own");
	$t->finish;
}

done_testing();
