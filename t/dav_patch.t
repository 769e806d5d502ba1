# SPDX-License-Identifier: ISC
# PROPPATCH: what clients keep with us, all of it or nothing, within its limit.
# ways: direct (pooled)
use Todo;
use Dav;

my $t = Todo->new;
my ($u, $other) = map { $t->user } 1..2;
app($t, $_) for $u, $other;
my ($home, $list) = ("/dav/$u->{id}/", "/dav/$u->{id}/tasks/");
my $apple = 'xmlns:A="http://apple.com/ns/ical/"';
sub body { return "<D:propertyupdate xmlns:D=\"DAV:\" $apple>" . join('', @_) . '</D:propertyupdate>' }
sub set { return '<D:set><D:prop>' . join('', @_) . '</D:prop></D:set>' }
sub unset { return '<D:remove><D:prop>' . join('', @_) . '</D:prop></D:remove>' }
sub patch {
	my ($path, $body, %o) = @_;
	my $r = dav($t, $u, PROPPATCH => $path, body($body), %o);
	return $r->{status} if $r->{status} != 207;
	my ($found, @hrefs) = multistatus($r);
	return "@hrefs: " . join ' ', map { "$_=" . (length $found->{$hrefs[0]}{$_} ? $found->{$hrefs[0]}{$_} : 'ok') } sort keys %{$found->{$hrefs[0]}};
}
sub get { my ($path, @props) = @_;
    my $r = dav($t, $u, PROPFIND => $path, prop_body(@props), depth => 0);
    my ($found, $href) = multistatus($r);
    return $found->{$href} }
sub stored { return scalar $t->psql("SELECT coalesce(dav_props::text, 'none') FROM users WHERE id = $u->{id}") }

# --- set, replaced, removed ---------------------------------------------------------
my $color = '<A:calendar-color symbolic-color="red">#FF2968FF</A:calendar-color>';
is(patch($list, set($color)), "$list: A:calendar-color=ok", 'patch: a color');
is(get($list, 'A:calendar-color')->{'A:calendar-color'}, '#FF2968FF', 'patch: it is kept');
my $r = dav($t, $u, PROPFIND => $list, prop_body('A:calendar-color'), depth => 0);
like($r->{content}, qr/symbolic-color="red"/, 'patch: with its attributes');
is(get($home, 'A:calendar-color')->{'A:calendar-color'}, 404, 'patch: the home has none');
is(patch($home, set('<A:calendar-color>home</A:calendar-color>', '<x/>')), "$home: A:calendar-color=ok x=ok", 'patch: of the home');
is(get($home, 'A:calendar-color')->{'A:calendar-color'}, 'home', 'patch: is another');
is(get($list, 'A:calendar-color')->{'A:calendar-color'}, '#FF2968FF', 'patch: than that of the list');
is(patch(substr($list, 0, -1), set('<D:displayname>My &lt;tasks&gt; &amp; &#13;more</D:displayname>')), "$list: D:displayname=ok", 'patch: a name');
is(get($list, 'D:displayname')->{'D:displayname'}, "My <tasks> & \rmore", 'patch: is the name');
is(patch($list, set('<D:displayname>One</D:displayname>') . unset('<D:displayname/>')), "$list: D:displayname=ok", 'patch: set and removed');
is(get($list, 'D:displayname')->{'D:displayname'}, 'Tasks', 'patch: it has its old value');
is(patch($list, unset('<D:displayname/>', '<A:nothing/>') . set('<D:displayname>Two</D:displayname>')),
    "$list: A:nothing=ok D:displayname=ok", 'patch: removed and set, and one that is not there');
is(get($list, 'D:displayname')->{'D:displayname'}, 'Two', 'patch: the last one counts');
my $odd = '<y xmlns="urn:a&amp;&quot;b" xmlns:z="urn:z" z:k="1&#9;2&#10;3&quot;" l="&lt;">a<z:b/><c xmlns=""><![CDATA[<&>]]></c>'
    . "\x{e9}\x{1f600}</y>";
utf8::encode($odd);
my $lang = 'xml:lang="de"';
$r = dav($t, $u, PROPPATCH => $list, "<propertyupdate xmlns=\"DAV:\" $lang><set><prop>$odd</prop></set>"
    . '<set xml:lang="fr"><prop><n xmlns=""/><m xmlns="" xml:lang="en"/></prop></set></propertyupdate>');
is($r->{status}, 207, 'patch: an odd one');
$r = dav($t, $u, PROPFIND => $list, undef, depth => 0);
my ($prop) = grep { ref eq 'ARRAY' && $_->[0] eq '{urn:a&"b}:y' } map { @$_ } grep { ref eq 'ARRAY' && $_->[0] eq 'D:prop' }
    map { @$_ } grep { ref eq 'ARRAY' } map { @$_ } grep { ref eq 'ARRAY' } @{$r->{tree}};
is_deeply($prop && $prop->[1], { 'urn:z k' => "1\t2\n3\"", l => '<', 'http://www.w3.org/XML/1998/namespace lang' => 'de' },
    'patch: its attributes, and the language from around it');
is(text_of($prop // [ '', {} ]), "a<{urn:z}:b/><c><&></c>\x{e9}\x{1f600}", 'patch: and all that is in it');
like($r->{content}, qr/<n xml:lang="fr"/, 'patch: the nearest language');
like($r->{content}, qr/<m xml:lang="en"/, 'patch: or its own');
is(patch($list, '<A:more><A:b/></A:more>' . '<D:set><A:more>text<D:prop><A:c/></D:prop></A:more><D:prop><A:d>d</A:d></D:prop></D:set><A:more/>'),
    "$list: A:d=ok", 'patch: elements that nobody knows are passed over');
is(get($list, 'A:d')->{'A:d'}, 'd', 'patch: the others are not');
is(patch($list, unset('<A:d/>')), "$list: A:d=ok", 'patch: removed');
is(patch($list, set('<xml:a xml:lang="en"><xml:b/></xml:a>')), "$list: {http://www.w3.org/XML/1998/namespace}:a=ok", 'patch: of the namespace of xml:lang');
$r = dav($t, $u, PROPFIND => $list, undef, depth => 0);
like($r->{content}, qr{<xml:a xml:lang="en"><xml:b></xml:b></xml:a>}, 'patch: which has one prefix');
ok($r->{tree}, 'patch: and the answer is still XML');
$r = dav($t, $u, PROPFIND => $home, '<propfind xmlns="DAV:"><prop><xml:a/></prop></propfind>', depth => 0);
ok($r->{tree}, 'patch: also if there is none of that name');

# --- what is ours ---------------------------------------------------------------------
my $before = stored();
for ([ $list, '<D:getetag/>' ], [ $list, '<D:resourcetype/>' ], [ $list, '<S:getctag xmlns:S="http://calendarserver.org/ns/"/>' ],
    [ $home, '<D:displayname>x</D:displayname>' ], [ $home, '<D:sync-token/>' ]) {
	my ($path, $live) = @$_;
	my ($name) = $live =~ /^<(\S+?)[> \/]/;
	is(patch($path, set('<A:calendar-color>new</A:calendar-color>', $live) . unset('<A:b/>')),
	    "$path: " . join(' ', sort "$name=403", 'A:calendar-color=424', 'A:b=424'), "patch: $name of $path can't be changed");
	is(patch($path, unset($live)), "$path: $name=403", 'patch: nor removed');
}
$r = dav($t, $u, PROPPATCH => $list, body(set('<D:getetag/>')));
like($r->{content}, qr{<D:error><D:cannot-modify-protected-property/></D:error>}, 'patch: it says why');
my $task = $t->task($u);
my $name = $t->psql("SELECT id || '-' || to_hex((extract(epoch FROM created_at - '2000-01-01Z') * 1000000)::bigint) || '.ics' FROM tasks");
is(patch($list . $name, set('<A:x/>', '<D:displayname/>')), "$list$name: A:x=403 D:displayname=403", 'patch: nothing of a task');
is(patch("${list}none", set('<A:x/>')), 404, 'patch: of none');
is(stored(), $before, 'patch: nothing was done');
my $own = $u->{app};
$u->{app} = { password => '00000-00000-00000-00000' };
is(patch($_, set('<A:x/>')), 401, "patch: $_ with a wrong password") for $home, $list, "$list$name";
is(patch($list, set('<D:getetag/>')), 401, 'patch: also if nothing is to be done');
$u->{app} = $own;
is(patch("/dav/$other->{id}/$_", set('<A:x/>')), 403, "patch: another's /$_") for '', 'tasks/', 'tasks/x';
is(patch('/dav/987654321/tasks/', set('<A:x/>')), 403, 'patch: of nobody');
is($t->psql("SELECT count(*) FROM users WHERE dav_props IS NOT NULL"), 1, 'patch: and nothing of theirs');
is(patch($list, set('<A:x/>'), headers => [ If => '(<urn:x>)' ]), 412, 'patch: If names no lock');
is(patch('/dav/', set('<A:x/>')), 405, 'patch: not of the context');
is(dav($t, $u, PROPPATCH => $list, $_->[1])->{status}, 400, "patch: $_->[0]") for [ 'no body' => undef ],
    [ 'no XML' => 'x' ], [ 'another root' => '<propfind xmlns="DAV:"/>' ], [ 'nothing' => body() ],
    [ 'something else' => body('<D:x/>') ], [ 'no prop' => body('<D:set><A:x/></D:set>') ], [ 'a DOCTYPE' => '<!DOCTYPE x>' . body(set('<A:x/>')) ];
is(patch($list, $_), "$list: ", 'patch: a prop without any') for set(), unset(), set() . set();
is(patch($list, set() . set('<A:x/>') . unset('<A:x/>')), "$list: A:x=ok", 'patch: beside others');
is(patch($list, set(map { "<A:x$_/>" } 1..101)), 413, 'patch: 101 properties');
is(stored(), $before, 'patch: nothing was done');

# --- how much ---------------------------------------------------------------------------
$t->psql("UPDATE users SET dav_props = NULL");
like(patch($list, set(map { "<A:x$_>" . 'x' x 60 . "</A:x$_>" } 1..80)), qr/=ok\z/, 'patch: eighty short ones');
like(patch($list, set('<A:y>' . 'y' x 8_000 . '</A:y>')), qr/=507\z/, 'patch: 16 KiB in all');
like(patch($list, unset(map { "<A:x$_/>" } 1..80) . set('<A:y>' . 'y' x 8_000 . '</A:y>')), qr/ok A:y=ok\z/, 'patch: one in their place');
like(patch($list, set('<A:z>' . 'z' x 20_000 . '</A:z>')), qr/=507\z/, 'patch: one that is too long by itself');
like(patch($list, set('<A:y>' . 'y' x 16_000 . '</A:y>')), qr/=ok\z/, 'patch: nearly all of it');
like(patch($home, set('<A:y>' . 'y' x 400 . '</A:y>')), qr/=507\z/, 'patch: of home and list together');
is(length get($list, 'A:y')->{'A:y'}, 16_000, 'patch: it stays');
like(patch($list, set('<A:y>' . '&quot;\\' x 8_000 . '</A:y>')), qr/=ok\z/, 'patch: of any characters');
is(get($list, 'A:y')->{'A:y'}, '"\\' x 8_000, 'patch: as they were');
is(patch($list, unset('<A:y/>')), "$list: A:y=ok", 'patch: removed');
is(stored(), '{}', 'patch: nothing is left');

# --- once, and at once -------------------------------------------------------------------
my @key = (headers => [ 'Idempotency-Key' => 'k' ]);
is(patch($list, set('<A:x>1</A:x>'), @key), "$list: A:x=ok", 'patch: with a key');
is(patch($list, set('<A:x>2</A:x>')), "$list: A:x=ok", 'patch: then another');
is(patch($list, set('<A:x>1</A:x>'), @key), "$list: A:x=ok", 'patch: with that key again');
is(get($list, 'A:x')->{'A:x'}, '2', 'patch: it was made once');
is(patch($list, set('<A:x>3</A:x>'), @key), 422, 'patch: the key of another request');
is(patch($home, set('<A:x>1</A:x>'), @key), 422, 'patch: or of the same one elsewhere');
my $basic = MIME::Base64::encode_base64("$u->{email}:$u->{app}{password}", '');
my @later = map { $t->later($u, PROPPATCH => $list, undef, token => undef, body => body(set("<A:p$_>v</A:p$_>")),
    headers => [ Authorization => "Basic $basic" ]) } 1..6;
like($_->(), qr/^207 .* 200 OK/s, 'patch: at once') for @later;
is_deeply(get($list, map { "A:p$_" } 1..6), { map { ("A:p$_" => 'v') } 1..6 }, 'patch: none is lost');
my $changed = sub { $t->psql("SELECT tasks_changed FROM users WHERE id = $u->{id}") };
my $version = $changed->();
patch($list, set('<A:x/>'));
is($changed->(), $version, 'patch: the tasks are of the same version');

done_testing();
