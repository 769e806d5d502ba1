# SPDX-License-Identifier: ISC
# The list: everything of this user, oldest first, after any restart, at any size.
# ways: direct (pooled)
use Todo;
use Time::HiRes qw(time);

my $t = Todo->new;
my $u = $t->user;
my $list = sub { $t->as($u, GET => $u->{tasks}) };

my $r = $list->();
is_ok($r, 200, 'list: a new user\'s list');
is($r->{content}, '[]', 'list: is []');
my @task = map { $t->task($u, title => "t$_", tags => [ "n$_" ],
    due_date => '2026-02-0' . $_) } 1..5;
$r = $list->();
is_deeply($r->{json}, \@task, 'FR-008: the list is the tasks as created, oldest first');
$t->as($u, PUT => "$u->{tasks}/$task[0]{id}", { title => 'changed' });
is(join(' ', map { $_->{title} } @{$list->()->{json}}), 'changed t2 t3 t4 t5',
    'list: the order is by id, not by change');
$t->psql("UPDATE tasks SET title = 'by SQL' WHERE id = $task[1]{id}");
is($list->()->{json}[1]{title}, 'by SQL',
    'FR-008: the list comes from the database, not from memory');

# log out and in again
my $before = $list->()->{content};
$t->as($u, POST => '/api/auth/logout');
is_error($list->(), 401, undef, 'list: logged out');
my $login = sub { $u->{token} = $t->req(POST => '/api/auth/login', { json => {
    email => $u->{email}, password => $u->{password} } })->{json}{access_token} };
$login->();
is($list->()->{content}, $before, 'US3-2: after logout and login all tasks are back');
$t->restart_workers;
is($list->()->{content}, $before, 'SC-004: after a restart the list is complete');
is($t->as($u, GET => "$u->{tasks}/$task[2]{id}")->{json}{title}, 't3',
    'SC-004: and every task of it');
is_error($t->req(GET => $u->{tasks}), 401, 'Not authenticated', 'list: no token');

# every kind of text survives the encoder
my $odd = join '', map { chr } 0x20..0x7e, 0xe9, 0x20ac, 0x2028, 0x1f600;
$odd =~ s/^\s+|\s+$//g;
my $o = $t->task($u, title => $odd, description => "\\\"/\n\r\t",
    tags => [ '"', '\\', '{', '}', 'NULL', "a\x{2028}b" ]);
is($o->{title}, $odd, 'list: odd characters in a title');
is($o->{description}, "\\\"/\n\r\t", 'list: escapes in a description');
is_deeply($list->()->{json}[-1], $o, 'list: the same in the list');

# --- size -------------------------------------------------------------------
sub fill {
	my ($who, $n) = @_;
	$t->psql("INSERT INTO tasks (user_id, title, description, tags)
	    SELECT $who->{id}, 'task ' || i, repeat('d', 100), ARRAY['a', 'b']
	    FROM generate_series(1, $n) i");
}
for my $n (1000, 10000) {
	my $big = $t->user;
	my $kept = $t->user;
	fill($big, $n);
	$t->task($kept, title => 'small');
	my $r = $t->as($big, GET => $big->{tasks});
	is_ok($r, 200, "edge: 1000+ tasks: a list of $n answers");
	is(scalar @{$r->{json} || []}, $n, "edge: 1000+ tasks: all $n of them");
	my @ids = map { $_->{id} } @{$r->{json} || []};
	is("@ids[0..99]", join(' ', sort { $a <=> $b } @ids[0..99]),
	    'edge: 1000+ tasks: in order');
	is(grep({ $_->{user_id} != $big->{id} } @{$r->{json}}), 0,
	    'edge: 1000+ tasks: all the user\'s own');
	is($r->{json}[-1]{title}, "task $n", 'edge: 1000+ tasks: to the last');
	is(scalar @{$t->as($kept, GET => $kept->{tasks})->{json}}, 1,
	    'edge: 1000+ tasks: nobody else is touched');
	# Without the time that this program needs to read them.
	my $start = time;
	my $head = $t->as($big, HEAD => $big->{tasks});
	cmp_ok(time - $start, '<', 15, "edge: 1000+ tasks: $n in reasonable time");
	is("$head->{status} '$head->{content}'", "200 ''",
	    'edge: 1000+ tasks: HEAD without the body');
	is_ok($t->as($big, POST => $big->{tasks}, { title => 'one more' }), 201,
	    'edge: 1000+ tasks: one more can be added');
}

done_testing();
