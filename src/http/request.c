/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/form.h"
#include "http/request.h"
#include "http/route.h"
#include "base/wipe.h"

#define ID_MAX	64

struct chunk {
	struct chunk	*next;
	max_align_t	 data[];
};

#define PLACE(name, member)	{ name, sizeof name - 1, offsetof(struct request, member), false }
/* For a header whose empty value differs from an absent header. */
#define PLACE_EMPTY(name, member)	\
	{ name, sizeof name - 1, offsetof(struct request, member), true }

static const struct param_place {
	const char	*name;
	size_t		 len, offset;
	bool		 empty;
} places[] = {
	PLACE("REQUEST_METHOD", method),
	PLACE("PATH_INFO", path),
	PLACE("SCRIPT_NAME", script),
	PLACE("QUERY_STRING", query_string),
	PLACE("CONTENT_TYPE", content_type),
	PLACE("CONTENT_LENGTH", content_length),
	PLACE("HTTP_AUTHORIZATION", authorization),
	PLACE("HTTP_ORIGIN", origin),
	PLACE("HTTP_ACCESS_CONTROL_REQUEST_METHOD", preflight),
	PLACE_EMPTY("HTTP_IF_MATCH", if_match),
	PLACE("HTTP_IF_NONE_MATCH", if_none_match),
	PLACE("HTTP_IDEMPOTENCY_KEY", idempotency_key),
	PLACE("HTTP_DEPTH", depth),
	PLACE_EMPTY("HTTP_IF", if_locked),
	PLACE("REQUEST_URI", uri),
	PLACE("REMOTE_ADDR", remote_addr),
	PLACE("HTTP_X_FORWARDED_FOR", forwarded),
	PLACE("HTTP_FORWARDED", forwarded),
	PLACE("HTTP_X_REAL_IP", forwarded),
	PLACE("HTTP_X_FORWARDED_HOST", forwarded),
	PLACE("HTTP_X_FORWARDED_PROTO", forwarded),
	PLACE("HTTP_VIA", forwarded),
	PLACE("REQUEST_ID", id),
	PLACE("HTTP_X_REQUEST_ID", other_id[0]),
	PLACE("UNIQUE_ID", other_id[1]),		/* Apache's */
};

/* False if the id could be taken for another part of a log line. */
static bool
is_id(const char *s)
{
	size_t	n = s == NULL ? 0 : strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz0123456789._@-");

	return n > 0 && n <= ID_MAX && s[n] == '\0';
}

/* Notes a parameter if r has a place for it. */
static void
take_param(struct request *r, const struct fastcgi_param *p)
{
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const char	**place = (const char **)((char *)r + places[i].offset);

		if (places[i].len != p->name_len ||
		    memcmp(places[i].name, p->name, p->name_len) != 0)
			continue;
		/* An empty parameter is an absent header: it must not replace another's value. */
		if (*p->value != '\0' || (places[i].empty && *place == NULL))
			*place = p->value;
		if (place == &r->authorization && *p->value != '\0')
			r->authorizations++;
		if (place == &r->idempotency_key)
			r->idempotency_keys++;
		return;
	}
}

/* True if the client's URI, which is encoded, begins with the first len bytes of the path. */
static bool
leads_below(const char *uri, const char *path, size_t len)
{
	for (; len > 0; len--, path++) {
		char	c = *uri++;

		if (c == '%' && form_hex(uri[0]) >= 0 && form_hex(uri[1]) >= 0) {
			c = (char)(form_hex(uri[0]) << 4 | form_hex(uri[1]));
			uri += 2;
		}
		if (c != *path)
			return false;
	}
	return *uri == '\0' || strchr("/?", *uri) != NULL;
}

/*
 * The prefix of the client's URLs: after a web server's rewriting it ends with the program's
 * file, which clients don't see.
 */
static void
set_script(struct request *r)
{
	const char	*slash;
	size_t		 len;

	if (r->script == NULL)
		r->script = "";
	if (r->uri == NULL || leads_below(r->uri, r->script, strlen(r->script)) ||
	    (slash = strrchr(r->script, '/')) == NULL)
		return;
	len = (size_t)(slash - r->script);
	if (leads_below(r->uri, r->script, len) &&
	    (slash = request_printf(r, "%.*s", (int)len, r->script)) != NULL)
		r->script = slash;
}

/*
 * How long a write may wait for a lock in the database: other statements on the connection wait
 * with it, and may want the same lock.  0: no limit.
 */
static void
lock_wait(struct value *v, const struct worker *w)
{
	size_t		 n = w->connection.flights.n;
	const char	*text = !w->shared ? "0" : n < 4 ? "250ms" : n < 16 ? "60ms" : "20ms";

	value_bytes(v, text, (int)strlen(text));
}

void
request_init(struct request *r, struct worker *w, struct exchange *e)
{
	struct fastcgi_param	p;

	memset(r, 0, sizeof *r);
	r->worker = w;
	r->exchange = e;
	statement_init(&r->statement, &w->connection, w->database_usec);
	lock_wait(&r->value[PARAM_LOCK_WAIT], w);
	for (size_t at = 0; exchange_param(e, &at, &p);)
		take_param(r, &p);
	for (int i = 0; i < 2 && !is_id(r->id); i++)
		r->id = r->other_id[i];
	if (!is_id(r->id))
		r->id = NULL;
	if (r->method == NULL)
		r->method = "";
	if (r->path == NULL)
		r->path = "";
	set_script(r);
}

void *
request_alloc(struct request *r, size_t size)
{
	struct chunk	*c = calloc(1, sizeof *c + size);

	if (c == NULL)
		return NULL;
	c->next = r->memory;
	r->memory = c;
	return c->data;
}

char *
request_printf(struct request *r, const char *fmt, ...)
{
	va_list	 ap;
	char	*text;
	int	 n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (text = request_alloc(r, (size_t)n + 1)) == NULL)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}

enum answer
request_body(struct request *r, char **text, size_t *len)
{
	static char		 none[] = "";
	const struct bytes	*body = &r->exchange->in.body;
	const char		*length = r->content_length;
	const size_t		 max = r->route->body_max > 0 ? r->route->body_max :
				    REQUEST_BODY_MAX;

	*text = body->data == NULL ? none : (char *)body->data;
	*len = body->len;
	if (length != NULL && !isdigit((unsigned char)*length))
		length = NULL;
	if (*len > max || (length != NULL && strtoull(length, NULL, 10) > max))
		return ANS_BODY_LARGE;
	return r->exchange->in.cut || (length != NULL && *len < strtoull(length, NULL, 10)) ?
	    ANS_BODY_SHORT : ANS_OK;
}

bool
request_is_type(const struct request *r, const char *name)
{
	const char	*type = r->content_type;
	size_t		 n = strlen(name);

	return type != NULL && strncasecmp(type, name, n) == 0 &&
	    (type[n] == '\0' || strchr("; \t", type[n]) != NULL);
}

enum answer
request_row(struct request *r, enum stmt_id id, const struct row **row)
{
	enum answer	answer = statement_run(&r->statement, id, r->value);

	return answer != ANS_OK ? answer : statement_next(&r->statement, row);
}

enum answer
request_next(struct request *r, const struct row **row)
{
	return statement_next(&r->statement, row);
}

void
request_problem(struct request *r, const char *in, const char *field, const char *type,
    const char *msg)
{
	if (r->nproblems < REQUEST_PROBLEMS_MAX)
		r->problem[r->nproblems++] = (struct problem){
			.in = in, .within = r->within, .index = r->within == NULL ? -1 : r->index,
			.field = field, .type = type, .msg = msg,
		};
}

void
request_free(struct request *r)
{
	struct chunk	*next;

	for (; r->memory != NULL; r->memory = next) {
		next = r->memory->next;
		wipe_free(r->memory);
	}
	wipe_free(r->out.data);
	explicit_bzero(r->value, sizeof r->value);
}
