/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <sys/random.h>

#include "db/db.h"
#include "task/feed.h"
#include "http/request.h"
#include "http/route.h"
#include "db/row.h"
#include "http/tojson.h"

#define SECRET_BYTES	32	/* random */
#define SECRET_LEN	43	/* in base64url (RFC 4648, section 5), without padding */

static const char	alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			    "0123456789-_";

bool
feed_is_secret(struct req *r, const char *text, size_t len)
{
	if (len != SECRET_LEN || strspn(text, alphabet) < len)
		return false;
	value_bytes(&r->value[PARAM_FEED], text, len);
	return true;
}

static bool
make_secret(struct req *r)
{
	unsigned char	 random[SECRET_BYTES + 1] = { 0 };
	char		*text = req_alloc(r, SECRET_LEN);

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
put_address(struct req *r, const struct cell *secret)
{
	const char	*url = secret == NULL ? NULL : req_printf(r, "%s/api/feed/%.*s.ics",
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

/* Runs a statement, which has one row unless there is no account. */
static enum answer
run(struct req *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer = db_exec(stmt, r->value);

	if (answer != ANS_OK || (answer = db_next(row)) != ANS_OK)
		return answer;
	return *row == NULL ? ANS_BAD_TOKEN : ANS_OK;
}

enum answer
feed_get(struct req *r)
{
	const struct row	*row;
	enum answer		 answer = run(r, STMT_FEED_GET, &row);

	return answer == ANS_OK ? put_address(r, row_cell(row, "feed")) : answer;
}

/* A write that was made before is not made again; *again says so. */
static enum answer
run_once(struct req *r, const struct row **row, bool *again)
{
	enum answer	answer = ANS_AGAIN;
	int64_t		id;

	*again = false;
	for (int i = 0; i < 2 && answer == ANS_AGAIN; i++) {
		if ((answer = run(r, r->route->stmt, row)) == ANS_OK)
			return ANS_OK;
		*again = (answer = once_before(r, answer, &id)) == ANS_OK;
	}
	return answer;
}

enum answer
feed_make(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;
	bool			 again;

	if (!make_secret(r))
		return ANS_INTERNAL;
	if ((answer = run_once(r, &row, &again)) != ANS_OK)
		return answer;
	return again ? feed_get(r) : put_address(r, row_cell(row, "feed"));
}

enum answer
feed_end(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;
	bool			 again;

	if ((answer = run_once(r, &row, &again)) == ANS_OK)
		buf_str(&r->out, "{\"message\":\"Feed ended\"}");
	return answer;
}
