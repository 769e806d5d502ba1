# SPDX-License-Identifier: ISC
# due_date: a date stays a date, a timestamp is answered in UTC, nonsense is 422.
use Todo;

# A worker's or server's own zone must make no difference.
my $t = Todo->new(env => { TZ => 'America/New_York', PGTZ => 'Asia/Tokyo' });
my $u = $t->user;
my $try = sub { $t->as($u, POST => $u->{tasks}, { title => 'x', due_date => $_[0] }) };

for my $c (
    [ '2026-02-15', '2026-02-15' ], [ '2024-02-29', '2024-02-29' ],
    [ '2000-02-29', '2000-02-29' ], [ '0001-01-01', '0001-01-01' ],
    [ '9999-12-31', '9999-12-31' ],
    [ '2026-02-15T10:00:00Z', '2026-02-15T10:00:00Z' ],
    [ '2026-02-15t10:00:00z', '2026-02-15T10:00:00Z' ],
    [ '2026-02-15 10:00:00Z', '2026-02-15T10:00:00Z' ],
    [ '2026-02-15T10:00:00+00:00', '2026-02-15T10:00:00Z' ],
    [ '2026-02-15T10:00:00-00:00', '2026-02-15T10:00:00Z' ],
    [ '2026-02-15T10:00:00+05:30', '2026-02-15T04:30:00Z' ],
    [ '2026-02-15T10:00:00-08:00', '2026-02-15T18:00:00Z' ],
    [ '2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z' ],
    [ '2024-02-28T23:59:59-00:01', '2024-02-29T00:00:59Z' ],
    [ '2026-02-15T00:00:00Z', '2026-02-15T00:00:00Z' ],
    [ '2026-02-15T23:59:59Z', '2026-02-15T23:59:59Z' ],
    [ '2026-02-15T10:00:00.123456Z', '2026-02-15T10:00:00.123456Z' ],
    [ '2026-02-15T10:00:00.1Z', '2026-02-15T10:00:00.1Z' ],
    [ '2026-02-15T10:00:00.000001Z', '2026-02-15T10:00:00.000001Z' ],
    [ '2026-02-15T10:00:00.123456789Z', '2026-02-15T10:00:00.123456Z' ],
    [ '2026-02-15T10:00:00.999999999Z', '2026-02-15T10:00:00.999999Z' ],
    [ '0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z' ],
    [ '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z' ],
    [ '2026-07-01T12:00:00+23:59', '2026-06-30T12:01:00Z' ],
    [ '1883-11-18T12:00:00Z', '1883-11-18T12:00:00Z' ]) {
	my ($in, $want) = @$c;
	my $r = $try->($in);
	is_ok($r, 201, "dates: $in is taken") or next;
	# how many zeros are after the point is nobody's promise
	my $same = sub { my $d = shift // ''; $d =~ s/(\.\d*?)0+Z/$1Z/; $d =~ s/\.Z/Z/; $d };
	is($same->($r->{json}{due_date}), $same->($want), "dates: answered $want");
	is($t->as($u, GET => "$u->{tasks}/$r->{json}{id}")->{json}{due_date},
	    $r->{json}{due_date}, 'dates: the same from the database');
}
for my $in ('', ' ', 'today', '2026', '2026-02', '2026-2-15', '26-02-15',
    '2026-02-30', '2025-02-29', '1900-02-29', '2026-04-31', '2026-13-01',
    '2026-00-10', '2026-01-00', '2026-01-32', '0000-01-01', '10000-01-01',
    '-0001-01-01', '+2026-01-01', '2026/02/15', '15.02.2026', '20260215',
    ' 2026-02-15', '2026-02-15 ', '2026-02-15x', '2026-02-15T',
    '2026-02-15T10:00:00', '2026-02-15T10:00', '2026-02-15T10:00Z',
    '2026-02-15T24:00:00Z', '2026-02-15T10:60:00Z', '2026-02-15T10:00:60Z',
    '2026-12-31T23:59:60Z', '2026-02-15T1:00:00Z', '2026-02-15T10:00:00.Z',
    '2026-02-15T10:00:00,5Z', '2026-02-15T10:00:00+24:00',
    '2026-02-15T10:00:00+01:60', '2026-02-15T10:00:00+0100',
    '2026-02-15T10:00:00+01', '2026-02-15T10:00:00 Z', '2026-02-15T10:00:00Zx',
    '2026-02-15T10:00:00UTC', '2026-02-15T10:00:00[UTC]', '2026-02-15  10:00:00Z',
    '2026-02-15_10:00:00Z', '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01', '2026-02-30T10:00:00Z', 'infinity', 'now',
    'epoch', '2026-W07-1', '2026-046', '1771142400', "2026-02-15\n",
    "\x{662}026-02-15", '2' x 10000) {
	my $show = length $in > 40 ? '10,000 digits' : $in =~ s/([^ -~])/sprintf
	    '\\x{%x}', ord $1/ger;
	is_error($try->($in), 422, 'body.due_date', "dates: '$show' is refused");
}
is($t->psql('SELECT count(*) FROM tasks WHERE due_date IS NULL'), 0,
    'dates: nothing refused was stored');

# A form changes with the value.
my $task = $t->task($u, due_date => '2026-02-15');
for my $d ('2026-02-16T00:00:00Z', '2026-02-17', undef, '2026-02-18') {
	my $r = $t->as($u, PUT => "$u->{tasks}/$task->{id}", { due_date => $d });
	my $got = $r->{json}{due_date};
	$got =~ s/\.0+Z\z/Z/ if defined $got;
	is($got, $d, 'dates: PUT ' . ($d // 'null'));
}
is($t->psql("SELECT to_char(due_date AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
    FROM tasks WHERE id = $task->{id}"), '2026-02-18 00:00',
    'dates: a date is midnight in UTC in the database');
my ($made) = $t->psql("SELECT extract(epoch FROM now() - created_at) FROM tasks
    WHERE id = $task->{id}");
cmp_ok(abs $made->[0], '<', 60, 'dates: created_at is now, whatever the zone');
my $list = $t->as($u, GET => $u->{tasks})->{json};
is(scalar(grep { $_->{created_at} !~ /Z\z/ || defined $_->{due_date}
    && $_->{due_date} !~ /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?Z)?\z/ }
    @$list), 0, 'dates: every time in the list is in UTC');

done_testing();
