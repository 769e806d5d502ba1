# Makes the page's sw.js: says in it which files there are.
#   sums      a file, as sha256sum writes it
#   version   of all of it; its first letters are enough
/@FILES@/ {
	while ((getline line < sums) > 0) {
		split(line, part, /  /)
		printf "\t\"%s\": \"%s\",\n", part[2] == "index.html" ? "" : part[2], part[1]
	}
	next
}
{
	sub(/@VERSION@/, substr(version, 1, 16))
	print
}
