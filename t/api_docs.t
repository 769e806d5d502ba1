# SPDX-License-Identifier: ISC
# The API to read and to try, at /docs; and what a linter says of its description.  The
# parts in JavaScript want packages of npm (dev/deps npm DIRECTORY).
# sanitizers: no
use Todo;
use File::Copy qw(copy);
use File::Path qw(make_path);

my $t = Todo->new;
is($t->req(GET => '/docs')->{headers}{location}, 'docs/', 'docs: /docs leads to /docs/');
my $r = $t->req(GET => '/docs/');
is($r->{status}, 200, 'docs: the page');
like($r->{headers}{'content-type'}, qr{^text/html}, 'docs: is HTML');
like($r->{headers}{'content-security-policy'}, qr/default-src 'none'/, 'docs: shut in');
is($t->req(GET => '/docs/docs.js')->{status}, 200, 'docs: its script');
is_error($t->req(GET => "/docs/$_"), 404, undef, "docs: no $_") for 'nothing.js',
    '../README', '%2e%2e/README', 'swagger-ui/../../README', 'index.html';
is_error($t->req(GET => '/api/1/tasks/docs'), 401, undef, 'docs: below /api it is an id');
is_error($t->req(GET => '/other/docs'), 404, undef, 'docs: and nothing elsewhere');
is_error($t->req(GET => '/other/docs/'), 404, undef, 'docs: nor elsewhere');

SKIP: {
	skip 'TODO_NPM does not say where the packages are', 1 unless $ENV{TODO_NPM};
	my $file = Todo::spew("$t->{dir}/openapi.json", $t->req(GET => '/openapi.json')->{content});
	my $said = `node '$Todo::SRC/t/js/lint.mjs' '$file' '$ENV{TODO_NPM}/node_modules' 2>&1`;
	is("$?$said", '0', 'openapi: the linter has no error and no warning');
	$t->script('docs_plain');
	my $www = $t->page('www');
	make_path("$www/docs/swagger-ui");
	copy($_, "$www/docs/swagger-ui") for glob "$ENV{TODO_NPM}/node_modules/swagger-ui-dist/swagger-ui{.css,-bundle.js}";
	Todo->new(www => $www)->script('docs');
}

done_testing();
