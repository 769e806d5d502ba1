# SPDX-License-Identifier: ISC
# The API's description: what it says is so, for both formats of tags; and /docs.
# The parts in JavaScript want packages of npm (dev/deps npm DIRECTORY).
use Todo;
use File::Copy qw(copy);
use File::Path qw(make_path);

my $t = Todo->new;
my $r = my $d = $t->req(GET => '/openapi.json');
is_ok($r, 200, 'openapi: the description');
is($r->{json}{openapi}, '3.1.0', 'openapi: is one of OpenAPI 3.1');
is($r->{json}{servers}[0]{url}, '/', 'openapi: where the API is');
my $routes = Todo::slurp("$Todo::SRC/src/routes.c");
my %described = map { s/\{user_id\}/:user/r =~ s/\{task_id\}/:task/r =~ s/\{secret\}/:feed/r => 1 }
    keys %{$r->{json}{paths}};
$described{$_} = 1 for $r->{content} =~ /`([^`]+)`/g;
is(join(' ', grep { !$described{$_} } $routes =~ m{(?:\.path = |[A-Z]\()"(/[^"]+)"}g), '',
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

is($t->req(GET => '/docs')->{headers}{location}, 'docs/', 'docs: /docs leads to /docs/');
$r = $t->req(GET => '/docs/');
is($r->{status}, 200, 'docs: the page');
like($r->{headers}{'content-type'}, qr{^text/html}, 'docs: is HTML');
like($r->{headers}{'content-security-policy'}, qr/default-src 'none'/, 'docs: shut in');
is($t->req(GET => '/docs/docs.js')->{status}, 200, 'docs: its script');
is_error($t->req(GET => "/docs/$_"), 404, undef, "docs: no $_") for 'nothing.js',
    '../README', '%2e%2e/README', 'swagger-ui/../../README', 'index.html';
is_error($t->req(GET => '/api/1/tasks/docs'), 401, undef, 'docs: below /api it is an id');
is_error($t->req(GET => '/other/docs'), 404, undef, 'docs: and nothing elsewhere');
is_error($t->req(GET => '/other/docs/'), 404, undef, 'docs: nor elsewhere');

# Runs one of t/js; each of its lines is a test.
sub script {
	my ($name, $t) = @_;
	my $dir = "$t->{dir}/$name";
	mkdir $dir;
	my $out = `node '$Todo::SRC/t/js/$name.mjs' 'http://127.0.0.1:$t->{port}' '$ENV{TODO_NPM}/node_modules' '$dir' 2>&1`;
	is($?, 0, "$name.mjs ends well");
	for my $line (split /\n/, $out) {
		$line =~ /^(not )?ok - (.*)/ ? ok(!$1, $2) : diag($line);
	}
}
SKIP: {
	skip 'TODO_NPM does not say where the packages are', 1 unless $ENV{TODO_NPM};
	my $file = Todo::spew("$t->{dir}/openapi.json", $d->{content});
	my $said = `node '$Todo::SRC/t/js/lint.mjs' '$file' '$ENV{TODO_NPM}/node_modules' 2>&1`;
	is("$?$said", '0', 'openapi: the linter has no error and no warning');
	script('openapi', $t);
	script('openapi', Todo->new(env => { TAGS_FORMAT => 'string' }));
	script('docs_plain', $t);
	my $www = $t->copy('www', 'www');
	make_path("$www/docs/swagger-ui");
	copy($_, "$www/docs/swagger-ui") for glob "$ENV{TODO_NPM}/node_modules/swagger-ui-dist/swagger-ui{.css,-bundle.js}";
	script('docs', Todo->new(www => $www));
}

done_testing();
