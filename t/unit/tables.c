/* SPDX-License-Identifier: ISC */
/* The tables have no holes, and their rows agree with each other. */
#include <string.h>

#include "http/field.h"
#include "openapi.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/gate.h"
#include "routes.h"
#include "db/stmt.h"
#include "tap.h"

static void
test_statements(void)
{
	for (int i = STMT_NONE + 1; i < STMT__MAX; i++) {
		const struct stmt	*s = &stmts[i];
		bool			 params = true;
		char			 last[16];

		tap_ok(s->name != NULL && s->sql != NULL && s->sql[0] != '\0',
		    "statement %d has name and text", i);
		for (int p = 0; p < s->nparam; p++)
			params = params && s->param[p] != PARAM_NONE;
		snprintf(last, sizeof last, "$%d", s->nparam);
		tap_ok(params && (s->nparam == 0 || strstr(s->sql, last) != NULL),
		    "%s: its parameters are known", s->name);
	}
}

static bool
is_taken(const struct route *t, const struct field *fields)
{
	bool	good = true;

	for (const struct field *f = fields; f->name != NULL; f++) {
		/* A password is not for the database: the handler hashes it. */
		bool	used = f->param == PARAM_PASSWORD || f->param == PARAM_OLD_PASSWORD ||
			    /* nor is how long a token lives */
			    f->param == PARAM_REMEMBER ||
			    /* so does agenda.c with these */
			    f->param == PARAM_NEXT || f->when == PARAM_NEXT;

		for (int p = 0; p < stmts[t->stmt].nparam; p++)
			used = used || stmts[t->stmt].param[p] == f->param;
		if (f->type == FIELD_OBJECT)
			used = is_taken(t, f->fields);
		good = good && used && (f->type == FIELD_CHOICE) == (f->choices != NULL) &&
		    (f->type == FIELD_OBJECTS) == (f->take != NULL) &&
		    f->type != FIELD_COUNT && f->min <= f->max && (f->null || f->has == PARAM_NONE);
	}
	return good;
}

static void
test_fields(const struct route *t)
{
	tap_ok(is_taken(t, t->fields), "%s %s: the statement takes every field", t->method, t->path);
}

static void
test_query(const struct route *t)
{
	bool	good = true;
	int	n = 0;

	for (const struct field *f = t->query; f->name != NULL; f++, n++)
		good = good && f->param != PARAM_NONE && f->about != NULL &&
		    (f->type == FIELD_CHOICE) == (f->choices != NULL) &&
		    f->type != FIELD_TAGS && f->min <= f->max;
	tap_ok(good && n > 0 && n <= REQUEST_QUERY_MAX, "%s %s: its query can be read",
	    t->method, t->path);
}

static void
test_routes(void)
{
	struct worker	w = { .routes = routes, .parts = path_parts };
	struct request	r;

	for (const struct route *t = routes; t->method != NULL; t++) {
		bool	user = strstr(t->path, ":user") != NULL;

		tap_ok(t->handler != NULL &&
		    (t->stmt != STMT_NONE || t->access == ACCESS_ANY),
		    "%s %s: has handler, and statement unless it is open", t->method, t->path);
		tap_ok(t->dav ? t->doc.id == NULL : openapi_has(t),
		    "%s %s: is described, unless it is CalDAV", t->method, t->path);
		tap_ok(user == (t->access == ACCESS_SELF) && (t->dav || t->access != ACCESS_APP),
		    "%s %s: open only if no user is in the path", t->method, t->path);
		if (t->fields != NULL)
			test_fields(t);
		if (t->query != NULL)
			test_query(t);
		if (strchr(t->path, ':') != NULL && (user || t->dav))
			continue;
		memset(&r, 0, sizeof r);
		r.worker = &w;
		r.method = strcmp(t->method, "*") == 0 ? "ANY" : t->method;
		r.path = t->path;
		tap_ok(gate_find(&r) == ANS_OK && r.route == t,
		    "%s %s: is found by its path", t->method, t->path);
	}
}

static void
test_answers(void)
{
	for (int a = 0; a < ANS__MAX; a++)
		tap_ok(reply_status(a) != NULL, "answer %d has a status line", a);
}

int
main(void)
{
	test_answers();
	test_statements();
	test_routes();
	return tap_done();
}
