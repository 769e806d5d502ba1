# SPDX-License-Identifier: ISC
# Counts by state, priority and tag.
use Todo;

my $t = Todo->new;
my $u = $t->user;
my $other = $t->user;
my $path = "/api/$u->{id}/counts";
my $counts = sub { my ($q, @h) = @_; $t->as($u, GET => $path . ($q // ''), undef, headers => [ @h ]) };

my $r = $counts->();
is_ok($r, 200, 'counts: of nothing');
is_deeply($r->{json}, { total => 0, open => 0, completed => 0, overdue => 0, tags => [],
    priority => { High => 0, Medium => 0, Low => 0 } }, 'counts: are all there');

$t->task($other, tags => [ 'mine' ], due_date => '2020-01-01');
srand 6;
my @tag = ('home', 'Work', "\x{fc}ber", "\x{1f600}", '"', 'a,b');
my @due = (undef, '2026-11-21', '2026-11-22', '2026-11-22T03:00:00Z', '2026-11-22T06:00:00Z', '2999-01-01');
my @all = map { $t->task($u, tags => [ grep { rand() < 0.3 } @tag ], due_date => $due[rand @due],
    priority => (qw(High Medium Low))[rand 3], completed => rand() < 0.4 ? T : F) } 1..60;
sub model {
	my @late = @_;
	my %n = (total => scalar @all, map { $_ => 0 } qw(open completed overdue));
	my (%priority, %tag);
	@priority{qw(High Medium Low)} = (0, 0, 0);
	for my $task (@all) {
		my $state = $task->{completed} ? 'completed' : 'open';
		$n{$state}++;
		$tag{$_}{$state}++ for @{$task->{tags}};
		next if $task->{completed};
		$priority{$task->{priority}}++;
		$n{overdue}++ if grep { $_ eq ($task->{due_date} // '') } @late;
	}
	return { %n, priority => \%priority, tags => [ map { { tag => $_, open => $tag{$_}{open} // 0,
	    completed => $tag{$_}{completed} // 0 } } sort keys %tag ] };
}
for my $case ([ '2026-11-22' => '2026-11-21' ], [ '2026-11-21' ], [ '2020-01-01T00:00:00Z' ],
    [ '2026-11-22T05:00:00Z' => @due[1..3] ], [ '2026-11-22T00:00:00%2B09:00' => '2026-11-21' ],
    [ '2026-11-22T00:00:00-05:00' => @due[1, 3] ], [ '2999-01-02' => @due[1..5] ]) {
	my ($now, @late) = @$case;
	is_deeply($counts->("?now=$now")->{json}, model(@late), "counts: at $now");
}
# The list says the same.
for my $now ('2026-11-22', '2026-11-22T00:00:00-05:00', '2026-11-22T05:00:00Z') {
	is($counts->("?now=$now")->{json}{overdue},
	    scalar @{$t->as($u, GET => "$u->{tasks}?completed=false&due_before=$now")->{json}},
	    "counts: overdue at $now are as many as the list has");
}
like($counts->()->{json}{overdue}, qr/^\d+\z/, 'counts: without now it is now');
$t->task($u, due_date => '2020-01-01');
my $n = $counts->()->{json}{overdue};
$t->task($u, due_date => '2999-01-01');
is($counts->()->{json}{overdue}, $n, 'counts: a task that is due later is not overdue');

is_error($counts->("?now=$_"), 422, 'query.now', "counts: now=$_ is 422") for '', 'now', '2026-13-01', '%ff';
is_error($counts->('?now=2026-01-01&now=2026-01-01'), 422, 'query.now', 'counts: now twice');
is_ok($counts->('?limit=0&x=%ff'), 200, 'counts: takes no other parameters');
my $head = $t->as($u, HEAD => $path);
is("$head->{status} '$head->{content}'", "200 ''", 'counts: HEAD');

# --- versions ---------------------------------------------------------------------
my $known = $counts->('?now=2026-11-22');
is($known->{headers}{etag}, $t->as($u, GET => $u->{tasks})->{headers}{etag}, 'counts: the ETag is the list\'s');
my $same = $counts->('?now=2026-11-22', 'If-None-Match' => $known->{headers}{etag});
is("$same->{status} '$same->{content}'", "304 ''", 'counts: those known are 304');
is_ok($counts->('', 'If-None-Match' => $known->{headers}{etag}), 200, 'counts: of now they are never known');
is($counts->()->{headers}{etag}, undef, 'counts: and have no ETag');
$t->as($u, DELETE => "$u->{tasks}/$all[0]{id}");
my $after = $counts->('?now=2026-11-22', 'If-None-Match' => $known->{headers}{etag});
is_ok($after, 200, 'counts: after a write they are others');
is($after->{json}{total}, $known->{json}{total} - 1, 'counts: by one');
is_error($counts->('?now=2026-11-22', 'If-Match' => '"0"'), 412, undef, 'counts: If-Match of others');

# --- many ---------------------------------------------------------------------------
$t->psql("INSERT INTO tasks (user_id, title, tags, completed) SELECT $u->{id}, 'task',
    ARRAY['t' || i, 'many'], i % 4 = 0 FROM generate_series(1, 10000) i");
my $many = $counts->()->{json};
my %tag = map { $_->{tag} => $_ } @{$many->{tags}};
is_deeply($tag{many}, { tag => 'many', open => 7500, completed => 2500 }, 'counts: of ten thousand');
is(scalar(grep { /^t\d/ } keys %tag), 10000, 'counts: with as many tags');

done_testing();
