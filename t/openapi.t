# SPDX-License-Identifier: ISC
# The API's description: what it says is so, for both formats of tags.  The part in
# JavaScript wants packages of npm (dev/deps npm DIRECTORY).
use Todo;

my $t = Todo->new;
my $r = $t->req(GET => '/openapi.json');
is_ok($r, 200, 'openapi: the description');
is($r->{json}{openapi}, '3.1.0', 'openapi: is one of OpenAPI 3.1');
is($r->{json}{servers}[0]{url}, '/', 'openapi: where the API is');
my $routes = Todo::slurp("$Todo::SRC/src/routes.c");
my %described = map { s/\{user_id\}/:user/r =~ s/\{task_id\}/:task/r =~ s/\{app_password_id\}/:app/r =~ s/\{secret\}/:feed/r => 1 }
    keys %{$r->{json}{paths}};
$described{$_} = 1 for $r->{content} =~ /`([^`]+)`/g;
is(join(' ', grep { !$described{$_} } grep { !m{^/\.well-known/} } $routes =~ m{(?:\.path = |[A-Z]\()"(/[^"]+)"}g), '',
    'openapi: every path of the table is in it');
# What nginx limits, and nothing else, is described with 429.
my ($limited) = Todo::slurp("$Todo::SRC/etc/nginx/http.conf") =~ m{"~\(\?s\)\^1:POST:(\S+)\$" };
for my $path (sort keys %{$r->{json}{paths}}) {
	for my $method (sort grep { $_ ne 'parameters' } keys %{$r->{json}{paths}{$path}}) {
		my $o = $r->{json}{paths}{$path}{$method};
		is(exists $o->{responses}{429}, $method eq 'post' && $path =~ /^$limited\z/,
		    "openapi: 429 of $method $path");
		# If-None-Match is taken wherever an ETag is answered.
		is(exists $o->{responses}{304}, $method eq 'get' && exists(($o->{responses}{200} // {})->{headers}{ETag}),
		    "openapi: 304 of $method $path");
	}
}
my $ann = $t->user;
my $counts = "/api/$ann->{id}/counts?now=2026-01-01";
my $etag = $t->as($ann, GET => $counts)->{headers}{etag};
is($t->as($ann, GET => $counts, undef, headers => [ 'If-None-Match' => $etag ])->{status}, 304,
    'openapi: so counts has, with now');
is($t->as($ann, GET => $counts =~ s/\?.*//r)->{headers}{etag}, undef, 'openapi: and not without');
my ($version) = Todo::slurp("$Todo::SRC/configure.ac") =~ /AC_INIT\(\[[^]]+\], \[([^]]+)\]/;
is($r->{json}{info}{version}, $version, 'openapi: and the version');

SKIP: {
	skip 'TODO_NPM does not say where the packages are', 1 unless $ENV{TODO_NPM};
	$_->script('openapi') for $t, Todo->new(env => { TAGS_FORMAT => 'string' });
}

done_testing();
