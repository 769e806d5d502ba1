# SPDX-License-Identifier: ISC
# The directory for shared hosting (make shared-hosting) on a system that has nothing
# but a C library: one request by CGI, over TLS, to the database.
# sanitizers: no
use Todo;
use File::Path qw(make_path);

my $dir = "$Todo::BUILD/shared-hosting";
plan(skip_all => 'make shared-hosting has not run') if !-d $dir;
plan(skip_all => 'needs root, for chroot') if !$Todo::ROOT;
my $t = Todo->new(start => 0);
my $root = "$t->{dir}/root";
my $user = (getpwnam 'www-data')[2];

is((stat "$dir/.env")[2] & 0777, 0600, 'hosting: .env is nobody else\'s');
like(Todo::slurp("$dir/.env"), qr/^#DATABASE_URL=/m, 'hosting: and says what to fill in');
ok(-e "$dir/.htaccess", 'hosting: .htaccess is there');
unlike(scalar `ldd '$dir/todo.fcgi'`, qr/not found/, 'hosting: no library is missing');

# Debian's C library alone.
make_path("$root/web", "$root/etc", "$root/proc");
system("dpkg -L libc6 | grep -E '\\.so|/ld-' | while read -r f; do
    [ -d \"\$f\" ] || cp -L --parents \"\$f\" '$root' || exit 1; done") == 0 or die 'no C library';
symlink 'usr/lib', "$root/lib" if -l '/lib' && !-e "$root/lib";
symlink 'usr/lib64', "$root/lib64" if -l '/lib64' && !-e "$root/lib64" && -d "$root/usr/lib64";
Todo::spew("$root/etc/hosts", "127.0.0.1 localhost\n");
Todo::spew("$root/etc/nsswitch.conf", "hosts: files dns\n");
is(system('cp', '-a', "$dir/.", "$root/web/"), 0, 'hosting: copied, dot files and all');
my ($ca) = $t->{url} =~ /sslrootcert=([^&]+)/;
system('cp', $ca, "$root/web/ca.crt");
chmod 0644, "$root/web/ca.crt";
(my $url = $t->{url}) =~ s/sslrootcert=[^&]+/sslrootcert=\/web\/ca.crt/;
my $env = Todo::slurp("$root/web/.env");
$env =~ s/^#DATABASE_URL=.*$/DATABASE_URL='$url'\nDATABASE_HOSTS=localhost/m;
$env =~ s/^#SECRET_KEY=.*$/SECRET_KEY='$t->{secret}'/m;
Todo::spew("$root/web/.env", $env);
chown $user, -1, "$root/web/.env";

# In the directory, as a user; /proc is mounted for the one command.
my $inside = <<'PERL';
use POSIX ();
my ($root, $user, @command) = @ARGV;
system('mount', '-t', 'proc', 'proc', "$root/proc") == 0 or die;
chroot $root and chdir '/web' or die "$root: $!";
POSIX::setuid($user);
delete $ENV{PATH};
exec @command or die "$command[0]: $!";
PERL
sub run {
	my ($args, %env) = @_;
	pipe my $out, my $in;
	my $pid = fork;
	if (!$pid) {
		%ENV = (%env, PATH => $ENV{PATH});
		open STDIN, '<', '/dev/null';
		open STDOUT, '>&', $in;
		open STDERR, '>&', $in;
		exec 'unshare', '-m', $^X, '-e', $inside, $root, $user, '/web/todo.fcgi', @$args
		    or POSIX::_exit(127);
	}
	close $in;
	my $text = join '', <$out>;
	waitpid $pid, 0;
	return ($? >> 8, $text);
}
my ($status, $text) = run(['--check-config']);
is($status, 0, 'hosting: --check-config, in the directory') or diag($text);
like($text, qr/localhost, port .* \(\.env\)/, 'hosting: reads the .env beside it');
($status, $text) = run([], REQUEST_METHOD => 'GET', PATH_INFO => '/readyz', SCRIPT_NAME => '');
like($text, qr/^Status: 200.*"ready"/ms, 'hosting: the database answers') or diag($text);
($status, $text) = run([], REQUEST_METHOD => 'GET', PATH_INFO => '/api/recurrence',
    QUERY_STRING => 'pattern=daily', SCRIPT_NAME => '');
like($text, qr/^Status: 200.*"FREQ=DAILY"/ms, 'hosting: so does libical') or diag($text);

done_testing();
