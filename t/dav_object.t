# SPDX-License-Identifier: ISC
# CalDAV: one task as a resource: PUT, GET and DELETE, beside the JSON API and a second device.
# ways: direct (pooled)
use Todo;
use Dav;

my $t = Todo->new;
my ($ann, $bob) = map { $t->user } 1..2;
app($t, $_) for $ann, $bob;
my $list = "/dav/$ann->{id}/tasks/";
my $media = 'text/calendar; charset=utf-8; component=VTODO';

# A text of one task with these lines in it.
sub put {
	my ($name, $text, @headers) = @_;
	return dav($t, $ann, PUT => "$list$name", $text, headers => [ 'Content-Type' => 'text/calendar; charset=utf-8', @headers ]);
}
sub get { my ($name, @headers) = @_; return dav($t, $ann, GET => "$list$name", undef, headers => [ @headers ]) }
sub del { my ($name, @headers) = @_; return dav($t, $ann, DELETE => "$list$name", undef, headers => [ @headers ]) }
sub etag { return $_[0]{headers}{etag} }
sub condition { my $r = shift; return "$r->{status} " . text_of($r->{tree} // [ '', {} ]) }
sub tasks { return @{$t->as($ann, GET => $ann->{tasks})->{json}} }
sub titled { my $title = shift; return grep { $_->{title} eq $title } tasks() }

# --- new, the same again, another one -------------------------------------------------
my $text = vtodo('one@x', 'SUMMARY:One', 'PRIORITY:3', 'X-OWN;A="b:c":d\\,e', 'CATEGORIES:home,work',
    'DUE;TZID=Europe/Berlin:20260301T090000', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT15M', 'DESCRIPTION:x', 'END:VALARM');
my $r = put('one.ics', $text, 'If-None-Match' => '*');
is("$r->{status} '$r->{content}'", "201 ''", 'object: a new one is 201, with nothing in it');
like(etag($r), qr/^"[^"]+"\z/, 'object: and a strong ETag');
my $tag = etag($r);
$r = get('one.ics');
is("$r->{status} $r->{headers}{'content-type'} " . etag($r), "200 $media $tag", 'object: GET');
is($r->{content}, $text, 'object: gives the text as it came');
is($r->{headers}{'content-length'}, length $text, 'object: with its length');
my $head = dav($t, $ann, HEAD => "${list}one.ics");
is("$head->{status} " . etag($head) . " $head->{headers}{'content-length'} '$head->{content}'", "200 $tag " . length($text) . " ''", 'object: HEAD');
is(get('one.ics', 'If-None-Match' => $tag)->{status}, 304, 'object: the version that the client has is 304');
is(get('one.ics', 'If-None-Match' => '"other"')->{status}, 200, 'object: another version is not');
is(get('one.ics', 'If-Match' => '"other"')->{status}, 412, 'object: If-Match of another version');
my ($one) = titled('One');
is_deeply([ @$one{qw(priority due_date time_zone tags completed)} ], [ 'High', '2026-03-01T08:00:00Z', 'Europe/Berlin', [ 'home', 'work' ], F ],
    'object: the JSON API has what the text means');
my $json = $t->as($ann, GET => "$ann->{tasks}/$one->{id}");
is(etag($json), $tag, 'object: under the same version');
is(multistatus(dav($t, $ann, PROPFIND => "${list}one.ics", prop_body('D:getetag'), depth => 0))->{"${list}one.ics"}{'D:getetag'},
    $tag, 'object: PROPFIND says the same');
for ([ 'If-None-Match', '*' ], [ 'If-None-Match', $tag ], [ 'If-Match', '"other"' ]) {
	is_error(put('one.ics', $text, @$_), 412, undef, "object: PUT with $_->[0]: $_->[1] on one that is there");
}
is_error(put('none.ics', vtodo('none@x'), 'If-Match' => $_), 412, undef, "object: If-Match: $_ on nothing is no new task") for '*', $tag;
is(get('none.ics')->{status}, 404, 'object: nothing was made');
my $changed = $text =~ s/SUMMARY:One/SUMMARY:One b/r;
$r = put('one.ics', $changed, 'If-Match' => $tag);
is("$r->{status} '$r->{content}'", "204 ''", 'object: a change is 204');
isnt(etag($r), $tag, 'object: with another ETag');
is(get('one.ics')->{content}, $changed, 'object: and the new text');
is((titled('One b'))[0]{id}, $one->{id}, 'object: it is the same task');
is_error(put('one.ics', $text, 'If-Match' => $tag), 412, undef, 'object: the second device is too late');
is(put('one.ics', $text)->{status}, 204, 'object: without a condition the last one wins');
is(put('one.ics', $text, 'If-Match' => '*')->{status}, 204, 'object: If-Match: *');
is(put('one.ics', $text, If => '(<urn:x:y>)')->{status}, 412, 'object: a lock can\'t be named');

# --- the page between two devices --------------------------------------------------------
$tag = etag(get('one.ics'));
$r = $t->as($ann, PUT => "$ann->{tasks}/$one->{id}", { title => 'By the page' });
is_ok($r, 200, 'object: the page writes it');
is_error(put('one.ics', $changed, 'If-Match' => $tag), 412, undef, 'object: the device learns of that');
my $merged = get('one.ics');
is(etag($merged), etag($r), 'object: has the version of the page');
like($merged->{content}, qr/^SUMMARY:By the page\r$/m, 'object: and its title');
(my $rest = $merged->{content}) =~ s/^(SUMMARY|LAST-MODIFIED|DTSTAMP):.*\r\n//mg;
(my $was = $text) =~ s/^(SUMMARY|DTSTAMP):.*\r\n//mg;
is($rest, $was, 'object: all other lines are those of the client');
is(get('one.ics')->{content}, $merged->{content}, 'object: the same version, the same bytes');
$r = put('one.ics', $merged->{content} =~ s/PRIORITY:3/PRIORITY:9/r, 'If-Match' => etag($merged));
is($r->{status}, 204, 'object: the device goes on from that');
is_error($t->as($ann, PUT => "$ann->{tasks}/$one->{id}", { title => 'late' }, headers => [ 'If-Match' => etag($merged) ]), 412, undef,
    'object: now the page is too late');
is((titled('By the page'))[0]{priority}, 'Low', 'object: nothing was lost');

# --- a task of the JSON API ---------------------------------------------------------------
my $made = $t->task($ann, title => 'Made by the page', due_date => '2026-04-01', priority => 'High');
my $own = (grep { /\/$made->{id}-[0-9a-f]+\.ics\z/ } map { @$_ } [ keys %{+multistatus(dav($t, $ann, PROPFIND => $list,
    prop_body('D:getetag'), depth => 1))} ])[0];
ok($own, 'object: a task of the page has a name');
$own =~ s/^\Q$list\E//;
$r = get($own);
my ($uid) = $r->{content} =~ /^UID:(.*)\r$/m;
like($r->{content}, qr/^SUMMARY:Made by the page\r$/m, 'object: and a text');
is(get($own)->{content}, $r->{content}, 'object: the same each time');
my $feed = $t->as($ann, GET => "$ann->{tasks}.ics")->{content};
like($feed, qr/^UID:\Q$uid\E\r$/m, 'object: with the UID that the calendar has');
my $address = $t->as($ann, POST => "/api/$ann->{id}/feed")->{json};
($address) = ($address->{path} // $address->{url} // '') =~ m{(/api/feed/\S+)};
for ([ 'tasks.ics', $t->as($ann, GET => "$ann->{tasks}.ics") ], [ 'the feed', $t->req(GET => $address) ],
    [ 'the feed of events', $t->req(GET => "$address?as=events") ]) {
	like($_->[1]{content}, qr/^UID:one\@x\r$/m, "object: $_->[0] has the UID that the client gave");
}
is(condition(put('copy.ics', vtodo($uid))), "409 <C:no-uid-conflict><D:href>$list$own</D:href></C:no-uid-conflict>",
    'object: that UID can\'t have another name');
is(condition(put($own, vtodo('another@x'))), "409 <C:no-uid-conflict><D:href>$list$own</D:href></C:no-uid-conflict>",
    'object: nor its name another UID');
my $given = $r->{content} =~ s/SUMMARY:.*\r/SUMMARY:Given\r/r;
is(put($own, $given, 'If-Match' => etag($r))->{status}, 204, 'object: a client changes it');
is(get($own)->{content}, $given, 'object: it has that text now');
is($t->psql("SELECT name || ' ' || uid FROM tasks WHERE id = $made->{id}"), "$own $uid", 'object: and keeps name and UID');
is_ok($t->as($ann, PUT => "$ann->{tasks}/$made->{id}", { due_date => '2026-04-02' }), 200, 'object: the page writes again');
like(get($own)->{content}, qr/^DUE;VALUE=DATE:20260402\r$/m, 'object: the text says so');
for my $name ("$made->{id}-1.ics", "0$own", $own =~ s/\.ics//r, "1$own") {
	is(get($name)->{status}, 404, "object: $name is another name");
}
is(put("999999-abc.ics", vtodo('own@x'))->{status}, 201, 'object: a name that looks like one of those may be given');
is(get("999999-abc.ics")->{content}, vtodo('own@x'), 'object: and is found');
is(put('uid.ics', vtodo('999999-abc@neon-todo'))->{status}, 201, 'object: so may such a UID');

# --- names and UIDs -------------------------------------------------------------------------
my $n = 0;
for my $name ('a b.ics', '100%.ics', 'a+b.ics', "\x{c3}\x{a4}.ics", '~.ics', 'a;b?c#d.ics', 'x' x 255, "q'\"<&>.ics", '{A-B}.ics', '...', 'a\\b') {
	my $path = join '', map { /[A-Za-z0-9._~-]/ ? $_ : sprintf '%%%02X', ord } split //, $name;
	my $body = vtodo('n' . ++$n . '/<&>@x', "SUMMARY:n $n");
	is(put($path, $body)->{status}, 201, "object: the name $path");
	is(get($path)->{content}, $body, 'object: is read by it');
	my ($found, @hrefs) = multistatus(dav($t, $ann, PROPFIND => "$list$path", prop_body('D:getetag'), depth => 0));
	is("@hrefs", "$list$path", 'object: and told in the same way');
	is(del($path)->{status}, 204, 'object: it goes');
}
is(put('x' x 256, vtodo('long@x'))->{status}, 404, 'object: a name of 256 characters');
is(put("%FF.ics", vtodo('bad@x'))->{status}, 404, 'object: one that is no UTF-8');
is(put('u.ics', vtodo('u' x 1024))->{status}, 201, 'object: a UID of 1,024 bytes');
is(condition(put('v.ics', vtodo('u' x 1024))), "409 <C:no-uid-conflict><D:href>${list}u.ics</D:href></C:no-uid-conflict>",
    'object: the UID of another name');
is(condition(put('u.ics', vtodo('v@x'))), "409 <C:no-uid-conflict><D:href>${list}u.ics</D:href></C:no-uid-conflict>",
    'object: another UID under this name');
is(get('u.ics')->{content}, vtodo('u' x 1024), 'object: the first one is as it was');
is(dav($t, $bob, PUT => "/dav/$bob->{id}/tasks/u.ics", vtodo('u' x 1024), headers => [ 'Content-Type' => 'text/calendar' ])->{status}, 201,
    'object: another user may have the same name and UID');
is(dav($t, $bob, $_ => "${list}u.ics", $_ eq 'PUT' ? vtodo('w@x') : undef)->{status}, 403, "object: $_, another user's") for qw(GET PUT DELETE);

# --- what is refused, and what is not ---------------------------------------------------------
my $large = vtodo('large@x', 'DESCRIPTION:' . 'x' x (512 * 1024 - length vtodo('large@x', 'DESCRIPTION:')));
my @bad = (
    [ 'another type', vtodo('b@x'), '403 <C:supported-calendar-data/>', 'Content-Type' => 'text/plain' ],
    [ 'JSON', '{}', '403 <C:supported-calendar-data/>', 'Content-Type' => 'application/json' ],
    [ 'no calendar', 'x', '403 <C:valid-calendar-data/>' ],
    [ 'nothing at all', '', '403 <C:valid-calendar-data/>' ],
    [ 'no end', vtodo('b@x') =~ s/END:VCALENDAR\r\n//r, '403 <C:valid-calendar-data/>' ],
    [ 'another end', vtodo('b@x') =~ s/END:VTODO/END:VJOURNAL/r, '403 <C:valid-calendar-data/>' ],
    [ 'no UTF-8', vtodo('b@x', "SUMMARY:\xff"), '403 <C:valid-calendar-data/>' ],
    [ 'a NUL', vtodo('b@x', "SUMMARY:\0"), '403 <C:valid-calendar-data/>' ],
    [ 'no component', "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", '403 <C:valid-calendar-object-resource/>' ],
    [ 'two UIDs', vtodo('b@x') =~ s/END:VCALENDAR/BEGIN:VTODO\r\nUID:c\r\nEND:VTODO\r\nEND:VCALENDAR/r, '403 <C:valid-calendar-object-resource/>' ],
    [ 'two tasks of one UID', vtodo('b@x') =~ s/END:VCALENDAR/BEGIN:VTODO\r\nUID:b\@x\r\nEND:VTODO\r\nEND:VCALENDAR/r,
	'403 <C:valid-calendar-object-resource/>' ],
    [ 'no UID', vtodo('b@x') =~ s/UID:b\@x\r\n//r, '403 <C:valid-calendar-object-resource/>' ],
    [ 'METHOD', vtodo('b@x') =~ s/VERSION:2.0/METHOD:REQUEST/r, '403 <C:valid-calendar-object-resource/>' ],
    [ 'a UID that is too long', vtodo('u' x 1025), '403 <C:valid-calendar-object-resource/>' ],
    (map { [ $_, vtodo('b@x') =~ s/VTODO/$_/gr, '403 <C:supported-calendar-component/>' ] } qw(VEVENT VJOURNAL VFREEBUSY)),
    [ '512 KiB and a byte', $large =~ s/xx/xxx/r, '409 <C:max-resource-size/>' ],
    [ '1 MiB', 'x' x (1024 * 1024), '409 <C:max-resource-size/>' ],
);
for (@bad) {
	my ($name, $body, $answer, @type) = @$_;
	$r = dav($t, $ann, PUT => "${list}bad.ics", $body, headers => [ @type ? @type : ('Content-Type' => 'text/calendar') ]);
	is(condition($r), $answer, "object: $name");
	like($r->{headers}{'content-type'}, qr{^application/xml}, 'object: in XML');
}
is(get('bad.ics')->{status}, 404, 'object: nothing of that was kept');
$r = put('large.ics', $large);
is("$r->{status} " . length $large, '201 524288', 'object: 512 KiB');
is(get('large.ics')->{content} eq $large, 1, 'object: are given back');
my @good = (
    [ 'no SUMMARY', 'Untitled' ],
    [ 'a title of 300 characters', 'x' x 200, 'SUMMARY:' . 'x' x 300 ],
    [ '40 tags', 'tags', 'SUMMARY:tags', 'CATEGORIES:' . join ',', 1..40 ],
    [ 'a time that can\'t be read', 'when', 'SUMMARY:when', 'DUE:soon' ],
    [ 'a rule that is not understood', 'rule', 'SUMMARY:rule', 'RRULE:FREQ=SECONDLY' ],
    [ 'a zone that nobody knows', 'zone', 'SUMMARY:zone', 'DUE;TZID=Moon/Base:20260101T000000' ],
    [ 'an empty tag', 'tag', 'SUMMARY:tag', 'CATEGORIES:,' ],
    [ 'the year 9999', 'far', 'SUMMARY:far', 'DUE:99991231T235959Z' ],
    [ 'the year 1', 'early', 'SUMMARY:early', 'DUE:00010101T000000Z' ],
    [ 'completed in the year 1', 'done', 'SUMMARY:done', 'STATUS:COMPLETED', 'COMPLETED:00010101T000000Z' ],
    [ 'a duration of a million years', 'long', 'SUMMARY:long', 'DTSTART:20260101T000000Z', 'DURATION:P120520602W' ],
    [ 'PERCENT-COMPLETE of 1000', 'much', 'SUMMARY:much', 'PERCENT-COMPLETE:1000' ],
);
for (@good) {
	my ($name, $title, @lines) = @$_;
	my $body = vtodo('g' . ++$n, @lines);
	$r = put("g$n.ics", $body);
	is($r->{status}, 201, "object: $name is kept") or diag($r->{content});
	is(scalar(titled($title)), 1, "object: $name, as a task") if $title ne 'Untitled';
	is(get("g$n.ics")->{content}, $body, "object: $name, as it came");
}
$r = dav($t, $ann, PUT => "${list}untyped.ics", vtodo('untyped@x'), headers => [ 'Content-Type' => '' ]);
is($r->{status}, 201, 'object: no type is fine');
$r = put('control.ics', vtodo('control@x', "SUMMARY:a\x01\x{ef}\x{bf}\x{bf}b\tc"));
is("$r->{status} " . (etag($r) // 'none'), '201 none', 'object: control characters are dropped, and no version told');
is(get('control.ics')->{content}, vtodo('control@x', "SUMMARY:ab\tc"), 'object: the rest of the text is kept');
is(put('lf.ics', vtodo('lf@x') =~ s/\r//gr)->{status}, 201, 'object: lines that end in LF alone');
is(get('lf.ics')->{content}, vtodo('lf@x') =~ s/\r//gr, 'object: stay so');

# --- away ---------------------------------------------------------------------------------------
$tag = etag(get('one.ics'));
is_error(del('one.ics', 'If-Match' => '"other"'), 412, undef, 'object: DELETE of another version');
is_error(del('one.ics', 'If-None-Match' => '*'), 412, undef, 'object: DELETE with If-None-Match: *');
is(del('one.ics', 'If-Match' => $tag)->{status}, 204, 'object: DELETE');
is_error(del('one.ics'), 404, undef, 'object: DELETE again');
is_error(get('one.ics'), 404, undef, 'object: nothing is there');
is_error(del('one.ics', 'If-Match' => '*'), $_, undef, "object: DELETE with If-Match: * of nothing") for 404;
is_error($t->as($ann, GET => "$ann->{tasks}/$one->{id}"), 404, undef, 'object: for the page neither');
is(put('one.ics', $text, 'If-None-Match' => '*')->{status}, 201, 'object: the name can be used again');
is_ok($t->as($ann, DELETE => "$ann->{tasks}/" . (titled('One'))[0]{id}), 200, 'object: the page deletes it');
is_error(put('one.ics', $text, 'If-Match' => $tag), 412, undef, 'object: the device learns of that');
is(get('one.ics')->{status}, 404, 'object: and it stays away');

# --- the next one ---------------------------------------------------------------------------------
is(put('series.ics', vtodo('series@x', 'SUMMARY:series', 'DTSTART;VALUE=DATE:20360501', 'DUE;VALUE=DATE:20360501', 'RRULE:FREQ=DAILY;COUNT=5',
    'X-KEPT:yes', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-PT1H', 'END:VALARM'))->{status}, 201, 'object: a series');
my ($series) = titled('series');
is($series->{recursion_pattern}, 'FREQ=DAILY;COUNT=5', 'object: is one for the page');
$r = $t->as($ann, PATCH => "$ann->{tasks}/$series->{id}/complete", { completed => T, next => T, map { $_ => $series->{$_} }
    qw(due_date recursion_pattern) });
is_ok($r, 200, 'object: the page completes it');
my ($next) = grep { !$_->{completed} } titled('series');
is("$next->{due_date} $next->{recursion_pattern}", '2036-05-02 FREQ=DAILY;COUNT=4', 'object: there is the next one');
my $old = get('series.ics')->{content};
like($old, qr/^STATUS:COMPLETED\r$/m, 'object: the old one is completed');
unlike($old, qr/^RRULE/m, 'object: and repeats no more');
my ($next_name) = map { s/^\Q$list\E//r } grep { /\/$next->{id}-[0-9a-f]+\.ics\z/ } keys %{+multistatus(dav($t, $ann,
    PROPFIND => $list, prop_body('D:getetag'), depth => 1))};
my $new = get($next_name)->{content};
like($new, qr/^DUE;VALUE=DATE:20360502\r$/m, 'object: the next one is due later');
like($new, qr/^X-KEPT:yes\r$/m, 'object: has the lines that are kept');
like($new, qr/^TRIGGER:-PT1H\r$/m, 'object: and the alarm');
unlike($new, qr/^UID:series\@x\r$/m, 'object: and a UID of its own');
is(put($next_name, $new)->{status}, 204, 'object: which a client can write');

# --- what no text says, after a client wrote it ---------------------------------------------------
# The columns of a task, after a client has read it, and written it with this change.
sub again {
	my ($made, $was, $now) = @_;
	my ($name) = map { s/^\Q$list\E//r } grep { /\/$made->{id}-[0-9a-f]+\.ics\z/ } keys %{+multistatus(dav($t, $ann,
	    PROPFIND => $list, prop_body('D:getetag'), depth => 1))};
	my $r = get($name);
	is(put($name, $r->{content} =~ s/$was/$now/r, 'If-Match' => etag($r))->{status}, 204, 'object: a client writes it');
	return $t->as($ann, GET => "$ann->{tasks}/$made->{id}")->{json};
}
for ([ 'of a task that is not due', 'daily', { recursion_pattern => 'daily' } ], [ 'in words', 'now, and then',
    { recursion_pattern => 'now, and then', due_date => '2036-01-01' } ]) {
	my ($name, $pattern, $set) = @$_;
	my $made = $t->task($ann, title => 'said', %$set);
	is(again($made, 'SUMMARY:said', 'SUMMARY:said again')->{recursion_pattern}, $pattern, "object: a rule $name stays");
	is(again($made, 'X-NEON-TODO-PATTERN.*\r\n', '')->{recursion_pattern}, undef, 'object: it goes with its line');
}
{
	my $made = $t->task($ann, title => 'never', recursion_pattern => 'daily');
	is(again($made, '(?=SUMMARY)', "DTSTART:20360101T080000Z\r\nDUE:20360101T080000Z\r\nRRULE:FREQ=WEEKLY\r\n")->{recursion_pattern}, 'FREQ=WEEKLY',
	    'object: a rule counts before the line of its own');
	is(again($made, 'RRULE:.*\r\n', '')->{recursion_pattern}, undef, 'object: and that does not come back') for 1..2;
}
for ([ '2036-01-01T08:00:00Z', '2036-01-01' ], [ '2036-01-01T08:00:00Z', undef ]) {
	my ($time, $day) = @$_;
	my $made = $t->task($ann, title => 'zone', due_date => $time, time_zone => 'Asia/Tokyo');
	is_ok($t->as($ann, PUT => "$ann->{tasks}/$made->{id}", { due_date => $day }), 200, 'object: the page makes a time ' . ($day // 'none'));
	is(again($made, 'SUMMARY:zone', 'SUMMARY:day')->{time_zone}, 'Asia/Tokyo', 'object: the zone stays');
	is_ok($t->as($ann, PUT => "$ann->{tasks}/$made->{id}", { due_date => $time }), 200, 'object: it becomes a time again');
	is(again($made, 'DUE;TZID=Asia/Tokyo:20360101T170000', 'DUE;TZID=Asia/Tokyo:20360101T180000')->{due_date}, '2036-01-01T09:00:00Z',
	    'object: in that zone');
}
{
	my $made = $t->task($ann, title => 'exact', due_date => '2036-01-01T08:00:00.25Z');
	$t->as($ann, PATCH => "$ann->{tasks}/$made->{id}/complete", { completed => T });
	my $is = sub { scalar $t->psql("SELECT to_char(due_date, 'SS.US') || ' ' || completed_at FROM tasks WHERE id = $made->{id}") };
	my $was = $is->();
	again($made, 'SUMMARY:exact', 'SUMMARY:more');
	is($is->(), $was, 'object: fractions of a second stay');
	again($made, 'COMPLETED:\d{8}T\d{6}Z', 'COMPLETED:20260101T000000Z');
	like($is->(), qr/^00\.250000 2026-01-01 /, 'object: another time is taken');
}
# The database knows fewer zones than we do, as an older one might.
$tag = etag(put('kyiv.ics', vtodo('kyiv@x', 'SUMMARY:kyiv', 'DUE;TZID=Europe/Kyiv:20360101T100000')));
$t->psql("UPDATE tasks SET time_zone = NULL WHERE name = 'kyiv.ics'");
is_ok($t->as($ann, PUT => "$ann->{tasks}/" . (titled('kyiv'))[0]{id}, { title => 'Kyiv' }), 200, 'object: a task without the zone of its text');
like(get('kyiv.ics')->{content}, qr/^DUE;TZID=Europe\/Kyiv:20360101T100000\r$/m, 'object: keeps the text\'s');

# A rule of the page, for a text in which lines of an earlier series are left.
put('left.ics', vtodo('left@x', 'SUMMARY:left', 'X-KDE-LIBKCAL-DTRECURRENCE:20260305', 'EXDATE:20360102T080000Z'));
is($t->as($ann, PUT => "$ann->{tasks}/" . (titled('left'))[0]{id}, { due_date => '2036-01-02T08:00:00Z', recursion_pattern => 'FREQ=DAILY' })->{status}, 200,
    'object: the page makes a series of it');
my $anew = get('left.ics')->{content};
unlike($anew, qr/^(?:X-KDE-LIBKCAL-DTRECURRENCE|EXDATE)/m, 'object: which begins anew');
is(put('left.ics', $anew)->{status}, 204, 'object: a client writes it');
is((titled('left'))[0]{due_date}, '2036-01-02T08:00:00Z', 'object: and it is due when the page said');

# --- two at once ----------------------------------------------------------------------------------
for my $round (1..10) {
	my @pids = map { my $k = $_; my $pid = fork; if (!$pid) {
		my $r = put("race$round.ics", vtodo("race$round\@x", "SUMMARY:race $k"), 'If-None-Match' => '*');
		Todo::spew("$t->{dir}/race.$k", $r->{status}); POSIX::_exit(0) } $pid } 1..3;
	waitpid $_, 0 for @pids;
	is(join(' ', sort map { Todo::slurp("$t->{dir}/race.$_") } 1..3), '201 412 412', "object: three devices make one, $round");
}
for my $round (1..5) {
	my @pids = map { my $k = $_; my $pid = fork; if (!$pid) {
		my $r = put("uid$round-$k.ics", vtodo("uid$round\@x", "SUMMARY:race $k"));
		Todo::spew("$t->{dir}/race.$k", $r->{status}); POSIX::_exit(0) } $pid } 1..3;
	waitpid $_, 0 for @pids;
	is(join(' ', sort map { Todo::slurp("$t->{dir}/race.$_") } 1..3), '201 409 409', "object: three names for one UID, $round");
}
$tag = etag(put('both.ics', vtodo('both@x', 'SUMMARY:both')));
my ($both) = titled('both');
for my $round (1..10) {
	my @write = (sub { put('both.ics', vtodo('both@x', "SUMMARY:device $round"), 'If-Match' => $tag) },
	    sub { put('both.ics', vtodo('both@x', "SUMMARY:tablet $round"), 'If-Match' => $tag) },
	    sub { $t->as($ann, PUT => "$ann->{tasks}/$both->{id}", { title => "page $round" }, headers => [ 'If-Match' => $tag ]) });
	my @pids = map { my $k = $_; my $pid = fork; if (!$pid) {
		my $r = $write[$k]->();
		Todo::spew("$t->{dir}/race.$k", "$r->{status} " . (etag($r) // "")); POSIX::_exit(0) } $pid } 0..2;
	waitpid $_, 0 for @pids;
	my @answer = map { Todo::slurp("$t->{dir}/race.$_") } 0..2;
	is(scalar(grep { /^412/ } @answer), 2, "object: of two devices and the page one writes, $round") or diag("@answer");
	my ($won) = grep { $answer[$_] !~ /^412/ } 0..2;
	my $now = get('both.ics');
	is("$answer[$won]", ($won == 2 ? 200 : 204) . ' ' . etag($now), 'object: and has the version');
	like($now->{content}, qr/^SUMMARY:@{[ qw(device tablet page)[$won] ]} $round\r$/m, 'object: of its own text');
	$tag = etag($now);
}

done_testing();
