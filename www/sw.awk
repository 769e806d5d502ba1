# Makes the page's sw.js: says in it which files there are, and leaves the comments out.
#   sums      a file, as sha256sum writes it
#   version   of all of it; its first letters are enough
function list(later,	n)
{
	for (n = 1; n <= count; n++) {
		if ((name[n] ~ LATER) == later)
			printf "\t\"%s\": \"%s\",\n", name[n], sum[n]
	}
}
BEGIN {
	# of a folder, as join.awk names them, or in a language
	LATER = "^app/[a-z]+-[a-z]+\\.(js|webmanifest)$"
	while ((getline line < sums) > 0) {
		split(line, part, /  /)
		sum[++count] = part[1]
		name[count] = part[2] == "index.html" ? "" : part[2]
	}
}
/@FILES@/ {
	list(0)
	next
}
/@LATER@/ {
	list(1)
	next
}
/^[ \t]*\/\/( |$)/ {
	next
}
{
	sub(/\t+\/\/ .*/, "")
	sub(/@VERSION@/, substr(version, 1, 16))
	print
}
