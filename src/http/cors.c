/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "http/cors.h"
#include "http/route.h"

#define ORIGIN_MAX	512

enum allowed { ALLOWED_NOT, ALLOWED_NAMED, ALLOWED_ANY };

static enum allowed
allowed(const char *origins, const char *origin)
{
	size_t	len = origin == NULL ? 0 : strlen(origin);

	if (len == 0 || len > ORIGIN_MAX)
		return ALLOWED_NOT;
	for (const char *p = origins; *p != '\0';) {
		p += strspn(p, ", \t");
		size_t n = strcspn(p, ", \t");
		if (n == 1 && *p == '*')
			return ALLOWED_ANY;
		if (n == len && strncasecmp(p, origin, n) == 0)
			return ALLOWED_NAMED;
		p += n;
	}
	return ALLOWED_NOT;
}

void
cors_headers(struct buf *b, const struct request *r)
{
	enum allowed	how;

	/* Calendar programs need no CORS. */
	if (r->worker->cors_origins == NULL || (r->route != NULL && r->route->dav))
		return;
	if ((how = allowed(r->worker->cors_origins, r->origin)) == ALLOWED_ANY)
		buf_str(b, "Access-Control-Allow-Origin: *\r\n");
	else
		buf_str(b, "Vary: Origin\r\n");
	if (how == ALLOWED_NOT)
		return;
	if (how == ALLOWED_NAMED) {
		buf_str(b, "Access-Control-Allow-Origin: ");
		buf_str(b, r->origin);
		buf_str(b, "\r\nAccess-Control-Allow-Credentials: true\r\n");
	}
	if (r->preflight != NULL && r->allow[0] != '\0') {
		buf_str(b, "Access-Control-Allow-Methods: ");
		buf_str(b, r->allow);
		buf_str(b, "\r\nAccess-Control-Allow-Headers: authorization, content-type, "
		    "if-match, if-none-match, idempotency-key\r\n"
		    "Access-Control-Max-Age: 600\r\n");
	} else
		buf_str(b, "Access-Control-Expose-Headers: ETag, Location, Link, "
		    "Retry-After\r\n");
}
