# SPDX-License-Identifier: ISC
# The page's files, how they are sent, and the least that a person does in a browser, by
# way of each web server.  All that a person can do is in page_*.t.
# sanitizers: no
# long: 16
use Todo;
use Digest::SHA qw(sha256_hex);
use File::Find qw(find);
use IO::Compress::Gzip qw(gzip);
use Page;

# The page's files, and what is sent of them.
my @files;
find({ no_chdir => 1, wanted => sub { push @files, s{^\Q$Todo::PAGE\E/}{}r if -f } }, $Todo::PAGE);
my %size;
for my $name (grep { !m{^docs/} } @files) {		# another page
	gzip("$Todo::PAGE/$name" => \my $sent, -Level => 6, -Minimal => 1);
	$size{$name} = length $sent;
}
# One language is asked for, and importers if somebody has something to bring.
my %most;
for my $name (keys %size) {
	my $kind = $name =~ m{^app/(quickadd|text|import|manifest)-} ? $1 : $name;
	$most{$kind} = $size{$name} if ($most{$kind} // 0) < $size{$name};
}
my $import = delete $most{import};
my $all = 0;
$all += $_ for values %most;
diag(sprintf '%7d bytes gzipped, and %d to bring tasks; the largest: %s', $all, $import, join ', ',
    map { "$_ $most{$_}" } (sort { $most{$b} <=> $most{$a} } keys %most)[0 .. 4]);
cmp_ok($all, '<', 100 * 1024, 'page: under 100 KiB as it is sent');
my $sw = Todo::slurp("$Todo::PAGE/sw.js");
my %listed = map { $_ => 1 } Todo::slurp("$Todo::SRC/Makefile.am") =~ m{\bwww/[\w./-]+}g;
find({ no_chdir => 1, wanted => sub {
	my ($name) = m{^\Q$Todo::SRC\E/(www/.*)};
	ok($listed{$name}, "page: $name is in the page, or a release") if -f && $name !~ m{^www/app/(?:lib|import)/};
} }, "$Todo::SRC/www");
for my $name (grep { !m{^(?:docs/|sw\.js$)} } @files) {
	my $sum = sha256_hex(Todo::slurp("$Todo::PAGE/$name"));
	my $key = $name eq 'index.html' ? '' : $name;
	like($sw, qr{^\t"\Q$key\E": "$sum",$}m, "page: $name is there without network");
}
my ($library) = grep { -d } map { "$_/www/app/lib" } $Todo::BUILD, $Todo::SRC;
my %sum = reverse Todo::slurp("$Todo::SRC/dev/lit-html") =~ m{^([0-9a-f]{64})  (\S+)$}mg;
is(sha256_hex(Todo::slurp("$library/$_")), $sum{$_}, "page: lit-html: $_ is the one that was checked")
    for sort keys %sum;

my $t = Todo->new;
my $r = $t->req(GET => '/');
is($r->{status}, 200, 'page: at /');
like($r->{headers}{'content-type'}, qr{^text/html}, 'page: is HTML');
like($r->{headers}{'content-security-policy'}, qr/^default-src 'none';(?!.*unsafe)/,
    'page: a strict content policy');
my %type = (js => 'text/javascript', css => 'text/css', png => 'image/png', svg => 'image/svg+xml',
    webmanifest => 'application/manifest+json');
for my $name (grep { $_ ne 'index.html' } sort keys %size) {
	$r = $t->req(GET => "/$name");
	my ($end) = $name =~ /\.(\w+)$/;
	is($r->{status} . ($r->{headers}{'content-type'} =~ s/;.*//r), "200$type{$end}",
	    "page: $name, its type");
	is($r->{headers}{'cache-control'}, 'no-cache', "page: $name is looked after");
	is($t->req(GET => "/$name", { headers => [ 'If-None-Match' => $r->{headers}{etag} ] })
	    ->{status}, 304, "page: $name, 304");
}
is_error($t->req(GET => $_), 404, undef, "page: no $_") for '/index.html', '/app/', '/app/x.js', '/app/view', '/app/view/', '/app/view/x.js',
    '/x/', '/api/', '/api/1/tasks/', '/app/../index.html', '/x/sw.js', '/docs/sw.js';
# At / OPTIONS and PROPFIND are how calendars find CalDAV.
sub methods { return $_[0] eq '/' ? 'GET, HEAD, OPTIONS, PROPFIND' : 'GET, HEAD' }
for my $path ('/', '/app/page.js', '/docs/', '/docs/docs.js') {
	for my $method (qw(POST PUT DELETE), $path eq '/' ? () : 'OPTIONS') {
		my $r = $t->req($method => $path, { body => '' });
		is_error($r, 405, undef, "page: $method $path is no way to use a file");
		is($r->{headers}{allow}, methods($path), 'page: Allow says which are');
	}
}

SKIP: {
	skip 'TODO_NPM does not say where the packages are', 1 unless Page::browser();
	my $p = Todo->new(mount => '/todo', web => sub { $_[0]->start_nginx(
	    "set \$neon_todo_prefix '/todo';") });
	Page::play($p, 'smoke', 'nginx, below a prefix');
	like($p->req(GET => '/', { headers => [ 'Accept-Encoding' => 'gzip' ] })->{headers}{vary} // '',
	    qr/Accept-Encoding/i, 'page: nginx compresses it for those who ask');
	for ([ proxy => 'proxy-fcgi.conf', 1, qw(alias proxy proxy_fcgi) ],
	    [ fcgid => 'fcgid.conf', 0, qw(alias fcgid) ],
	    [ cgi => 'cgi.conf', 0, qw(alias env cgid) ]) {
		my ($name, $file, $workers, @modules) = @$_;
		my $mount = $name eq 'fcgid' ? '/todo' : '';
		my $a = Todo->new(mount => $mount, workers => $workers, auth_workers => $workers, web => sub {
			my $t = shift;
			my $env = $t->write_env("$t->{dir}/todo.env");
			$t->start_apache([ qw(headers setenvif unique_id reqtimeout), @modules ], <<"CONF");
Define NEON_TODO_MOUNT $mount/
Define NEON_TODO_FCGI $t->{bin}
Define NEON_TODO_ENV $env
Define NEON_TODO_RUN $t->{dir}
Include neon-todo/$file
CONF
		});
		Page::play($a, 'smoke', "Apache, $name");
		for my $path ('/', '/app/page.js') {
			for my $method (qw(POST PUT), $path eq '/' ? () : 'OPTIONS') {
				my $r = $a->req($method => $path);
				is_error($r, 405, undef, "page: Apache, $name, $method $path");
				# Apache adds an empty one of its own.
				is($r->{headers}{allow} =~ s/, \z//r, methods($path), 'page: Allow says which are');
			}
		}
	}
}

done_testing();
