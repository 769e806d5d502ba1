# Joins the modules of the page into one script, since each file that a browser asks for costs
# it more than the code in it:
#
#   awk -f join.awk -v main=app/main.js FILE.js ...
#
# Each module becomes a function that is called once, after those that it imports; its name is
# made of the file's.  The imports and exports of a module are
#
#   import {a, b as c} from "./x.js"        import a from "./x.js"
#   export const a, function, async function, class; export default; export {a as b}
#   export {a} from "./x.js"                import("./x.js")
#
# and none of them changes later.  Empty lines and comments are left out, at the end of a line
# those after a tab.  Modules that import each other are an error, and so is any other form of
# import or export.

function fail(why)
{
	print "join.awk: " why >"/dev/stderr"
	failed = 1
	exit 1
}

# A file, as a name of JavaScript.
function name_of(file)
{
	gsub(/[^A-Za-z0-9]/, "_", file)
	return file
}

# The file that is meant by a path in another.
function resolve(path, from,	at)
{
	sub(/[^\/]*$/, "", from)
	path = from path
	gsub(/\/\.\//, "/", path)
	while (match(path, /[^\/]+\/\.\.\//))
		path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
	return path
}

# Cuts the next statement out of rest: before is what stands before it, found is it, and rest
# what comes after it.
function cut(pattern)
{
	if (!match(rest, pattern))
		return 0
	before = substr(rest, 1, RSTART - 1)
	found = substr(rest, RSTART, RLENGTH)
	rest = substr(rest, RSTART + RLENGTH)
	return 1
}

# What stands in the quotes, or the braces, of found.
function between(left, right,	from)
{
	from = index(found, left)
	return from ? substr(found, from + 1, index(substr(found, from + 1), right) - 1) : ""
}

# The names in braces, "a, b as c", into inner[] and outer[].
function names(list,	n, i, parts)
{
	gsub(/[ \t\n]+/, " ", list)
	n = split(list, parts, /,/)
	count = 0
	for (i = 1; i <= n; i++) {
		gsub(/^ | $/, "", parts[i])
		if (parts[i] == "")
			continue
		count++
		inner[count] = outer[count] = parts[i]
		if (index(parts[i], " as ")) {
			inner[count] = substr(parts[i], 1, index(parts[i], " as ") - 1)
			outer[count] = substr(parts[i], index(parts[i], " as ") + 4)
		}
	}
}

# A module that is asked for only when it is needed is a file of its own, without imports, whose
# name has the folder: import("./de.js") in quickadd/ is import("./quickadd-de.js").
function later(file,	done, path)
{
	done = ""
	rest = text[file]
	while (cut("import[(]\"[^\"]+\"[)]")) {
		path = resolve(between("\"", "\""), file)
		sub(/^app\//, "", path)
		gsub(/\//, "-", path)
		done = done before "import(\"./" path "\")"
	}
	text[file] = done rest
}

function return_as(outer, inner)
{
	exported = exported (exported == "" ? "" : ", ") (outer == inner ? outer : outer ": " inner)
}

function imports(file,	done, i, list, module)
{
	done = ""
	rest = text[file]
	while (cut(IMPORT)) {
		module = name_of(resolve(between("\"", "\""), file))
		if (index(found, "{")) {
			names(between("{", "}"))
			list = ""
			for (i = 1; i <= count; i++)
				list = list (i > 1 ? ", " : "") (inner[i] == outer[i] ? inner[i] : inner[i] ": " outer[i])
			done = done before "const {" list "} = " module
		} else {
			match(found, /import[ \t]+[A-Za-z0-9_$]+/)
			list = substr(found, RSTART, RLENGTH)
			sub(/import[ \t]+/, "", list)
			done = done before "const {default: " list "} = " module
		}
		if (found ~ /;$/)
			done = done ";"
	}
	text[file] = done rest
}

function exports(file,	done, i, module)
{
	exported = done = ""
	rest = text[file]
	while (cut(REEXPORT)) {
		module = name_of(resolve(between("\"", "\""), file))
		names(between("{", "}"))
		for (i = 1; i <= count; i++)
			return_as(outer[i], module "." inner[i])
		done = done before
	}
	rest = done rest
	done = ""
	while (cut("export[ ]*[{][^}]*[}];?")) {
		names(between("{", "}"))
		for (i = 1; i <= count; i++)
			return_as(outer[i], inner[i])
		done = done before
	}
	rest = done rest
	done = ""
	while (cut("\nexport (const|function|async function|class) [A-Za-z0-9_$]+")) {
		done = done before "\n" substr(found, 9)
		sub(/.* /, "", found)
		return_as(found, found)
	}
	rest = done rest
	done = ""
	while (cut("\nexport default ")) {
		done = done before "\nconst default_ = "
		return_as("default", "default_")
	}
	text[file] = done rest
}

# Puts the file and what it imports into order.
function visit(file,	all, module)
{
	if (state[file] == "done")
		return
	if (state[file] == "begun")
		fail(file " imports, by others, itself")
	if (!(file in text))
		fail(file " is imported and not among the files")
	state[file] = "begun"
	all = text[file]
	for (;;) {
		rest = all
		if (!cut(IMPORT) && !cut(REEXPORT))
			break
		all = before rest
		visit(resolve(between("\"", "\""), file))
	}
	state[file] = "done"
	order[++files] = file
}

BEGIN {
	IMPORT = "import[ \t]*[A-Za-z0-9_$ \t]*([{][^}]*[}])?[ \t\n]*from[ \t]*\"[^\"]+\";?"
	REEXPORT = "export[ \t]*[{][^}]*[}][ \t\n]*from[ \t]*\"[^\"]+\";?"
}
FNR == 1 {
	file = FILENAME
	sub(/^.*www\//, "", file)
	text[file] = "\n"
}
!/^[ \t]*(\/\/( .*)?)?$/ {
	sub(/\t+\/\/ .*/, "")
	text[file] = text[file] $0 "\n"
}
END {
	if (failed)
		exit 1
	visit(main)
	print "// Made by make of the modules in www/, with their comments in www/app there."
	for (n = 1; n <= files; n++) {
		file = order[n]
		imports(file)
		exports(file)
		later(file)
		if (text[file] ~ /\n(import|export)[ {]/)
			fail(file " has an import or export of another form")
		printf "\n// %s\nconst %s = (() => {%s", file, name_of(file), text[file]
		print "return {" exported "}\n})()"
	}
}
