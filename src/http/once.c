/* SPDX-License-Identifier: ISC */
#include <openssl/sha.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "db/db.h"
#include "http/once.h"
#include "http/request.h"
#include "http/route.h"

#define CLIENT_KEY_MAX	255
#define HOUR_USEC	(INT64_C(3600) * 1000000)	/* well below what is kept */

/*
 * The worker's own key; its requests are counted.  A connection that was lost may
 * still carry its last write out, and must then find that write's row as it was: so
 * what comes after a loss has another key.
 */
static unsigned char	own_key[16], own_request[8];
static uint64_t		own_count;
static int64_t		own_until, own_connection;
static int64_t		clean_at;

/* Hashes one more part, so that no two lists of parts are alike. */
static void
mix(unsigned char hash[ONCE_HASH_LEN], const void *data, size_t len)
{
	unsigned char	both[2 * ONCE_HASH_LEN];

	memcpy(both, hash, ONCE_HASH_LEN);
	SHA256(data, len, both + ONCE_HASH_LEN);
	SHA256(both, sizeof both, hash);
}

static void
mix_text(unsigned char hash[ONCE_HASH_LEN], const char *text)
{
	mix(hash, text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
}

void
once_body(struct req *r, const char *text, size_t len)
{
	if (r->idempotency_key != NULL)
		mix(r->once_request, text, len);
}

/*
 * Visible ASCII and blanks, as in the draft's strings; quotes are a part of it.  No
 * comma: Apache, and nginx since 1.23, make one line of two with one between them.
 */
static bool
is_client_key(const char *text)
{
	size_t	n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == ',')
			return false;
	return n <= CLIENT_KEY_MAX;
}

static bool
own_values(struct req *r)
{
	int64_t	now = clock_usec(), connection = db_stats().ended;

	if (now >= own_until || connection != own_connection) {
		if (getrandom(own_key, sizeof own_key, 0) != sizeof own_key)
			return false;
		own_until = now + HOUR_USEC;
		own_connection = connection;
	}
	put_be64(own_request, ++own_count);
	value_bytes(&r->value[PARAM_WRITE_KEY], own_key, sizeof own_key);
	value_bytes(&r->value[PARAM_WRITE_REQUEST], own_request, sizeof own_request);
	return true;
}

/* Some clean up with their first write: by CGI it is their last. */
static void
plan_cleaning(const unsigned char *key)
{
	if (clean_at == 0)
		clean_at = clock_usec() + (*key < 8 ? 0 : HOUR_USEC);
}

enum answer
once_prepare(struct req *r)
{
	bool			 by_client = r->idempotency_key != NULL;
	const struct value	*email = &r->value[PARAM_EMAIL];
	const char		*what = stmts[r->route->stmt].name;

	if (r->idempotency_keys > 1 || (by_client && !is_client_key(r->idempotency_key))) {
		req_problem(r, "header", "idempotency-key", "value_error",
		    "Input should be one key of at most 255 visible characters, without a comma");
		return ANS_BAD_FIELDS;
	}
	value_bool(&r->value[PARAM_WRITE_KEPT], by_client);
	if (!by_client) {
		if (!own_values(r))
			return ANS_INTERNAL;
		plan_cleaning(own_key);
		return ANS_OK;
	}
	/* Who has no account yet is known by the address. */
	mix_text(r->once_key, r->idempotency_key);
	mix(r->once_key, &r->token.user_id, sizeof r->token.user_id);
	if (email->data != NULL)
		mix(r->once_key, email->data, (size_t)email->len);
	plan_cleaning(r->once_key);
	/* Not the path: it has aliases. */
	mix_text(r->once_request, what);
	mix(r->once_request, r->value[PARAM_TASK_ID].data, (size_t)r->value[PARAM_TASK_ID].len);
	mix_text(r->once_request, r->if_match);
	mix_text(r->once_request, r->if_none_match);
	value_bytes(&r->value[PARAM_WRITE_KEY], r->once_key, ONCE_HASH_LEN);
	value_bytes(&r->value[PARAM_WRITE_REQUEST], r->once_request, ONCE_HASH_LEN);
	return ANS_OK;
}

enum answer
once_before(struct req *r, enum answer answer, int64_t *id)
{
	const struct value	*mine = &r->value[PARAM_WRITE_REQUEST];
	bool			 by_client = r->idempotency_key != NULL;
	const struct row	*row;
	const struct cell	*request;

	if (answer != ANS_AGAIN && !by_client && !db_is_in_doubt())
		return answer;
	if (answer == ANS_UNAVAILABLE || answer == ANS_BAD_TOKEN)
		return answer;
	if (db_exec(STMT_WRITE_DONE, r->value) != ANS_OK || db_next(&row) != ANS_OK)
		return ANS_UNAVAILABLE;
	if (row == NULL)
		return answer;
	request = row_cell(row, "_request");
	if (request != NULL && request->len == mine->len &&
	    memcmp(request->data, mine->data, (size_t)mine->len) == 0) {
		*id = row_int64(row, "_row");
		r->next_id = row_int64(row, "_next");
		return ANS_OK;
	}
	if (!by_client)			/* the row of an earlier write */
		return answer;
	req_problem(r, "header", "idempotency-key", "value_error",
	    "The key was used for another request");
	return ANS_BAD_FIELDS;
}

void
once_clean(void)
{
	static const struct value	none[PARAM__MAX];

	if (clean_at == 0 || clock_usec() < clean_at)
		return;
	clean_at = clock_usec() + HOUR_USEC;
	db_begin_request();
	if (db_exec(STMT_WRITES_EXPIRE, none) == ANS_OK)
		db_end();
}
