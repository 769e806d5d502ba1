# Says the manifest in another language, and nothing else in it: a browser reads one file, and
# most know no translations in it.
#   words      manifest.words
#   language   its tag
BEGIN {
	FS = "\t"
	while ((getline <words) > 0) {
		if ($1 == language)
			theirs["\"" $2 "\""] = "\"" $3 "\""
	}
}
{
	for (english in theirs) {
		at = index($0, english)
		if (at)
			$0 = substr($0, 1, at - 1) theirs[english] substr($0, at + length(english))
	}
	print
}
