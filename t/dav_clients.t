# SPDX-License-Identifier: ISC
# Clients of CalDAV that nobody here wrote, behind nginx and, through the pooler, Apache: two
# devices of vdirsyncer, one of them with todoman, python-caldav and tsdav (of npm, dev/deps npm
# DIRECTORY).
# sanitizers: no
# long: 20
use Todo;
use Dav;

Todo::need(qw(vdirsyncer todoman));

# Runs a program as a user would: its output, and what it says, if it failed.
sub client {
	my ($t, $u, $name, @command) = @_;
	my $dir = "$t->{dir}/client";
	mkdir $dir;
	mkdir "$dir/todoman";
	Todo::spew("$dir/todoman/config.py", "path = '$dir/phone/*'\ndate_format = '%Y-%m-%d'\ntime_format = '%H:%M'\ndefault_list = 'tasks'\n");
	delete local @ENV{grep { /proxy/i } keys %ENV};
	local @ENV{qw(HOME XDG_CONFIG_HOME XDG_CACHE_HOME USERNAME PASSWORD LC_ALL)} = ($dir, $dir, "$dir/cache", $u->{email}, $u->{app}{password}, 'C.UTF-8');
	open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1 </dev/null', 'sh', @command or die $!;
	my $text = do { local $/; <$out> } // '';
	close $out;
	is($?, 0, $name) or diag($text) if defined $name;

	return $text;
}

# The tasks that there are, as the page has them: "title" and what else is asked for.
sub page {
	my ($t, $u, @more) = @_;
	return join ', ', sort map { my $task = $_; join ' ', map { $task->{$_} // '' } 'title', @more } @{$t->as($u, GET => $u->{tasks})->{json}};
}
sub empty { my ($t, $u) = @_; my @ids = map { $_->{id} } @{$t->as($u, GET => $u->{tasks})->{json}};
    $t->as($u, POST => "$u->{tasks}/delete", { ids => \@ids }) if @ids }

# python-caldav: makes a task, finds it, changes, completes and deletes it, and follows by tokens.
sub python {
	my ($t, $u, $web, $base) = @_;
	empty($t, $u);
	my $run = sub { my ($name, $code) = @_; return client($t, $u, "$web: python-caldav, $name", '/usr/bin/python3', '-c', <<"PYTHON", "$base/dav/") };
import caldav, os, sys
from datetime import datetime, timezone
client = caldav.DAVClient(url=sys.argv[1], username=os.environ['USERNAME'], password=os.environ['PASSWORD'])
tasks = client.principal().calendars()[0]
$code
PYTHON
	is($run->('makes', <<'PYTHON'), "made ['made']\n", "$web: python-caldav, makes a task and finds it");
made = tasks.save_todo(summary='made', due=datetime(2030, 1, 2, 3, 4, tzinfo=timezone.utc), priority=1, categories=['home', 'work'])
tasks.save_todo(ical="BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:a/b c%d@x\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:other\r\nEND:VTODO\r\nEND:VCALENDAR\r\n")
print(tasks.todo_by_uid(made.vobject_instance.vtodo.uid.value).vobject_instance.vtodo.summary.value,
    [t.vobject_instance.vtodo.summary.value for t in tasks.search(todo=True, summary='made')])
PYTHON
	is(page($t, $u, 'due_date', 'priority'), 'made 2030-01-02T03:04:00Z High, other  Medium', "$web: python-caldav, the page has them");
	is($run->('follows', <<"PYTHON"), "2 ['changed'] 1\n", "$web: python-caldav, follows by sync-collection");
import json, urllib.request
before = tasks.objects_by_sync_token(load_objects=True)
todo = [t for t in before if t.vobject_instance.vtodo.summary.value == 'made'][0]
todo.vobject_instance.vtodo.summary.value = 'changed'
todo.save()
news = tasks.objects_by_sync_token(sync_token=before.sync_token, load_objects=True)
other = [t for t in before if t.vobject_instance.vtodo.summary.value == 'other'][0]
other.delete()
gone = tasks.objects_by_sync_token(sync_token=news.sync_token)
print(len(list(before)), [t.vobject_instance.vtodo.summary.value for t in news], len(list(gone)))
PYTHON
	is($run->('completes', <<'PYTHON'), "1 0 1\n", "$web: python-caldav, completes it");
before = len(tasks.todos())
tasks.todos()[0].complete()
print(before, len(tasks.todos()), len(tasks.todos(include_completed=True)))
PYTHON
	is(page($t, $u, 'completed'), 'changed 1', "$web: python-caldav, the page has that, too");
}

# tsdav: what smartCollectionSync() says.
sub tsdav {
	my ($t, $u, $web, $base) = @_;
	empty($t, $u);
	$t->task($u, title => 'by the page');
	my $text = client($t, $u, "$web: tsdav, syncs", 'node', "$Todo::SRC/t/js/dav_sync.mjs", "$base/dav/", "$ENV{TODO_NPM}/node_modules");
	my $found = eval { Cpanel::JSON::XS->new->utf8->decode($text) } // {};
	is_deeply($found, { first => 1, made => 201, news => [ 1, 0, 0 ], changed => 204, changes => [ 0, 1, 0 ], late => 412,
	    deleted => 204, gone => [ 0, 0, 1 ], queried => 1 }, "$web: tsdav, makes, changes and deletes, and learns of it");
}

# The configuration of vdirsyncer as neon-todo-caldav(7) shows it, for this device.
sub configure {
	my ($t, $u, $device, $url) = @_;
	my $d = "$t->{dir}/client";
	my ($text) = Todo::slurp("$Todo::SRC/man/neon-todo-caldav.7") =~ /^\.Bd -literal\n(\[general\].*?)^\.Ed$/ms;
	my %ours = ('\\(ti/.local/share/vdirsyncer/status/' => "$d/status.$device", '\\(ti/.local/share/todo/' => "$d/$device",
	    'https://todo.example.org/dav/' => $url, ann => $u->{email}, 'xxxxx-xxxxx-xxxxx-xxxxx' => $u->{app}{password});
	$text =~ s{"([^"]+)"}{'"' . (delete $ours{$1} // $1) . '"'}ge;
	die 'the manual does not have ', keys %ours if %ours;
	Todo::spew("$d/$device.config", $text);
}

# Two devices of vdirsyncer and the page, with the same tasks.
sub devices {
	my ($t, $u, $web, $base) = @_;
	empty($t, $u);
	my $d = "$t->{dir}/client";
	configure($t, $u, phone => "$base/dav/");
	configure($t, $u, tablet => "$base/");
	my $step = 0;
	my $sync = sub { client($t, $u, "$web: vdirsyncer, $_[0], sync " . ++$step, 'vdirsyncer', '-c', "$d/$_[0].config", 'sync') };
	my $has = sub { my ($device) = @_; return join ', ', sort map { Todo::slurp($_) =~ /^SUMMARY:(.*?)\r?$/m; $1 } glob "$d/$device/tasks/*.ics" };
	for my $device (qw(phone tablet)) {
		my $text = client($t, $u, "$web: vdirsyncer, $device", 'sh', '-c', "yes | vdirsyncer -c '$d/$device.config' discover");
		like($text, qr/- "tasks" \("Tasks"\)|"tasks"/, "$web: vdirsyncer, $device, finds the list");
		ok(-d "$d/$device/tasks", "$web: vdirsyncer, $device, makes its own");
	}
	my $page = $t->task($u, title => 'by the page', priority => 'High');
	$sync->('phone');
	is($has->('phone'), 'by the page', "$web: vdirsyncer, the phone has what the page made");
	client($t, $u, "$web: todoman, new", 'todoman', 'new', '-l', 'tasks', 'by the phone');
	client($t, $u, "$web: todoman, done", 'todoman', 'done', (client($t, $u, "$web: todoman, list", 'todoman', 'list') =~ /(\d+) .*by the page/)[0] // 1);
	$sync->($_) for qw(phone tablet);
	is($has->('tablet'), 'by the page, by the phone', "$web: vdirsyncer, the tablet has what phone and page made");
	is(page($t, $u, 'completed'), 'by the page 1, by the phone 0', "$web: todoman, the page has what it made and completed");
	# Byte for byte, and names that need care.
	my $text = join '', map { "$_\r\n" } 'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', 'BEGIN:VTODO', 'UID:a b/c%20d@x',
	    'DTSTAMP:20260101T000000Z', 'SUMMARY:odd', 'X-OWN;A="b:c":' . 'y' x 40, ' folded', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-PT5M',
	    'END:VALARM', 'END:VTODO', 'END:VCALENDAR';
	Todo::spew("$d/phone/tasks/o d%20d.ics", $text);
	$sync->($_) for qw(phone tablet);
	my ($there) = grep { Todo::slurp($_) =~ /^SUMMARY:odd/m } glob "$d/tablet/tasks/*.ics";
	is($there && Todo::slurp($there), $text, "$web: vdirsyncer, a text comes as it went");
	my ($odd) = grep { $_->{title} eq 'odd' } @{$t->as($u, GET => $u->{tasks})->{json}};
	is_ok($t->as($u, PUT => "$u->{tasks}/$odd->{id}", { title => 'even' }), 200, "$web: the page changes it");
	is_ok($t->as($u, DELETE => "$u->{tasks}/$page->{id}"), 200, "$web: and deletes another");
	$sync->($_) for qw(phone tablet);
	is($has->($_), 'by the phone, even', "$web: vdirsyncer, the $_ has both") for qw(phone tablet);
	is(Todo::slurp($there) =~ s/^(?:SUMMARY|LAST-MODIFIED|DTSTAMP):.*\r\n//mgr, $text =~ s/^(?:SUMMARY|DTSTAMP):.*\r\n//mgr,
	    "$web: vdirsyncer, and all else of the text");
	# Both change the same one: the second is told, and nothing is lost.
	for my $device (qw(phone tablet)) {
		my ($file) = grep { Todo::slurp($_) =~ /^SUMMARY:even/m } glob "$d/$device/tasks/*.ics";
		Todo::spew($file, Todo::slurp($file) =~ s/^SUMMARY:.*/SUMMARY:even by the $device\r/mr);
	}
	$sync->('phone');
	like(client($t, $u, undef, 'vdirsyncer', '-c', "$d/tablet.config", 'sync'), qr/conflict/i, "$web: vdirsyncer, the tablet is told of a conflict");
	is($has->('tablet'), 'by the phone, even by the tablet', "$web: vdirsyncer, and keeps its own");
	is(page($t, $u), 'by the phone, even by the phone', "$web: vdirsyncer, the service the first one's");
	unlink grep { Todo::slurp($_) =~ /^SUMMARY:by the phone/m } glob "$d/phone/tasks/*.ics";
	$sync->('phone');
	is(page($t, $u), 'even by the phone', "$web: vdirsyncer, what the phone deletes is gone");
	client($t, $u, undef, 'vdirsyncer', '-c', "$d/tablet.config", 'sync');
	is($has->('tablet'), 'even by the tablet', "$web: vdirsyncer, on the tablet, too");
}

my %web = (
    nginx => sub { $_[0]->start_nginx("set \$neon_todo_prefix '$_[0]{mount}';") },
    Apache => sub { $_[0]->start_proxy_fcgi },
);
for my $web (sort keys %web) {
	my $mount = $web eq 'nginx' ? '' : '/todo';
	my $t = Todo->new(way => $web eq 'nginx' ? 'direct' : 'pooled', web => $web{$web}, mount => $mount);
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
			my $found = eval { Cpanel::JSON::XS->new->utf8->decode($text) } // [];
			is(join(' ', map { "$_->{url} $_->{displayName} @{$_->{components}} $_->{ctag}" } @$found), "$list Tasks VTODO "
			    . multistatus(dav($t, $u, PROPFIND => "/dav/$u->{id}/tasks/", undef, depth => 0))->{"$mount/dav/$u->{id}/tasks/"}{'S:getctag'},
			    "$web: tsdav, finds the list");
		}
	}
	python($t, $u, $web, $base);
	tsdav($t, $u, $web, $base) if $ENV{TODO_NPM};
	devices($t, $u, $web, $base);
	$t->finish;
}

done_testing();
