# Turns src/openapi.json into C: without white space, and without the braces at its
# end, where src/openapi.c goes on.

{
	sub(/^[ \t]+/, "")
	sub(/@VERSION@/, version)
	text = text $0
}

END {
	sub(/}}}$/, "", text)
	print "/* Made from src/openapi.json by src/openapi.awk. */"
	print "#include \"openapi.h\"\n\nconst char openapi_head[] ="
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		line = line (c ~ /["\\]/ ? "\\" c : c)
		if (i % 90 == 0 || i == length(text)) {
			print "\t\"" line "\""
			line = ""
		}
	}
	print "\t\"\";"
}
