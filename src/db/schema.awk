# Turns sql/schema.sql into C: its text, up to its indexes and from there, and the one query
# that names whatever a database lacks of it: columns (with type and NOT NULL), named
# constraints, indexes, and the rights to use the tables.  Indexes are last, as "index NAME",
# but for rights.  A column of a domain may also be of the type that this is made of, if the
# table has the rule.

function item(rel, name, type, notnull, of) {
	items = items sep "('" rel "', '" name "', " type ", " notnull ", " of ")"
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
/ CREATE DOMAIN / {
	of = $8
	sub(/;$/, "", of)
	made_of[$6] = "'" of "'"
	next
}
/ ALTER DOMAIN .* ADD CONSTRAINT / {
	domain = $6
	sub(/^public\./, "", domain)
	item(domain, $9, "'domain'", "false", "NULL")
	next
}
/^\);/ { rel = "" }
$1 == "CREATE" && /INDEX/ {
	sub(/UNIQUE /, "")
	of = $8
	sub(/^public\./, "", of)
	item(of, $6, "'index'", "false", "NULL")
	next
}
rel != "" && $1 == "CONSTRAINT" { item(rel, $2, "NULL", "false", "NULL"); next }
rel != "" {
	type = $2
	sub(/,$/, "", type)
	item(rel, $1, "'" type "'", /NOT NULL|IDENTITY/ ? "true" : "false",
	    type in made_of ? made_of[type] : "NULL")
}

END {
	print "/* Made from sql/schema.sql by src/schema.awk. */"
	print "#include \"db/stmt.h\"\n"
	print "const char schema_sql[] =\n" text[""] "\t\"\";\n"
	print "const char schema_index_sql[] =\n" text["indexes"] "\t\"\";\n"
	check = "SELECT CASE w.type WHEN 'index' THEN 'index ' ELSE w.rel || '.' END || w.name\n" \
	    "FROM (VALUES " items ") w(rel, name, type, required, made_of)\n" \
	    "WHERE NOT CASE WHEN w.type IS NULL THEN EXISTS (\n" \
	    "SELECT FROM pg_catalog.pg_constraint c\n" \
	    "WHERE c.conrelid = to_regclass('public.' || w.rel) AND c.conname = w.name)\n" \
	    "WHEN w.type = 'index' THEN EXISTS (SELECT FROM pg_catalog.pg_index i\n" \
	    "WHERE i.indrelid = to_regclass('public.' || w.rel)\n" \
	    "AND i.indexrelid = to_regclass('public.' || w.name) AND i.indisvalid)\n" \
	    "WHEN w.type = 'domain' THEN EXISTS (SELECT FROM pg_catalog.pg_constraint c\n" \
	    "WHERE c.contypid = to_regtype('public.' || w.rel) AND c.conname = w.name)\n" \
	    "ELSE EXISTS (SELECT FROM pg_catalog.pg_attribute a\n" \
	    "WHERE a.attrelid = to_regclass('public.' || w.rel) AND a.attname = w.name\n" \
	    "AND (a.atttypid = to_regtype(w.type) OR a.atttypid = to_regtype(w.made_of) AND EXISTS (\n" \
	    "SELECT FROM pg_catalog.pg_constraint c WHERE c.conrelid = a.attrelid\n" \
	    "AND c.conname = w.rel || '_' || w.name || '_check')) AND a.attnotnull >= w.required AND NOT a.attisdropped) END\n" \
	    "UNION ALL\n" \
	    "SELECT 'the right to ' || string_agg(p.verb, ', ') || ' on ' || t.rel FROM (VALUES " rels ") t(rel),\n" \
	    "(VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(verb)\n" \
	    "WHERE NOT has_table_privilege(to_regclass('public.' || t.rel), p.verb) GROUP BY t.rel"
	gsub(/\n/, "\\n\"\n\t\"", check)
	print "const char schema_check_sql[] =\n\t\"" check "\";"
}
