/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/field.h"
#include "openapi.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/route.h"
#include "http/tojson.h"

/* Writes a comma if a member or an element follows others. */
static void
comma(struct buf *b, bool *more)
{
	if (*more)
		buf_char(b, ',');
	*more = true;
}

/* Writes the parts up to NULL, with " for each '. */
#define put(b, ...) put_parts((b), (const char *const[]){ __VA_ARGS__ })

static void
put_parts(struct buf *b, const char *const *part)
{
	for (; *part != NULL; part++)
		for (const char *s = *part; *s != '\0'; s++)
			buf_char(b, *s == '\'' ? '"' : *s);
}

static void
put_string(struct buf *b, const char *s)
{
	tojson_string(b, s, strlen(s));
}

static void
put_size(struct buf *b, const char *name, size_t n)
{
	put(b, ",'", name, "':", NULL);
	tojson_int64(b, (int64_t)n);
}

/* --- schemas of bodies ------------------------------------------------------ */

static void
text_schema(struct buf *b, const struct field *f)
{
	put(b, "'type':", f->null ? "['string','null']" : "'string'", NULL);
	/* JSON Schema can't count bytes, but no text has more code points than bytes. */
	if (!f->bytes && f->min > 0)
		put_size(b, "minLength", f->min);
	put_size(b, "maxLength", f->max);
	if (f->bytes) {
		char	text[80];

		snprintf(text, sizeof text, ",'description':'%zu to %zu bytes of UTF-8'",
		    f->min, f->max);
		put(b, text, NULL);
	}
	if (f->schema != NULL)
		put(b, ",", f->schema, NULL);
}

static void
choice_schema(struct buf *b, const struct field *f)
{
	bool	more = false;

	put(b, "'type':'string','enum':[", NULL);
	for (const char *const *c = f->choices; *c != NULL; c++) {
		comma(b, &more);
		put_string(b, *c);
	}
	buf_char(b, ']');
}

static void
bool_schema(struct buf *b, const struct field *f)
{
	(void)f;
	put(b, "'type':'boolean'", NULL);
}

static void
date_schema(struct buf *b, const struct field *f)
{
	put(b, "'type':", f->null ? "['string','null']" : "'string'", ",'description':"
	    "'A date (2026-02-15) or a time with its offset (2026-02-15T09:30:00Z)'", NULL);
}

static void
zone_schema(struct buf *b, const struct field *f)
{
	put(b, "'type':", f->null ? "['string','null']" : "'string'",
	    ",'description':'The name of a time zone (Europe/Berlin)'", NULL);
}

static void
tags_schema(struct buf *b, const struct field *f)
{
	put(b, "'anyOf':[{'type':'array','items':{'type':'string'", NULL);
	put_size(b, "minLength", f->min);
	put_size(b, "maxLength", f->max);
	buf_char(b, '}');
	put_size(b, "maxItems", f->count);
	put(b, "},{'type':['string','null'],'description':'Separated by commas'}]", NULL);
}

static void
count_schema(struct buf *b, const struct field *f)
{
	put(b, "'type':'integer'", NULL);
	put_size(b, "minimum", f->min);
	put_size(b, "maximum", f->max);
}

static void
ids_schema(struct buf *b, const struct field *f)
{
	put(b, "'type':'array','minItems':1", NULL);
	put_size(b, "maxItems", f->count);
	put(b, ",'items':{'type':'integer','minimum':1,'maximum':", NULL);
	tojson_int64(b, FIELD_ID_MAX);
	buf_char(b, '}');
}

static void	object_schema(struct buf *b, const struct field *f);
static void	objects_schema(struct buf *b, const struct field *f);

static void	(*const schema_of[])(struct buf *, const struct field *) = {
	[FIELD_TEXT] = text_schema,
	[FIELD_CHOICE] = choice_schema,
	[FIELD_BOOL] = bool_schema,
	[FIELD_DATE] = date_schema,
	[FIELD_ZONE] = zone_schema,
	[FIELD_COUNT] = count_schema,
	[FIELD_IDS] = ids_schema,
	[FIELD_TAGS] = tags_schema,
	[FIELD_OBJECT] = object_schema,
	[FIELD_OBJECTS] = objects_schema,
};

/* Writes an object's schema, without its braces. */
static void
fields_schema(struct buf *b, const struct field *fields, bool partial, bool form)
{
	bool	more = false;

	put(b, "'type':'object','properties':{", NULL);
	for (const struct field *f = fields; f->name != NULL; f++) {
		comma(b, &more);
		put(b, "'", form && f->alias != NULL ? f->alias : f->name, "':{", NULL);
		schema_of[f->type](b, f);
		buf_char(b, '}');
	}
	put(b, "}", NULL);
	more = false;
	for (const struct field *f = fields; f->name != NULL && !partial; f++) {
		if (!f->required)
			continue;
		put(b, more ? ",'" : ",'required':['", form && f->alias != NULL ? f->alias :
		    f->name, "'", NULL);
		more = true;
	}
	put(b, more ? "]" : "", NULL);
}

static void
object_schema(struct buf *b, const struct field *f)
{
	fields_schema(b, f->fields, true, false);
}

static void
objects_schema(struct buf *b, const struct field *f)
{
	put(b, "'type':'array','minItems':1", NULL);
	put_size(b, "maxItems", f->count);
	put(b, ",'items':{", NULL);
	fields_schema(b, f->fields, false, false);
	buf_char(b, '}');
}

static void
body_schema(struct buf *b, const struct route *t, bool form)
{
	buf_char(b, '{');
	fields_schema(b, t->fields, t->partial, form);
	buf_char(b, '}');
}

/* --- operations --------------------------------------------------------------- */

static void
put_request_body(struct buf *b, const struct route *t, const struct route_doc *d)
{
	put(b, ",'requestBody':{'required':", t->body_optional ? "false" : "true",
	    ",'content':{'application/json':{'schema':{'$ref':'#/components/schemas/", d->body,
	    "'},'example':", NULL);
	buf_str(b, d->example);
	buf_char(b, '}');
	if (t->form) {
		put(b, ",'application/x-www-form-urlencoded':{'schema':", NULL);
		body_schema(b, t, true);
		buf_char(b, '}');
	}
	put(b, "}}", NULL);
}

/* Writes an error, unless its status was written before. */
static void
error_response(struct buf *b, enum answer answer, unsigned char seen[600])
{
	const char	*status = reply_status(answer);
	int		 code = atoi(status);
	char		 number[8];

	if (seen[code]++)
		return;
	snprintf(number, sizeof number, "%d", code);
	put(b, ",'", number, "':{'description':", NULL);
	put_string(b, status + 4);
	if (answer == ANS_NOT_MODIFIED) {
		buf_char(b, '}');
		return;
	}
	if (code == 401 || code == 503)
		put(b, ",'headers':{'", code == 401 ? "WWW-Authenticate" : "Retry-After",
		    "':{'$ref':'#/components/headers/",
		    code == 401 ? "WWW-Authenticate" : "Retry-After", "'}}", NULL);
	put(b, ",'content':{'application/json':{'schema':{'$ref':'#/components/schemas/",
	    answer == ANS_BAD_FIELDS ? "ValidationError" : "Error", "'}}}}", NULL);
}

/* True if the route heeds If-Match and If-None-Match. */
static bool
has_version(const struct route *t, const struct route_doc *d)
{
	return strstr(t->path, ":task") != NULL || (d->etag && strcmp(t->method, "GET") == 0);
}

/* True if it takes a password: the web server limits how often (limits.conf). */
static bool
is_limited(const struct route *t)
{
	for (const struct field *f = t->fields; f != NULL && f->name != NULL; f++)
		if (f->param == PARAM_PASSWORD || f->param == PARAM_OLD_PASSWORD)
			return true;
	return false;
}

/* The errors that a route's columns make possible. */
static void
errors(struct buf *b, const struct route *t, const struct route_doc *d)
{
	bool		has_user = strstr(t->path, ":user") != NULL;
	bool		versions = has_version(t, d);
	bool		reads = strcmp(t->method, "GET") == 0, writes = route_writes(t);
	unsigned char	seen[600] = { 0 };
	const struct {
		bool		when;
		enum answer	answer;
	} table[] = {
		{ versions && reads, ANS_NOT_MODIFIED },
		{ t->fields != NULL, ANS_NOT_JSON },
		{ t->access == ACCESS_SELF || t->access == ACCESS_TOKEN, ANS_NO_TOKEN },
		{ t->access == ACCESS_SELF, ANS_FORBIDDEN },
		{ has_user, ANS_NO_TASK },
		{ versions, ANS_OTHER_VERSION },
		{ t->fields != NULL, ANS_BODY_LARGE },
		{ t->fields != NULL, ANS_NOT_TYPE },
		{ t->fields != NULL || t->query != NULL || has_user || writes, ANS_BAD_FIELDS },
		{ t->stmt != STMT_NONE, ANS_INTERNAL },
		{ t->stmt != STMT_NONE, ANS_UNAVAILABLE },
		{ writes, ANS_UNKNOWN },
	};

	for (size_t i = 0; i < 2; i++)
		if (d->error[i] != ANS_OK)
			error_response(b, d->error[i], seen);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].when)
			error_response(b, table[i].answer, seen);
	if (is_limited(t))
		put(b, ",'429':{'$ref':'#/components/responses/TooMany'}", NULL);
}

static void
responses(struct buf *b, const struct route *t, const struct route_doc *d)
{
	char	status[4];

	snprintf(status, sizeof status, "%.3s", reply_status(t->answer));
	put(b, ",'responses':{'", status, "':{'description':", NULL);
	put_string(b, d->summary);
	if (d->etag)
		put(b, ",'headers':{'ETag':{'$ref':'#/components/headers/ETag",
		    d->etag_of_now ? "-of-now" : "", "'}",
		    d->location ? ",'Location':{'$ref':'#/components/headers/Location'}" : "",
		    d->link ? ",'Link':{'$ref':'#/components/headers/Link'}" : "",
		    "}", NULL);
	put(b, ",'content':{'", NULL);
	if (t->media != NULL)
		buf_put(b, t->media, strcspn(t->media, ";"));
	else
		put(b, "application/json", NULL);
	put(b, "':{'schema':{'$ref':'#/components/schemas/", d->schema, "'}}}}", NULL);
	errors(b, t, d);
	buf_char(b, '}');
}

static void
aliases(struct buf *b, const struct route *t)
{
	bool	more = false;

	for (const struct route *o = t + 1; o->method != NULL; o++)
		if (o->handler == t->handler) {
			put(b, more ? ", `" : ",'description':'Also at `", o->path, "`", NULL);
			more = true;
		}
	if (more)
		buf_char(b, '"');
}

static void
parameters(struct buf *b, const struct route *t, const struct route_doc *d)
{
	static const struct field	 none = { .name = NULL };
	bool				 more = false;

	put(b, ",'parameters':[", NULL);
	for (const struct field *f = t->query != NULL ? t->query : &none; f->name != NULL; f++) {
		comma(b, &more);
		put(b, "{'name':'", f->name, "','in':'query','required':",
		    f->required ? "true" : "false", ",'schema':{", NULL);
		schema_of[f->type](b, f);
		put(b, "},'description':", NULL);
		put_string(b, f->about);
		buf_char(b, '}');
	}
	if (has_version(t, d)) {
		comma(b, &more);
		put(b, "{'$ref':'#/components/parameters/",
		    strcmp(t->method, "GET") == 0 ? "If-None-Match" : "If-Match", "'}", NULL);
	}
	if (route_writes(t)) {
		comma(b, &more);
		put(b, "{'$ref':'#/components/parameters/Idempotency-Key'}", NULL);
	}
	buf_char(b, ']');
}

static void
operation(struct buf *b, const struct route *t, const struct route_doc *d)
{
	put(b, "'", strcmp(t->method, "GET") == 0 ? "get" : strcmp(t->method, "PUT") == 0 ? "put" :
	    strcmp(t->method, "POST") == 0 ? "post" : strcmp(t->method, "PATCH") == 0 ? "patch" :
	    "delete", "':{'operationId':'", d->id, "','tags':['", d->tag, "'],'summary':", NULL);
	put_string(b, d->summary);
	aliases(b, t);
	put(b, ",'security':[", t->access == ACCESS_ANY ? "" : "{'bearer':[]},{'password':[]}",
	    t->access == ACCESS_OPTIONAL ? ",{}]" : "]", NULL);
	parameters(b, t, d);
	if (t->fields != NULL)
		put_request_body(b, t, d);
	responses(b, t, d);
	buf_char(b, '}');
}

/* True if no earlier row has the path, or the handler. */
static bool
is_first(const struct route *routes, const struct route *t, bool of_path)
{
	for (const struct route *o = routes; o < t; o++)
		if (of_path ? strcmp(o->path, t->path) == 0 : o->handler == t->handler)
			return false;
	return true;
}

/* Writes the parameter of a part of a path. */
static const char *
part_parameter(const struct path_part *p, const char *part)
{
	while (strncmp(p->name, part, strlen(p->name)) != 0)
		p++;
	return p->parameter;
}

/* "/api/:user/tasks" as "/api/{user_id}/tasks". */
static void
path_name(struct buf *b, const struct path_part *parts, const char *path)
{
	buf_char(b, '"');
	for (; *path != '\0'; path++) {
		if (*path != ':') {
			buf_char(b, *path);
			continue;
		}
		put(b, "{", part_parameter(parts, path), "}", NULL);
		path += strcspn(path, "./") - 1;
	}
	buf_char(b, '"');
}

static void
paths(struct buf *b, const struct worker *w)
{
	bool	more = false;

	for (const struct route *t = w->routes; t->method != NULL; t++) {
		if (t->doc.id == NULL || !is_first(w->routes, t, true) ||
		    !is_first(w->routes, t, false))
			continue;
		comma(b, &more);
		path_name(b, w->parts, t->path);
		put(b, ":{", NULL);
		for (const char *p = strchr(t->path, ':'), *next; p != NULL; p = next) {
			next = strchr(p + 1, ':');
			put(b, p == strchr(t->path, ':') ? "'parameters':[" : ",",
			    "{'$ref':'#/components/parameters/", part_parameter(w->parts, p), "'}",
			    next == NULL ? "]," : "", NULL);
		}
		for (const struct route *o = t; o->method != NULL; o++)
			if (strcmp(o->path, t->path) == 0) {
				if (o != t)
					buf_char(b, ',');
				operation(b, o, &o->doc);
			}
		buf_char(b, '}');
	}
}

enum answer
openapi_describe(struct request *r)
{
	struct buf	*b = &r->out;

	buf_str(b, openapi_head);
	put(b, ",'Tags':", r->worker->tags_string ?
	    "{'type':['string','null'],'description':'Separated by commas'}" :
	    "{'type':'array','items':{'type':'string'}}", NULL);
	for (const struct route *t = r->worker->routes; t->method != NULL; t++)
		if (t->fields != NULL && is_first(r->worker->routes, t, false)) {
			put(b, ",'", t->doc.body, "':", NULL);
			body_schema(b, t, false);
		}
	put(b, "}},'servers':[{'url':", NULL);
	put_string(b, *r->script == '\0' ? "/" : r->script);
	put(b, "}],'paths':{", NULL);
	paths(b, r->worker);
	put(b, "}}", NULL);
	return ANS_OK;
}

bool
openapi_has(const struct route *route)
{
	const struct route_doc	*d = &route->doc;

	return d->id != NULL && (route->fields == NULL || (d->body != NULL && d->example != NULL));
}
