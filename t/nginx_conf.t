# SPDX-License-Identifier: ISC
# The shipped files are configurations that nginx accepts as they are.
# sanitizers: no
use Todo;
use File::Glob qw(:bsd_glob);

my $t = Todo->new(start => 0);
my $d = $t->{dir};
$t->copy('etc/nginx', 'neon-todo');
sub accepts {
	my ($name, $http) = @_;
	my $f = Todo::spew("$d/try.conf", "pid $d/try.pid;\nevents {}\nhttp {\n$http\n}\n");
	my $out = `nginx -t -q -p '$d' -e '$d/try.log' -c '$f' 2>&1`;
	is("$?$out", '0', $name);
}
my $temp = join "\n", "access_log off;", map { "${_}_temp_path $d/tmp_$_;" }
    qw(client_body proxy fastcgi uwsgi scgi);
accepts('nginx: http.conf, upstreams.conf and server.conf', "$temp
    include neon-todo/http.conf;
    include neon-todo/upstreams.conf;
    server { listen 127.0.0.1:" . Todo::free_port() . "; include neon-todo/server.conf; }");
accepts('nginx: beside another site', "$temp
    include neon-todo/http.conf;
    include neon-todo/upstreams.conf;
    server { listen 127.0.0.1:" . Todo::free_port() . "; include neon-todo/server.conf; }
    server { listen 127.0.0.1:" . Todo::free_port() . "; location /login { return 204; } }");
SKIP: {
	# It names port 80 and /var/log/nginx, as an administrator has them.
	skip 'site.conf needs root and /var/log/nginx', 1
	    unless $Todo::ROOT && -d '/var/log/nginx';
	my @logs = grep { !-e } map { "/var/log/nginx/neon-todo.$_.log" } qw(access error);
	accepts('nginx: site.conf', "$temp\ninclude neon-todo/site.conf;");
	unlink @logs;
}
# The same at another port, in both protocols; and gone, as it is after a purge.
my $port = Todo::free_port();
unlink "$d/neon-todo/site.conf";
my ($include) = Todo::slurp("$Todo::SRC/man/neon-todo.7") =~ /echo '(include neon-todo[^']+)' >/;
like($include, qr/site/, 'nginx: the manual includes the site');
accepts('nginx: what the manual includes, if it is gone', "$temp\n$include");
(my $site = Todo::slurp("$Todo::SRC/etc/nginx/site.conf")) =~
    s{/var/log/nginx/}{$d/}g;
is($site =~ s/(listen (?:\[::\]:)?)80 /$1$port /g, 2, 'nginx: site.conf listens twice');
Todo::spew("$d/neon-todo/site.conf", $site);
accepts('nginx: and where it is there', "$temp\n$include");
$t->spawn('nginx', 'nginx.log', { PATH => $ENV{PATH} }, 'nginx', '-p', $d, '-e', "$d/try.log",
    '-c', "$d/try.conf", '-g', 'daemon off;');
for my $host ('127.0.0.1', -e '/proc/net/if_inet6' ? '[::1]' : ()) {
	Todo::wait_for(sub { `curl -sg 'http://$host:$port/healthz'` =~ /"detail"/ }, "an answer at $host", 10);
	like(scalar `curl -sg 'http://$host:$port/healthz'`, qr/^\{"detail":/, "nginx: site.conf at $host");
}

my $limits = Todo::slurp("$Todo::SRC/etc/nginx/limits.conf");
like($limits, qr/rate=10r\/s/, 'nginx: 10 a second');
like($limits, qr/burst=40/, 'nginx: with a burst of 40');
my $others = join '', map { Todo::slurp($_) =~ s/#.*//gr }
    grep { !/limits\.conf$/ } glob "$Todo::SRC/etc/nginx/*.conf";
unlike($others, qr/\brate=|\bburst=/, 'nginx: and they stand in one file');

done_testing();
