# SPDX-License-Identifier: ISC
# ways: direct (pooled)
# CalDAV that nobody sends by accident: each request gets the answer that the contract gives,
# in little time, and leaves nothing behind.
use Todo;
use Dav;
use MIME::Base64 qw(encode_base64);

my $t = Todo->new(workers => 3);
my ($ann, $bob) = map { $t->user } 1..2;
app($t, $_) for $ann, $bob;
my $list = "/dav/$ann->{id}/tasks/";
my $ns = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"';
my $seconds = 5;	# of a processor, more than anything takes

sub put {
	my ($name, $text, @headers) = @_;
	return dav($t, $ann, PUT => "$list$name", $text, headers => [ (@headers ? () : ('Content-Type' => 'text/calendar')), @headers ]);
}
sub get { return dav($t, $ann, GET => "$list$_[0]") }
sub etag { return $_[0]{headers}{etag} }
sub encoded { return join '', map { sprintf '%%%02X', ord } split //, $_[0] }
sub report { my ($root, $inside) = @_; return dav($t, $ann, REPORT => $list, "<C:$root $ns>$inside</C:$root>", depth => 1) }
sub query { return report('calendar-query', '<prop><getetag/></prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO">'
    . "$_[0]</C:comp-filter></C:comp-filter></C:filter>") }

# --- names with every byte -------------------------------------------------------------------
# From 0x80 on they are no UTF-8 by themselves; nginx takes one dot or slash away.
my @names = ('a/b', '...', (map { chr } 1..45, 48..127), map { "\xc3" . chr } 0x80..0xbf);
my $refused = join ' ', grep { put(encoded($_), vtodo('every-' . encoded($_), 'SUMMARY:every'))->{status} != 201 } @names;
is(encoded($refused), '', 'names: every byte');
my ($found, @hrefs) = multistatus(dav($t, $ann, PROPFIND => $list, prop_body('D:getetag'), depth => 1));
my @members = grep { $_ ne $list } @hrefs;
is(scalar @members, scalar @names, 'names: all are there');
is(join(' ', grep { !m{^\Q$list\E[A-Za-z0-9._~%/-]+\z} } @members), '', 'names: as addresses have them');
my $texts = multistatus(report('calendar-multiget', '<prop><C:calendar-data/></prop>' . join '', map { "<href>$_</href>" } @members));
is(scalar(grep { ($_->{'C:calendar-data'} // '') =~ /^SUMMARY:every\r$/m } values %$texts), scalar @names, 'names: each has its text');
is(join(' ', grep { dav($t, $ann, DELETE => $_)->{status} != 204 } @members), '', 'names: each can be deleted');
for ([ '%00', 400 ], [ 'a%00b', 400 ], (map { [ sprintf('%%%02X', $_), 404 ] } 0x80, 0xc0, 0xff), [ '%ED%A0%80', 404 ], [ '%F4%90%80%80', 404 ],
    [ '%', 400 ], [ '%zz', 400 ]) {
	my ($name, $status) = @$_;
	is(put($name, vtodo('never'))->{status}, $status, "names: $name is none");
}

# --- another user's paths ---------------------------------------------------------------------
is(dav($t, $bob, PUT => "/dav/$bob->{id}/tasks/his.ics", vtodo('his', 'SUMMARY:his'), headers => [ 'Content-Type' => 'text/calendar' ])->{status}, 201, 'paths: Bob has a task');
my $theirs = "/dav/$bob->{id}/tasks/his.ics";
for my $path ($theirs, "$list../../$bob->{id}/tasks/his.ics", "$list%2e%2e/%2e%2e/$bob->{id}/tasks/his.ics", "/dav/0$bob->{id}/tasks/his.ics",
    "/dav/+$bob->{id}/tasks/his.ics", "$list..%2f..%2f$bob->{id}%2ftasks%2fhis.ics") {
	for my $method (qw(GET PUT DELETE PROPFIND)) {
		my $r = dav($t, $ann, $method => $path, $method eq 'PUT' ? vtodo('his', 'SUMMARY:hers') : undef, headers => [ 'Content-Type' => 'text/calendar' ], depth => 0);
		like($r->{status}, qr/^40[34]\z/, "paths: $method $path is not hers");
	}
}
for ([ multiget => 'calendar-multiget', "<prop><C:calendar-data/></prop><href>$theirs</href><href>$list../../$bob->{id}/tasks/his.ics</href><href>${list}his.ics</href>" ]) {
	my ($name, $root, $inside) = @$_;
	unlike(report($root, $inside)->{content}, qr/SUMMARY/, "paths: $name has nothing of his");
}
like(dav($t, $bob, GET => $theirs)->{content}, qr/^SUMMARY:his\r$/m, 'paths: it is as he made it');

# --- credentials ----------------------------------------------------------------------------
my $good = encode_base64("$ann->{email}:$ann->{app}{password}", '');
$t->secret($good);
for ([ 'no blank' => "Basic$good" ], [ 'no base64' => 'Basic !!!!' ], [ 'nothing' => 'Basic' ], [ 'an empty one' => 'Basic ' ], [ 'half of it' => 'Basic ' . substr $good, 0, 11 ],
    (map { [ $_->[0] => 'Basic ' . encode_base64($_->[1], '') ] } [ 'no colon' => 'x' ], [ 'a colon' => ':' ], [ 'a NUL' => "$ann->{email}\0:$ann->{app}{password}" ],
    [ 'invalid UTF-8' => "\xff:$ann->{app}{password}" ], [ 'SQL' => "' OR 1=1 --:$ann->{app}{password}" ], [ 'the name of another' => "$bob->{email}:$ann->{app}{password}" ],
    [ 'a long name' => 'x' x 4000 . ":$ann->{app}{password}" ], [ 'a long password' => "$ann->{email}:" . 'x' x 4000 ], [ 'no letters' => "$ann->{email}:" . '-' x 20 ]),
    [ 'a token of the page' => "Bearer $ann->{token}" ], [ 'two schemes' => "Basic $good, Bearer $ann->{token}" ]) {
	my ($name, $value) = @$_;
	my $r = $t->req(PROPFIND => $list, { headers => [ Authorization => $value, Depth => 0 ] });
	is("$r->{status} $r->{content}", '401 {"detail":"Could not validate credentials"}', "credentials: $name");
	like($r->{headers}{'www-authenticate'}, qr/^Basic realm=/, 'credentials: which says what is asked for');
}

# --- preconditions --------------------------------------------------------------------------
my $first = etag(put('tag.ics', vtodo('tag', 'SUMMARY:1')));
my $tag = etag(put('tag.ics', vtodo('tag', 'SUMMARY:2'), 'Content-Type' => 'text/calendar', 'If-Match' => $first));
for ([ 'If-Match' => $first ], [ 'If-Match' => "W/$tag" ], [ 'If-Match' => $tag =~ tr/"//dr ], [ 'If-Match' => '' ], [ 'If-Match' => '""' ], [ 'If-Match' => '"' ],
    [ 'If-Match' => "$first, $first" ], [ 'If-Match' => join ', ', ('"x"') x 1000 ], [ 'If-Match' => uc($tag) . 'x' ], [ 'If-Match' => '**' ],
    [ 'If-None-Match' => '*' ], [ 'If-None-Match' => $tag ], [ 'If-None-Match' => "W/$tag" ], [ 'If-Match' => $tag, 'If-None-Match' => '*' ]) {
	my @headers = @$_;
	my $shown = join ' ', map { length > 40 ? substr $_, 0, 40 : $_ } @headers;
	for my $method (qw(PUT DELETE)) {
		my $r = dav($t, $ann, $method => "${list}tag.ics", $method eq 'PUT' ? vtodo('tag', 'SUMMARY:lost') : undef, headers => [ 'Content-Type' => 'text/calendar', @headers ]);
		like($r->{status}, qr/^4(?:00|12|22)\z/, "tags: $method with $shown is refused") or diag($r->{status});
	}
}
is(etag(get('tag.ics')), $tag, 'tags: nothing of that was done');
is(put('tag.ics', vtodo('tag', 'SUMMARY:3'), 'Content-Type' => 'text/calendar', 'If-Match' => join ', ', ('"x"') x 500, $tag)->{status}, 204, 'tags: one of many is the right one');

# --- types, sizes, lengths ------------------------------------------------------------------
for ([ 'text/calendar; charset=iso-8859-1', "SUMMARY:\xe4", '403' ], [ 'text/calendar; charset=utf-16', "SUMMARY:\xfe\xff", '403' ], [ 'text/calendarx', 'SUMMARY:x', '403' ],
    [ 'text/calendar, text/plain', 'SUMMARY:x', '403' ], [ 'TEXT/Calendar ;charset="UTF-8"', "SUMMARY:\xc3\xa4", '201' ], [ 'text/calendar;' . 'x=y;' x 1000, 'SUMMARY:x', '201|204' ]) {
	my ($type, $line, $status) = @$_;
	like(put('type.ics', vtodo('type', $line), 'Content-Type' => $type)->{status}, qr/^(?:$status)\z/, 'types: ' . substr $type, 0, 40);
}
for my $type ('text/plain', 'application/json', 'application/xml; charset=utf-16', '') {
	is(dav($t, $ann, PROPFIND => $list, prop_body('D:getetag'), depth => 0, headers => [ 'Content-Type' => $type ])->{status}, 207, "types: XML as '$type'");
}
for ('2', '-1', '01', '0,0', 'infinity,0', 'Infinityx', '1;noroot') {
	is(dav($t, $ann, PROPFIND => $list, undef, depth => $_)->{status}, 400, "depth: $_");
}
for ([ 'a long header' => 'X-Long', 'x' x 100_000 ], [ 'a long Depth' => 'Depth', '0' x 40_000 ]) {
	my ($name, @h) = @$_;
	like(dav($t, $ann, PROPFIND => $list, undef, headers => \@h)->{status}, qr/^4(?:00|31)\z/, "headers: $name");
}
is(dav($t, $ann, PUT => "${list}large.ics", 'x' x 2_000_000, headers => [ 'Content-Type' => 'text/calendar' ])->{status}, 409, 'sizes: 2 MB are too many');

# --- time -------------------------------------------------------------------------------------
# So many lines of one kind as 500 KB hold.
sub many { my ($line) = @_; return ($line) x (500_000 / (2 + length $line)) }
sub quick {
	my ($name, $ask, $status) = @_;
	my $before = $t->cpu;
	my $r = $ask->();
	like($r->{status}, qr/^(?:$status)\z/, "time: $name");
	cmp_ok($t->cpu - $before, '<', $seconds, 'time: soon');
	return $r;
}
my @rule = ('DTSTART;TZID=Europe/Berlin:20260101T000000', 'RRULE:FREQ=DAILY');
my %hard = (
    'empty lines' => [ ('') x 250_000 ],
    'lines of one letter' => [ many('X') ],
    'one title after the other' => [ many('SUMMARY:a') ],
    'tags' => [ many('CATEGORIES:' . join ',', 1..500) ],
    'folds' => [ 'SUMMARY:x' . "\r\n a" x 120_000 ],
    'parameters' => [ 'SUMMARY' . ';X=a' x 120_000 . ':x' ],
    'quotes' => [ 'SUMMARY;X="' . 'a;' x 250_000 . ':x' ],
    'alarms' => [ many("BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER;VALUE=DATE-TIME:20260101T000000Z\r\nEND:VALARM") ],
    'days that are left out' => [ @rule, map { sprintf 'EXDATE;TZID=Europe/Berlin:20%02d%02d%02dT000000', 26 + $_ / 336, 1 + $_ / 28 % 12, 1 + $_ % 28 } 1..10_000 ],
    'more days' => [ @rule, 'RDATE:' . join ',', map { sprintf '20%02d%02d%02dT000000Z', 26 + $_ / 336, 1 + $_ / 28 % 12, 1 + $_ % 28 } 1..20_000 ],
    'parts' => [ @rule, 'END:VTODO', ('BEGIN:VTODO', 'UID:hard', 'RECURRENCE-ID:20260101T000000Z', 'STATUS:COMPLETED', 'END:VTODO') x 5000,
	'BEGIN:VTODO', 'UID:hard', 'RECURRENCE-ID:20260102T000000Z' ],
    'rules' => [ 'DTSTART:20260101T000000Z', many('RRULE:FREQ=DAILY') ],
    'a rule of seconds' => [ 'DTSTART:20260101T000000Z', 'DURATION:P100000D', 'RRULE:FREQ=SECONDLY;BYSECOND=59;BYMINUTE=59;BYHOUR=23;BYMONTHDAY=29;BYMONTH=2' ],
    'a rule that never comes' => [ 'DTSTART:20260101T000000Z', 'RRULE:FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2' ],
    'zones' => [ 'DUE;TZID=z150:20260101T000000', map({ "EXDATE;TZID=z$_:20260101T000000" } 1..149), 'END:VTODO', map({ ('BEGIN:VTIMEZONE', "TZID:z$_",
	('BEGIN:STANDARD', 'DTSTART:19000101T000000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', 'RRULE:FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2', 'END:STANDARD') x 20,
	'END:VTIMEZONE') } 1..150), 'BEGIN:VTODO', 'UID:hard', 'RECURRENCE-ID:20260102T000000Z' ],
);
my $long = 'b' x 900_000;
my $range = '<C:time-range start="20900101T000000Z" end="20900102T000000Z"/>';
for my $name (sort keys %hard) {
	my $text = vtodo('hard', @{$hard{$name}});
	quick("$name, PUT", sub { put('hard.ics', $text) }, 201) or next;
	is(get('hard.ics')->{content} eq $text, 1, 'time: and comes as it went');
	quick("$name, $_->[0]", sub { query($_->[1]) }, 207) for [ 'ranges' => "<C:prop-filter name=\"EXDATE\">$range</C:prop-filter>$range" ],
	    [ 'a long text' => "<C:prop-filter name=\"SUMMARY\"><C:text-match>$long</C:text-match></C:prop-filter>" ],
	    [ '60 filters' => "<C:prop-filter name=\"SUMMARY\"><C:text-match negate-condition=\"yes\">a b</C:text-match></C:prop-filter>" x 30 ];
	my ($id) = map { $_->[0] } $t->psql("SELECT id FROM tasks WHERE name = 'hard.ics'");
	quick("$name, the page changes it", sub { $t->as($ann, PUT => "$ann->{tasks}/$id", { title => 'new', tags => [ 'a' ], due_date => '2031-01-02T03:04:05Z',
	    recursion_pattern => 'FREQ=WEEKLY' }) }, 200);
	like(quick("$name, GET", sub { get('hard.ics') }, 200)->{content}, qr/^SUMMARY:new\r$/m, 'time: has the change');
	is_ok($t->as($ann, DELETE => "$ann->{tasks}/$id"), 200, 'time: it is deleted');
}
is(put('large.ics', vtodo('large', many('X-A:b')))->{status}, 201, 'time: a long one');
my $r = quick('10,000 times the same', sub { report('calendar-multiget', '<prop><C:calendar-data/></prop>' . "<href>${list}large.ics</href>" x 10_000) }, 207);
is(length $r->{content} < 2_000_000, 1, 'time: which comes once');

# --- all at once ------------------------------------------------------------------------------
# Two devices that heed versions, one that doesn't, and the page, on three tasks: nobody meets an
# error of ours, and who follows the list has in the end what is there.
sub follow {
	my ($token) = @_;
	my $r = dav($t, $ann, REPORT => $list, "<sync-collection $ns><sync-token>$token</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>");
	return (scalar multistatus($r), map { text_of($_) } grep { ref eq 'ARRAY' && $_->[0] eq 'D:sync-token' } @{$r->{tree} // []});
}
sub page { my ($n, $k) = @_;
    my ($task) = grep { $_->{title} =~ /^busy $n/ } @{$t->as($ann, GET => $ann->{tasks})->{json}} or return;
    return $t->as($ann, $k % 5 ? (PUT => "$ann->{tasks}/$task->{id}", { title => "busy $n page $k", completed => $k % 2 ? T : F }) : (DELETE => "$ann->{tasks}/$task->{id}")) }
sub device { my ($name, $n, $k) = @_;
    my $now = get("busy$n.ics");
    my @if = $name eq 'careless' ? () : $now->{status} == 200 ? ('If-Match' => etag($now)) : ('If-None-Match' => '*');
    return dav($t, $ann, $k % 7 ? (PUT => "${list}busy$n.ics", vtodo("busy$n", "SUMMARY:busy $n $name $k")) : (DELETE => "${list}busy$n.ics", undef),
	headers => [ $k % 7 ? ('Content-Type' => 'text/calendar') : (), @if ]) }
my (undef, $token) = follow('');
my @pids = map { my $name = $_; my $pid = fork; if (!$pid) {
	my %seen;
	for my $k (1..40) {
		my $r = $name =~ /page/ ? page($k % 3, $k) : device($name, $k % 3, $k);
		$seen{$r->{status}}++ if $r;
	}
	Todo::spew("$t->{dir}/busy.$name", join ' ', sort keys %seen);
	POSIX::_exit(0) } $pid } qw(phone tablet careless page page2);
my %has;
for (1..20) {
	(my $news, $token) = follow($token);
	$has{$_} = $news->{$_}{'D:getetag'} for keys %$news;
}
waitpid $_, 0 for @pids;
for my $name (qw(phone tablet careless page page2)) {
	my $seen = Todo::slurp("$t->{dir}/busy.$name");
	like($seen, qr/^(?:(?:20[014]|404|409|412) ?)+\z/, "at once: what the $name meets");
}
my ($news) = follow($token);
$has{$_} = $news->{$_}{'D:getetag'} for keys %$news;
my $all = multistatus(dav($t, $ann, PROPFIND => $list, prop_body('D:getetag'), depth => 1));
is_deeply({ map { $_ => $has{$_} } grep { defined $has{$_} } keys %has }, { map { $_ => $all->{$_}{'D:getetag'} } grep { /busy/ } keys %$all }, 'at once: who follows has what is there');

# --- nothing stays --------------------------------------------------------------------------
is(scalar(grep { /^neon-todo\[\d+\]: .* status=5\d\d / } split /\n/, $t->log), 0, 'nothing was an error of ours');
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $bob->{id}"), 1, 'Bob has what he had');

done_testing();
