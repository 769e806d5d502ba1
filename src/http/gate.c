/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "http/body.h"
#include "http/field.h"
#include "http/gate.h"
#include "http/once.h"
#include "http/query.h"
#include "http/reply.h"

#define PARTS_MAX	2	/* in one path */

/* The texts of a path at its route's parts. */
struct taken {
	int	n;
	struct {
		const struct path_part	*part;
		const char		*text;
		size_t			 len;
	} at[PARTS_MAX];
};

/* The part that a pattern names here. */
static const struct path_part *
part_of(const struct request *r, const char *pattern)
{
	const struct path_part	*p = r->worker->parts;

	while (strncmp(p->name, pattern, strlen(p->name)) != 0)
		p++;
	return p;
}

/* True if the path matches the pattern; notes the texts of its parts. */
static bool
matches(const struct request *r, const char *pattern, struct taken *t)
{
	const struct path_part	*part;
	const char		*path = r->path;

	t->n = 0;
	while (*pattern != '\0') {
		if (*pattern != ':') {
			if (*path == '\0' && path > r->path && strcmp(pattern, "/") == 0)
				return true;
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		part = part_of(r, pattern);
		pattern += strlen(part->name);
		t->at[t->n].part = part;
		t->at[t->n].text = path;
		t->at[t->n].len = part->rest ? strlen(path) :
		    strcspn(path, *pattern == '.' ? "./" : "/");
		if (t->at[t->n].len == 0)
			return false;
		path += t->at[t->n++].len;
	}
	return *path == '\0';
}

static void
allow(struct request *r, const char *method)
{
	size_t	len = strlen(r->allow);

	snprintf(r->allow + len, sizeof r->allow - len, "%s%s", len > 0 ? ", " : "", method);
}

static bool
is_for(const struct route *t, const char *method)
{
	return strcmp(t->method, method) == 0 || strcmp(t->method, "*") == 0;
}

static enum answer
find(struct request *r, struct taken *taken)
{
	bool	options = strcmp(r->method, "OPTIONS") == 0;

	r->head = strcmp(r->method, "HEAD") == 0;
	for (const struct route *t = r->worker->routes; t->method != NULL; t++) {
		if (!matches(r, t->path, taken))
			continue;
		if (is_for(t, r->head ? "GET" : r->method)) {
			if (options)
				allow(r, r->method);
			r->route = t;
			return ANS_OK;
		}
		allow(r, t->method);
		if (strcmp(t->method, "GET") == 0)
			allow(r, "HEAD");
	}
	if (r->allow[0] == '\0')
		return ANS_NO_PATH;
	allow(r, "OPTIONS");
	return options ? ANS_NO_CONTENT : ANS_NO_METHOD;
}

enum answer
gate_find(struct request *r)
{
	struct taken	taken;

	return find(r, &taken);
}

enum answer
gate_id(struct request *r, const char *parameter, const char *text, size_t len, int64_t *id)
{
	*id = 0;
	switch (number_id(text, len, id)) {
	case NUMBER_BAD:
		request_problem(r, "path", parameter, "int_parsing",
		    "Input should be a valid integer");
		return ANS_BAD_FIELDS;
	case NUMBER_NONE:
		return ANS_NO_PATH;
	case NUMBER_OK:
		break;
	}
	return ANS_OK;
}

static enum answer
authenticate(struct request *r)
{
	bool	(*sign_in)(struct request *) = r->worker->sign_in;

	if (r->route->access == ACCESS_ANY || r->route->access == ACCESS_OPTIONAL)
		return ANS_OK;
	if (r->authorization == NULL)
		return ANS_NO_TOKEN;
	if (r->route->access == ACCESS_APP)
		sign_in = r->worker->sign_in_app;
	return sign_in(r) ? ANS_OK : ANS_BAD_TOKEN;
}

static enum answer
take_parts(struct request *r, const struct taken *t)
{
	enum answer	answer = ANS_OK;

	for (int i = 0; i < t->n && answer == ANS_OK; i++)
		answer = t->at[i].part->take(r, t->at[i].text, t->at[i].len);
	return answer;
}

/* Hashes a body that the handler reads: it, too, is a part of the write's identity. */
static void
note_body(struct request *r)
{
	char	*text;
	size_t	 len;

	if (request_body(r, &text, &len) == ANS_OK)
		once_body(r, text, len);
}

/* The checks before the handler runs. */
static enum answer
check(struct request *r)
{
	struct taken	taken;
	enum answer	answer;

	if ((answer = find(r, &taken)) != ANS_OK ||
	    (answer = authenticate(r)) != ANS_OK ||
	    (answer = take_parts(r, &taken)) != ANS_OK)
		return answer;
	if ((r->route->query != NULL && (answer = query_read(r)) != ANS_OK) ||
	    (r->route->fields != NULL && (answer = body_read(r)) != ANS_OK))
		return answer;
	if (r->route->rule != NULL && r->nproblems == 0)
		r->route->rule(r);
	if (r->nproblems > 0)
		return ANS_BAD_FIELDS;
	if (!route_writes(r->route))
		return ANS_OK;
	if (r->route->dav)
		note_body(r);
	return once_prepare(r);
}

/* Notes a zone as a problem that we know but the database does not. */
static enum answer
no_zone(struct request *r)
{
	const struct field	*tables[] = { r->route->fields, r->route->query };
	const char		*in[] = { "body", "query" };

	for (int i = 0; i < 2; i++)
		for (const struct field *f = tables[i]; f != NULL && f->name != NULL; f++)
			if (f->type == FIELD_ZONE && r->value[f->param].data != NULL)
				request_problem(r, in[i], f->name, "value_error",
				    "The database does not know this time zone");
	return r->nproblems > 0 ? ANS_BAD_FIELDS : ANS_INTERNAL;
}

enum answer
gate_pass(struct request *r)
{
	enum answer	answer = check(r);

	if (answer != ANS_OK)
		return answer;
	answer = r->route->handler(r);
	/* A list whose connection was lost is read again, unless some of it has left. */
	if (answer == ANS_UNAVAILABLE && stmts[r->route->stmt].kind == STMT_KIND_LIST &&
	    r->out.len > 0 && reply_restart(r))
		answer = r->route->handler(r);
	/* With the client's own key it may be sent again nevertheless. */
	if (answer == ANS_UNAVAILABLE && r->idempotency_key == NULL && r->statement.in_doubt)
		return ANS_UNKNOWN;
	if (answer == ANS_NO_ZONE)
		return no_zone(r);
	return answer == ANS_OK ? r->route->answer : answer;
}

bool
route_writes(const struct route *route)
{
	return route->stmt != STMT_NONE && stmts[route->stmt].kind == STMT_KIND_WRITE;
}

enum answer
gate_take_id(struct request *r, const char *parameter, enum param param, const char *text,
    size_t len)
{
	int64_t	id;

	gate_id(r, parameter, text, len, &id);
	value_int64(&r->value[param], id);
	return ANS_OK;
}
