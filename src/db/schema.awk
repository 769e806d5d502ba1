# Turns sql/schema.sql into C: its text, up to its indexes and from there, and the one query
# that names whatever a database lacks of it: columns (with type and NOT NULL), named
# constraints, indexes, and the rights to use the tables.  Indexes are last, as "index NAME",
# but for rights.

function item(rel, name, type, notnull) {
	items = items sep "('" rel "', '" name "', " type ", " notnull ")"
	sep = ",\n"
}

{
	line = $0
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	if (line !~ /^--/ && line !~ /^$/)
		text[part] = text[part] "\t\"" line "\\n\"\n"
}
/^-- Indexes\./ { part = "indexes" }
/^CREATE TABLE/ {
	rel = $6
	sub(/^public\./, "", rel)
	rels = rels (rels == "" ? "" : ", ") "('" rel "')"
	next
}
/^\);/ { rel = "" }
$1 == "CREATE" && /INDEX/ {
	sub(/UNIQUE /, "")
	of = $8
	sub(/^public\./, "", of)
	item(of, $6, "'index'", "false")
	next
}
rel != "" && $1 == "CONSTRAINT" { item(rel, $2, "NULL", "false"); next }
rel != "" {
	type = $2
	sub(/,$/, "", type)
	item(rel, $1, "'" type "'", /NOT NULL|IDENTITY/ ? "true" : "false")
}

END {
	print "/* Made from sql/schema.sql by src/schema.awk. */"
	print "#include \"db/stmt.h\"\n"
	print "const char schema_sql[] =\n" text[""] "\t\"\";\n"
	print "const char schema_index_sql[] =\n" text["indexes"] "\t\"\";\n"
	check = "SELECT CASE w.type WHEN 'index' THEN 'index ' ELSE w.rel || '.' END || w.name\n" \
	    "FROM (VALUES " items ") w(rel, name, type, required)\n" \
	    "WHERE NOT CASE WHEN w.type IS NULL THEN EXISTS (\n" \
	    "SELECT FROM pg_catalog.pg_constraint c\n" \
	    "WHERE c.conrelid = to_regclass('public.' || w.rel) AND c.conname = w.name)\n" \
	    "WHEN w.type = 'index' THEN EXISTS (SELECT FROM pg_catalog.pg_index i\n" \
	    "WHERE i.indrelid = to_regclass('public.' || w.rel)\n" \
	    "AND i.indexrelid = to_regclass('public.' || w.name) AND i.indisvalid)\n" \
	    "ELSE EXISTS (SELECT FROM pg_catalog.pg_attribute a\n" \
	    "WHERE a.attrelid = to_regclass('public.' || w.rel) AND a.attname = w.name\n" \
	    "AND a.atttypid = to_regtype(w.type) AND a.attnotnull >= w.required AND NOT a.attisdropped) END\n" \
	    "UNION ALL\n" \
	    "SELECT 'the right to ' || string_agg(p.verb, ', ') || ' on ' || t.rel\n" \
	    "FROM (VALUES " rels ") t(rel),\n" \
	    "(VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(verb)\n" \
	    "WHERE NOT has_table_privilege(to_regclass('public.' || t.rel), p.verb) GROUP BY t.rel"
	gsub(/\n/, "\\n\"\n\t\"", check)
	print "const char schema_check_sql[] =\n\t\"" check "\";"
}
