# SPDX-License-Identifier: ISC
# CalDAV: how clients find the list, what they are told of it, and what is not done there.
# ways: direct (pooled)
use Todo;
use Dav;

my $t = Todo->new;
my ($ann, $bob) = map { $t->user } 1..2;
app($t, $_) for $ann, $bob;
my ($home, $list) = ("/dav/$ann->{id}/", "/dav/$ann->{id}/tasks/");
my @task = map { $t->task($ann, title => "task $_") } 1..3;
my $name = sub { my ($task) = @_; return scalar $t->psql("SELECT id || '-' || to_hex((extract(epoch FROM created_at - '2000-01-01Z') * 1000000)::bigint)
    || '.ics' FROM tasks WHERE id = $task->{id}") };
my $one = $list . $name->($task[0]);

# --- where it is ----------------------------------------------------------------
for my $method (qw(GET HEAD PROPFIND OPTIONS POST REPORT)) {
	my $r = $t->req($method => '/.well-known/caldav');
	is("$r->{status} $r->{headers}{location} $r->{headers}{'cache-control'} '$r->{content}'", "301 /dav/ no-cache ''",
	    "dav: $method of the well-known address");
}
my %allow = ('/' => 'PROPFIND, OPTIONS', '/dav/' => 'PROPFIND, OPTIONS', $home => 'PROPFIND, PROPPATCH, REPORT, OPTIONS',
    $list => 'PROPFIND, PROPPATCH, REPORT, OPTIONS', $one => 'GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, OPTIONS');
for my $path (sort keys %allow) {
	my $r = $t->req(OPTIONS => $path, { headers => [ Origin => 'https://app.test', 'Access-Control-Request-Method' => 'PUT' ] });
	is("$r->{status} '$r->{content}'", "200 ''", "dav: OPTIONS $path");
	is($r->{headers}{dav}, '1, 3, calendar-access', 'dav: the DAV header');
	is($r->{headers}{allow}, $allow{$path}, 'dav: and which methods');
	is($r->{headers}{'content-length'}, 0, 'dav: with its length');
	is(scalar(grep { /^access-control/ } keys %{$r->{headers}}), 0, 'dav: it is not for pages');
	next if $path eq '/';
	for my $method (qw(POST PATCH COPY MOVE LOCK UNLOCK ACL BREW), $path eq $one ? () : qw(GET HEAD)) {
		my $r = $t->req($method => $path);
		is("$r->{status} $r->{headers}{allow}", "405 $allow{$path}", "dav: $method $path is 405");
	}
	my $r2 = $t->req(DELETE => $path);
	is_error($r2, 403, undef, "dav: DELETE $path") if $path ne $one;
}
for my $method (qw(MKCALENDAR MKCOL)) {
	for my $path ("${home}work/", "${home}work", "${list}work/") {
		my $r = dav($t, $ann, $method => $path, '');
		is("$r->{status} " . text_of($r->{tree} // [ '', {} ]), '403 <C:calendar-collection-location-ok/>', "dav: $method $path");
	}
	is($t->req($method => $_)->{status}, 405, "dav: $method $_") for '/dav/', $home, $list;
}
is_error(dav($t, $ann, PROPFIND => $_, undef, depth => 0), 404, undef, "dav: nothing at $_") for
    "${home}other/", "${home}tasksx", '/dav/x/', '/dav/0/', '/dav/01/', '/dav//', '/davx', "/dav/$ann->{id}x/tasks/";

# --- who one is -----------------------------------------------------------------
my @who = qw(D:current-user-principal D:resourcetype D:owner D:principal-URL);
for my $path ('/', '/dav/', '/dav') {
	my $r = dav($t, $ann, PROPFIND => $path, prop_body(@who), depth => 0);
	is("$r->{status} $r->{headers}{'content-type'}", '207 application/xml; charset=utf-8', "dav: PROPFIND $path");
	is($r->{headers}{'content-length'}, length $r->{content}, 'dav: with its length');
	my ($found, @hrefs) = multistatus($r);
	is("@hrefs", $path eq '/dav' ? '/dav/' : $path, "dav: $path, the address that was asked for");
	is_deeply($found->{$hrefs[0]}, { 'D:current-user-principal' => "<D:href>$home</D:href>", 'D:resourcetype' => '<D:collection/>',
	    'D:owner' => "<D:href>$home</D:href>", 'D:principal-URL' => 404 }, "dav: $path, says who one is");
	is($t->req(PROPFIND => $path)->{status}, 401, "dav: $path, not to everybody");
}

# --- what clients ask ---------------------------------------------------------------
my $privileges = join '', map { "<D:privilege><D:$_/></D:privilege>" } qw(read read-current-user-privilege-set write
    write-content write-properties bind unbind);
my $version = sub { scalar $t->psql("SELECT to_hex((extract(epoch FROM tasks_changed - '2000-01-01Z') * 1000000)::bigint)
    FROM users WHERE id = $ann->{id}") };
my %all = ('D:current-user-principal' => "<D:href>$home</D:href>", 'D:owner' => "<D:href>$home</D:href>",
    'D:principal-collection-set' => '<D:href>/dav/</D:href>', 'D:current-user-privilege-set' => $privileges);
my %is = (
    $home => { %all, 'D:resourcetype' => '<D:collection/><D:principal/>', 'D:displayname' => $ann->{username},
        'D:principal-URL' => "<D:href>$home</D:href>", 'C:calendar-home-set' => "<D:href>$home</D:href>",
        'C:calendar-user-address-set' => "<D:href>mailto:$ann->{email}</D:href><D:href>$home</D:href>",
        'D:supported-report-set' => '' },
    $list => { %all, 'D:resourcetype' => '<D:collection/><C:calendar/>', 'D:displayname' => 'Tasks',
        'C:supported-calendar-component-set' => '<C:comp name="VTODO"/>',
        'C:supported-calendar-data' => '<C:calendar-data content-type="text/calendar" version="2.0"/>',
        'D:supported-report-set' => join('', map { "<D:supported-report><D:report><$_/></D:report></D:supported-report>" }
            qw(D:sync-collection C:calendar-query C:calendar-multiget)), 'C:max-resource-size' => 524288, 'S:getctag' => $version->(),
        'D:sync-token' => 'urn:x-neon-todo:' . $version->() },
);
my $etag = sub { $t->as($ann, GET => "$ann->{tasks}/$_[0]{id}")->{headers}{etag} };
my %member = map { my $made = $_->{created_at} =~ s/\.0+Z/Z/r;
    $list . $name->($_) => { %all, 'D:resourcetype' => '', 'D:getetag' => $etag->($_),
    'D:getcontenttype' => 'text/calendar; charset=utf-8; component=VTODO', 'D:creationdate' => $made,
    'D:getlastmodified' => scalar $t->psql("SELECT to_char(updated_at AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS \"GMT\"')
    FROM tasks WHERE id = $_->{id}") } } @task;
%is = (%is, %member);
my %asked = (	# as they were seen to ask
    'DAVx5, home' => [ 1, $home => qw(D:resourcetype D:displayname D:current-user-principal D:current-user-privilege-set
        C:calendar-home-set C:supported-calendar-component-set A:calendar-color C:calendar-description C:calendar-timezone
        D:owner C:calendar-timezone-id S:source D:supported-report-set D:sync-token S:getctag C:max-resource-size) ],
    'DAVx5, principal' => [ 0, $home => qw(C:calendar-home-set D:group-membership S:calendar-proxy-read-for
        S:calendar-proxy-write-for C:calendar-user-address-set) ],
    'Tasks.org, home' => [ 1, $home => qw(D:resourcetype D:displayname C:supported-calendar-component-set S:getctag D:sync-token
        A:calendar-color D:share-access D:invite S:invite D:current-user-privilege-set D:current-user-principal) ],
    'Thunderbird, list' => [ 0, $list => qw(D:resourcetype D:owner D:displayname D:current-user-principal
        D:current-user-privilege-set A:calendar-color C:calendar-home-set D:supported-report-set
        C:supported-calendar-component-set S:getctag) ],
    'Thunderbird, members' => [ 1, $list => qw(D:getcontenttype D:resourcetype D:getetag) ],
    'Evolution, discovery' => [ 0, $home => qw(D:resourcetype D:current-user-principal D:principal-URL C:calendar-home-set
        C:calendar-user-address-set) ],
    'Apple, principal' => [ 0, $home => qw(C:calendar-home-set C:calendar-user-address-set D:current-user-principal D:displayname
        S:dropbox-home-URL S:email-address-set S:notification-URL D:principal-collection-set D:principal-URL D:resource-id
        C:schedule-inbox-URL C:schedule-outbox-URL D:supported-report-set D:group-membership) ],
    'Apple, home' => [ 1, $home => qw(D:add-member S:allowed-sharing-modes A:autoprovisioned S:bulk-requests A:calendar-color
        C:calendar-description C:calendar-free-busy-set A:calendar-order C:calendar-timezone D:current-user-privilege-set
        C:default-alarm-vevent-date C:default-alarm-vevent-datetime D:displayname S:getctag S:invite A:language-code A:location-code
        D:owner S:pre-publish-url S:publish-url S:push-transports S:pushkey D:quota-available-bytes D:quota-used-bytes A:refreshrate
        D:resource-id D:resourcetype C:schedule-calendar-transp C:schedule-default-calendar-URL S:source S:subscribed-strip-alarms
        S:subscribed-strip-attachments S:subscribed-strip-todos C:supported-calendar-component-set C:supported-calendar-component-sets
        D:supported-report-set D:sync-token S:xmpp-uri) ],
    'Apple, changes' => [ 0, $list => qw(S:getctag D:sync-token) ],
    'Apple, members' => [ 1, $list => qw(D:getetag D:getcontenttype) ],
    'KDE, home' => [ 1, $home => qw(D:displayname D:resourcetype A:calendar-color C:supported-calendar-component-set
        D:current-user-privilege-set S:getctag) ],
    'a task' => [ 1, (sort keys %member)[0] => qw(D:getetag D:getcontenttype D:getlastmodified D:creationdate D:getcontentlength) ],
);
for my $client (sort keys %asked) {
	my ($depth, $path, @props) = @{$asked{$client}};
	for ($path, $path =~ m{/\z} ? substr $path, 0, -1 : ()) {
		my ($found, @hrefs) = multistatus(dav($t, $ann, PROPFIND => $_, prop_body(@props), depth => $depth,
		    headers => [ Prefer => 'return=minimal', Brief => 't' ]));
		my @members = !$depth ? () : $path eq $home ? $list : $path eq $list ? sort { $a cmp $b } keys %member : ();
		is(join(' ', $hrefs[0], sort @hrefs[1..$#hrefs]), join(' ', $path, @members), "dav: $client: the resources of the answer");
		is_deeply($found->{$_}, { map { my $p = $_; $p => $is{$hrefs[0]}{$p} // 404 } @props }, "dav: $client: $_") for $hrefs[0];
		for my $href (@members) {
			is_deeply($found->{$href}, { map { $_ => $is{$href}{$_} // 404 } @props }, "dav: $client: $href");
		}
	}
}
for my $path ($home, $list, (sort keys %member)[1]) {
	is_deeply(multistatus(dav($t, $ann, PROPFIND => $path, $_, depth => 0))->{$path}, $is{$path}, "dav: $path, all of it")
	    for undef, '<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>';
	is_deeply(multistatus(dav($t, $ann, PROPFIND => $path, '<propfind xmlns="DAV:"><propname/></propfind>', depth => 0))->{$path},
	    { map { $_ => '' } keys %{$is{$path}} }, "dav: $path, all names");
	is_deeply(multistatus(dav($t, $ann, PROPFIND => $path, '<propfind xmlns="DAV:"><allprop/><include><getetag/><x/></include></propfind>',
	    depth => 0))->{$path}, { 'D:getetag' => 404, %{$is{$path}}, 'D:x' => 404 }, "dav: $path, all and more");
}
$t->as($ann, PATCH => "$ann->{tasks}/$task[1]{id}/complete");
my $now = multistatus(dav($t, $ann, PROPFIND => $list, undef, depth => 1));
isnt($now->{$list}{'S:getctag'}, $is{$list}{'S:getctag'}, 'dav: a write is another version of the list');
is($now->{$list}{'S:getctag'}, $version->(), 'dav: which is told');
is($now->{$list . $name->($task[1])}{'D:getetag'}, $etag->($task[1]), 'dav: and of the task');

# --- depth, and what stops it -----------------------------------------------------
for ([ infinity => $home ], [ undef, $home ], [ infinity => '/dav/' ], [ undef, '/' ]) {
	my $r = dav($t, $ann, PROPFIND => $_->[1], undef, depth => $_->[0]);
	is("$r->{status} " . text_of($r->{tree} // [ '', {} ]), '403 <D:propfind-finite-depth/>', "dav: Depth "
	    . ($_->[0] // 'none') . " at $_->[1]");
}
is(scalar keys %{multistatus(dav($t, $ann, PROPFIND => $list, undef, depth => $_))}, 4, 'dav: of the list it is 1') for 'infinity', undef;
is(scalar keys %{multistatus(dav($t, $ann, PROPFIND => $one, undef, depth => $_))}, 1, 'dav: of a task 0') for 'infinity', undef, 1;
is_error(dav($t, $ann, PROPFIND => $list, undef, depth => 2), 400, undef, 'dav: no depth of 2');
is_error(dav($t, $ann, PROPFIND => $list, undef, depth => 0, headers => [ If => '(<urn:x>)' ]), 412, undef, 'dav: If names no lock');
is_error(dav($t, $bob, PROPFIND => $_, undef, depth => 0), 403, undef, "dav: Bob at $_") for $home, $list, $one,
    '/dav/987654321/', '/dav/987654321/tasks/', "${list}x";
is_error(dav($t, $ann, PROPFIND => "$list$_", undef, depth => 0), 404, 'Task not found', "dav: no task $_") for
    'x.ics', '1-1.ics', $name->($task[0]) . 'x', '0' . $name->($task[0]), uc $name->($task[0]), 'a/b', '%25', '%20', '%C3%A9' x 255;
is_error(dav($t, $ann, PROPFIND => "$list$_", undef, depth => 0), 404, undef, 'dav: and no such name') for '%ff', '%C3%A9' x 256, 'x' x 2000;
my $bobs = $t->task($bob);
my $theirs = $name->($bobs);
is_error(dav($t, $ann, PROPFIND => "$list$theirs", undef, depth => 0), 404, undef, "dav: Bob's task is not below hers");
is(dav($t, $bob, PROPFIND => "/dav/$bob->{id}/tasks/$theirs", undef, depth => 0)->{status}, 207, 'dav: but below his');

# A name that a client gave it, of every byte that can be in a path.
my $odd = join '', map { chr } 1..31, 32..126, 0xe9, 0x20ac, 0x1f600;
(my $sql = $odd) =~ s/'/''/g;
$t->psql("UPDATE tasks SET name = '$sql' WHERE id = $task[2]{id}");
(my $found, undef, my @hrefs) = multistatus(dav($t, $ann, PROPFIND => $list, prop_body('D:getetag'), depth => 1));
my ($href) = grep { /%25/ } @hrefs;
like($href, qr{\A\Q$list\E[A-Za-z0-9._~/%-]+\z}, 'dav: an odd name, encoded');
utf8::encode(my $bytes = $odd);
is(substr($href, length $list) =~ s/%([0-9A-F]{2})/chr hex $1/ger, $bytes, 'dav: is that name');
my $r = dav($t, $ann, PROPFIND => $href, prop_body('D:getetag'), depth => 0);
is_deeply(scalar multistatus($r), { $href => $found->{$href} }, 'dav: and leads to the task') or diag($r->{content});
is_error(dav($t, $ann, PROPFIND => $list . $name->($task[2]), undef, depth => 0), 404, undef, 'dav: its own name is gone');
unlike($t->log, qr/\Q$theirs\E|%E2%82%AC/, 'dav: no names in the logs');

# An address of mail in which letters stand that mean something in one of the web.
my $eve = $t->user(email => "eve+o'x\%41?b#c&d\@example.org");
app($t, $eve);
$r = dav($t, $eve, PROPFIND => "/dav/$eve->{id}/", prop_body('C:calendar-user-address-set'), depth => 0);
like($r->{content}, qr{<D:href>mailto:eve\+o'x%2541%3Fb%23c%26d\@example\.org</D:href>}, 'dav: an odd address of mail');

# A long list leaves before all of it is known.
$t->psql("INSERT INTO tasks (user_id, title) SELECT $bob->{id}, 't' FROM generate_series(1, 3000)");
$r = dav($t, $bob, PROPFIND => "/dav/$bob->{id}/tasks/", prop_body('D:getetag'), depth => 1);
is(scalar keys %{multistatus($r)}, 3002, 'dav: a list of 3,001');

# --- XML --------------------------------------------------------------------------
my $xml = sub { my ($body, $status, $name) = @_;
	my $r = dav($t, $ann, PROPFIND => $list, $body, depth => 0);
	is($r->{status}, $status, "dav: $name");
	ok(error_shape($r), "dav: $name, an error") if $status != 207;
};
my $in = sub { "<propfind xmlns=\"DAV:\"><prop>$_[0]</prop></propfind>" };
$xml->($in->('<displayname/>'), 207, 'XML');
$xml->($_->[1], 400, $_->[0]) for [ 'no XML' => 'x' ], [ 'cut' => '<propfind xmlns="DAV:"><prop>' ],
    [ 'another root' => '<multistatus xmlns="DAV:"/>' ], [ 'a root of no namespace' => '<propfind><allprop/></propfind>' ],
    [ 'nothing asked' => '<propfind xmlns="DAV:"/>' ], [ 'two things asked' => '<propfind xmlns="DAV:"><prop/><allprop/></propfind>' ],
    [ 'an unbound prefix' => $in->('<x:a/>') ], [ 'an empty prefix' => $in->('<x:a xmlns:x=""/>') ],
    [ 'a DOCTYPE' => '<!DOCTYPE propfind>' . $in->('<a/>') ],
    [ 'an entity bomb' => '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>' . $in->('<a>&c;</a>') ],
    [ 'an external entity' => '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>' . $in->('<a>&x;</a>') ],
    [ 'an unknown entity' => $in->('<a>&x;</a>') ], [ 'no UTF-8' => $in->("<a>\xff</a>") ], [ 'NUL' => $in->("<a>\0</a>") ],
    [ 'a control character' => $in->("<a>\1</a>") ], [ 'two roots' => $in->('<a/>') x 2 ], [ 'an attribute twice' => $in->('<a b="" b=""/>') ];
$xml->(('<?xml version="1.0" encoding="UTF-16"?>' . $in->('<displayname/>')) =~ s/(.)/$1\0/gsr, 207, 'UTF-16');
$xml->($in->('<a>' x 29 . '</a>' x 29), 207, '32 deep');
$xml->($in->('<a>' x 31 . '</a>' x 31), 413, '33 deep');
$xml->('<a>' x 100_000, 400, 'another root, very deep');
$xml->($in->(join '', map { "<a$_/>" } 1..100), 207, '100 properties');
$xml->($in->(join '', map { "<a$_/>" } 1..101), 413, '101 properties');
$xml->($in->('<a/>' x 19_998), 207, '20,000 elements');
$xml->($in->('<a/>' x 19_999), 413, '20,001 elements');
$xml->($in->('<a ' . join(' ', map { "b$_=\"\"" } 1..65) . '/>'), 413, '65 attributes');
my $long = $in->('<a/>');
$xml->($long . ' ' x (2 ** 20 - length $long), 207, '1 MiB');
$xml->($long . ' ' x (2 ** 20 + 1 - length $long), 413, 'more than 1 MiB');
# What one long body needs goes with it.
if (!$ENV{TODO_SANITIZERS}) {
	my $private = sub { my $kb = 0;
	    $kb += $_ for map { Todo::slurp("/proc/$_/smaps_rollup") =~ /^Private_\w+:\s+(\d+)/mg } $t->worker_pids('tasks');
	    return $kb };
	my $before = $private->();
	$xml->($long . ' ' x (2 ** 20 - length $long), 207, '1 MiB again') for 1..4;
	cmp_ok($private->() - $before, '<', 500, 'dav: two workers need hardly more memory after it');
}
# Namespaces, which stand for more than is written.
my $space = 'urn:' . 'u' x 50_000;
my $most = sub { my ($most) = sort { $b <=> $a } map { Todo::slurp("/proc/$_/status") =~ /^VmHWM:\s+(\d+)/m } $t->worker_pids('tasks');
    return $most };
my $memory = $most->();
$xml->($in->("<x:a xmlns:x=\"$space\"/>"), 413, 'a namespace of 50,000 letters');
$xml->($in->('<a xmlns="urn:' . 'u' x 996 . '"/>'), 207, 'one of 1,000');
$xml->($in->("<a xmlns:x=\"$space\" " . join(' ', map { "x:b$_=\"\"" } 1..2000) . '/>'), 413, 'with each of 2,000 attributes');
$xml->("<propfind xmlns=\"DAV:\" xmlns:x=\"$space\"><prop>" . join('', map { "<x:a$_/>" } 1..100) . '<x:a100/>' x 1000
    . '</prop></propfind>', 413, 'with each of 1,100 names');
$xml->($in->(join '', map { "<a$_ xmlns=\"urn:" . 'u' x 500 . '"/>' } 1..$_->[0]), $_->[1], "$_->[0] names of some 500 letters")
    for [ 30, 207 ], [ 33, 413 ];
cmp_ok($most->() - $memory, '<', 30_000, 'dav: within 30 MB') if !$ENV{TODO_SANITIZERS};
my $spaces = join '', map { "<x$_ xmlns=\"urn:$_&amp;&quot;&lt;\"/>" } 1..50;
$r = dav($t, $ann, PROPFIND => $list, $in->($spaces . '<n xmlns=""/>' . '<displayname/>' x 3), depth => 0);
$found = multistatus($r)->{$list};
is_deeply($found, { 'D:displayname' => 'Tasks', n => 404, map { ("{urn:$_&\"<}:x$_" => 404) } 1..50 }, 'dav: names of any namespace')
    or diag($r->{content});
$r = $t->fcgi([ REQUEST_METHOD => 'PROPFIND', PATH_INFO => $list, CONTENT_LENGTH => 2 ** 20 + 1, HTTP_AUTHORIZATION =>
    'Basic ' . MIME::Base64::encode_base64("$ann->{email}:$ann->{app}{password}", '') ], 'x' x (2 ** 20 + 1));
is($r->{status}, 413, 'dav: more than 1 MiB, the worker says');
$r = $t->fcgi([ REQUEST_METHOD => 'POST', PATH_INFO => $ann->{tasks}, CONTENT_TYPE => 'application/json',
    CONTENT_LENGTH => 70_000, HTTP_AUTHORIZATION => "Bearer $ann->{token}" ], 'x' x 70_000);
is($r->{status}, 413, 'dav: other paths have their limit');

# --- the prefix that clients see -----------------------------------------------------
my %env = (HTTP_AUTHORIZATION => 'Basic ' . MIME::Base64::encode_base64("$ann->{email}:$ann->{app}{password}", ''), HTTP_DEPTH => 0);
for ([ '/todo', undef, '/todo' ], [ '/todo', '/todo/dav/', '/todo' ], [ '/a b', '/a%20b/dav/', '/a%20b' ],
    [ '/todo.fcgi', '/dav/', '' ], [ '/x/todo.fcgi', '/x/dav/?y', '/x' ], [ '/x/todo.fcgi', '/x/todo.fcgi/dav/', '/x/todo.fcgi' ],
    [ '/x/todo.fcgi', '/y/dav/', '/x/todo.fcgi' ], [ '', '/dav/', '' ]) {
	my ($script, $uri, $want) = @$_;
	my $r = $t->cgi(PROPFIND => '/dav/', env => { %env, SCRIPT_NAME => $script, REQUEST_URI => $uri // '' });
	$r->{tree} = tree($r->{content});
	my ($found, $href) = multistatus($r);
	is("$href $found->{$href}{'D:owner'}", "$want/dav/ <D:href>$want/dav/$ann->{id}/</D:href>",
	    "dav: SCRIPT_NAME '$script', REQUEST_URI '" . ($uri // '') . "'");
}

# Without expat.
(my $program = Todo::slurp($t->{bin})) =~ s/libexpat\.so/libexpax.so/g;
{
	local $t->{bin} = Todo::spew("$t->{dir}/no-expat", $program);
	chmod 0755, $t->{bin};
	my $said = $t->worker_cli(['--check-config']);
	is($said->{exit}, 78, 'no expat: --check-config');
	like($said->{stderr}, qr/libexpax/, 'no expat: says what is missing');
	my $r = $t->cgi(PROPFIND => '/dav/', body => prop_body('D:owner'), env => \%env);
	is($r->{status}, 500, 'no expat: XML can\'t be read');
	is($t->cgi(PROPFIND => '/dav/', env => \%env)->{status}, 207, 'no expat: where there is none, nothing is missing');
}

done_testing();
