# SPDX-License-Identifier: ISC
# Tasks as iCalendar, read by libical, and the feed's address.
# ways: direct (pooled)
use Todo;
use Encode qw(decode encode);
use IPC::Open2 qw(open2);

my $reader = "$Todo::BUILD/t/unit/calendar";
Todo::lack('no t/unit/calendar: run make') unless -x $reader;
my $t = Todo->new;
my ($u, $bob) = map { $t->user } 1..2;
my $list = "/api/$u->{id}/tasks";

# What libical reads: a list of tasks, each its lines.
sub read_calendar {
	my $text = shift;
	my $file = Todo::spew("$t->{dir}/calendar.ics", $text);
	my $said = `'$reader' <'$file'`;
	is($?, 0, 'ical: libical finds no fault') or diag($said);
	return map { [ split /\n/ ] } split /\n\n/, $said;
}

# --- what a calendar says --------------------------------------------------------
my $hostile = 'Rent; "50%", \\n twice: ' . "\x{e4}\x{1f600}" x 60;
my %task = map { $_->{title} => $_ } map { $t->task($u, %$_) } (
    { title => 'plain' },
    { title => $hostile, description => "one\r\ntwo\tthree\nEND:VTODO\nBEGIN:VTODO\n\x{1}",
      tags => [ 'home', 'a,b', 'c;d\\' ], priority => 'High', due_date => '2026-02-01' },
    { title => 'timed', due_date => '2026-02-01T23:30:00-05:00', priority => 'Low',
      recursion_pattern => 'every 2 weeks' },
    { title => 'daily', due_date => '2026-02-01', recursion_pattern => 'FREQ=DAILY;COUNT=3' },
    { title => 'text', due_date => '2026-02-01', recursion_pattern => 'now and then' },
    { title => 'undated', recursion_pattern => 'daily' },
    { title => 'done', completed => T, due_date => '0001-01-01', recursion_pattern => 'daily' },
    { title => 'until', due_date => '2026-02-01T08:00:00Z',
      recursion_pattern => 'FREQ=DAILY;UNTIL=20270101' },
    { title => 'until day', due_date => '2026-02-01', tags => [ "\x{1f600},;\\" x 12 ],
      recursion_pattern => 'FREQ=DAILY;BYHOUR=8;UNTIL=20270101T120000Z' },
    { title => 'hours', due_date => '2026-02-01', recursion_pattern => 'FREQ=HOURLY' });
my $r = $t->as($u, GET => "$list.ics");
is($r->{status}, 200, 'ical: all tasks');
is($r->{headers}{'content-type'}, 'text/calendar; charset=utf-8', 'ical: as text/calendar');
is($r->{headers}{'content-disposition'}, 'attachment; filename="tasks.ics"', 'ical: to be saved');
like($r->{content}, qr/\ABEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:.*END:VCALENDAR\r\n\z/s,
    'ical: one calendar');
like($r->{content}, qr/^NAME:Tasks\r\nX-WR-CALNAME:Tasks\r$/m, 'ical: with a name');
is(scalar(grep { !/^[^\r\n]{0,75}\r\z/ } split /\n/, $r->{content}), 0,
    'ical: its lines end with CRLF and have 75 bytes at most');
my @todo = read_calendar($r->{content});
is(scalar @todo, 10, 'ical: ten tasks');
my %todo = map { my ($title) = map { /^SUMMARY=(.*)/ } @$_;
    (decode('UTF-8', $title // '') => $_) } @todo;
is(join("\n", sort map { encode('UTF-8', $_) } keys %todo),
    join("\n", sort map { encode('UTF-8', $_) } keys %task), 'ical: their titles');

# RFC 3339 as iCalendar has it, without fractions.
sub basic { return $_[0] =~ s/\.\d+//r =~ s/[-:]//gr }
sub has {
	my ($title, @want) = @_;
	my %line = map { $_ => 1 } @{$todo{$title}};
	is(join(' ', grep { !$line{encode('UTF-8', $_)} } @want), '',
	    'ical: ' . encode('UTF-8', substr $title, 0, 8) . ' has all that it should')
	    or diag(join "\n", @{$todo{$title}});
}
sub lacks {
	my ($title, $re) = @_;
	is(join(' ', grep { /$re/ } @{$todo{$title}}), '', "ical: $title has no $re");
}
has('plain', 'STATUS=NEEDS-ACTION', map { "$_->[0]=" . basic($task{plain}{$_->[1]}) }
    [ CREATED => 'created_at' ], [ DTSTAMP => 'updated_at' ], [ 'LAST-MODIFIED' => 'updated_at' ]);
lacks('plain', qr/^(?:DUE|DTSTART|RRULE|DESCRIPTION|PRIORITY|CATEGORIES|COMPLETED)/);
has($hostile, 'DESCRIPTION=one\ntwo' . "\tthree" . '\nEND:VTODO\nBEGIN:VTODO\n',
    'CATEGORIES=home', 'CATEGORIES=a,b', 'CATEGORIES=c;d\\', 'PRIORITY=1', 'DUE;VALUE=DATE=20260201');
has('timed', 'DTSTART=20260202T043000Z', 'RRULE=FREQ=WEEKLY;INTERVAL=2', 'PRIORITY=9');
has('daily', 'RRULE=FREQ=DAILY;COUNT=3', 'DTSTART;VALUE=DATE=20260201');
has('until', 'RRULE=FREQ=DAILY;UNTIL=20270101T235959Z', 'DTSTART=20260201T080000Z');
has('until day', 'RRULE=FREQ=DAILY;UNTIL=20270101', 'DTSTART;VALUE=DATE=20260201',
    'CATEGORIES=' . "\x{1f600},;\\" x 12);
# Both: a rule counts from DTSTART, and some clients show nothing but DUE.
has('timed', 'DUE=20260202T043000Z');
has('until day', 'DUE;VALUE=DATE=20260201');
lacks('done', qr/^X-NEON/);
lacks($_, qr/^(?:RRULE|DTSTART)/) for 'text', 'undated', 'done', 'hours';
has('hours', 'DUE;VALUE=DATE=20260201', 'X-NEON-TODO-PATTERN=FREQ=HOURLY');
has('text', 'X-NEON-TODO-PATTERN=now and then');
has('undated', 'X-NEON-TODO-PATTERN=daily');
has('done', 'STATUS=COMPLETED', 'COMPLETED=' . basic($task{done}{updated_at}),
    'DUE;VALUE=DATE=00010101');
my %uid = map { $_ => 1 } map { grep { /^UID=/ } @$_ } @todo;
is(scalar keys %uid, 10, 'ical: each has a UID of its own');
is($t->as($u, GET => "$list.ics", undef, headers => [ 'If-None-Match' =>
    $r->{headers}{etag} ])->{status}, 304, 'ical: an ETag');
is($t->as($u, GET => "$list.ics")->{content}, $r->{content}, 'ical: the same again');
@todo = read_calendar($t->as($bob, GET => "/api/$bob->{id}/tasks.ics")->{content});
is(join(' ', map { "@$_" } @todo), 'TZID=UTC', 'ical: a calendar without tasks has a component');

# Lines as they are written: libical can't read such dates.
my %far = ('3000-12-31' => ';VALUE=DATE:30001231', '3001-01-01' => ';VALUE=DATE:30010101',
    '9999-12-31' => ';VALUE=DATE:99991231', '3000-12-31T23:59:59Z' => ':30001231T235959Z',
    '9999-12-31T22:59:59.5Z' => ':99991231T225959Z');
my $cid = $t->user;
$t->task($cid, due_date => $_, recursion_pattern => 'daily', completed => F) for sort keys %far;
$t->task($cid, title => 'comma', tags => [ 'a,b', 'c;d\\', 'e' ]);
my $text = $t->as($cid, GET => "/api/$cid->{id}/tasks.ics")->{content};
like($text, qr/^DTSTART\Q$far{$_}\E\r\nDUE\Q$far{$_}\E\r$/m, "ical: due $_") for sort keys %far;
is(scalar(() = $text =~ /^RRULE:FREQ=DAILY\r$/mg), 5, 'ical: and their rules');
like($text, qr/^CATEGORIES:a\\,b\r\nCATEGORIES:c\\;d\\\\\r\nCATEGORIES:e\r$/m,
    'ical: tags are escaped, and end a line then');

# By the task's own zone, which is described once; a time before that is in UTC.
$cid = $t->user;
$t->task($cid, title => $_->[0], due_date => $_->[1], time_zone => $_->[2]) for
    [ 'summer', '2026-07-01T09:00:00+02:00', 'Europe/Berlin' ],
    [ 'winter', '2027-01-01T09:00:00+01:00', 'Europe/Berlin' ],
    [ 'before', '1999-07-01T09:00:00+02:00', 'Europe/Berlin' ],
    [ 'day', '2026-07-01', 'Asia/Tokyo' ], [ 'utc', '2026-07-01T09:00:00Z', 'UTC' ],
    [ 'daily', '2026-03-01T09:00:00-05:00', 'America/New_York' ];
my ($daily) = grep { $_->{title} eq 'daily' } @{$t->as($cid, GET => $cid->{tasks})->{json}};
$t->as($cid, PUT => "$cid->{tasks}/$daily->{id}", { recursion_pattern => 'daily' });
$text = $t->as($cid, GET => "/api/$cid->{id}/tasks.ics")->{content};
is(join(' ', $text =~ /^TZID:(.*)\r$/mg), 'Europe/Berlin America/New_York', 'ical: zones, each once');
is(join(' ', sort $text =~ /^((?:DUE|DTSTART;).*)\r$/mg), join(' ',
    'DTSTART;TZID=America/New_York:20260301T090000', 'DUE:19990701T070000Z', 'DUE:20260701T090000Z',
    'DUE;TZID=America/New_York:20260301T090000', 'DUE;TZID=Europe/Berlin:20260701T090000',
    'DUE;TZID=Europe/Berlin:20270101T090000', 'DUE;VALUE=DATE:20260701'), 'ical: times by them');
my @zoned = read_calendar($text);
is(scalar(grep { grep { /^SUMMARY=/ } @$_ } @zoned), 6, 'ical: which libical reads');

# Tags as an import may have left them: what is no text is passed over.
my $dan = $t->user;
$t->psql("ALTER TABLE tasks DROP CONSTRAINT tasks_tags_plain_check;
    INSERT INTO tasks (user_id, title, tags) VALUES ($dan->{id}, 'null', '{home,NULL,b}'),
    ($dan->{id}, 'first', '{NULL,c}'), ($dan->{id}, 'only', '{NULL}'),
    ($dan->{id}, 'nested', '{{d,e},{f,NULL}}'), ($dan->{id}, 'empty', '{\"\"}'),
    ($dan->{id}, 'from', '[5:6]={g,h}')");
my $imported = $t->as($dan, GET => "/api/$dan->{id}/tasks.ics");
is($imported->{status}, 200, 'ical: tags that are NULL or nested');
is(join(' ', map { join ',', map { /^CATEGORIES=(.*)/ } @$_ } read_calendar($imported->{content})),
    'home,b c  d,e,f  g,h', 'ical: have their texts');
is(join(' ', map { join ',', @{$_->{tags}} } @{$t->as($dan, GET => $dan->{tasks})->{json}}),
    'home,b c  d,e,f  g,h', 'ical: as in the list');

# --- the feed -------------------------------------------------------------------------
my $feed = "/api/$u->{id}/feed";
sub address {
	my $r = $t->as($u, @_);
	is_ok($r, 200, "feed: $_[0]");
	my $url = $r->{json}{url} // return undef;
	$t->secret($url =~ m{([^/]+)\.ics\z});
	return $url;
}
is(address(GET => $feed), undef, 'feed: there is none');
my $url = address(POST => $feed);
like($url, qr{\A/api/feed/[A-Za-z0-9_-]{43}\.ics\z}, 'feed: an address with 256 bits');
is(address(GET => $feed), $url, 'feed: which it says again');
my $open = $t->req(GET => $url);
is("$open->{status} $open->{headers}{'content-type'}", '200 text/calendar; charset=utf-8',
    'feed: opens without a token');
is($open->{content}, $r->{content}, 'feed: the same calendar');
is($t->req(GET => $url, { headers => [ 'If-None-Match' => $open->{headers}{etag} ] })->{status}, 304,
    'feed: its ETag');
is($t->req(HEAD => $url)->{status}, 200, 'feed: HEAD');
is_error($t->req(POST => $url), 405, undef, 'feed: nothing can be written there');
{
	my $v = $t->user;
	my $empty = $t->as($v, POST => "/api/$v->{id}/feed")->{json}{url};
	$t->secret($empty =~ m{([^/]+)\.ics\z});
	is(join(' ', map { "@$_" } read_calendar($t->req(GET => $empty)->{content})), 'TZID=UTC',
	    'feed: without tasks it has a component, too');
}
$t->task($u, title => 'one more');
isnt($t->req(GET => $url)->{headers}{etag}, $open->{headers}{etag}, 'feed: moves with the tasks');

# For calendars that show no tasks, and with an alarm.
sub components {
	my ($kind, $query) = @_;
	my $text = $t->req(GET => "$url?$query")->{content} =~ s/\r\n //gr =~ s/\r//gr;
	return map { (/^SUMMARY:(.*)$/m)[0] => $_ } $text =~ /^BEGIN:$kind\n(.*?)^END:$kind$/gms;
}
{
	my %event = components(VEVENT => 'as=events&alarm=30');
	my %plain = components(VTODO => 'alarm=0');
	my ($done, $dated) = ("\xe2\x9c\x93 done", scalar grep { defined $_->{due_date} } values %task);
	is(scalar keys %event, $dated, 'feed: an event for each task with a due date');
	is(join(' ', grep { !/^BEGIN:VALARM|^END:VALARM/ } split /\n/, $event{timed} =~ s/^(?:UID|DTSTAMP|CREATED|LAST|SUMMARY).*\n//gmr),
	    'RRULE:FREQ=WEEKLY;INTERVAL=2 DTSTART:20260202T043000Z PRIORITY:9 TRANSP:TRANSPARENT '
	    . 'ACTION:DISPLAY TRIGGER:-PT30M DESCRIPTION:timed', 'feed: its lines');
	like($event{daily}, qr/^DTSTART;VALUE=DATE:20260201$/m, 'feed: a day is a whole one');
	unlike(join('', values %event), qr/^(?:DUE|STATUS|COMPLETED)/m, 'feed: nothing of a VTODO');
	unlike($event{$done} // 'VALARM', qr/VALARM|RRULE/, 'feed: a completed task has a tick, and does not ring');
	like($plain{timed}, qr/^TRIGGER;RELATED=END:-PT0M$/m, 'feed: tasks ring, too');
	unlike($plain{plain} . $plain{done}, qr/VALARM/, 'feed: those that are open and due');
	read_calendar($t->req(GET => "$url?as=events&alarm=5")->{content});
	is(join(',', sort map { components(VTODO => $_) } 'as=tasks'), join(',', sort map { components(VTODO => $_) } ''),
	    'feed: as=tasks is how it is without');
	is_error($t->req(GET => "$url?$_->[0]"), 422, $_->[1], "feed: ?$_->[0]") for [ 'as=journal', 'query.as' ],
	    [ 'alarm=-1', 'query.alarm' ], [ 'alarm=40321', 'query.alarm' ], [ 'as=x&alarm=y', 'query.alarm query.as' ];
	my $v = $t->user;
	my $its = $t->as($v, POST => "/api/$v->{id}/feed")->{json}{url};
	$t->secret($its =~ m{([^/]+)\.ics\z});
	$t->task($v, title => 'here', due_date => '2026-07-01T15:00:00Z', time_zone => 'Europe/Berlin');
	like($t->req(GET => "$its?as=events")->{content},
	    qr/BEGIN:VTIMEZONE\r\nTZID:Europe\/Berlin\r.*^DTSTART;TZID=Europe\/Berlin:20260701T170000\r$/ms, 'feed: in its zone');
}
is_error($t->req(GET => $_), 404, 'Not Found', 'feed: no such address') for '/api/feed/x.ics',
    '/api/feed/' . 'A' x 43 . '.ics', '/api/feed/.ics', $url =~ s/\.ics//r, "$url/", "$url.ics",
    $url =~ s/\.ics/\%ff.ics/r, '/api/feed/' . '%ff' x 43 . '.ics';
my @again = map { address(POST => $feed, undef, headers => [ 'Idempotency-Key' => 'feed' ]) } 1..2;
is($again[1], $again[0], 'feed: made once with one key');
isnt($again[0], $url, 'feed: another one takes its place');
is_error($t->req(GET => $url), 404, 'Not Found', 'feed: the one before has ended');
is($t->req(GET => $again[0])->{status}, 200, 'feed: the new one has not');
is_ok($t->as($u, DELETE => $feed), 200, 'feed: revoked') for 1..2;
is_error($t->req(GET => $again[0]), 404, 'Not Found', 'feed: has ended');
is(address(GET => $feed), undef, 'feed: there is none');
$url = address(POST => $feed);
is_error($t->as($bob, $_ => $feed), 403, undef, "feed: $_ by another user") for qw(GET POST DELETE);
is($t->req(GET => "/x$url")->{status}, 404, 'feed: elsewhere');

# A long one is streamed.
$t->psql("INSERT INTO tasks (user_id, title, description, due_date, recursion_pattern)
    SELECT $bob->{id}, 'task ' || i, repeat('text, ', 100), now(), 'daily' FROM generate_series(1, 3000) i");
@todo = read_calendar($t->as($bob, GET => "/api/$bob->{id}/tasks.ics")->{content});
is(scalar @todo, 3000, 'ical: 3,000 tasks');

# Logs are searched for secrets at the end: nginx shall have none of a failure either.
$t->stop_workers;
like($t->req(GET => $url)->{status}, qr/^50[234]\z/, 'feed: no worker');
$t->start_workers;
Todo::wait_for(sub { $t->req(GET => $url)->{status} == 200 }, 'the workers');

done_testing();
