/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <sys/random.h>

#include "task/feed.h"
#include "http/once.h"
#include "http/request.h"
#include "http/route.h"
#include "db/row.h"
#include "http/tojson.h"

#define SECRET_BYTES	32	/* random */
#define SECRET_LEN	43	/* in base64url (RFC 4648, section 5), without padding */

static const char	alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			    "0123456789-_";

enum answer
feed_path_secret(struct request *r, const char *text, size_t len)
{
	if (len != SECRET_LEN || strspn(text, alphabet) < len)
		return ANS_NO_PATH;
	value_bytes(&r->value[PARAM_FEED], text, len);
	return ANS_OK;
}

static bool
make_secret(struct request *r)
{
	unsigned char	 random[SECRET_BYTES + 1] = { 0 };
	char		*text = request_alloc(r, SECRET_LEN);

	if (text == NULL || getrandom(random, SECRET_BYTES, 0) != SECRET_BYTES)
		return false;
	for (int i = 0, bit = 0; i < SECRET_LEN; i++, bit += 6) {
		unsigned int	two = random[bit / 8] * 256U + random[bit / 8 + 1];

		text[i] = alphabet[two >> (10 - bit % 8) & 63];
	}
	explicit_bzero(random, sizeof random);
	value_bytes(&r->value[PARAM_FEED], text, SECRET_LEN);
	return true;
}

static enum answer
put_address(struct request *r, const struct cell *secret)
{
	const char	*url = secret == NULL ? NULL : request_printf(r, "%s/api/feed/%.*s.ics",
			    r->script, secret->len, secret->data);

	if (secret != NULL && url == NULL)
		return ANS_INTERNAL;
	buf_str(&r->out, "{\"url\":");
	if (url == NULL)
		buf_str(&r->out, "null");
	else
		tojson_string(&r->out, url, strlen(url));
	buf_char(&r->out, '}');
	return ANS_OK;
}

enum answer
feed_get(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = request_row(r, STMT_FEED_GET, &row);

	if (answer != ANS_OK)
		return answer;
	return row == NULL ? ANS_BAD_TOKEN : put_address(r, row_cell(row, "feed"));
}

enum answer
feed_make(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;

	if (!make_secret(r))
		return ANS_INTERNAL;
	answer = once_run(r, r->route->stmt, NULL, &row);
	if (answer == ANS_DONE_BEFORE)
		return feed_get(r);
	return answer == ANS_OK ? put_address(r, row_cell(row, "feed")) : answer;
}

enum answer
feed_end(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = once_run(r, r->route->stmt, NULL, &row);

	if (answer != ANS_OK && answer != ANS_DONE_BEFORE)
		return answer;
	buf_str(&r->out, "{\"message\":\"Feed ended\"}");
	return ANS_OK;
}
