# SPDX-License-Identifier: ISC
# Nobody sees, changes or guesses what is another's.
use Todo;

my $t = Todo->new;
my ($a, $b) = ($t->user, $t->user);
my @a = map { $t->task($a, title => "a$_") } 1..3;
my @b = map { $t->task($b, title => "b$_") } 1..2;

is(join(' ', map { $_->[0] } $t->psql("SELECT user_id FROM tasks
    WHERE title LIKE 'a%'")), join(' ', ($a->{id}) x 3),
    'US4-1: A\'s tasks carry A\'s user_id in the database');
is(join(' ', map { "$_->{title}:$_->{user_id}" }
    @{$t->as($a, GET => $a->{tasks})->{json}}), join(' ', map { "a$_:$a->{id}" }
    1..3), 'US4-2: A lists A\'s tasks only');
is(join(' ', map { $_->{title} } @{$t->as($b, GET => $b->{tasks})->{json}}),
    'b1 b2', 'US4-2: B lists B\'s tasks only');

my %put = (title => 'stolen');
my @calls = ([ GET => '' ], [ POST => '', \%put ], [ GET => "/$a[0]{id}" ],
    [ HEAD => "/$a[0]{id}" ], [ PUT => "/$a[0]{id}", \%put ],
    [ PATCH => "/$a[0]{id}/complete" ], [ DELETE => "/$a[0]{id}" ]);
# the path of A with B's token
for my $c (@calls) {
	my ($method, $tail, $json) = @$c;
	my $r = $t->as($b, $method => "$a->{tasks}$tail", $json);
	if ($method eq 'HEAD') {
		is("$r->{status} '$r->{content}'", "403 ''", 'US4-3: HEAD is 403');
		next;
	}
	is_error($r, 403, undef, "US4-3: B's token on A's path, $method $tail is 403");
	unlike($r->{content}, qr/a1|\Q$a->{email}\E|\Q$a->{username}\E/,
	    'US4-3: and tells nothing');
}
# A's task under B's own path: as if it did not exist
for my $c (@calls[2, 4, 5, 6]) {
	my ($method, $tail, $json) = @$c;
	my $other = $t->as($b, $method => "$b->{tasks}$tail", $json);
	(my $none = $tail) =~ s/\d+/987654321/;
	my $missing = $t->as($b, $method => "$b->{tasks}$none", $json);
	is_error($other, 404, 'Task not found',
	    "FR-011: A's task under B's path, $method is 404");
	is($other->{content}, $missing->{content},
	    'FR-011: the same as for a task that never was');
	is_error($t->as($b, $method => "$b->{tasks}$tail", $json,
	    headers => [ 'If-Match' => $_ ]), 404, 'Task not found',
	    "FR-011: If-Match $_ does not tell it either") for '*', '"x"';
}
is_deeply($t->as($a, GET => $a->{tasks})->{json}, \@a,
    'FR-011: A\'s tasks are untouched');

# the user in the path
for my $c (@calls) {
	my ($method, $tail, $json) = @$c;
	next if $method eq 'HEAD';
	is_error($t->as($b, $method => "/api/987654321/tasks$tail", $json), 403,
	    undef, "FR-012: a user who does not exist, $method $tail is 403, too");
	is_error($t->req($method => "$a->{tasks}$tail", { $json ? (json => $json)
	    : () }), 401, 'Not authenticated', "FR-012: no token, $method $tail");
}
is_error($t->as($b, GET => "/api/0$b->{id}/tasks"), 422, 'path.user_id',
    'FR-012: a leading zero is not the same id');
is_error($t->as($b, POST => $a->{tasks}, undef, body => '{"title":'), 403, undef,
    'FR-012: 403 comes before the body is looked at');
is_error($t->as($b, POST => $a->{tasks}, undef, body => 'x=1', headers =>
    [ 'Content-Type' => 'text/plain' ]), 403, undef,
    'FR-012: and before its type');
is_error($t->as($b, PUT => "$a->{tasks}/x", {}), 403, undef,
    'FR-012: and before the task id') ;
# what a body says about the owner counts for nothing
my $r = $t->as($b, POST => $b->{tasks}, { title => 'mine', user_id => $a->{id} });
is($r->{json}{user_id}, $b->{id}, 'US4-1: user_id in a body is ignored');
$r = $t->as($b, PUT => "$b->{tasks}/$b[0]{id}", { user_id => $a->{id}, title => 'm' });
is($r->{json}{user_id}, $b->{id}, 'US4-1: on PUT as well');
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $a->{id}"), 3,
    'SC-008: nothing moved between users');

# a token with another's claims beside its sub
my $mixed = $t->token(sub => "$b->{id}", email => $a->{email},
    username => $a->{username}, user_id => "$a->{id}");
is_error($t->req(GET => $a->{tasks}, { token => $mixed }), 403, undef,
    'US4-3: only sub says who it is');

# requests of both, mixed, through the same workers
my $bad = 0;
for (1..20) {
	for my $who ($a, $b) {
		my $j = $t->as($who, GET => $who->{tasks})->{json};
		$bad++ if grep { $_->{user_id} != $who->{id} } @$j;
	}
}
is($bad, 0, 'FR-011: forty mixed lists through the same workers, none of another');

done_testing();
