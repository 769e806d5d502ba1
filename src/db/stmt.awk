# Turns sql/statements.sql into C: the enums of statements and parameters (-v out=h), or
# their tables (-v out=c).  The format is described at the top of that file.

function fail(message) {
	print FILENAME ": " message > "/dev/stderr"
	failed = 1
	exit 1
}

function declare(name, type) {
	if (type !~ /^(bool|bytea|date|int8|text|timestamptz|task_priority)(\[\])?$/)
		fail("no type of parameters: " type)
	if (name in type_of)
		fail("parameter " name " is declared twice")
	sub(/^task_priority$/, "by_place", type)
	sub(/\[\]$/, "_array", type)
	declared[++ndeclared] = name
	type_of[name] = toupper(type)
}

function flush_block() {
	gsub(/^[ \t\n]+|[ \t\n]+$/, "", text)
	if (kind == "fragment")
		fragment[name] = text
	else if (kind != "") {
		names[++n] = name
		kinds[n] = toupper(kind)
		body[n] = text
	}
	kind = text = ""
}

# Puts with for each @ of a text.
function fill(text, with,    n, part, i, done) {
	n = split(text, part, "@")
	done = part[1]
	for (i = 2; i <= n; i++)
		done = done with part[i]
	return done
}

# The innermost first, as what is put for @ may have fragments of its own.
function expand(s,    f, with) {
	while (match(s, /\{[a-z_]+( [^{}]+)?\}/)) {
		f = substr(s, RSTART + 1, RLENGTH - 2)
		with = f
		sub(/ .*/, "", f)
		sub(/^[^ ]* ?/, "", with)
		if (!(f in fragment))
			fail("no fragment {" f "}")
		s = substr(s, 1, RSTART - 1) fill(fragment[f], with) substr(s, RSTART + RLENGTH)
	}
	return s
}

# Replaces each :param by $1, $2, ... and collects them in that order.
function number(s,    done, p, at, count) {
	params = done = ""
	split("", at)
	while (match(s, /:[a-z_]+/)) {
		p = substr(s, RSTART + 1, RLENGTH - 1)
		if (!(p in type_of))
			fail("no parameter :" p)
		if (!(p in at)) {
			at[p] = ++count
			params = params " PARAM_" toupper(p) ","
		}
		done = done substr(s, 1, RSTART - 1) "$" at[p]
		s = substr(s, RSTART + RLENGTH)
	}
	nparam = count + 0
	return done s
}

/^-- (fragment|read|list|idempotent|write): / {
	flush_block()
	kind = substr($2, 1, length($2) - 1)
	name = $3
	next
}
/^-- param: / {
	declare($3, $4)
	next
}
/^--/ { next }
{ text = text "\n" $0 }

END {
	if (failed)
		exit 1
	flush_block()
	print "/* Made from sql/statements.sql by src/stmt.awk. */"
	if (out == "h") {
		print "#ifndef STMT_ENUM_H\n#define STMT_ENUM_H\n\nenum stmt_id {\n\tSTMT_NONE,"
		for (i = 1; i <= n; i++)
			print "\tSTMT_" toupper(names[i]) ","
		print "\tSTMT__MAX\n};\n\nenum param {\n\tPARAM_NONE,"
		for (i = 1; i <= ndeclared; i++)
			print "\tPARAM_" toupper(declared[i]) ","
		print "\tPARAM__MAX\n};\n\n#endif"
		exit
	}
	print "#include \"db/stmt.h\"\n\nconst struct stmt stmts[STMT__MAX] = {"
	for (i = 1; i <= n; i++) {
		sql = number(expand(body[i]))
		gsub(/[ \t\n]+/, " ", sql)
		gsub(/\\/, "&&", sql)
		gsub(/"/, "\\\"", sql)
		printf "\t[STMT_%s] = {\n\t\t.name = \"%s\", .kind = STMT_KIND_%s,\n", \
		    toupper(names[i]), names[i], kinds[i]
		printf "\t\t.nparam = %d,\n", nparam
		if (nparam > 0)
			printf "\t\t.param = {%s },\n", params
		printf "\t\t.sql = \"%s\",\n\t},\n", sql
	}
	print "};"
	print "\nconst enum type param_types[PARAM__MAX] = {"
	for (i = 1; i <= ndeclared; i++)
		printf "\t[PARAM_%s] = TYPE_%s,\n", toupper(declared[i]), type_of[declared[i]]
	print "};"
}
