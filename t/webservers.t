# SPDX-License-Identifier: ISC
# Every web server with its shipped files, at the root and below a prefix, over
# both ways into the database: a whole life of an account and its tasks, and
# what a web server may get wrong.
# sanitizers: no
# long: 75
use Todo;
use Dav;
use File::Copy qw(copy);

my @common = qw(headers setenvif unique_id reqtimeout deflate);

# What stands in the VirtualHost for a way.
sub apache {
	my ($file, @modules) = @_;
	return sub {
		my $t = shift;
		my $d = $t->{dir};
		my $env = $t->write_env("$d/todo.env");
		$t->start_apache([ @common, @modules ], <<"CONF");
Define NEON_TODO_MOUNT $t->{mount}/
Define NEON_TODO_FCGI $t->{bin}
Define NEON_TODO_ENV $env
Define NEON_TODO_RUN $d
SetOutputFilter DEFLATE
Include neon-todo/$file
CustomLog $d/access.log "%m %U %s" env=!neon_todo_feed
CONF
	};
}

# A directory in a web space: the owner has it and .htaccess, and nothing else.
sub shared {
	my ($suexec, @modules) = @_;
	return sub {
		my $t = shift;
		my $d = $t->{dir};
		my $root = $suexec ? $t->{webspace} = File::Temp::tempdir('todo-XXXXXX',
		    DIR => '/var/www', CLEANUP => 1) : "$d/htdocs";
		mkdir $root;
		mkdir "$root$t->{mount}" if $t->{mount};
		my $home = "$root$t->{mount}";
		if (-d "$Todo::BUILD/shared-hosting") {
			system('cp', '-a', "$Todo::BUILD/shared-hosting/.", "$home/");
		} else {
			copy($_->[0], "$home/$_->[1]") or die "$_->[0]: $!" for
			    [ $t->{bin}, 'todo.fcgi' ],
			    [ "$Todo::SRC/etc/shared-hosting/.htaccess", '.htaccess' ];
			system('cp', '-R', $Todo::PAGE, "$home/www");
			system('chmod', '-R', 'a+rX', "$home/www");
		}
		chmod 0755, $root, $home, "$home/todo.fcgi";
		chmod 0755, "$home/lib" if -d "$home/lib";
		my @owner = $Todo::ROOT ? (getpwnam($suexec ? 'nobody' : 'www-data'))[2, 3]
		    : ($>, $) + 0);
		$t->write_env("$home/.env", @owner);
		Todo::spew("$home/$_", 'the source of something') for
		    '.env.bak', 'notes.txt';
		chown @owner, $_ for $root, $home, glob "$home/{.htaccess,todo.fcgi,.env*,*.txt}";
		my $as = $suexec ? "SuexecUserGroup nobody nogroup\n" : '';
		$t->{files} = 1;
		$t->start_apache([ qw(dir headers setenvif rewrite deflate), @modules ], <<"CONF", root => $root, suexec => $suexec);
SetOutputFilter DEFLATE
$as<Directory $root>
	AllowOverride FileInfo AuthConfig Limit Options=ExecCGI
	Require all granted
</Directory>
CONF
	};
}

my $suexec = $Todo::ROOT && -u '/usr/lib/apache2/suexec' && -d '/var/www'
    && Todo::slurp('/etc/apache2/suexec/www-data') =~ m{\A(/var/www\n|\z)};
my @table = (
    # server, way, workers of our own, start
    [ 'nginx', 'fastcgi', 1, sub {
	my $t = shift;
	$t->start_nginx("set \$neon_todo_prefix '$t->{mount}';");
    } ],
    [ 'Apache', 'proxy_fcgi', 1, apache('proxy-fcgi.conf', qw(alias proxy proxy_fcgi)) ],
    [ 'Apache', 'fcgid', 0, apache('fcgid.conf', qw(alias fcgid rewrite)) ],
    [ 'Apache', 'cgid', 0, apache('cgi.conf', qw(alias env cgid rewrite)) ],
    [ 'shared host', 'fcgid', 0, shared(0, 'fcgid') ],
    [ 'shared host', 'cgid', 0, shared(0, 'cgid') ],
    $suexec ? ([ 'shared host', 'fcgid, suexec', 0, shared(1, qw(suexec fcgid)) ],
    [ 'shared host', 'cgid, suexec', 0, shared(1, qw(suexec cgid)) ]) : (),
    [ 'lighttpd', 'fastcgi', 1, sub { $_[0]->start_lighttpd($_[0]{mount}) } ],
    [ 'Caddy', 'fastcgi', 1, sub { $_[0]->start_caddy($_[0]{mount}) } ],
);
@table = grep { "$_->[0] $_->[1]" =~ /$ENV{TODO_WEB}/i } @table if $ENV{TODO_WEB};
my (%matrix, @rows);

# A whole life: true if all of it went well.
sub life {
	my ($t, $n) = @_;
	my %who = (username => "user_$$", email => "u$$\@example.org", password => "pw-$$-long");
	my $r = $t->req(POST => '/api/auth/register', { json => \%who });
	is_ok($r, 201, "$n: sign-up");
	$r = $t->req(POST => '/api/auth/login', { json => { %who{qw(email password)} } });
	is_ok($r, 200, "$n: login");
	my $u = { %who, token => $r->{json}{access_token}, id => $r->{json}{user_id} };
	$t->secret($u->{token});
	$u->{tasks} = "/api/$u->{id}/tasks";
	$r = $t->as($u, GET => '/api/auth/me');
	is_ok($r, 200, "$n: the Authorization header arrives");
	like($t->req(GET => '/api/auth/me', { headers => [ map { (Authorization =>
	    "Bearer $u->{token}") } 1, 2 ] })->{status}, qr/^40[01]\z/, "$n: twice is refused");
	is_error($t->as($u, POST => $u->{tasks}, { title => 'x' }, headers => [ map {
	    ('Idempotency-Key' => $_) } 'a', 'a' ]), 422, 'header.idempotency-key',
	    "$n: so are two keys, joined or not");
	$r = $t->as($u, POST => $u->{tasks}, { title => "caf\x{e9} & co", tags => [ 'a' ] });
	is_ok($r, 201, "$n: create");
	my $one = "$u->{tasks}/$r->{json}{id}";
	is($r->{headers}{location}, "$t->{mount}$one", "$n: Location");
	my $etag = $r->{headers}{etag} // '';
	like($etag, qr/^"[^"]+"\z/, "$n: a strong ETag");
	$r = $t->as($u, GET => $u->{tasks});
	is_ok($r, 200, "$n: list");
	is($r->{json}[0]{title}, "caf\x{e9} & co", "$n: with the task");
	$r = $t->as($u, GET => $one);
	is_ok($r, 200, "$n: get");
	is($t->as($u, GET => $one, undef, headers => [ 'If-None-Match' => $etag ])->{status},
	    304, "$n: If-None-Match");
	$r = $t->as($u, PUT => $one, { title => 'new' }, headers => [ 'If-Match' => $etag ]);
	is_ok($r, 200, "$n: update, If-Match");
	is_error($t->as($u, PUT => $one, { title => 'old' }, headers => [ 'If-Match' => $etag ]),
	    412, undef, "$n: If-Match of an old version");
	$r = $t->as($u, PATCH => "$one/complete");
	is_ok($r, 200, "$n: complete");
	is($r->{json}{completed}, T, "$n: it is");
	$r = $t->as($u, PATCH => "$one/complete", undef, headers =>
	    [ 'Content-Type' => 'application/json', 'Transfer-Encoding' => 'chunked' ],
	    body => "13\r\n{\"completed\":false}\r\n0\r\n\r\n");
	is_ok($r, 200, "$n: a chunked body");
	is($r->{json}{completed}, F, "$n: is read");
	# Where there is a log it shall have no secret: finish() looks.
	$r = $t->as($u, POST => "/api/$u->{id}/feed", undef, body => '', no_type => 1);
	is_ok($r, 200, "$n: a calendar's address");
	my $url = $r->{json}{url} // '';
	like($url, qr{\A\Q$t->{mount}\E(?:/todo\.fcgi)?/api/feed/([\w-]{43})\.ics\z}, "$n: with the prefix");
	$t->secret($url =~ m{([\w-]{43})\.ics\z});
	$r = $t->req(GET => $url, { bare => 1 });
	is("$r->{status} $r->{headers}{'content-type'}", '200 text/calendar; charset=utf-8',
	    "$n: leads to it");
	ok(Todo::wait_for(sub { Todo::slurp("$t->{dir}/access.log") =~ m{/complete} }, 'the log'),
	    "$n: other requests are logged") if -e "$t->{dir}/access.log";
	# More than there are workers, of which mod_fcgid's serve one at a time.
	my @later = map { $t->later($u, POST => $u->{tasks}, { title => "at once $_" }) } 1..12;
	is(join(' ', map { $_->() =~ /^(\d+)/ } @later), join(' ', (201) x 12), "$n: twelve at once");
	is(scalar(grep { $_->{title} =~ /^at once/ } @{$t->as($u, GET => $u->{tasks})->{json}}), 12,
	    "$n: are twelve tasks");
	return ($u, $one);
}

sub pitfalls {
	my ($t, $n, $u, $one) = @_;
	my %browser = (Origin => 'https://app.test');
	my $r = $t->as($u, HEAD => $one);
	is("$r->{status} '$r->{content}'", "200 ''", "$n: HEAD");
	# Hosting panels have Apache compress everything, which changes tags.
	my @gzip = ('Accept-Encoding' => 'gzip');
	$r = $t->as($u, GET => $one, undef, headers => [ @gzip ]);
	is($r->{headers}{'content-encoding'}, 'gzip', "$n: compressed as the panel says")
	    if $n =~ /Apache|shared/;
	my $tag = $r->{headers}{etag} // '';
	is($t->as($u, GET => $one, undef, headers => [ @gzip, 'If-None-Match' => $tag ])->{status}, 304,
	    "$n: If-None-Match of a compressed answer");
	is($t->as($u, PUT => $one, { title => 'zipped' }, headers => [ @gzip, 'If-Match' => $tag ])->{status},
	    200, "$n: If-Match of it");
	$r = $t->req(OPTIONS => $u->{tasks}, { headers => [ %browser,
	    'Access-Control-Request-Method' => 'PATCH' ] });
	is($r->{status}, 204, "$n: OPTIONS");
	is($r->{headers}{'access-control-allow-origin'}, 'https://app.test', "$n: a preflight");
	is($r->{headers}{allow}, 'GET, HEAD, POST, OPTIONS', "$n: Allow");
	is_error($r = $t->as($u, PUT => $u->{tasks}, {}), 405, undef, "$n: PUT of a list is 405");
	is($r->{headers}{allow}, 'GET, HEAD, POST, OPTIONS', "$n: 405 has Allow");
	# Elsewhere the page is there.
	is_error($t->req(GET => $_), 404, undef, "$n: $_ is 404 in JSON")
	    for $n =~ /^(?:nginx|Apache|shared)/ ? () : '/', '/nothing/here', '/api', "$u->{tasks}/", '/index.html', '/todo.fcgi';
	is_error($t->req(GET => $u->{tasks}), 401, 'Not authenticated', "$n: no token");

	# the mount is a whole name
	like($t->req(GET => $_, { token => $u->{token}, bare => 1 })->{status}, qr/^40[34]\z/,
	    "$n: $_ is not below the mount") for $t->{mount} ? ("$t->{mount}list$u->{tasks}",
	    $u->{tasks}) : ();
	if ($t->{mount} && $n =~ /^(?:nginx|Apache|shared)/) {
		$r = $t->req(GET => $t->{mount}, { bare => 1 });
		like($r->{status}, qr/^30[18]\z/, "$n: without its slash");
		like($r->{headers}{location}, qr{^(?:http://[^/]+)?\Q$t->{mount}\E/\z}, "$n: it leads to the page");
	}
	is_ok($t->as($u, GET => "/todo.fcgi$one"), 200, "$n: by the script's name")
	    if $t->{files};

	# escapes
	(my $id = $one) =~ s{.*/}{};
	my $hex = join '', map { sprintf '%%%02X', ord } split //, $id;
	is_ok($t->as($u, GET => "$u->{tasks}/$hex"), 200, "$n: a percent-encoded id");
	(my $twice = $hex) =~ s/%/%25/g;
	is_error($t->as($u, GET => "$u->{tasks}/$twice"), 422, 'path.task_id',
	    "$n: encoded twice is no id");
	is_error($t->as($u, GET => "$u->{tasks}/$id%3Fx"), 422, 'path.task_id',
	    "$n: an encoded question mark begins no query") unless $t->{files};
	is($t->as($u, GET => "$u->{tasks}/$id%3Fx")->{status} =~ /^(422|403)\z/, 1,
	    "$n: an encoded question mark begins no query") if $t->{files};
	is_ok($t->as($u, GET => "$one?x=%2F..&y"), 200, "$n: a query");
	$r = $t->as($u, GET => "/api/$u->{id}%2Ftasks");
	# .htaccess can't allow them, and what it says is not asked.
	like($r->{status}, $t->{files} ? qr/^(200|404)\z/ : qr/^200\z/, "$n: an encoded slash");

	# bodies
	my $large = { title => 'x', description => 'x' x 70_000 };
	is_error($t->as($u, POST => $u->{tasks}, $large), 413, undef, "$n: 70 KB is 413 in JSON");
	$r = $t->as($u, POST => $u->{tasks}, undef, body => 'x' x 2_000_000,
	    headers => [ %browser ]);
	is_error($r, 413, undef, "$n: 2 MB is 413 in JSON");
	my $fits = '{"title":"x"}';
	is_ok($t->as($u, POST => $u->{tasks}, undef, body => $fits . ' ' x (65536 - length $fits)),
	    201, "$n: 64 KiB are not too much");
	my $batch = '{"tasks":[{"title":"x"}]}';
	my $most = $n =~ /shared host fcgid/ ? 131072 : 1048576;	# the former is mod_fcgid's own
	is_ok($t->as($u, POST => "$u->{tasks}/batch", undef, body => $batch . ' ' x ($most - length $batch)),
	    201, "$n: nor is 1 MiB of many tasks");
	is_error($t->as($u, POST => "$u->{tasks}/batch", undef, body => $batch . ' ' x ($most + 1 - length $batch)),
	    413, undef, "$n: which is the limit");

	# queries
	my @two = map { $t->as($u, POST => $u->{tasks}, { title => "\x{e9} & \x{e9}" })->{json}{id} } 1..2;
	$r = $t->as($u, GET => "$u->{tasks}?q=%C3%89%20%26+%C3%A9&sort=-created&limit=1");
	is(join(' ', map { $_->{id} } @{$r->{json}}), $two[1], "$n: a view of the list");
	my ($next) = ($r->{headers}{link} // '') =~ m{^<\Q$t->{mount}\E(/api/[^>]+)>; rel="next"\z};
	$r = $t->as($u, GET => $next // '/x');
	is(ref $r->{json} eq 'ARRAY' && join(' ', map { $_->{id} } @{$r->{json}}), $two[0],
	    "$n: and the Link to the next page");
	is_error($t->as($u, GET => "$u->{tasks}?q=&limit=x"), 422, 'query.limit query.q', "$n: bad parameters");

	# what every answer has
	for ([ 200, $t->as($u, GET => $one) ], [ 404, $t->req(GET => '/x') ]) {
		my ($status, $r) = @$_;
		is($r->{headers}{'x-content-type-options'}, 'nosniff', "$n: $status, nosniff");
		is($r->{headers}{'x-frame-options'}, 'DENY', "$n: $status, no frames");
		ok($r->{headers}{'content-security-policy'}, "$n: $status, a content policy");
		unlike($r->{headers}{server} // '', qr/\d/, "$n: $status, no version")
		    unless $n =~ /lighttpd/;
		is(scalar(grep { lc $_->[0] eq 'cache-control' } @{$r->{list}}), 1,
		    "$n: $status, one Cache-Control");
	}
	if ($n =~ /Apache|Caddy/) {
		$r = $t->req(GET => '/x');
		ok($r->{headers}{'x-request-id'}, "$n: a request id");
		$r = $t->req(GET => '/x', { headers => [ 'X-Request-Id' => 'my-own.id' ] });
		is($r->{headers}{'x-request-id'}, 'my-own.id', "$n: or the client's");
	}

	# files
	for my $f ('/.env', '/.env.bak', '/.htaccess', '/todo.fcgi', '/notes.txt', '/lib/libpq.so.5', '/lib/libpq.so.5',
	    '/%2eenv', '/x/../.env', '/.//.env', '/todo.fcgi/.env', '/.env/', '/.env/api') {
		$r = $t->req(GET => $f, { token => $u->{token} });
		like($r->{status}, qr/^40[034]\z/, "$n: $f is not served");
		unlike($r->{content}, qr/SECRET_KEY|postgres|ELF|Rewrite|source of/,
		    "$n: nor anything of it");
	}
}

# CalDAV: the methods arrive, with password, Depth and body; what is told has the prefix; names
# are those that were meant; long bodies are taken there alone.
sub caldav {
	my ($t, $n, $u) = @_;
	my $m = $t->{mount};
	my $r = $t->req(POST => "/api/$u->{id}/app-passwords", { token => $u->{token}, json => { name => 'phone' } });
	is_ok($r, 201, "$n: an app password");
	$u->{app} = $r->{json};
	$t->secret($r->{json}{password});
	my ($home, $list) = map { "/dav/$u->{id}/$_" } '', 'tasks/';
	for my $method (qw(GET PROPFIND)) {
		$r = $t->req($method => '/.well-known/caldav');
		is($r->{status}, 301, "$n: $method of the well-known address");
		like($r->{headers}{location}, qr{^(?:http://[^/]+)?\Q$m\E/dav/\z}, "$n: leads to CalDAV");
	}
	for my $path ('/', '/dav/', $n =~ /cgid/ ? () : ('/dav', $home, $list)) {
		$r = $t->req(OPTIONS => $path);
		is("$r->{status} " . ($r->{headers}{dav} // '') . " '$r->{content}'", "200 1, 3, calendar-access ''", "$n: OPTIONS $path");
		$r = $t->req(PROPFIND => $path, { headers => [ Depth => 0 ] });
		is("$r->{status} " . ($r->{headers}{'www-authenticate'} // ''), '401 Basic realm="neon-todo", charset="UTF-8"',
		    "$n: PROPFIND $path, without a password");
		my ($found, $href) = multistatus(dav($t, $u, PROPFIND => $path, prop_body('D:current-user-principal'), depth => 0));
		is($href, $m . ($path eq '/dav' ? '/dav/' : $path), "$n: PROPFIND $path");
		is($found->{$href // ''}{'D:current-user-principal'}, "<D:href>$m$home</D:href>", "$n: who one is");
	}
	is(scalar keys %{multistatus(dav($t, $u, PROPFIND => $home, undef, depth => 1))}, 2, "$n: Depth");
	my $color = '<x:calendar-color xmlns:x="http://apple.com/ns/ical/">#fff</x:calendar-color>';
	$r = dav($t, $u, PROPPATCH => $list, "<propertyupdate xmlns=\"DAV:\"><set><prop>$color</prop></set></propertyupdate>");
	is($r->{status}, 207, "$n: PROPPATCH");
	is(multistatus(dav($t, $u, PROPFIND => $list, prop_body('A:calendar-color'), depth => 0))->{"$m$list"}{'A:calendar-color'},
	    '#fff', "$n: is kept");
	is($t->req($_->[0] => $_->[1])->{status}, $_->[2], "$n: $_->[0] $_->[1]") for [ MKCALENDAR => "${home}x/", 403 ],
	    [ MKCOL => "${home}x", 403 ], [ DELETE => $list, 403 ], [ LOCK => $list, 405 ], [ COPY => $list, 405 ];
	for my $name ('a b', '100% & more?', "caf\x{e9}", 'login', 'auth/password', 'x/../y', 'a//b', '[x]+;=', 'x#y', '%20', 'docs/', 'app/main.js') {
		my $one = $t->as($u, POST => $u->{tasks}, { title => 'named' })->{json}{id};
		utf8::upgrade(my $sql = $name);
		$sql =~ s/'/''/g;
		$t->psql("UPDATE tasks SET name = '$sql' WHERE id = $one");
		utf8::encode(my $bytes = $name);
		(my $path = $bytes) =~ s/([^A-Za-z0-9._~\/-])/sprintf '%%%02X', ord $1/ge;
		my ($found, $href) = multistatus($r = dav($t, $u, PROPFIND => "$list$path", prop_body('D:getetag'), depth => 0));
		# What web servers make of dots is theirs, and some join slashes.
		if ($name =~ /\.\./ || $name =~ m{//} && $n !~ /nginx|proxy/) {
			like($r->{status}, qr/^(?:207|40[034])\z/, "$n: the name $name");
		} else {
			is($href, "$m$list$path", "$n: the name $name") or diag("$r->{status} $r->{content}");
		}
	}
	my $body = prop_body('D:displayname');
	is(dav($t, $u, PROPFIND => $list, $body . ' ' x ($_ - length $body), depth => 0)->{status}, 207, "$n: $_ bytes")
	    for $n =~ /fcgid/ && $t->{files} ? 100_000 : 2 ** 20;
	is_error(dav($t, $u, PROPFIND => $list, $body . ' ' x 1_300_000, depth => 0), 413, undef, "$n: too many")
	    unless $n =~ /fcgid/ && $t->{files};
	is_error($t->as($u, POST => "$u->{tasks}", undef, body => 'x' x 100_000), 413, undef, "$n: too many elsewhere");
	# A program leaves out the one task, and goes on.
	for my $bytes (600_000, 1_300_000, 3_000_000) {
		$r = dav($t, $u, PUT => "${list}large.ics", 'x' x $bytes, headers => [ 'Content-Type' => 'text/calendar' ]);
		is("$r->{status} " . text_of($r->{tree} // [ '', {} ]), '409 <C:max-resource-size/>', "$n: a task of $bytes bytes");
	}
}

# The files of the page, as they are, at the addresses that it knows.
sub page {
	my ($t, $n) = @_;
	for ([ '/' => 'index.html', 'text/html' ], [ '/?tag=home' => 'index.html', 'text/html' ],
	    [ '/sw.js' => 'sw.js', 'text/javascript' ],
	    [ '/app/page.js' => 'app/page.js', 'text/javascript' ],
	    [ '/app/quickadd-de.js' => 'app/quickadd-de.js', 'text/javascript' ],
	    [ '/app/page.css' => 'app/page.css', 'text/css' ],
	    [ '/app/icon.svg' => 'app/icon.svg', 'image/svg+xml' ],
	    [ '/app/app.webmanifest' => 'app/app.webmanifest', 'application/manifest+json' ]) {
		my ($path, $file, $type) = @$_;
		my $r = $t->req(GET => $path);
		is($r->{status}, 200, "$n: $path");
		is($r->{content}, Todo::slurp("$Todo::PAGE/$file"), "$n: $path is $file of the page");
		like($r->{headers}{'content-type'}, qr/^\Q$type\E(?:;|\z)/, "$n: $path, its type");
		like($r->{headers}{'content-security-policy'}, qr/script-src 'self'(?!.*unsafe)/,
		    "$n: $path, its content policy");
		is($r->{headers}{'cache-control'}, 'no-cache', "$n: $path is looked after");
	}
	my $r = $t->req(POST => '/', { body => '' });
	like($r->{status}, qr/^40[45]\z/, "$n: / is not written to");
	# Apache may add one of its own that says nothing.
	is($r->{headers}{allow} =~ s/, \z//r, 'GET, HEAD, OPTIONS, PROPFIND', "$n: / says for what it is") if $r->{status} == 405 && !$t->{files};
	# Apache may add the slash to what is a directory.
	is_error($t->req(GET => $_), 404, undef, "$n: no $_") for grep { $_ ne '/www' || !$t->{files} }
	    qw(/index.html /app /app/ /app/x.js /app/view /app/lib/LICENSE /www /www/ /www/index.html /www/app/main.js);
}

# Without workers: an error of the web server itself.
sub away {
	my ($t, $n, $u) = @_;
	$t->expect_log(qr/AH\d+|connect|socket/i);
	$t->stop_workers;
	unlink glob "$t->{dir}/*.sock";
	for ([ GET => $u->{tasks} ], [ POST => '/api/auth/login', {} ]) {
		my ($method, $path, $json) = @$_;
		my $r = $t->req($method => $path, { $json ? (json => $json) : (),
		    headers => [ Origin => 'https://app.test' ] });
		like($r->{status}, qr/^50[23]\z/, "$n: no worker, $path");
		ok(error_shape($r), "$n: in JSON");
		next if $n =~ /lighttpd/;
		like($r->{headers}{'retry-after'} // '', qr/^\d+\z/, "$n: Retry-After");
		is($r->{headers}{'access-control-allow-origin'}, 'https://app.test',
		    "$n: with CORS headers");
	}
	$t->start_workers;
	my $r = Todo::wait_for(sub { my $r = $t->as($u, GET => $u->{tasks});
	    $r->{status} == 200 && $r }, 'the workers', 10);
	is_ok($r, 200, "$n: workers are back");
}

# What takes a password goes to the workers for that.
sub passwords {
	my ($t, $n, $u) = @_;
	my $new = "new $u->{password}";
	my $r = $t->as($u, POST => '/api/auth/password', { current_password => $u->{password},
	    password => $new });
	is_ok($r, 200, "$n: another password");
	is_error($t->as($u, GET => $u->{tasks}), 401, undef, "$n: the token ended");
	$u->{token} = $r->{json}{access_token};
	is_ok($t->as($u, GET => $u->{tasks}), 200, "$n: the new one is good");
	$t->secret($u->{token});
	my %gone = %{$t->user};
	is_ok($t->as(\%gone, POST => '/api/auth/delete', { password => $gone{password} }), 200,
	    "$n: the end of an account");
	is_error($t->as(\%gone, GET => $gone{tasks}), 401, undef, "$n: it is gone");
	return if !$t->{workers};
	my %auth = map { $_ => 1 } $t->worker_pids('auth');
	my @pids = @{Todo::wait_for(sub { my @pids = Todo::slurp("$t->{dir}/worker.log") =~
	    m{\[(\d+)\]: method=POST route=/api/auth/(?:password|delete) }g;
	    @pids == 2 && \@pids }, 'their lines in the log')};
	is(scalar(grep { $auth{$_} } @pids), 2, "$n: by the workers for passwords");
}

for my $row (@table) {
	my ($server, $way, $workers, $start) = @$row;
	push @rows, "$server $way";
	for ([ direct => '' ], [ direct => '/todo' ], [ pooled => '/cgi-bin/todo.fcgi' ]) {
		my ($path, $mount) = @$_;
		# In a directory the script has its name already.
		$mount = '/todo' if $mount && $server eq 'shared host';
		my $n = "$server $way, $path, at " . ($mount || '/');
		subtest $n => sub {
			my $t = Todo->new(way => $path, mount => $mount, web => $start,
			    workers => $workers, auth_workers => $workers,
			    env => { CORS_ORIGINS => 'https://app.test' });
			my ($u, $one) = life($t, $n);
			pitfalls($t, $n, $u, $one) if $path eq 'direct';
			caldav($t, $n, $u) if $path eq 'direct' && ($mount || $server eq 'nginx') && $way !~ /suexec/;
			page($t, $n) if $server =~ /nginx|Apache|shared/ && $path eq 'direct';
			is_ok($t->as($u, DELETE => $one), 200, "$n: delete");
			is_error($t->as($u, GET => $one), 404, undef, "$n: it is gone");
			passwords($t, $n, $u);
			away($t, $n, $u) if $workers && $path eq 'direct' && $mount;
			# lighttpd wants a Content-Length of every POST.
			is_ok($t->as($u, POST => '/api/auth/logout', undef, body => '',
			    no_type => 1), 200, "$n: logout");
			is_error($t->as($u, GET => $u->{tasks}), 401, undef, "$n: the token ended");
			$t->finish;
			my $good = Test::More->builder->is_passing;
			$matrix{"$server $way"}{$path} //= 1;
			$matrix{"$server $way"}{$path} &&= $good;
			Test::More::done_testing();
		};
	}
}

sub cell {
	my ($row, $path) = @_;
	my $good = $matrix{$row}{$path} // return 'skipped';
	return $good ? 'ok' : 'FAILED';
}
diag(sprintf '%-28s %-8s %s', @$_) for [ 'web server', 'direct', 'pooled' ],
    map { [ $_, cell($_, 'direct'), cell($_, 'pooled') ] } @rows;
diag('shared hosting under suexec: needs root and suexec') unless $suexec;

done_testing();
