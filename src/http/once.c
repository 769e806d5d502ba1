/* SPDX-License-Identifier: ISC */
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "db/statement.h"
#include "http/once.h"
#include "http/request.h"
#include "http/route.h"

#define CLIENT_KEY_MAX	255
#define HOUR_USEC	(INT64_C(3600) * 1000000)	/* much less than records are kept */

/* Hashes one more part with its length, so that different lists of parts differ. */
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
once_body(struct request *r, const char *text, size_t len)
{
	if (r->idempotency_key != NULL)
		mix(r->once.request, text, len);
}

/*
 * Visible ASCII and blanks, as in the draft's strings; quotes are a part of it.  No
 * comma: Apache, and nginx since 1.23, join two header lines with one.
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

/* A key that no write in flight uses; NULL if memory runs out. */
static struct once_key *
take_key(struct once_keys *keys)
{
	struct once_key	*k = keys->spare;

	if (k == NULL)
		return calloc(1, sizeof *k);
	keys->spare = k->next;
	return k;
}

/* A write without a client's key is recorded under one of the worker's, numbered. */
static bool
own_values(struct request *r)
{
	struct once_key	*k = take_key(&r->worker->once);
	int64_t		 now = clock_usec();

	if ((r->once.own = k) == NULL)
		return false;
	if (now >= k->until) {
		if (getrandom(k->key, sizeof k->key, 0) != sizeof k->key)
			return false;
		k->until = now + HOUR_USEC;
	}
	memcpy(r->once.key, k->key, sizeof k->key);
	put_be64(r->once.request, ++k->count);
	value_bytes(&r->value[PARAM_WRITE_KEY], r->once.key, sizeof k->key);
	value_bytes(&r->value[PARAM_WRITE_REQUEST], r->once.request, 8);
	return true;
}

/*
 * A lost connection may still commit its last write, which must find its own record untouched:
 * so the next write gets a new key.
 */
void
once_end(struct request *r)
{
	struct once_key	*k = r->once.own;

	if (k == NULL)
		return;
	if (r->statement.in_doubt)
		k->until = 0;
	k->next = r->worker->once.spare;
	r->worker->once.spare = k;
	r->once.own = NULL;
}

/* Hashes the client's key, and the request with the body's hash. */
static void
client_values(struct request *r)
{
	const struct value	*email = &r->value[PARAM_EMAIL], *app = &r->value[PARAM_APP_HASH],
				*password = &r->value[PARAM_APP_ID];

	/* Without an account the client is known by its address. */
	mix_text(r->once.key, r->idempotency_key);
	mix(r->once.key, &r->who.user_id, sizeof r->who.user_id);
	if (email->data != NULL)
		mix(r->once.key, email->data, (size_t)email->len);
	/* With an app password it is known by that. */
	if (app->data != NULL)
		mix(r->once.key, app->data, (size_t)app->len);
	/* Only for WebDAV: the paths of the API have aliases. */
	if (r->route->dav)
		mix_text(r->once.request, r->path);
	mix_text(r->once.request, stmts[r->route->stmt].name);
	mix(r->once.request, r->value[PARAM_TASK_ID].data, (size_t)r->value[PARAM_TASK_ID].len);
	if (password->data != NULL)
		mix(r->once.request, password->data, (size_t)password->len);
	mix_text(r->once.request, r->if_match);
	mix_text(r->once.request, r->if_none_match);
	value_bytes(&r->value[PARAM_WRITE_KEY], r->once.key, ONCE_HASH_LEN);
	value_bytes(&r->value[PARAM_WRITE_REQUEST], r->once.request, ONCE_HASH_LEN);
}

/* Some workers clean up after their first write: by CGI it is their last. */
static void
plan_cleaning(struct request *r)
{
	int64_t	*at = &r->worker->once.clean_at;

	if (*at == 0)
		*at = clock_usec() + (r->once.key[0] < 8 ? 0 : HOUR_USEC);
}

enum answer
once_prepare(struct request *r)
{
	bool	by_client = r->idempotency_key != NULL;

	if (r->idempotency_keys > 1 || (by_client && !is_client_key(r->idempotency_key))) {
		request_problem(r, "header", "idempotency-key", "value_error",
		    "Input should be one key of at most 255 visible characters, without a comma");
		return ANS_BAD_FIELDS;
	}
	value_bool(&r->value[PARAM_WRITE_KEPT], by_client);
	if (by_client)
		client_values(r);
	else if (!own_values(r))
		return ANS_INTERNAL;
	plan_cleaning(r);
	return ANS_OK;
}

/* The record in public.writes under r's key. */
enum mark { MARK_NONE, MARK_THIS, MARK_OTHER, MARK_UNREADABLE };

static enum mark
read_mark(struct request *r)
{
	const struct value	*mine = &r->value[PARAM_WRITE_REQUEST];
	const struct row	*row;
	const struct cell	*request;

	if (request_row(r, STMT_WRITE_DONE, &row) != ANS_OK)
		return MARK_UNREADABLE;
	if (row == NULL)
		return MARK_NONE;
	request = row_cell(row, "_request");
	if (request == NULL || request->len != mine->len ||
	    memcmp(request->data, mine->data, (size_t)mine->len) != 0)
		return MARK_OTHER;
	r->once.row = row_int64(row, "_row");
	r->next_id = row_int64(row, "_next");
	return MARK_THIS;
}

enum answer
once_before(struct request *r, enum answer answer)
{
	bool	by_client = r->idempotency_key != NULL;

	if ((answer != ANS_DONE_BEFORE && !by_client && !r->statement.in_doubt) ||
	    answer == ANS_UNAVAILABLE || (answer == ANS_BAD_TOKEN && !r->route->ends_token))
		return answer;
	switch (read_mark(r)) {
	case MARK_THIS:
		return ANS_DONE_BEFORE;
	case MARK_OTHER:
		if (!by_client || answer == ANS_BAD_TOKEN)
			break;
		request_problem(r, "header", "idempotency-key", "value_error",
		    "The key was used for another request");
		return ANS_BAD_FIELDS;
	case MARK_UNREADABLE:
		return ANS_UNAVAILABLE;
	case MARK_NONE:
		break;
	}
	/* Its record has expired just now. */
	return answer == ANS_DONE_BEFORE ? ANS_UNAVAILABLE : answer;
}

enum answer
once_run(struct request *r, enum stmt_id stmt,
    enum answer (*outcome)(struct request *, const struct row *), const struct row **row)
{
	enum answer	answer = request_row(r, stmt, row);

	if (answer == ANS_OK)
		answer = *row == NULL ? ANS_BAD_TOKEN : outcome != NULL ? outcome(r, *row) : ANS_OK;
	return answer == ANS_OK ? ANS_OK : once_before(r, answer);
}

void
once_clean(struct worker *w)
{
	static const struct value	none[PARAM__MAX];
	struct statement		s;

	if (w->once.clean_at == 0 || clock_usec() < w->once.clean_at)
		return;
	w->once.clean_at = clock_usec() + HOUR_USEC;
	statement_init(&s, &w->connection, w->database_usec);
	if (statement_run(&s, STMT_WRITES_EXPIRE, none) == ANS_OK)
		statement_end(&s);
}
