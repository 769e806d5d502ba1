/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/gateway.h"
#include "http/request.h"
#include "base/wipe.h"

#define ID_MAX	64

static char	body[REQ_BODY_MAX + 2];
static size_t	body_len;

struct chunk {
	struct chunk	*next;
	max_align_t	 data[];
};

#define PLACE(name, member)	{ name, sizeof name - 1, offsetof(struct req, member), false }
/* For a header that is there without a value, which means something else than none. */
#define PLACE_EMPTY(name, member)	{ name, sizeof name - 1, offsetof(struct req, member), true }

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

/* No id that could be taken for another part of a line of the log. */
static bool
is_id(const char *s)
{
	size_t	n = s == NULL ? 0 : strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz0123456789._@-");

	return n > 0 && n <= ID_MAX && s[n] == '\0';
}

void
req_init(struct req *r, char **params)
{
	const char	*value;
	size_t		 n;

	memset(r, 0, sizeof *r);
	for (; *params != NULL; params++) {
		if ((value = strchr(*params, '=')) == NULL)
			continue;
		n = (size_t)(value++ - *params);
		for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
			const char	**place = (const char **)((char *)r + places[i].offset);

			if (places[i].len != n ||
			    memcmp(places[i].name, *params, n) != 0)
				continue;
			/*
			 * An empty parameter is an absent header: it must not take
			 * away what another one of the same place says.
			 */
			if (*value != '\0' || (places[i].empty && *place == NULL))
				*place = value;
			if (place == &r->authorization && *value != '\0')
				r->authorizations++;
			if (place == &r->idempotency_key)
				r->idempotency_keys++;
			break;
		}
	}
	for (int i = 0; i < 2 && !is_id(r->id); i++)
		r->id = r->other_id[i];
	if (!is_id(r->id))
		r->id = NULL;
	if (r->method == NULL)
		r->method = "";
	if (r->path == NULL)
		r->path = "";
	if (r->script == NULL)
		r->script = "";
}

void *
req_alloc(struct req *r, size_t size)
{
	struct chunk	*c = calloc(1, sizeof *c + size);

	if (c == NULL)
		return NULL;
	c->next = r->memory;
	r->memory = c;
	return c->data;
}

char *
req_printf(struct req *r, const char *fmt, ...)
{
	va_list	 ap;
	char	*text;
	int	 n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (text = req_alloc(r, (size_t)n + 1)) == NULL)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}

enum answer
req_body(struct req *r, char **text, size_t *len)
{
	unsigned long long	want = REQ_BODY_MAX + 1;

	if (r->content_length != NULL && isdigit((unsigned char)*r->content_length))
		want = strtoull(r->content_length, NULL, 10);
	else
		r->content_length = NULL;
	if (want > REQ_BODY_MAX && r->content_length != NULL)
		return ANS_BODY_LARGE;
	*len = body_len = gateway_read(body, (size_t)want);
	body[*len] = '\0';
	*text = body;
	if (*len > REQ_BODY_MAX)
		return ANS_BODY_LARGE;
	if (gateway_is_cut() || (r->content_length != NULL && *len < want))
		return ANS_BODY_SHORT;
	once_body(r, *text, *len);
	return ANS_OK;
}

void
req_problem(struct req *r, const char *in, const char *field, const char *type,
    const char *msg)
{
	if (r->nproblems < REQ_PROBLEMS_MAX)
		r->problem[r->nproblems++] = (struct problem){
			.in = in, .field = field, .type = type, .msg = msg,
		};
}

void
req_free(struct req *r)
{
	struct chunk	*next;

	for (; r->memory != NULL; r->memory = next) {
		next = r->memory->next;
		wipe_free(r->memory);
	}
	explicit_bzero(body, body_len);
	body_len = 0;
}
