# SPDX-License-Identifier: ISC
# CalDAV: what programs that can't run here ask one after the other, as their sources and
# recordings have it: DAVx5, Tasks.org, Apple's Reminders; and how each completes a series.
use Todo;
use Dav;

my $t = Todo->new;
my $u = $t->user;
app($t, $u);
my ($home, $list) = ("/dav/$u->{id}/", "/dav/$u->{id}/tasks/");
my $caldav = 'xmlns:C="urn:ietf:params:xml:ns:caldav"';

sub put { my ($name, $text, @headers) = @_;
    return dav($t, $u, PUT => "$list$name", $text, headers => [ 'Content-Type' => 'text/calendar; charset=utf-8', @headers ]) }
sub etag { return $_[0]{headers}{etag} }
sub found { my ($path, $depth, @props) = @_; return multistatus(dav($t, $u, PROPFIND => $path, prop_body(@props), depth => $depth)) }
sub titled { my $title = shift; my ($task) = grep { $_->{title} eq $title } @{$t->as($u, GET => $u->{tasks})->{json}}; return $task }
sub set { my ($title, %set) = @_; return $t->as($u, PUT => "$u->{tasks}/" . titled($title)->{id}, \%set) }
# What DAVx5 asks of a list: the tags of all tasks, then the texts of these, ten at a time.
sub query { return multistatus(dav($t, $u, REPORT => $list, "<C:calendar-query xmlns=\"DAV:\" $caldav><prop><getetag/></prop><C:filter>"
    . '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"/></C:comp-filter></C:filter></C:calendar-query>', depth => 1)) }
sub multiget {
	my %texts;
	while (my @ten = splice @_, 0, 10) {
		my $found = multistatus(dav($t, $u, REPORT => $list, "<C:calendar-multiget xmlns=\"DAV:\" $caldav><prop><getcontenttype/><getetag/>"
		    . '<C:calendar-data/></prop>' . join('', map { "<href>$_</href>" } @ten) . '</C:calendar-multiget>'));
		$texts{$_} = $found->{$_}{'C:calendar-data'} for keys %$found;
	}
	return \%texts;
}
sub sync { my $token = shift;
    my $r = dav($t, $u, REPORT => $list, "<sync-collection xmlns=\"DAV:\"><sync-token>$token</sync-token><sync-level>1</sync-level><prop>"
	. '<getetag/><getcontenttype/></prop></sync-collection>');
    return (scalar multistatus($r), map { text_of($_) } grep { ref eq 'ARRAY' && $_->[0] eq 'D:sync-token' } @{$r->{tree} // []}) }
my @alarm = ('BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER;RELATED=END:-PT15M', 'END:VALARM');

# --- DAVx5 -----------------------------------------------------------------------------------
$t->task($u, title => "page $_") for 1..23;
like(dav($t, $u, OPTIONS => $home)->{headers}{dav}, qr/\bcalendar-access\b/, 'DAVx5: the principal has calendars');
my $props = found($list, 0, map({ "D:$_" } qw(supported-report-set sync-token current-user-privilege-set)), 'S:getctag', 'C:max-resource-size')->{$list};
like($props->{'D:supported-report-set'}, qr/sync-collection.*calendar-query.*calendar-multiget/, 'DAVx5: the reports');
is($props->{'C:max-resource-size'}, 524288, 'DAVx5: how long a task may be');
my $has = query();
is(scalar keys %$has, 23, 'DAVx5: all tasks, by calendar-query');
my $texts = multiget(sort keys %$has);
is(scalar(grep { $texts->{$_} =~ /^SUMMARY:page \d+\r$/m } keys %$has), 23, 'DAVx5: their texts, ten at a time');
is(join(' ', grep { $_ ne '404' } map { $_->{'C:calendar-data'} // '404' } values %$has), '', 'DAVx5: and only then');

my @parent = ('SUMMARY:parent', 'DUE;TZID=Europe/Berlin:20360301T090000', @alarm);
my $r = put('parent.ics', vtodo('parent', @parent), 'If-None-Match' => '*');
is($r->{status}, 201, 'DAVx5: a new task');
my $child = put('child.ics', vtodo('child', 'SUMMARY:child', 'RELATED-TO;RELTYPE=PARENT:parent'), 'If-None-Match' => '*');
$has = query();
is($has->{"${list}parent.ics"}{'D:getetag'}, etag($r), 'DAVx5: has the tag that was answered, so it is not fetched');
is(multiget("${list}child.ics")->{"${list}child.ics"}, vtodo('child', 'SUMMARY:child', 'RELATED-TO;RELTYPE=PARENT:parent'), 'DAVx5: a subtask');
my $changed = put('parent.ics', vtodo('parent', 'SUMMARY:Parent', @parent[1..$#parent]), 'If-Match' => etag($r));
is($changed->{status}, 204, 'DAVx5: a change');
is(query()->{"${list}parent.ics"}{'D:getetag'}, etag($changed), 'DAVx5: with its tag');
my $ctag = found($list, 0, 'S:getctag')->{$list}{'S:getctag'};
is(found($list, 0, 'S:getctag')->{$list}{'S:getctag'}, $ctag, 'DAVx5: nothing is new');
is_ok(set('Parent', due_date => '2036-03-02T08:00:00Z'), 200, 'DAVx5: the page changes it');
isnt(found($list, 0, 'S:getctag')->{$list}{'S:getctag'}, $ctag, 'DAVx5: something is new');
isnt(query()->{"${list}parent.ics"}{'D:getetag'}, etag($changed), 'DAVx5: namely that');
my $now = multiget("${list}parent.ics")->{"${list}parent.ics"};
like($now, qr/^DUE;TZID=Europe\/Berlin:20360302T090000\r$/m, 'DAVx5: another time, in its zone');
like($now, qr/^TRIGGER;RELATED=END:-PT15M\r$/m, 'DAVx5: the alarm is that');
is_error(put('parent.ics', vtodo('parent', 'SUMMARY:late'), 'If-Match' => etag($changed)), 412, undef, 'DAVx5: a change of what was changed');
is_error(dav($t, $u, DELETE => "${list}parent.ics", undef, headers => [ 'If-Match' => etag($changed) ]), 412, undef, 'DAVx5: or its deletion');
my $large = put('large.ics', vtodo('large', 'ATTACH;ENCODING=BASE64;VALUE=BINARY:' . 'x' x 600_000), 'If-None-Match' => '*');
is($large->{status}, 409, 'DAVx5: a task with a photograph is left out');
is(put('huge.ics', 'x' x 3_000_000, 'If-None-Match' => '*')->{status}, 409, 'DAVx5: also if the web server says so');
is(dav($t, $u, DELETE => "${list}child.ics", undef, headers => [ 'If-Match' => etag($child) ])->{status}, 204, 'DAVx5: the others go on');
is(dav($t, $u, DELETE => "${list}child.ics", undef, headers => [ 'If-Match' => etag($child) ])->{status}, 404, 'DAVx5: twice is no fault');

# --- Tasks.org: no conditions; its own bytes as long as the tag is that ------------------------
$props = found($home, 1, qw(D:displayname C:supported-calendar-component-set S:getctag D:sync-token A:calendar-color D:share-access))->{$list};
is("$props->{'D:displayname'} $props->{'C:supported-calendar-component-set'} $props->{'D:share-access'}", 'Tasks <C:comp name="VTODO"/> 404',
    'Tasks.org: finds the list');
my @series = ('SUMMARY:series', 'DTSTART;TZID=Europe/Berlin:20360328T080000', 'DUE;TZID=Europe/Berlin:20360328T090000', 'RRULE:FREQ=DAILY;COUNT=3', @alarm);
is(put('series.ics', vtodo('series', @series))->{status}, 201, 'Tasks.org: a series');
is(titled('series')->{due_date}, '2036-03-28T08:00:00Z', 'Tasks.org: is due');
my $moved = vtodo('series', map { s/20360328/20360329/gr =~ s/COUNT=3/COUNT=2/r } @series);
$r = put('series.ics', $moved);
is($r->{status}, 204, 'Tasks.org: moves it on in place');
is_deeply([ @{titled('series')}{qw(due_date recursion_pattern completed)} ], [ '2036-03-29T08:00:00Z', 'FREQ=DAILY;COUNT=2', F ],
    'Tasks.org: the page has the next time');
is(dav($t, $u, GET => "${list}series.ics")->{content}, $moved, 'Tasks.org: its text is that');
is(scalar(grep { $_->{title} eq 'series' } @{$t->as($u, GET => $u->{tasks})->{json}}), 1, 'Tasks.org: there is no other');

# --- Planify: sync-collection with Depth 1, then GET of each; it takes 201 of what is new, and 204 ------
my $all = multistatus(dav($t, $u, REPORT => $list, '<sync-collection xmlns="DAV:"><sync-token/><sync-level>1</sync-level><prop><getetag/></prop>'
    . '</sync-collection>', depth => 1));
is(join(' ', map { my $r = dav($t, $u, GET => $_); $r->{status} == 200 && etag($r) eq $all->{$_}{'D:getetag'} ? () : $_ } sort keys %$all), '',
    'Planify: gets each');
is(put('planify.ics', vtodo('planify', 'SUMMARY:planify'))->{status}, 201, 'Planify: a new one');
is(put('planify.ics', vtodo('planify', 'SUMMARY:planify', 'STATUS:COMPLETED'))->{status}, 204, 'Planify: which is completed');

# --- how others complete one time ----------------------------------------------------------------
my @daily = ('SUMMARY:daily', 'DTSTART:20360501T080000Z', 'DUE:20360501T090000Z', 'RRULE:FREQ=DAILY;COUNT=2');
sub part { my ($day, @lines) = @_; return 'END:VTODO', 'BEGIN:VTODO', 'UID:daily', "RECURRENCE-ID:203605${day}T080000Z", 'SUMMARY:daily', @lines }
for ([ 'Thunderbird, jtx Board', [ @daily, part('01', 'STATUS:COMPLETED') ], '2036-05-02T09:00:00Z', F ],
    [ 'Thunderbird, both', [ @daily, part('01', 'STATUS:COMPLETED'), part('02', 'STATUS:COMPLETED') ], '2036-05-02T09:00:00Z', T ],
    [ 'KOrganizer', [ @daily, 'X-KDE-LIBKCAL-DTRECURRENCE:20360502T080000Z' ], '2036-05-02T09:00:00Z', F ],
    [ 'OpenTasks', [ @daily, 'EXDATE:20360501T080000Z' ], '2036-05-02T09:00:00Z', F ],
    [ 'Home Assistant', [ @daily, 'STATUS:COMPLETED' ], '2036-05-01T09:00:00Z', T ]) {
	my ($name, $lines, $due, $completed) = @$_;
	is(put('daily.ics', vtodo('daily', @daily))->{status} =~ /^20[14]\z/, 1, "$name: a series");
	my $count = @{$t->as($u, GET => $u->{tasks})->{json}};
	my $text = vtodo('daily', @$lines);
	is(put('daily.ics', $text)->{status}, 204, "$name: completes one time");
	is_deeply([ @{titled('daily')}{qw(due_date completed)} ], [ $due, $completed ], "$name: the page knows which is next");
	is(dav($t, $u, GET => "${list}daily.ics")->{content}, $text, "$name: its text is that");
	is(scalar @{$t->as($u, GET => $u->{tasks})->{json}}, $count, "$name: there is no other task");
}
is(put('nextcloud.ics', vtodo('daily', 'RECURRENCE-ID:20360501T080000Z', 'STATUS:COMPLETED'))->{status}, 409,
    'Nextcloud Tasks: no second resource of that UID');

# --- Apple's Reminders --------------------------------------------------------------------------
is(dav($t, $u, PROPFIND => '/.well-known/caldav', prop_body('D:current-user-principal'), depth => 0)->{headers}{location}, '/dav/', 'Apple: finds the context');
is(found('/dav/', 0, qw(D:current-user-principal D:principal-URL D:resourcetype))->{'/dav/'}{'D:current-user-principal'}, "<D:href>$home</D:href>",
    'Apple: and who one is');
for my $path ($home, $list) {
	my $set = '<C:default-alarm-vevent-date>BEGIN:VALARM&#13;END:VALARM</C:default-alarm-vevent-date><A:calendar-order xmlns:A="http://apple.com/ns/ical/">2</A:calendar-order>';
	$r = dav($t, $u, PROPPATCH => $path, "<propertyupdate xmlns=\"DAV:\" $caldav><set><prop>$set</prop></set></propertyupdate>");
	is_deeply(multistatus($r)->{$path}, { 'C:default-alarm-vevent-date' => '', 'A:calendar-order' => '' }, "Apple: what it keeps in $path");
	is(found($path, 0, 'A:calendar-order')->{$path}{'A:calendar-order'}, 2, 'Apple: is there');
}
my (undef, $token) = sync('');
my @place = ('SUMMARY:place', 'DUE;TZID=Europe/Berlin:20360601T090000', 'X-APPLE-SORT-ORDER:7', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x',
    'TRIGGER;VALUE=DATE-TIME:19760401T005545Z', 'X-APPLE-PROXIMITY:ARRIVE', 'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=100;X-TITLE="a: b":geo:50.1,8.6',
    'END:VALARM', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER;VALUE=DATE-TIME:20360601T070000Z', 'END:VALARM');
my $place = vtodo('place', @place);
$r = put('place.ics', $place, 'If-None-Match' => '*');
is("$r->{status} " . (etag($r) ? 'tag' : 'none'), '201 tag', 'Apple: a reminder of a place');
my ($news, $next) = sync($token);
is_deeply($news, { "${list}place.ics" => { 'D:getetag' => etag($r), 'D:getcontenttype' => 'text/calendar; charset=utf-8; component=VTODO' } }, 'Apple: its own is what is new');
is(multiget("${list}place.ics")->{"${list}place.ics"}, $place, 'Apple: byte for byte');
is_ok(set('place', due_date => '2036-06-02T07:00:00Z'), 200, 'Apple: the page moves it');
($news, $token) = sync($next);
is(join(' ', keys %$news), "${list}place.ics", 'Apple: which is new');
is(multiget("${list}place.ics")->{"${list}place.ics"} =~ s/BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n//sr =~ s/^(?:DTSTAMP|LAST-MODIFIED).*\n//mgr, $place =~ s/^DTSTAMP.*\n//mr
    =~ s/(DUE.*:|DATE-TIME:)20360601T/${1}20360602T/gr, 'Apple: the alarm of the time goes along, that of the place stays');
is(put('place.ics', $place, 'If-Match' => etag($r))->{status}, 412, 'Apple: its change of the older one is 412, and no 403');

# A finished copy, and the series moves on; the last time completes it.
my @week = ('SUMMARY:week', 'DTSTART;TZID=Europe/Berlin:20360602T090000', 'DUE;TZID=Europe/Berlin:20360602T090000', 'RRULE:FREQ=WEEKLY;COUNT=2');
my $tag = etag(put('week.ics', vtodo('week', @week), 'If-None-Match' => '*'));
is(put('copy.ics', vtodo('copy', @week[0..2], 'STATUS:COMPLETED', 'COMPLETED:20360602T100000Z', 'PERCENT-COMPLETE:100'), 'If-None-Match' => '*')->{status}, 201,
    'Apple: what is finished is a task by itself');
$r = put('week.ics', vtodo('week', map { s/20360602/20360609/r =~ s/COUNT=2/COUNT=1/r } @week), 'If-Match' => $tag);
is($r->{status}, 204, 'Apple: the series moves on');
is(join(', ', sort map { join ' ', @$_{qw(due_date completed)} } grep { $_->{title} eq 'week' } @{$t->as($u, GET => $u->{tasks})->{json}}),
    '2036-06-02T07:00:00Z 1, 2036-06-09T07:00:00Z 0', 'Apple: the page has both');
$r = put('week.ics', vtodo('week', (map { s/20360602/20360609/r =~ s/COUNT=2/COUNT=1/r } @week), 'STATUS:COMPLETED', 'COMPLETED:20360609T100000Z'), 'If-Match' => etag($r));
is($r->{status}, 204, 'Apple: the last time');
is(scalar(grep { $_->{title} eq 'week' && $_->{completed} } @{$t->as($u, GET => $u->{tasks})->{json}}), 2, 'Apple: all is done');
(undef, $token) = sync('');
is(dav($t, $u, DELETE => "${list}copy.ics")->{status}, 204, 'Apple: deletes without a condition');
is_ok($t->as($u, DELETE => "$u->{tasks}/" . titled('place')->{id}), 200, 'Apple: the page deletes, too');
($news) = sync($token);
is_deeply({ map { $_ => $news->{$_}{'D:status'} } keys %$news }, { map { ("$list$_.ics" => 'HTTP/1.1 404 Not Found') } qw(copy place) },
    'Apple: what has gone is told');

done_testing();
