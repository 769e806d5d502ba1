# SPDX-License-Identifier: ISC
package Web;

# The half of Todo that puts another web server in nginx's place: Apache,
# lighttpd, Caddy, each with the shipped files and nothing of its own but
# ports, logs and temporary files.

use strict;
use warnings;
use Carp qw(croak);
use Process qw($ROOT spew free_port);

our $MODULES = '/usr/lib/apache2/modules';

# Settings for workers that the web server starts, where they look for them.
# suexec's user owns it; elsewhere the web server's user reads it.
sub write_env {
	my ($self, $file, $uid, $gid) = @_;
	my %e = $self->worker_env;
	delete $e{PATH};
	spew($file, join '', map { "$_='$e{$_}'\n" } sort keys %e);
	chmod 0600, $file;
	($uid, $gid) = (getpwnam $Servers::USER)[2, 3] if $ROOT && !defined $uid;
	chown $uid, $gid, $file if defined $uid;
	return $file;
}

# Starts it and waits until it listens.
sub run_web {
	my ($self, $env, @cmd) = @_;
	$self->spawn('web', 'web.log', { PATH => $ENV{PATH}, %$env }, @cmd);
	$self->listening('web');
}

# Modules as for LoadModule, then what stands in the only VirtualHost.
sub start_apache {
	my ($self, $modules, $site, %o) = @_;
	Todo::need('apache2');
	my $d = $self->{dir};
	my @modules = (qw(mpm_event authz_core), @$modules);
	my @missing = grep { !-e "$MODULES/mod_$_.so" } @modules;
	Todo::lack("no Apache module @missing on this machine") if @missing;
	$self->{port} ||= free_port();
	$self->copy('etc/apache', 'neon-todo');
	my $www = $self->page;
	mkdir "$d/fcgid";
	chown((getpwnam 'www-data')[2, 3], "$d/fcgid") if $ROOT;
	my $load = join "\n", map { "LoadModule ${_}_module $MODULES/mod_$_.so" } @modules;
	my $extra = $ROOT ? "User www-data\nGroup www-data\n" : '';
	$extra .= "FcgidIPCDir $d/fcgid\nFcgidProcessTableFile $d/fcgid/table\n"
	    if grep { $_ eq 'fcgid' } @modules;
	$extra .= "ScriptSock $d/cgid.sock\n" if grep { $_ eq 'cgid' } @modules;
	my $root = $o{root} || "$d/htdocs";
	mkdir $root;
	spew("$d/httpd.conf", <<"CONF");
ServerRoot $d
DefaultRuntimeDir $d
PidFile $d/httpd.pid
Mutex file:$d default
ServerName todo.test
ServerTokens Prod
Listen 127.0.0.1:$self->{port}
ErrorLog $d/error.log
LogLevel warn
$load
$extra
StartServers 1
ThreadsPerChild 8
MinSpareThreads 8
MaxSpareThreads 16
MaxRequestWorkers 16
<Directory />
	Require all denied
	AllowOverride None
</Directory>
<VirtualHost *>
DocumentRoot $root
Define NEON_TODO_WWW $www
$site
</VirtualHost>
CONF
	# suexec has its log in a directory that only the package apache2 makes.
	my @inside = $o{suexec} ? ('unshare', '-m', 'sh', '-c', 'mount -t tmpfs log /var/log &&
	    mkdir /var/log/apache2 && exec "$@"', 'sh') : ();
	$self->run_web({}, @inside, 'apache2', '-DFOREGROUND', '-d', $d, '-f', "$d/httpd.conf");
}

# As the manual has it for workers that run by themselves, below the mount.
sub start_proxy_fcgi {
	my $self = shift;
	$self->start_apache([ qw(headers setenvif unique_id reqtimeout alias proxy proxy_fcgi) ], <<"CONF");
Define NEON_TODO_MOUNT $self->{mount}/
Define NEON_TODO_RUN $self->{dir}
Include neon-todo/proxy-fcgi.conf
CONF
}

sub start_lighttpd {
	my ($self, $prefix) = @_;
	Todo::need('lighttpd');
	$prefix ||= '/';
	my $d = $self->{dir};
	$self->{port} ||= free_port();
	mkdir "$d/htdocs";
	mkdir "$d/tmp", 0777;
	chmod 0777, "$d/tmp";
	$self->copy('etc/lighttpd', 'neon-todo');
	# It opens its log, and new ones, as its own user.
	spew("$d/error.log", '');
	chown((getpwnam 'www-data')[2, 3], "$d/error.log") if $ROOT;
	my $user = $ROOT ? qq{server.username = "www-data"\nserver.groupname = "www-data"} : '';
	spew("$d/lighttpd.conf", <<"CONF");
server.document-root = "$d/htdocs"
server.bind = "127.0.0.1"
server.port = $self->{port}
server.errorlog = "$d/error.log"
server.upload-dirs = ( "$d/tmp" )
server.modules += ( "mod_fastcgi", "mod_setenv" )
$user
var.neon_todo_mount = "$prefix"
var.neon_todo_run = "$d"
var.neon_todo_etc = "$d/neon-todo"
include "neon-todo/neon-todo.conf"
CONF
	$self->run_web({}, 'lighttpd', '-D', '-f', "$d/lighttpd.conf");
}

sub start_caddy {
	my ($self, $prefix) = @_;
	Todo::need('caddy');
	my $d = $self->{dir};
	$self->{port} ||= free_port();
	# The tests' own: no administration on a fixed port.
	$self->copy('etc/caddy', 'neon-todo');
	spew("$d/Caddyfile", "{\n\tadmin off\n}\nimport $d/neon-todo/Caddyfile\n");
	$self->run_web({ HOME => $d, XDG_DATA_HOME => $d, XDG_CONFIG_HOME => $d,
	    NEON_TODO_SITE => "http://:$self->{port}", NEON_TODO_PREFIX => $prefix,
	    NEON_TODO_RUN => $d }, 'caddy', 'run', '--config', "$d/Caddyfile",
	    '--adapter', 'caddyfile');
}

1;
