# SPDX-License-Identifier: ISC
# Time zones: the order of a list, what is due on a day, repeats, the agenda and counts.  What a
# clock shows is worked out here by the C library.
# ways: direct (pooled)
use Todo;
use POSIX qw(strftime tzset);
use Time::Local qw(timegm_modern);

my @zones = qw(Europe/Berlin America/New_York Pacific/Auckland Australia/Lord_Howe Africa/Casablanca
    Asia/Tehran Asia/Kathmandu Pacific/Apia America/Los_Angeles Asia/Tokyo);
my $t = Todo->new(wire => 1);
if (grep { !-f "/usr/share/zoneinfo/$_" } @zones) {
	plan(skip_all => 'no tzdata');
}
my $u = $t->user;
srand 15;

# "2026-02-15T09:30:00" or "...Z" in seconds, as a clock of UTC shows it.
sub at {
	my ($y, $m, $d, $h, $min, $s) = $_[0] =~ /^(\d+)-(\d+)-(\d+)(?:T(\d+):(\d+):(\d+))?/;
	return timegm_modern($s // 0, $min // 0, $h // 0, $d, $m - 1, $y);
}
# What a clock shows at a time.
sub clock {
	my ($time, $zone) = @_;
	local $ENV{TZ} = $zone // 'UTC';
	tzset();
	my $text = strftime('%Y-%m-%dT%H:%M:%S', localtime(at($time)));
	return $text;
}
sub stamp { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_[0]) }
sub list { my ($q) = @_; return $t->as($u, GET => "$u->{tasks}?$q") }
sub ids { return join ' ', map { $_->{id} } @{$_[0]} }
sub walk {
	my ($path) = @_;
	my @found;
	while (defined $path) {
		my $r = $t->as($u, GET => $path);
		push @found, ref $r->{json} eq 'ARRAY' ? @{$r->{json}} : 'failed';
		last if $r->{status} != 200 || @found > 2000;
		($path) = ($r->{headers}{link} // '') =~ /^<([^>]*)>/;
	}
	return \@found;
}

# --- the order -----------------------------------------------------------------------
# Around the changes of 2026 and 2027, and far from any.
my @changes = map { at($_) } qw(2026-03-29T01:00:00 2026-10-25T01:00:00 2027-10-31T01:00:00 2026-03-08T07:00:00
    2026-11-01T06:00:00 2026-04-04T14:00:00 2026-04-04T15:00:00 2026-10-03T15:30:00 2026-02-15T02:00:00
    2026-03-22T02:00:00 2011-12-30T10:00:00 2026-07-01T12:00:00 2150-10-25T01:00:00);
my @made;
for my $i (1..300) {
	my $around = stamp($changes[rand @changes] + 1800 * int(rand(160) - 80));
	my $kind = rand;
	push @made, { title => "t$i", due_date => $kind < 0.1 ? undef : $kind < 0.35 ? substr($around, 0, 10) : $around,
	    time_zone => rand() < 0.4 ? $zones[rand @zones] : undef, completed => rand() < 0.3 ? T : F };
}
$t->task($u, %$_) for @made;
my @all = @{$t->as($u, GET => $u->{tasks})->{json}};
sub shows {
	my ($task, $tz) = @_;
	my $due = $task->{due_date};
	return !defined $due ? '9' : $due =~ /T/ ? clock($due, $task->{time_zone} // $tz) . ' timed' : $due . 'T00:00:00 day';
}
sub ordered {
	my ($tz, @tasks) = @_;
	my %key = map { $_->{id} => shows($_, $tz) } @tasks;
	return sort { $key{$a->{id}} cmp $key{$b->{id}} || $a->{id} <=> $b->{id} } @tasks;
}
for my $tz (undef, 'UTC', @zones) {
	my $q = defined $tz ? "&tz=$tz" : '';
	my $name = $tz // 'no zone';
	my @want = ordered($tz, @all);
	is(ids(list("sort=due$q")->{json}), ids(\@want), "zones: by due date, $name");
	is(ids(walk("$u->{tasks}?sort=due&limit=7$q")), ids(\@want), "zones: in pages, $name");
	is(ids(walk("$u->{tasks}?sort=-due&limit=11$q")), ids([ reverse @want ]), "zones: the other way round, $name");
	is(ids(walk("$u->{tasks}?sort=due&limit=1&completed=true$q")), ids([ grep { $_->{completed} } @want ]),
	    "zones: one by one, those completed, $name");
	# What is due on some days there.
	for my $days ([ '2026-10-25', '2026-10-26' ], [ '2026-03-29', '2026-03-30' ], [ '2011-12-29', '2011-12-31' ],
	    [ '2026-04-05', '2026-04-06' ], [ '2026-02-15', '2026-03-09' ]) {
		my @of = grep { my $s = shows($_, $tz); $s ge $days->[0] && $s lt $days->[1] } @want;
		is(ids(walk("$u->{tasks}?sort=due&limit=5&due_after=$days->[0]&due_before=$days->[1]$q")), ids(\@of),
		    "zones: due on $days->[0] and before $days->[1], $name");
		is(ids(list("due_after=$days->[0]&due_before=$days->[1]$q")->{json}),
		    ids([ sort { $a->{id} <=> $b->{id} } @of ]), "zones: the same by id, $name");
		# And on the agenda.
		my $agenda = $t->as($u, GET => "/api/$u->{id}/agenda?due_after=$days->[0]&due_before=$days->[1]$q");
		is(join(' ', sort { $a <=> $b } map { $_->{id} } @{$agenda->{json}}),
		    join(' ', sort { $a <=> $b } map { $_->{id} } @of), "zones: on the agenda, $name");
	}
}
# An instant is one for times, and in a zone what a clock there shows for dates.
my $instant = '2026-10-24T22:00:00Z';		# midnight in Berlin
is(ids(list("sort=due&tz=Europe/Berlin&due_after=$instant")->{json}), ids([ grep { defined $_->{due_date} &&
    ($_->{due_date} =~ /T/ ? $_->{due_date} ge $instant : $_->{due_date} ge '2026-10-25') }
    ordered('Europe/Berlin', @all) ]), 'zones: from an instant on');
is_error(list("tz=$_"), 422, 'query.tz', "zones: refused: $_")
    for 'Mars', '', 'europe%2Fberlin', '%2B01:00', '..%2FUTC', 'Europe%2FBerlin%00';
is_error(list('tz=UTC&tz=UTC'), 422, 'query.tz', 'zones: twice');
is(list('sort=due&limit=1&tz=Europe/Berlin')->{headers}{link} =~ /&tz=Europe%2FBerlin&/ ? 1 : 0, 1, 'zones: links keep it');

# --- repeats -------------------------------------------------------------------------
sub means {
	my ($pattern, $from, $tz) = @_;
	my $r = $t->req(GET => '/api/recurrence?' . join '&', map { "$_->[0]=" . $_->[1] =~ s/([^A-Za-z0-9.-])/sprintf '%%%02X', ord $1/ger }
	    [ pattern => $pattern ], defined $from ? [ from => $from ] : (), defined $tz ? [ tz => $tz ] : ());
	return join ' ', @{$r->{json}{next} // [ $r->{content} ]};
}
# pattern, from, zone, what follows
for my $case (
    # 9 o'clock stays 9 o'clock.
    [ 'daily', '2026-03-27T08:00:00Z', 'Europe/Berlin',
	'2026-03-28T08:00:00Z 2026-03-29T07:00:00Z 2026-03-30T07:00:00Z 2026-03-31T07:00:00Z 2026-04-01T07:00:00Z' ],
    [ 'monthly', '2026-09-01T07:00:00Z', 'Europe/Berlin',
	'2026-10-01T07:00:00Z 2026-11-01T08:00:00Z 2026-12-01T08:00:00Z 2027-01-01T08:00:00Z 2027-02-01T08:00:00Z' ],
    [ 'weekly', '2026-10-28T16:00:00Z', 'America/New_York',
	'2026-11-04T17:00:00Z 2026-11-11T17:00:00Z 2026-11-18T17:00:00Z 2026-11-25T17:00:00Z 2026-12-02T17:00:00Z' ],
    [ 'weekly', '2027-03-09T17:00:00Z', 'America/New_York',
	'2027-03-16T16:00:00Z 2027-03-23T16:00:00Z 2027-03-30T16:00:00Z 2027-04-06T16:00:00Z 2027-04-13T16:00:00Z' ],
    # A time that is left out is when the clock leaves it out; the next day it is there again.
    [ 'daily', '2026-03-27T01:30:00Z', 'Europe/Berlin',
	'2026-03-28T01:30:00Z 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z 2026-03-31T00:30:00Z 2026-04-01T00:30:00Z' ],
    [ 'FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0', '2026-03-28T12:00:00Z', 'Europe/Berlin',
	'2026-03-29T01:00:00Z 2026-03-30T00:00:00Z 2026-03-30T01:00:00Z 2026-03-31T00:00:00Z 2026-03-31T01:00:00Z' ],
    # One that is there twice is the first.
    [ 'daily', '2026-10-24T00:30:00Z', 'Europe/Berlin',
	'2026-10-25T00:30:00Z 2026-10-26T01:30:00Z 2026-10-27T01:30:00Z 2026-10-28T01:30:00Z 2026-10-29T01:30:00Z' ],
    # Half an hour.
    [ 'daily', '2026-10-02T15:45:00Z', 'Australia/Lord_Howe',
	'2026-10-03T15:30:00Z 2026-10-04T15:15:00Z 2026-10-05T15:15:00Z 2026-10-06T15:15:00Z 2026-10-07T15:15:00Z' ],
    [ 'daily', '2026-04-03T14:45:00Z', 'Australia/Lord_Howe',
	'2026-04-04T14:45:00Z 2026-04-05T15:15:00Z 2026-04-06T15:15:00Z 2026-04-07T15:15:00Z 2026-04-08T15:15:00Z' ],
    # Ramadan, while it moved the clocks: until 2026.
    [ 'weekly', '2026-02-06T08:00:00Z', 'Africa/Casablanca',
	'2026-02-13T08:00:00Z 2026-02-20T09:00:00Z 2026-02-27T09:00:00Z 2026-03-06T09:00:00Z 2026-03-13T09:00:00Z' ],
    [ 'weekly', '2025-03-28T09:00:00Z', 'Africa/Casablanca',
	'2025-04-04T09:00:00Z 2025-04-11T08:00:00Z 2025-04-18T08:00:00Z 2025-04-25T08:00:00Z 2025-05-02T08:00:00Z' ],
    [ 'monthly', '2026-01-31T20:29:00Z', 'Asia/Tehran',
	'2026-03-31T20:29:00Z 2026-05-31T20:29:00Z 2026-07-31T20:29:00Z 2026-08-31T20:29:00Z 2026-10-31T20:29:00Z' ],
    [ 'FREQ=WEEKLY;BYDAY=MO', '2026-06-28T18:15:00Z', 'Asia/Kathmandu',
	'2026-07-05T18:15:00Z 2026-07-12T18:15:00Z 2026-07-19T18:15:00Z 2026-07-26T18:15:00Z 2026-08-02T18:15:00Z' ],
    [ 'daily', '2026-09-25T14:30:00Z', 'Pacific/Auckland',
	'2026-09-26T14:00:00Z 2026-09-27T13:30:00Z 2026-09-28T13:30:00Z 2026-09-29T13:30:00Z 2026-09-30T13:30:00Z' ],
    # 30 December 2011 was no day there.
    [ 'daily', '2011-12-28T19:00:00Z', 'Pacific/Apia',
	'2011-12-29T19:00:00Z 2011-12-30T10:00:00Z 2011-12-30T19:00:00Z 2011-12-31T19:00:00Z 2012-01-01T19:00:00Z' ],
    # The weekday that one sees.
    [ 'FREQ=WEEKLY;BYDAY=FR', '2026-11-28T02:00:00Z', 'America/Los_Angeles',
	'2026-12-05T02:00:00Z 2026-12-12T02:00:00Z 2026-12-19T02:00:00Z 2026-12-26T02:00:00Z 2027-01-02T02:00:00Z' ],
    [ 'FREQ=WEEKLY;BYDAY=MO', '2026-11-29T23:00:00Z', 'Asia/Tokyo',
	'2026-12-06T23:00:00Z 2026-12-13T23:00:00Z 2026-12-20T23:00:00Z 2026-12-27T23:00:00Z 2027-01-03T23:00:00Z' ],
    [ 'FREQ=MONTHLY;BYMONTHDAY=1', '2026-12-02T01:00:00Z', 'America/New_York',
	'2027-01-02T01:00:00Z 2027-02-02T01:00:00Z 2027-03-02T01:00:00Z 2027-04-02T00:00:00Z 2027-05-02T00:00:00Z' ],
    # 29 February, the 31st, the last day.
    [ 'yearly', '2024-02-29T11:00:00Z', 'Europe/Berlin',
	'2028-02-29T11:00:00Z 2032-02-29T11:00:00Z 2036-02-29T11:00:00Z 2040-02-29T11:00:00Z 2044-02-29T11:00:00Z' ],
    [ 'monthly', '2026-01-31T22:59:59Z', 'Europe/Berlin',
	'2026-03-31T21:59:59Z 2026-05-31T21:59:59Z 2026-07-31T21:59:59Z 2026-08-31T21:59:59Z 2026-10-31T22:59:59Z' ],
    [ 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31T22:30:00Z', 'Europe/Berlin',
	'2026-02-28T22:30:00Z 2026-03-31T21:30:00Z 2026-04-30T21:30:00Z 2026-05-31T21:30:00Z 2026-06-30T21:30:00Z' ],
    # Ends: by a clock, by the day there, by an instant.
    [ 'FREQ=DAILY;UNTIL=20260330T090000', '2026-03-28T08:00:00Z', 'Europe/Berlin', '2026-03-29T07:00:00Z 2026-03-30T07:00:00Z' ],
    [ 'FREQ=DAILY;UNTIL=20260330T090000Z', '2026-03-28T08:30:00Z', 'Europe/Berlin', '2026-03-29T07:30:00Z 2026-03-30T07:30:00Z' ],
    [ 'FREQ=DAILY;UNTIL=20260330T070000Z', '2026-03-28T08:30:00Z', 'Europe/Berlin', '2026-03-29T07:30:00Z' ],
    [ 'FREQ=DAILY;UNTIL=20260330', '2026-03-28T22:30:00Z', 'Europe/Berlin', '2026-03-29T21:30:00Z 2026-03-30T21:30:00Z' ],
    [ 'FREQ=DAILY;UNTIL=20261202', '2026-12-01T06:00:00Z', 'America/Los_Angeles', '2026-12-02T06:00:00Z 2026-12-03T06:00:00Z' ],
    [ 'FREQ=DAILY;COUNT=3', '2026-03-28T08:00:00Z', 'Europe/Berlin', '2026-03-29T07:00:00Z 2026-03-30T07:00:00Z' ],
    # Hours are hours.
    [ 'FREQ=HOURLY;INTERVAL=12', '2026-03-28T20:00:00Z', 'Europe/Berlin',
	'2026-03-29T08:00:00Z 2026-03-29T20:00:00Z 2026-03-30T08:00:00Z 2026-03-30T20:00:00Z 2026-03-31T08:00:00Z' ],
    # Dates are dates, whatever the zone, and without one all is of UTC.
    [ 'weekly', '2026-03-26', 'Europe/Berlin', '2026-04-02 2026-04-09 2026-04-16 2026-04-23 2026-04-30' ],
    [ 'monthly', '2026-09-01T07:00:00Z', undef,
	'2026-10-01T07:00:00Z 2026-11-01T07:00:00Z 2026-12-01T07:00:00Z 2027-01-01T07:00:00Z 2027-02-01T07:00:00Z' ]) {
	my ($pattern, $from, $zone, $want) = @$case;
	is(means($pattern, $from, $zone), $want, "zones: $pattern from $from, " . ($zone // 'no zone'));
}
for my $zone ('Pacific/Kiritimati', 'Etc/GMT+12') {
	my $tomorrow = substr clock(stamp(time + 86400), $zone), 0, 10;
	like(means('daily', undef, $zone), qr/^\Q$tomorrow\E /, "zones: from today in $zone");
}
is_error($t->req(GET => '/api/recurrence?pattern=daily&tz=Mars'), 422, 'query.tz', 'zones: no such zone');

# --- the task that follows -------------------------------------------------------------
sub complete {
	my ($task, $q, %more) = @_;
	return $t->as($u, PATCH => "$u->{tasks}/$task->{id}/complete" . ($q // ''), { next => T, %more,
	    map { $_ => $task->{$_} } qw(due_date recursion_pattern) });
}
sub following {
	my ($task, $q) = @_;
	my $r = complete($task, $q);
	return $r->{status} != 200 ? $r->{content} : !defined $r->{json}{next_id} ? 'none'
	    : $t->as($u, GET => "$u->{tasks}/$r->{json}{next_id}")->{json};
}
# A day some weeks ahead at 18:00 in Los Angeles, which is another one in UTC.
my $zone = 'America/Los_Angeles';
my ($day) = grep { clock(stamp($_), $zone) =~ /T18:00:00/ } map { 3600 * int(time / 3600) + 86400 * 20 + 3600 * $_ } 0..23;
my %gym = (title => 'Gym', due_date => stamp($day), recursion_pattern => 'weekly');
my $want = clock(stamp($day + 7 * 86400), $zone) =~ s/T.*/T18:00:00/r;
for my $case ([ 'its own zone', { time_zone => $zone }, '' ], [ 'its own before the request\'s', { time_zone => $zone }, '?tz=Asia/Tokyo' ],
    [ 'the request\'s', {}, "?tz=$zone" ], [ 'both', { time_zone => $zone }, "?tz=$zone" ]) {
	my ($name, $own, $q) = @$case;
	my $next = following($t->task($u, %gym, %$own), $q);
	is(clock($next->{due_date}, $zone), $want, "zones: the next one by $name");
	is($next->{time_zone}, $own->{time_zone}, 'zones: it has the zone of the first');
}
# One flight, if the request names the task's zone, or it has none.
for my $case ([ {}, '', 1 ], [ { time_zone => $zone }, "?tz=$zone", 1 ], [ {}, '?tz=Asia/Tokyo', 1 ], [ { time_zone => $zone }, '', 2 ]) {
	my $task = $t->task($u, %gym, %{$case->[0]});
	is($t->{wire}->count(sub { complete($task, $case->[1]) }), $case->[2], "zones: flights of a completion: $case->[2]");
}
my $stale = $t->task($u, %gym, time_zone => $zone);
is_error(complete({ %$stale, due_date => '2026-01-01' }), 412, undef, 'zones: another due date is 412 all the same');
is_error(complete($stale, '?tz=Mars'), 422, 'query.tz', 'zones: no such zone');
# Missed ones are passed over, until now in the zone; a date by the day there.
my $soon = $t->task($u, title => 'soon', due_date => stamp(time - 10 * 86400 + 600), recursion_pattern => 'daily', time_zone => 'Asia/Kathmandu');
cmp_ok(abs(at(following($soon)->{due_date}) - time - 600), '<', 60, 'zones: the first time that is not past');
for my $z ('Pacific/Kiritimati', 'Etc/GMT+12') {
	my $old = $t->task($u, title => 'old', due_date => '2026-01-01', recursion_pattern => 'daily', time_zone => $z);
	my ($before, $next, $after) = (substr(clock(stamp(time), $z), 0, 10), following($old)->{due_date}, substr clock(stamp(time), $z), 0, 10);
	ok($next eq $before || $next eq $after, "zones: a date alone goes by today in $z") or diag("$before $next");
	my $none = $t->task($u, title => 'none', recursion_pattern => 'daily');
	is(following($none, "?tz=" . $z =~ s/\+/%2B/r)->{due_date}, substr(clock(stamp(time + 86400), $z), 0, 10), "zones: and without a date from today in $z");
}

# A time that the clock leaves out on one day is there again on the next, however it is completed.
sub berlin { return clock($_[0]{due_date}, 'Europe/Berlin') }
my ($gap) = grep { clock(stamp($_), 'Europe/Berlin') =~ /T03/ && clock(stamp($_ - 1), 'Europe/Berlin') =~ /T01/ }
    map { 3600 * int(time / 3600) + 3600 * $_ } 48..9500;
my %night = (title => 'night', due_date => stamp($gap - 84600), recursion_pattern => 'daily');
my ($eve, $that, $after) = map { substr clock(stamp($gap + 86400 * $_), 'Europe/Berlin'), 0, 10 } -1..1;
for my $case ([ 'its own zone', { time_zone => 'Europe/Berlin' }, '' ], [ 'the request\'s', {}, '?tz=Europe/Berlin' ],
    [ 'both', { time_zone => 'Europe/Berlin' }, '?tz=Europe/Berlin' ]) {
	my ($name, $own, $q) = @$case;
	my $first = $t->task($u, %night, %$own);
	is(berlin($first), "${eve}T02:30:00", 'zones: half past two');
	my $second = following($first, $q);
	is(berlin($second), "${that}T03:00:00", "zones: which is left out, by $name");
	$t->as($u, PUT => "$u->{tasks}/$second->{id}", { title => 'changed', due_date => $second->{due_date} });
	my $between = join '&', map { "due_$_" } "after=$after", 'before=' . substr stamp($gap + 86400 * 4), 0, 10;
	is(join(' ', map { clock($_->{due_date}, 'Europe/Berlin') =~ s/.*T//r } grep { $_->{id} == $second->{id} }
	    @{$t->as($u, GET => "/api/$u->{id}/agenda?$between&tz=Europe/Berlin")->{json}}),
	    join(' ', ('02:30:00') x 3), 'zones: the agenda knows what it stands for');
	my $third;
	is($t->{wire}->count(sub { $third = following($second, $q) }), 3, 'zones: two flights, and one to see it');
	is(berlin($third), "${after}T02:30:00", 'zones: and is there again on the next day');
	my $fourth;
	is($t->{wire}->count(sub { $fourth = following($third, "?tz=Europe/Berlin") }), 2,
	    'zones: at the usual price');
	is(berlin($fourth), clock(stamp($gap + 86400 * 2), 'Europe/Berlin') =~ s/T.*/T02:30:00/r,
	    'zones: and after that');
}
{
	my $second = following($t->task($u, %night, time_zone => 'Europe/Berlin'));
	my $other = $t->as($u, PUT => "$u->{tasks}/$second->{id}", { due_date => stamp($gap + 36000) })->{json};
	is(berlin(following($other)), "${after}T13:00:00", 'zones: another time is that from then on');
	$second = following($t->task($u, %night, time_zone => 'Europe/Berlin'));
	$other = $t->as($u, PUT => "$u->{tasks}/$second->{id}", { due_date => $_ })->{json}
	    for stamp($gap + 36000), $second->{due_date};
	is(berlin(following($other)), "${after}T03:00:00", 'zones: as is the time itself, typed after another');
	$second = following($t->task($u, %night, time_zone => 'Europe/Berlin'));
	$other = $t->as($u, PUT => "$u->{tasks}/$second->{id}", { time_zone => 'Europe/London' })->{json};
	is(clock(following($other)->{due_date}, 'Europe/London'), "${after}T02:00:00", 'zones: and so is another zone');
	is_error(complete({ %$second, due_date => '2026-01-01' }), 412, undef, 'zones: another due date is 412 still');
	my $few = following($t->task($u, %night, time_zone => 'Europe/Berlin', recursion_pattern => 'FREQ=DAILY;COUNT=3'));
	my $last = following($few);
	is(berlin($last) . " $last->{recursion_pattern}", "${after}T02:30:00 FREQ=DAILY;COUNT=1", 'zones: counted, too');
}

# --- the agenda comes again in zones ----------------------------------------------------
my $v = $t->user;
my $daily = $t->task($v, title => 'd', due_date => '2026-03-27T01:30:00Z', recursion_pattern => 'daily', time_zone => 'Europe/Berlin');
my $float = $t->task($v, title => 'f', due_date => '2026-03-27T16:00:00Z', recursion_pattern => 'daily');
my $agenda = sub { join ' ', map { "$_->{title}$_->{due_date}" } @{$t->as($v, GET => "/api/$v->{id}/agenda?$_[0]")->{json}} };
is($agenda->('due_after=2026-03-28&due_before=2026-03-31&tz=Europe/Berlin'), 'd2026-03-28T01:30:00Z d2026-03-29T01:00:00Z '
    . 'd2026-03-30T00:30:00Z f2026-03-28T16:00:00Z f2026-03-29T15:00:00Z f2026-03-30T15:00:00Z', 'zones: the agenda over a change');
is($agenda->('due_after=2026-03-28&due_before=2026-03-30'), 'd2026-03-28T01:30:00Z d2026-03-29T01:00:00Z '
    . 'f2026-03-28T16:00:00Z f2026-03-29T16:00:00Z', 'zones: without tz, UTC for the task that has none');
is($agenda->('due_after=2026-03-28T01:30:00Z&due_before=2026-03-29T01:00:00Z'), 'd2026-03-28T01:30:00Z f2026-03-28T16:00:00Z',
    'zones: between instants');

# --- counts -------------------------------------------------------------------------------
my $w = $t->user;
my $overdue = sub { $t->as($w, GET => "/api/$w->{id}/counts" . ($_[0] // ''))->{json}{overdue} };
my $task = $t->task($w, title => 'now', due_date => stamp(time - 3600));
is($overdue->("?tz=$_"), 1, "zones: an hour ago is overdue in $_") for @zones;
my %today = map { $_ => substr clock(stamp(time), $_), 0, 10 } 'Pacific/Kiritimati', 'Etc/GMT+12';
$t->as($w, PUT => "$w->{tasks}/$task->{id}", { due_date => $today{'Etc/GMT+12'} });
SKIP: {
	my $still = sub { !grep { $today{$_} ne substr clock(stamp(time), $_), 0, 10 } keys %today };
	skip 'midnight', 6 if !$still->();
	is($overdue->('?tz=Etc/GMT%2B12'), 0, 'zones: the day is not over there');
	is($overdue->('?tz=Pacific/Kiritimati'), 1, 'zones: but here it is yesterday, or the day before');
	my $put = sub { $t->as($w, PUT => "$w->{tasks}/$task->{id}", { @_ }) };
	$put->(time_zone => 'Etc/GMT+12');
	is($overdue->("?tz=$_"), 0, 'zones: a task\'s own zone comes first') for 'Pacific/Kiritimati', 'UTC';
	is($overdue->(), 0, 'zones: also without tz');
	$put->(time_zone => 'Pacific/Kiritimati');
	is($overdue->('?tz=Etc/GMT%2B12'), 1, 'zones: in both directions');
}
$t->as($w, PUT => "$w->{tasks}/$task->{id}", { time_zone => undef, due_date => '2026-05-10' });
is($overdue->('?now=2026-05-10&tz=Asia/Tokyo'), 0, 'zones: on its day it is not overdue');
is($overdue->('?now=2026-05-11&tz=Asia/Tokyo'), 1, 'zones: the day after it is');
is($overdue->('?now=2026-05-10T14:59:59Z&tz=Asia/Tokyo'), 0, 'zones: until midnight there');
is($overdue->('?now=2026-05-10T15:00:00Z&tz=Asia/Tokyo'), 1, 'zones: and not longer');
$t->as($w, PUT => "$w->{tasks}/$task->{id}", { due_date => '2026-05-10T14:59:59Z' });
is($overdue->('?now=2026-05-10&tz=Asia/Tokyo'), 0, 'zones: a time, now a day');
is($overdue->('?now=2026-05-11&tz=Asia/Tokyo'), 1, 'zones: which was the day before');
is($overdue->('?now=2026-05-10T15:00:00Z&tz=Europe/Berlin'), 1, 'zones: a time is past everywhere');
my $r = $t->as($w, GET => "/api/$w->{id}/counts?now=2026-05-11&tz=Asia/Tokyo");
is($r->{headers}{etag}, $t->as($w, GET => $w->{tasks})->{headers}{etag}, 'zones: with an ETag');
is($t->as($w, GET => "/api/$w->{id}/counts?tz=Asia/Tokyo")->{headers}{etag}, undef, 'zones: of now there is none');

# --- the logbook ----------------------------------------------------------------------------
my $x = $t->user;
$t->psql("INSERT INTO tasks (user_id, title, completed, completed_at) SELECT $x->{id}, i, true,
    '2026-03-28T20:00:00Z'::timestamptz + i * interval '1 hour' FROM generate_series(1, 30) i");
my $book = sub { join ' ', map { $_->{title} } @{$t->as($x, GET => "$x->{tasks}?$_[0]")->{json}} };
is($book->('sort=-completed&completed_after=2026-03-29&completed_before=2026-03-30&tz=Europe/Berlin'), join(' ', reverse 3..25),
    'zones: tasks completed on a day of 23 hours, the latest first');
is($book->('sort=completed&completed_after=2026-03-29&completed_before=2026-03-30'), join(' ', 4..27), 'zones: on a day of UTC');
is($book->('completed_after=2026-03-29T02:00:00%2B02:00&completed_before=2026-03-29T01:00:00Z'), '4', 'zones: between instants');
is($book->('sort=completed&completed_before=2026-03-28T22:00:00Z'), '1', 'zones: before does not mean then');
is($book->('sort=-completed&completed_before=2026-03-28T22:00:00Z'), '1', 'zones: the other way round, too');
is($book->('sort=-completed&completed_after=2026-03-30T01:00:00Z'), '30 29', 'zones: after means from then on');
is($book->('sort=completed&completed=false'), '', 'zones: the logbook has no open tasks');

done_testing();
