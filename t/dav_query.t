# SPDX-License-Identifier: ISC
# CalDAV: calendar-query and calendar-multiget (RFC 4791), and the reports that find nothing.
# ways: direct (pooled)
use Todo;
use Dav;

my $t = Todo->new;
my ($ann, $bob) = map { $t->user } 1..2;
app($t, $_) for $ann, $bob;
my ($home, $list) = ("/dav/$ann->{id}/", "/dav/$ann->{id}/tasks/");
my $ns = 'xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"';

my %text = (
    day => vtodo('day', 'SUMMARY:A day', 'DUE;VALUE=DATE:20260310'),
    time => vtodo('time', 'SUMMARY:A time <&> "x"', 'DUE:20260310T120000Z', 'PRIORITY:1', 'CATEGORIES:Home'),
    start => vtodo('start', 'SUMMARY:Start alone', 'DTSTART:20260312T080000Z'),
    long => vtodo('long', 'SUMMARY:Duration', 'DTSTART:20260301T000000Z', 'DURATION:P20D'),
    done => vtodo('done', 'SUMMARY:Done', 'STATUS:COMPLETED', 'COMPLETED:20260305T000000Z'),
    plain => vtodo('plain', 'SUMMARY:Plain', 'DESCRIPTION:two\nlines'),
    daily => vtodo('daily', 'SUMMARY:Daily', 'DTSTART:20260201T070000Z', 'DUE:20260201T080000Z', 'RRULE:FREQ=DAILY;COUNT=60'),
    umlaut => vtodo('umlaut', "SUMMARY:\xc3\x84PFEL", 'ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.org', 'CREATED:20200101T000000Z'),
);
for (sort keys %text) {
	my $r = dav($t, $ann, PUT => "$list$_.ics", $text{$_}, headers => [ 'Content-Type' => 'text/calendar' ]);
	is($r->{status}, 201, "query: $_");
}
my %tag = map { $_ => dav($t, $ann, HEAD => "$list$_.ics")->{headers}{etag} } keys %text;
dav($t, $bob, PUT => "/dav/$bob->{id}/tasks/his.ics", vtodo('his'), headers => [ 'Content-Type' => 'text/calendar' ]);
my $all = join ' ', sort keys %text;

sub query {
	my ($filter, %o) = @_;
	my $prop = $o{prop} // '<D:getetag/>';
	return dav($t, $ann, REPORT => $o{path} // $list, "<calendar-query $ns><D:prop>$prop</D:prop><filter>$filter</filter></calendar-query>",
	    exists $o{depth} ? (depth => $o{depth}) : (depth => 1));
}
sub names {
	my $r = shift;
	return "$r->{status} " . text_of($r->{tree} // [ '', {} ]) if $r->{status} != 207;
	return join ' ', sort map { s/^\Q$list\E//r =~ s/\.ics\z//r } keys %{+multistatus($r)};
}
sub in_todo { return "<comp-filter name=\"VCALENDAR\"><comp-filter name=\"VTODO\">$_[0]</comp-filter></comp-filter>" }
sub prop { my ($name, $in) = @_; return in_todo("<prop-filter name=\"$name\">$in</prop-filter>") }
sub match { my ($text, $how) = @_; $how //= ''; return "<text-match$how>$text</text-match>" }
sub range { my ($start, $end) = @_; return in_todo('<time-range' . ($start ? " start=\"$start\"" : '') . ($end ? " end=\"$end\"" : '') . '/>') }

# --- filters ---------------------------------------------------------------------------
my @found = (
    [ 'all of a calendar', '<comp-filter name="VCALENDAR"/>', $all ],
    [ 'all tasks', in_todo(''), $all ],
    [ 'events', '<comp-filter name="VCALENDAR"><comp-filter name="VEVENT"/></comp-filter>', '' ],
    [ 'events of a time', '<comp-filter name="VCALENDAR"><comp-filter name="VEVENT"><time-range start="20260101T000000Z"/></comp-filter></comp-filter>', '' ],
    [ 'no events', '<comp-filter name="VCALENDAR"><comp-filter name="VEVENT"><is-not-defined/></comp-filter></comp-filter>', $all ],
    [ 'no tasks', in_todo('<is-not-defined/>'), '' ],
    [ 'with a property', prop('CATEGORIES', ''), 'time' ],
    [ 'without one', prop('COMPLETED', '<is-not-defined/>'), join ' ', grep { $_ ne 'done' } sort keys %text ],
    [ 'a text', prop('SUMMARY', match('dai')), 'daily' ],
    [ 'a text with what XML escapes', prop('SUMMARY', match('&lt;&amp;&gt; "X"')), 'time' ],
    [ 'as octets', prop('SUMMARY', match('d', ' collation="i;octet"')), 'day' ],
    [ 'as octets, with its case', prop('SUMMARY', match('Dai', ' collation="i;octet"')), 'daily' ],
    [ 'ASCII\'s case alone', prop('SUMMARY', match("\xc3\xa4pfel")), '' ],
    [ 'Unicode\'s case', prop('SUMMARY', match("\xc3\xa4pfel", ' collation="i;unicode-casemap"')), 'umlaut' ],
    [ 'escapes', prop('DESCRIPTION', match("two\nlines")), 'plain' ],
    [ 'not a text', prop('CATEGORIES', match('work', ' negate-condition="yes"')), 'time' ],
    [ 'not that text', prop('STATUS', match('COMPLETED', ' negate-condition="yes"')), '' ],
    [ 'a parameter', prop('ATTENDEE', '<param-filter name="PARTSTAT">' . match('accepted') . '</param-filter>'), 'umlaut' ],
    [ 'no such parameter', prop('ATTENDEE', '<param-filter name="ROLE"><is-not-defined/></param-filter>'), 'umlaut' ],
    [ 'two properties', in_todo('<prop-filter name="SUMMARY"/><prop-filter name="PRIORITY">' . match('1') . '</prop-filter>'), 'time' ],
    [ 'a property in a time', prop('COMPLETED', '<time-range start="20260301T000000Z" end="20260401T000000Z"/>'), 'done' ],
    [ 'the 10th', range('20260310T000000Z', '20260311T000000Z'), 'daily long plain time' ],
    [ 'the 9th, at whose end the next day begins', range('20260309T000000Z', '20260310T000000Z'), 'daily day long plain' ],
    [ 'the 12th', range('20260312T000000Z', '20260313T000000Z'), 'daily long plain start' ],
    [ 'the 5th', range('20260305T000000Z', '20260306T000000Z'), 'daily done long plain' ],
    [ 'from 2027 on', range('20270101T000000Z', ''), 'plain' ],
    [ 'up to 2021', range('', '20210101T000000Z'), 'plain umlaut' ],
);
for (@found) {
	my ($name, $filter, $expected) = @$_;
	my $got = names(query($filter));
	# Who has no date but was made is in every range that ends later.
	$got =~ s/ ?umlaut// if $filter =~ /<time-range start/ && $filter !~ /prop-filter/;
	is($got =~ s/^ //r, $expected, "query: $name");
}
is(names(query(in_todo(''), depth => $_)), $all, "query: Depth $_ changes nothing") for 0, 'infinity';
my $r = query(prop('SUMMARY', match('daily')), prop => '<D:getetag/><D:getcontenttype/><calendar-data/><D:foo/>');
is_deeply(scalar multistatus($r), { "${list}daily.ics" => { 'D:getetag' => $tag{daily}, 'C:calendar-data' => $text{daily}, 'D:foo' => 404,
    'D:getcontenttype' => 'text/calendar; charset=utf-8; component=VTODO' } }, 'query: texts, byte for byte, if they are asked for');
like($r->{content}, qr/&#13;\n/, 'query: with CR as XML keeps it');
$r = query(in_todo(''), prop => '<calendar-data><comp name="VCALENDAR"><prop name="VERSION"/></comp><expand start="20260101T000000Z" end="20260201T000000Z"/></calendar-data>');
is(multistatus($r)->{"${list}daily.ics"}{'C:calendar-data'}, $text{daily}, 'query: all of a text, even if a part is asked for');
is_deeply(scalar multistatus(query(prop('SUMMARY', match('daily')))), { "${list}daily.ics" => { 'D:getetag' => $tag{daily} } }, 'query: no text if none is asked for');
$r = dav($t, $ann, REPORT => $list, "<calendar-query $ns><D:prop><D:getetag/></D:prop></calendar-query>");
is(names($r), $all, 'query: without a filter all');
$r = dav($t, $ann, REPORT => $list, "<calendar-query $ns><filter>" . in_todo('') . '</filter></calendar-query>');
is(join(' ', (multistatus($r))[1..keys %text]), join(' ', map { "$list$_.ics" } sort keys %text), 'query: without properties their addresses');
my $own = $t->task($ann, title => 'By the page', tags => [ 'made here' ]);
is(names(query(prop('CATEGORIES', match('made here')))) =~ /^$own->{id}-[0-9a-f]+\z/ ? 'found' : 'none', 'found', 'query: a task of the page by its text');
my $renamed = (grep { $_->{title} eq 'Plain' } @{$t->as($ann, GET => $ann->{tasks})->{json}})[0];
$t->as($ann, PUT => "$ann->{tasks}/$renamed->{id}", { title => 'Renamed' });
is(names(query(prop('SUMMARY', match('renamed')))), 'plain', 'query: what the page wrote into a text');

my @refused = (
    [ 'a time of an alarm', in_todo('<comp-filter name="VALARM"><time-range start="20260101T000000Z"/></comp-filter>') ],
    [ 'a time that is none', range('x', '') ],
    [ 'no time at all', range('20260101T000000Z', '20260101T000000Z') ],
    [ 'no name', '<comp-filter/>' ],
    [ 'something else', '<comp-filter name="VCALENDAR"><other/></comp-filter>' ],
    [ 'two at once', '<comp-filter name="VCALENDAR"/><comp-filter name="VCALENDAR"/>' ],
    [ 'no calendar', '<comp-filter name="VTODO"/>' ],
    [ 'a text of a component', '<comp-filter name="VCALENDAR"><text-match>x</text-match></comp-filter>' ],
    [ 'a property of nothing', '<prop-filter name="SUMMARY"/>' ],
);
is(names(query($_->[1])), '403 <C:supported-filter/>', "query: $_->[0]") for @refused;
is(names(query(prop('SUMMARY', match('x', ' collation="i;other"')))), '403 <C:supported-collation/>', 'query: another collation');
is(query(in_todo('<prop-filter name="SUMMARY"/>' x 70))->{status}, $_, 'query: more filters than anybody has') for 413;
is(query(in_todo('') . '<', depth => 1)->{status}, 400, 'query: no XML');
is(query(in_todo(''), path => $home)->{status}, 403, 'query: not of the home');

# --- multiget ---------------------------------------------------------------------------
sub multiget {
	my ($hrefs, %o) = @_;
	return dav($t, $ann, REPORT => $list, "<calendar-multiget $ns><D:prop><D:getetag/>" . ($o{no_text} ? '' : '<calendar-data/>') . '</D:prop>'
	    . join('', map { "<D:href>$_</D:href>" } @$hrefs) . '</calendar-multiget>', exists $o{depth} ? (depth => $o{depth}) : ());
}
my $gone = { 'D:status' => 'HTTP/1.1 404 Not Found' };
my $is = sub { return { 'D:getetag' => $tag{$_[0]}, 'C:calendar-data' => $text{$_[0]} } };
my @hrefs = map { "$list$_.ics" } qw(time none day long);
my ($found, @order) = multistatus(multiget(\@hrefs));
is_deeply(\@order, \@hrefs, 'multiget: one response for each, in their order');
is_deeply($found, { "${list}time.ics" => $is->('time'), "${list}none.ics" => $gone, "${list}day.ics" => $is->('day'), "${list}long.ics" => $is->('long') },
    'multiget: the texts, and a name that is not there');
is_deeply(scalar(multistatus(multiget(\@hrefs, depth => $_))), $found, "multiget: Depth $_ changes nothing") for 0, 1, 'infinity';
is_deeply(scalar multistatus(multiget([ "${list}day.ics" ], no_text => 1)), { "${list}day.ics" => { 'D:getetag' => $tag{day} } }, 'multiget: without texts');
for ("http://127.0.0.1:$t->{port}${list}day.ics", "https://other.example${list}day.ics", "$list%64ay.ics", "${list}d%61y%2Eics", " ${list}day.ics\n") {
	is_deeply(scalar multistatus(multiget([ $_ ])), { "${list}day.ics" => $is->('day') }, "multiget: $_ is that one");
}
for ("/dav/$bob->{id}/tasks/his.ics", "${list}his.ics", $list, '/', 'x', "$list../tasks/day.ics", "${list}%ff", "${list}%00", "${list}day.ics/x", "/dav/$ann->{id}/tasksday.ics",
    "${list}x&amp;y&lt;.ics", "$own->{id}-1.ics", 'ftp://x' . $list . 'day.ics') {
	my ($found, @h) = multistatus(multiget([ $_ ]));
	is_deeply([ map { $found->{$_} } @h ], [ $gone ], "multiget: $_ is nothing of hers");
}
($found, @order) = multistatus(multiget([ ("${list}day.ics", "${list}none.ics", 'x', "${list}time.ics", "http://h${list}d%61y.ics") x 3 ]));
is("@order", "${list}day.ics ${list}none.ics x ${list}time.ics", 'multiget: one response for each address, however often it is asked for');
is_deeply([ map { $found->{$_} } @order ], [ $is->('day'), $gone, $gone, $is->('time') ], 'multiget: which is that of its own');
is_deeply(scalar multistatus(multiget([])), {}, 'multiget: nothing is asked for');
my $page = (grep { m{/$own->{id}-} } keys %{+multistatus(dav($t, $ann, PROPFIND => $list, undef, depth => 1))})[0];
$r = multistatus(multiget([ $page ]));
is($r->{$page}{'C:calendar-data'}, dav($t, $ann, GET => $page)->{content}, 'multiget: a task of the page, as GET has it');
$r = multistatus(multiget([ "${list}plain.ics" ]));
is($r->{"${list}plain.ics"}{'C:calendar-data'}, dav($t, $ann, GET => "${list}plain.ics")->{content}, 'multiget: what the page changed, as GET has it');
my $large = join '', map { "<D:href>${list}n$_.ics</D:href>" } 1..10000;
$r = dav($t, $ann, REPORT => $list, "<calendar-multiget $ns><D:prop><D:getetag/></D:prop>$large</calendar-multiget>");
is("$r->{status} " . (() = $r->{content} =~ /404 Not Found/g), '207 10000', 'multiget: 10,000');
$r = dav($t, $ann, REPORT => $list, "<calendar-multiget $ns><D:prop><D:getetag/></D:prop>$large<D:href>x</D:href></calendar-multiget>");
is($r->{status}, 413, 'multiget: 10,001');

# --- those that find nothing, and others -----------------------------------------------------
for my $name (qw(expand-property principal-match principal-property-search principal-search-property-set)) {
	for my $path ($home, $list) {
		$r = dav($t, $ann, REPORT => $path, "<D:$name xmlns:D=\"DAV:\"><D:property name=\"x\"/></D:$name>", depth => 0);
		is("$r->{status} " . scalar(keys %{+multistatus($r)}), '207 0', "report: $name of $path finds nothing");
	}
}
for my $root ('D:version-tree', 'free-busy-query', 'D:sync-collectionx', 'D:calendar-query') {
	$r = dav($t, $ann, REPORT => $list, "<$root $ns/>");
	is("$r->{status} " . text_of($r->{tree} // [ '', {} ]), '403 <D:supported-report/>', "report: $root");
}
is(dav($t, $ann, REPORT => $list, '')->{status}, 400, 'report: an empty one');
is(dav($t, $ann, REPORT => $list, '<!DOCTYPE x><x/>')->{status}, 400, 'report: with a DOCTYPE');
is(dav($t, $bob, REPORT => $list, "<calendar-query $ns/>")->{status}, 403, "report: another user's");
is(dav($t, $ann, REPORT => "${list}day.ics", "<calendar-query $ns/>")->{status}, 405, 'report: not of a task');

done_testing();
