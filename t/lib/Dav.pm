# SPDX-License-Identifier: ISC
package Dav;

# What tests of CalDAV share: app passwords, requests, and multistatus answers as expat
# reads them.

use strict;
use warnings;
use Carp qw(croak);
use Exporter qw(import);
use File::Temp ();
use Cpanel::JSON::XS ();
use MIME::Base64 qw(encode_base64);

our @EXPORT = qw(app dav tree multistatus prop_body text_of vtodo);
my %short = ('DAV:' => 'D', 'urn:ietf:params:xml:ns:caldav' => 'C',
    'http://calendarserver.org/ns/' => 'S', 'http://apple.com/ns/ical/' => 'A');
my %long = reverse %short;

# A new app password of this user, which dav() uses from now on.
sub app {
	my ($t, $u, $name) = @_;
	my $r = $t->as($u, POST => "/api/$u->{id}/app-passwords", { name => $name // 'phone' });
	croak "app password: $r->{status} $r->{content}" if $r->{status} != 201;
	$t->secret($r->{json}{password}, $r->{json}{password} =~ tr/-//dr);
	return $u->{app} = $r->{json};
}

# A request with the user's app password. Options: depth, headers, and those of req();
# name and password for others than the email and the last app password.
sub dav {
	my ($t, $u, $method, $path, $body, %o) = @_;
	my @h = @{delete $o{headers} || []};
	my $basic = encode_base64(($o{name} // $u->{email}) . ':' . ($o{password} // $u->{app}{password}), '');
	$t->secret($basic);
	push @h, Authorization => "Basic $basic";
	push @h, Depth => $o{depth} if defined $o{depth};
	push @h, 'Content-Type' => 'application/xml' if defined $body && !grep { $_ eq 'Content-Type' } @h;
	my $r = $t->req($method, $path, { %o, headers => \@h, (defined $body ? (body => $body) : ()) });
	$r->{tree} = tree($r->{content})
	    if length $r->{content} && ($r->{headers}{'content-type'} // '') =~ m{^application/xml};
	return $r;
}

# XML as [ 'D:name', {attributes}, content... ]; undef if it is not well-formed.
sub tree {
	my $xml = shift;
	my $file = File::Temp->new(TEMPLATE => 'todo-xml-XXXXXX', TMPDIR => 1);
	binmode $file;
	print $file $xml;
	close $file;
	my $json = `'$Todo::BUILD/t/unit/readxml' <'$file'`;
	return if $?;
	my $tree = Cpanel::JSON::XS->new->utf8->decode($json);
	shorten($tree);
	return $tree;
}

sub shorten {
	my $element = shift;
	$element->[0] =~ s/^(\S+) /($short{$1} \/\/ "{$1}") . ':'/e;
	shorten($_) for grep { ref eq 'ARRAY' } @$element;
}

# The text of an element, with the names of those in it as <D:name> and their attributes.
sub text_of {
	my $element = shift;
	return join '', map { !ref ? $_ : ref eq 'HASH' ? () : "<$_->[0]" . attributes($_->[1]) .
	    (@$_ > 2 ? '>' . text_of($_) . "</$_->[0]>" : '/>') } @$element[2..$#$element];
}

sub attributes { my $a = shift; return join '', map { " $_=\"$a->{$_}\"" } sort keys %$a }

sub children { my ($element, $name) = @_;
    return grep { ref eq 'ARRAY' && $_->[0] eq $name } @$element }

# A multistatus as { href => { 'D:name' => 'text' or a status that is not 200 } }; the hrefs in
# their order are in the list that it returns after that. A name that is given twice is noted.
sub multistatus {
	my $r = shift;
	my (%found, @hrefs);
	for my $response (children($r->{tree} // [ '', {} ], 'D:response')) {
		my $href = text_of((children($response, 'D:href'))[0]);
		push @hrefs, $href;
		$found{$href}{'D:status'} = text_of($_) for children($response, 'D:status');
		for my $propstat (children($response, 'D:propstat')) {
			my ($status) = text_of((children($propstat, 'D:status'))[0]) =~ m{^HTTP/1\.1 (\d+) \w};
			for my $prop (grep { ref eq 'ARRAY' } @{(children($propstat, 'D:prop'))[0]}) {
				$found{$href}{$prop->[0]} = exists $found{$href}{$prop->[0]} ? 'TWICE' :
				    $status == 200 ? text_of($prop) : $status;
			}
		}
	}
	return wantarray ? (\%found, @hrefs) : \%found;
}

# A PROPFIND of these properties, as 'D:name'.
sub prop_body {
	my $n = 0;
	return '<propfind xmlns="DAV:"><prop>' . join('', map { my ($space, $name) = /^(\w+):(.*)/; $n++;
	    "<n$n:$name xmlns:n$n=\"$long{$space}\"/>" } @_) . '</prop></propfind>';
}

# The text of a task with this UID and these lines.
sub vtodo {
	my ($uid, @lines) = @_;
	return join '', map { "$_\r\n" } 'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', 'BEGIN:VTODO',
	    "UID:$uid", 'DTSTAMP:20260101T000000Z', @lines, 'END:VTODO', 'END:VCALENDAR';
}

1;
