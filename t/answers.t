# SPDX-License-Identifier: ISC
# What clients of 0.1 get has not changed: the calls of the web page that was there before the
# service, and those of the contract, are answered as 0.1.0 answered them, but for the two
# members that a task has since.  Those answers are in t/lib/answers.json; TODO_ANSWERS=FILE has
# what this service answers written in the same form (as was done with 0.1.0).
use Todo;

# Two services: as it comes, and as the old page needs it.
my %at = (array => Todo->new, string => Todo->new(env => { TAGS_FORMAT => 'string', CORS_ORIGINS => 'https://page.example' }));
my $form = $Client::JSON;
my ($path) = __FILE__ =~ m{(.*)/};
my $recorded = $form->decode(Todo::slurp("$path/lib/answers.json"));
my $file = $ENV{TODO_ANSWERS};
my $new = qr/,"completed_at":(?:null|"\d{4}-\d\d-\d\dT[\d:.]+Z"),"time_zone":null(?=[,}])/;

# What is another each time, by a name; of a service: its accounts, tokens and tasks in order.
my %seen = map { $_ => { user => [], token => {}, task => [] } } keys %at;
sub number {
	my ($list, $id) = @_;
	my ($at) = grep { $list->[$_] == $id } 0..$#$list;
	push @$list, $id if !defined $at;
	return 1 + ($at // $#$list);
}
# In braces "user 1" and "task 2" are their ids, and "x 100" is a hundred of it.
sub filled {
	my ($s, $text) = @_;
	$text =~ s/\{(user|task) (\d+)\}/$s->{$1}[$2 - 1]/g;
	return $text =~ s/\{x (\d+)\}/'x' x $1/gre;
}
sub plain {
	my ($s, $text) = @_;
	my $kind = $text =~ /"username":/ ? 'user' : 'task';
	$text =~ s/"user_id":("?)(\d+)\1/'"user_id":' . $1 . 'USER ' . number($s->{user}, $2) . $1/ge;
	$text =~ s/"((?:next_)?id)":(\d+)/qq("$1":\U$kind\E ) . number($s->{$kind}, $2)/ge;
	$text =~ s/"((?:created|updated)_at)":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z"/"$1":TIME/g;
	$text =~ s/"access_token":"[\w-]+\.[\w-]+\.[\w-]+"/"access_token":TOKEN/g;
	return $text;
}
sub heads {
	my ($s, $h) = @_;
	my %h = map { $_ => $h->{$_} } grep { defined $h->{$_} } qw(allow cache-control content-type etag link
	    location retry-after vary www-authenticate), grep { /^access-control/ } keys %$h;
	$h{etag} =~ s/"[^"]+"/"VERSION"/ if $h{etag};
	s{/api/(\d+)/tasks(?:/(\d+))?}{'/api/USER ' . number($s->{user}, $1) . '/tasks' . ($2 ? '/TASK ' . number($s->{task}, $2) : '')}ge
	    for @h{grep { defined $h{$_} } qw(link location)};
	$h{link} =~ s/cursor=[^>]+/cursor=KEY/ if $h{link};
	return \%h;
}

for my $call (@$recorded) {
	my ($tags, $as) = @$call{qw(tags as)};
	my ($t, $s) = ($at{$tags}, $seen{$tags});
	my ($method, $to) = split / /, $call->{call}, 2;
	my %o = map { $_ => $call->{$_} } grep { exists $call->{$_} } qw(body headers);
	$o{body} = $form->encode($call->{json}) if exists $call->{json};
	$o{body} = filled($s, $o{body}) if defined $o{body};
	$o{token} = $s->{token}{$as} // $as if defined $as;
	$o{headers} = [ map { /^ETAG/ ? $s->{etag} : $_ } @{$o{headers}} ] if $o{headers};
	my $r = $t->req($method, filled($s, $to), \%o);
	$s->{etag} = $r->{headers}{etag} // $s->{etag};
	if (ref $r->{json} eq 'HASH' && defined $r->{json}{access_token}) {
		$t->note_secrets($r->{json});
		$s->{token}{$r->{json}{username}} = $r->{json}{access_token};
	}
	my %got = (status => $r->{status}, headers => heads($s, $r->{headers}));
	my $tasks = () = $r->{content} =~ /"user_id":\d+,"title":/g;
	my $members = $r->{content} =~ s/$new//g || 0;
	$got{content} = plain($s, $r->{content});
	if (defined $file) {
		$call->{answer} = \%got;
		next;
	}
	my $name = "answers: $call->{call}" . (defined $as ? " as $as" : '') . ($tags eq 'string' ? ', tags in a string' : '')
	    . " is $call->{answer}{status}";
	is_deeply(\%got, $call->{answer}, "$name as it was") or diag(Test::More::explain(\%got));
	is($members, $tasks, 'answers: with two more members of each task') if $tasks;
}
if (defined $file) {
	Todo::spew($file, "[\n" . join(",\n", map { $form->encode($_) } @$recorded) . "\n]\n");
	pass('answers: written');
}

done_testing();
