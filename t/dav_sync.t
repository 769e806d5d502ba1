# SPDX-License-Identifier: ISC
# CalDAV: sync-collection (RFC 6578): what is new since a token, and what has gone.
# ways: direct pooled
use Todo;
use Dav;
use POSIX ();

my $t = Todo->new;
my ($ann, $bob, $eve) = map { $t->user } 1..3;
app($t, $_) for $ann, $bob;
my $list = "/dav/$ann->{id}/tasks/";

sub put { my ($name, $text) = @_;
    return dav($t, $ann, PUT => "$list$name", $text // vtodo($name, "SUMMARY:$name"), headers => [ 'Content-Type' => 'text/calendar' ]) }
# A sync of these properties; the answer, with "found" and "token".
sub sync {
	my ($token, %o) = @_;
	my $more = $o{limit} ? "<limit><nresults>$o{limit}</nresults></limit>" : '';
	my $prop = $o{prop} // '<getetag/>';
	my $level = $o{level} // 1;
	my $who = $o{who} // $ann;
	my $r = dav($t, $who, REPORT => "/dav/$who->{id}/tasks/", "<sync-collection xmlns=\"DAV:\"><sync-token>$token</sync-token>"
	    . "<sync-level>$level</sync-level>$more<prop>$prop</prop></sync-collection>", exists $o{depth} ? (depth => $o{depth}) : ());
	$r->{found} = multistatus($r);
	($r->{token}) = map { text_of($_) } grep { ref eq 'ARRAY' && $_->[0] eq 'D:sync-token' } @{$r->{tree} // []};
	return $r;
}
# What is new, as "name" and what has gone, as "-name".
sub news {
	my $r = shift;
	return "$r->{status} " . text_of($r->{tree} // [ '', {} ]) if $r->{status} != 207;
	my $found = $r->{found};
	return join ' ', sort map { my $gone = ($found->{$_}{'D:status'} // '') eq 'HTTP/1.1 404 Not Found'; (my $name = $_) =~ s/^\Q$list\E//;
	    $gone ? "-$name" : $name } keys %$found;
}
my $refused = '403 <D:valid-sync-token/>';

# --- all, nothing, something ------------------------------------------------------------
my $r = sync('');
is(news($r), '', 'sync: nothing is there');
like($r->{token}, qr/^urn:x-neon-todo:[0-9a-f]+\z/, 'sync: the token is a URI');
my $empty = $r->{token};
is(multistatus(dav($t, $ann, PROPFIND => $list, prop_body('D:sync-token'), depth => 0))->{$list}{'D:sync-token'}, $empty,
    'sync: which the list has, too');
is(news(sync($empty)), '', 'sync: nothing since');
my $made = $t->task($ann, title => 'by the page');
put($_) for 'a.ics', 'b.ics', 'c%20d.ics';
$r = sync($empty);
my ($own) = map { s/^\Q$list\E//r } grep { m{/$made->{id}-[0-9a-f]+\.ics\z} } keys %{$r->{found}};
is(news($r), join(' ', sort $own, 'a.ics', 'b.ics', 'c%20d.ics'), 'sync: what is new since');
is($r->{found}{"${list}a.ics"}{'D:getetag'}, dav($t, $ann, GET => "${list}a.ics")->{headers}{etag}, 'sync: with its ETag');
my $token = $r->{token};
is(news(sync('')), news($r), 'sync: with the empty token it is all');
$r = sync($token);
is(news($r) . $r->{token}, $token, 'sync: nothing since, and the same token');
is_ok($t->as($ann, PUT => "$ann->{tasks}/$made->{id}", { title => 'changed' }), 200, 'sync: the page changes one');
is(news(sync($token)), $own, 'sync: that is told');
is(news(sync($token, depth => $_)), $own, "sync: with Depth $_") for 0, 1, 'infinity';
is(news(sync($token, level => 'infinite')), $own, 'sync: with the level infinite');
is(news(sync('', who => $bob)), '', 'sync: another user has nothing of it');

# --- what has gone ------------------------------------------------------------------------
$token = sync('')->{token};
is(dav($t, $ann, DELETE => "${list}a.ics")->{status}, 204, 'sync: a device deletes one');
is_ok($t->as($ann, DELETE => "$ann->{tasks}/$made->{id}"), 200, 'sync: the page another one');
my @more = map { $t->task($ann, title => "more $_")->{id} } 1..3;
my $before = sync($token)->{token};
my %ids = map { $_->{title} => $_->{id} } @{$t->as($ann, GET => $ann->{tasks})->{json}};
is_ok($t->as($ann, POST => "$ann->{tasks}/delete", { ids => [ @more[0, 1], $ids{'c%20d.ics'} ] }), 200, 'sync: the page several');
$r = sync($token);
my ($left) = map { s/^\Q$list\E//r } grep { m{/$more[2]-[0-9a-f]+\.ics\z} } keys %{$r->{found}};
my @short = sort map { s/^\Q$list\E//r } grep { m{/(?:$more[0]|$more[1])-[0-9a-f]+\.ics\z} } keys %{$r->{found}};
is(scalar @short, 2, 'sync: those that came and went are gone');
is(news($r), join(' ', sort $left, map { "-$_" } 'a.ics', $own, 'c%20d.ics', @short), 'sync: all that went, whoever did it');
is(news(sync($before)), join(' ', sort map { "-$_" } 'c%20d.ics', @short), 'sync: of later ones only those');
is(news(sync('')), join(' ', sort $left, 'b.ics'), 'sync: from the start on, nothing that went');
$token = sync('')->{token};
put('a.ics');
is(news(sync($before)) =~ /(?:^| )a\.ics(?: |$)/ && news(sync($before)) !~ /-a\.ics/, 1, 'sync: a name that came again is there');
is($t->psql("SELECT count(*) FROM deleted_tasks WHERE name = 'a.ics'"), 0, 'sync: and is not noted as gone');
dav($t, $ann, DELETE => "${list}a.ics");
is(news(sync($token)), '-a.ics', 'sync: until it goes again');
put('a.ics');
$t->as($ann, DELETE => "$ann->{tasks}/" . (grep { $_->{title} eq 'a.ics' } @{$t->as($ann, GET => $ann->{tasks})->{json}})[0]{id});
put('a.ics');
is(news(sync($token)), 'a.ics', 'sync: and comes');
is_ok($t->as($bob, POST => "$bob->{tasks}/delete", { ids => [ $ids{'b.ics'} ] }), 200, "sync: another user can't delete it");
is(news(sync(sync('')->{token})), '', 'sync: so nothing is told of that');
my $none = $t->task($eve);
$t->as($eve, DELETE => "$eve->{tasks}/$none->{id}");
is($t->psql("SELECT count(*) FROM deleted_tasks WHERE user_id = $eve->{id}"), 0, 'sync: who has no device notes nothing');

# --- limits, and texts -----------------------------------------------------------------------
$r = sync('', limit => 2);
is("$r->{status} " . text_of($r->{tree}), '507 <D:number-of-matches-within-limits/>', 'sync: more than the limit');
is(news(sync('', limit => 3)), join(' ', sort $left, 'a.ics', 'b.ics'), 'sync: as many');
dav($t, $ann, DELETE => "${list}b.ics");
is(sync($before, limit => 4)->{status}, 507, 'sync: deleted tasks count');
is(sync($before, limit => 5)->{status}, 207, 'sync: as many, with those that went') or diag(news(sync($before)));
is(sync(sync('')->{token}, limit => 1)->{status}, 207, 'sync: nothing new is within every limit');
is(sync('', limit => $_)->{status}, 400, "sync: a limit of $_") for '-1', 'x', '1.5';
$r = sync('', prop => '<getetag/><C:calendar-data xmlns:C="urn:ietf:params:xml:ns:caldav"/>');
is($r->{found}{"${list}a.ics"}{'C:calendar-data'}, vtodo('a.ics', 'SUMMARY:a.ics'), 'sync: texts, if they are asked for');

# --- tokens that say nothing ------------------------------------------------------------------
my $now = sync('')->{token};
my ($hex) = $now =~ /([0-9a-f]+)\z/;
is(news(sync($_)), $refused, "sync: the token $_") for 'x', 'urn:x-neon-todo:', 'urn:x-neon-todo:x', "urn:x-neon-todo:-$hex",
    "urn:x-neon-todo:${hex}f", 'urn:x-neon-todo:ffffffffffffffff', 'urn:x-neon-todo:fffffffffffffffffffff', "urn:x-neon-todo: $hex",
    "urn:x-neon-todo:0x$hex", 'http://radicale.org/ns/sync/1', sprintf('urn:x-neon-todo:%x', do { no warnings 'portable'; hex $hex } + 1), 'urn:x-neon-todo:1';
is(news(sync("\n $now \n")), '', 'sync: blanks around it');
my $since = sub { $t->psql("UPDATE users SET $_[0] WHERE id = $ann->{id}") };
$since->("dav_since = dav_since - interval '300 days'");
my $days = sub { sprintf 'urn:x-neon-todo:%x', scalar $t->psql("SELECT (extract(epoch FROM now() - interval '$_[0] days' - timestamptz '2000-01-01Z') * 1000000)::bigint") };
unlike(news(sync($days->(89))), qr/^403/, 'sync: a token of 89 days ago');
is(news(sync($days->(91))), $refused, 'sync: one of 91 days, as something changed since');
is(news(sync($days->(301))), $refused, 'sync: one from before the first device');
$since->("tasks_changed = now() - interval '100 days'");
$t->psql("UPDATE tasks SET updated_at = now() - interval '100 days', ical_at = now() - interval '100 days' WHERE user_id = $ann->{id}");
$token = sync('')->{token};
is(news(sync($token)), '', 'sync: one of 100 days, as nothing has changed since');
put('new.ics');
is(news(sync($token)), $refused, 'sync: until something does');
$since->('dav_since = now()');
is(news(sync($now)), $refused, 'sync: after a restore clients start over');
$r = sync('');
is(news(sync($r->{token})), '', 'sync: and go on');
put('newer.ics');
is(news(sync($r->{token})), 'newer.ics', 'sync: with the new task');
$since->("dav_since = now() + interval '1 hour'");
$token = sync('')->{token};
put('newest.ics');
is(news(sync($token)), 'newest.ics', 'sync: even if the clock was wrong');
$since->("dav_since = now() - interval '300 days', tasks_changed = clock_timestamp()");
$t->psql("UPDATE tasks SET updated_at = now() WHERE user_id = $ann->{id}");

# --- writers beside a reader that only syncs -----------------------------------------------------
# Two devices and the page write and delete for a while; whoever only follows has the same then.
my %have;
my $follow = sub {
	my $r = sync($_[0]);
	is($r->{status}, 207, 'sync: beside writers') if $r->{status} != 207;
	my $found = $r->{found};
	for (keys %$found) {
		exists $found->{$_}{'D:getetag'} ? ($have{$_} = $found->{$_}{'D:getetag'}) : delete $have{$_};
	}
	return $r->{token};
};
my $at = $follow->('');
my ($enough, $parent) = ("$t->{dir}/enough", $$);
my @pids = map { my $k = $_; my $pid = fork; if (!$pid) {
	srand $k;
	for (my $n = 0; !-e $enough && getppid == $parent; $n++) {
		my $name = 'w' . int(rand 8) . '.ics';
		if ($k == 2) {
			my $task = $t->task($ann, title => "page $n");
			$t->as($ann, PUT => "$ann->{tasks}/$task->{id}", { title => "page $n again" });
			my @all = map { $_->{id} } @{$t->as($ann, GET => $ann->{tasks})->{json}};
			$t->as($ann, POST => "$ann->{tasks}/delete", { ids => [ (grep { rand() < .1 } @all), $all[0] ] });
		} elsif (rand() < .3) {
			dav($t, $ann, DELETE => "$list$name");
		} else {
			put($name, vtodo($name, "SUMMARY:$name by $k, $n"));
		}
	}
	POSIX::_exit(0) } $pid } 0..2;
my ($syncs, $end) = (0, time + 5);
while (time < $end || $syncs < 20) {
	$at = $follow->($at);
	$syncs++;
}
Todo::spew($enough, '');
waitpid $_, 0 for @pids;
$follow->($at);
my $all = sync('')->{found};
is_deeply(\%have, { map { $_ => $all->{$_}{'D:getetag'} } keys %$all }, "sync: who only follows has all, after $syncs times");
is($t->psql("SELECT count(*) FROM deleted_tasks d JOIN tasks t USING (user_id, name)"), 0, 'sync: nothing is there and gone');

# --- many ---------------------------------------------------------------------------------------
my $many = $t->user;
app($t, $many);
$t->psql("INSERT INTO tasks (user_id, title, name, uid, ical, ical_at, created_at, updated_at)
    SELECT $many->{id}, 'task ' || i, i || '.ics', i || '\@x', 'BEGIN:VCALENDAR' || chr(13) || chr(10) || repeat('x', 1000), at, at, at
    FROM generate_series(1, 10000) i, (SELECT tasks_changed AS at FROM users WHERE id = $many->{id}) u");
my $size = sub { my $max = 0; for ($t->worker_pids) { my ($kib) = Todo::slurp("/proc/$_/status") =~ /^$_[0]:\s+(\d+)/m; $max = $kib if $kib > $max } $max };
my ($most, $small) = map { $size->($_) } qw(VmHWM RssAnon);
$r = dav($t, $many, REPORT => "/dav/$many->{id}/tasks/", '<sync-collection xmlns="DAV:"><sync-token/><sync-level>1</sync-level><prop>'
    . '<getetag/><C:calendar-data xmlns:C="urn:ietf:params:xml:ns:caldav"/></prop></sync-collection>');
my $found = () = $r->{content} =~ m{<D:response>}g;
is("$r->{status} $found", '207 10000', 'sync: 10,000 tasks');
like($r->{content}, qr{</D:multistatus>\s*\z}, 'sync: all of the answer');
cmp_ok(length $r->{content}, '>', 10_000_000, 'sync: with their texts');
# What a slow reader has not taken yet is held for it, within a limit.
cmp_ok($size->('VmHWM') - $most, '<', 40 * 1024, 'sync: a worker holds no more of it than of any answer');
cmp_ok($size->('RssAnon') - $small, '<', 2048, 'sync: and nothing after it')
    unless $ENV{TODO_SANITIZERS};	# they keep what was freed

done_testing();
