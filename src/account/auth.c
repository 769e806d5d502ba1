/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "account/auth.h"
#include "base/date.h"
#include "db/db.h"
#include "http/tojson.h"
#include "account/passwd.h"
#include "db/row.h"
#include "http/route.h"

/* A new one has 8 bytes or more; any may be tried. */
#define PASSWORD(n, least, p)	{ .name = (n), .type = FIELD_TEXT, .required = true, \
	.min = (least), .max = 512, .bytes = true, .param = (p) }

const struct field register_fields[] = {
	{ .name = "username", .type = FIELD_TEXT, .required = true, .min = 3, .max = 50,
	  .check = field_username, .param = PARAM_USERNAME },
	{ .name = "email", .type = FIELD_TEXT, .required = true, .min = 3, .max = 255,
	  .bytes = true, .trim = true, .lower = true, .check = field_email,
	  .param = PARAM_EMAIL },
	PASSWORD("password", 8, PARAM_PASSWORD),
	{ .name = NULL }
};

const struct field login_fields[] = {
	{ .name = "email", .alias = "username", .type = FIELD_TEXT, .required = true,
	  .min = 3, .max = 255, .bytes = true, .trim = true, .lower = true,
	  .check = field_email, .param = PARAM_EMAIL },
	PASSWORD("password", 1, PARAM_PASSWORD),
	{ .name = NULL }
};

const struct field password_fields[] = {
	PASSWORD("current_password", 1, PARAM_OLD_PASSWORD),
	PASSWORD("password", 8, PARAM_PASSWORD),
	{ .name = NULL }
};

const struct field delete_fields[] = {
	PASSWORD("password", 1, PARAM_PASSWORD),
	{ .name = NULL }
};

bool
auth_token(struct req *r)
{
	const char	*text = r->authorization;

	if (text == NULL || r->authorizations != 1 || strncasecmp(text, "bearer ", 7) != 0)
		return false;
	text += 7;
	text += strspn(text, " ");
	if (!token_verify(&r->token, text))
		return false;
	value_int64(&r->value[PARAM_USER_ID], r->token.user_id);
	value_bytes(&r->value[PARAM_TOKEN_HASH], r->token.hash, TOKEN_HASH_LEN);
	value_int64(&r->value[PARAM_ISSUED_AT], date_from_unix(r->token.issued));
	return true;
}

/*
 * The column as a string of the request's, NULL where it is SQL's.  What is not
 * for the client is in no other place then.
 */
static const char *
text_of(struct req *r, const struct row *row, const char *column)
{
	const struct cell	*c = row_cell(row, column);
	const char		*text;

	if (c == NULL)
		return NULL;
	text = req_printf(r, "%.*s", c->len, c->data);
	if (*column == '_')
		explicit_bzero(c->data, (size_t)c->len);
	return text;
}

/* Writes the members that say who has logged in and with which token. */
static enum answer
write_token(struct req *r, const struct row *row)
{
	const char	*email = text_of(r, row, "email");
	const char	*username = text_of(r, row, "username");
	int64_t		 id = row_int64(row, "id");
	char		*token = NULL;

	r->token.user_id = id;		/* for the log */
	if (email != NULL && username != NULL)
		token = token_issue(id, email, username,
		    date_to_unix(row_int64(row, "_issued_at")));
	if (token == NULL)
		return ANS_INTERNAL;
	buf_str(&r->out, "\"access_token\":");
	tojson_string(&r->out, token, strlen(token));
	buf_str(&r->out, ",\"token_type\":\"bearer\",\"user_id\":\"");
	tojson_int64(&r->out, id);
	buf_char(&r->out, '"');
	free(token);
	return ANS_OK;
}

/* The same, and whose it is. */
static enum answer
write_login(struct req *r, const struct row *row)
{
	enum answer	answer;

	buf_char(&r->out, '{');
	if ((answer = write_token(r, row)) != ANS_OK)
		return answer;
	for (int i = 0; i < 2; i++) {
		const char	*name = i == 0 ? "username" : "email";
		const char	*text = text_of(r, row, name);

		if (text == NULL)
			return ANS_INTERNAL;
		buf_str(&r->out, i == 0 ? ",\"username\":" : ",\"email\":");
		tojson_string(&r->out, text, strlen(text));
	}
	buf_char(&r->out, '}');
	return ANS_OK;
}

/* Runs a statement of one row; without it the account or the token is no good any more. */
static enum answer
account_row(struct req *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;

	if ((answer = db_exec(stmt, r->value)) == ANS_OK &&
	    (answer = db_next(row)) == ANS_OK && *row == NULL)
		answer = ANS_BAD_TOKEN;
	return answer;
}

/*
 * The account for an answer with a token that was lost: whoever asks for it again
 * must still know the password.
 */
static enum answer
account_again(struct req *r, const char *password, const struct row **row)
{
	const char	*hash;
	enum answer	 answer;

	if ((answer = account_row(r, STMT_ACCOUNT_AGAIN, row)) != ANS_OK)
		return answer;
	if ((hash = text_of(r, *row, "_password")) == NULL)
		return ANS_INTERNAL;
	return passwd_verify(password, hash) ? ANS_OK : ANS_BAD_TOKEN;
}

enum answer
auth_register(struct req *r)
{
	const char		*password = r->value[PARAM_PASSWORD].data;
	const struct row	*row;
	enum answer		 answer;
	char			 hash[PASSWD_HASH_MAX];
	int64_t			 id;

	if (!passwd_hash(password, hash))
		return ANS_INTERNAL;
	value_bytes(&r->value[PARAM_PASSWORD], hash, strlen(hash));
	answer = account_row(r, r->route->stmt, &row);
	if (answer != ANS_OK && (answer = once_before(r, answer, &id)) == ANS_OK) {
		value_int64(&r->value[PARAM_USER_ID], id);
		answer = account_again(r, password, &row);
	}
	explicit_bzero(hash, sizeof hash);
	if (answer != ANS_OK)
		return answer;
	buf_char(&r->out, '{');
	tojson_members(&r->out, row, false);
	buf_char(&r->out, ',');
	answer = write_token(r, row);
	buf_char(&r->out, '}');
	return answer;
}

/* A hash of the old backend is replaced.  Where that fails, another day will do. */
static void
replace_hash(struct req *r, int64_t id, const char *password, const char *old)
{
	char	hash[PASSWD_HASH_MAX];

	if (db_end() != ANS_OK || !passwd_hash(password, hash))
		return;
	value_int64(&r->value[PARAM_USER_ID], id);
	value_bytes(&r->value[PARAM_PASSWORD], hash, strlen(hash));
	value_bytes(&r->value[PARAM_OLD_PASSWORD], old, strlen(old));
	if (db_exec(STMT_ACCOUNT_REHASH, r->value) == ANS_OK)
		db_end();
	explicit_bzero(hash, sizeof hash);
}

enum answer
auth_login(struct req *r)
{
	const char		*password = r->value[PARAM_PASSWORD].data, *hash = NULL;
	const struct row	*row;
	enum answer		 answer;
	int64_t			 id;

	if ((answer = db_exec(r->route->stmt, r->value)) != ANS_OK ||
	    (answer = db_next(&row)) != ANS_OK)
		return answer;
	if (row != NULL && (hash = text_of(r, row, "_password")) == NULL)
		return ANS_INTERNAL;
	if (!passwd_verify(password, hash) || row == NULL)
		return ANS_BAD_LOGIN;
	id = row_int64(row, "id");
	if ((answer = write_login(r, row)) != ANS_OK)
		return answer;
	if (passwd_is_old(password, hash))
		replace_hash(r, id, password, hash);
	return ANS_OK;
}

enum answer
auth_me(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = db_exec(r->route->stmt, r->value)) != ANS_OK ||
	    (answer = db_next(&row)) != ANS_OK)
		return answer;
	if (row == NULL)
		return ANS_BAD_TOKEN;
	tojson_row(&r->out, row, false);
	return ANS_OK;
}

enum answer
auth_logout(struct req *r)
{
	enum answer	answer;

	if (auth_token(r)) {
		value_int64(&r->value[PARAM_EXPIRES_AT], date_from_unix(r->token.expires));
		answer = db_exec(r->route->stmt, r->value);
		/* An account that is just being deleted takes its tokens along. */
		if (answer != ANS_OK && answer != ANS_BAD_TOKEN)
			return answer;
	}
	buf_str(&r->out, "{\"message\":\"Logged out\"}");
	return ANS_OK;
}

/* ANS_OK where the account that is signed in has the password. */
static enum answer
prove(struct req *r, const char *password)
{
	const struct row	*row;
	const char		*hash;
	enum answer		 answer;

	if ((answer = account_row(r, STMT_ACCOUNT_PASSWORD, &row)) != ANS_OK)
		return answer;
	if ((hash = text_of(r, row, "_password")) == NULL)
		return ANS_INTERNAL;
	return passwd_verify(password, hash) ? ANS_OK : ANS_BAD_PASSWORD;
}

/*
 * For a write that ends its own token, with its answer: ANS_OK where it was made
 * before, and the token is no good because of that.
 */
static enum answer
made_before(struct req *r, enum answer answer)
{
	enum answer	before;
	int64_t		id;

	if (answer == ANS_UNAVAILABLE || (r->idempotency_key == NULL && !db_is_in_doubt()))
		return answer;
	before = once_before(r, ANS_AGAIN, &id);
	if (before != ANS_AGAIN && (before != ANS_BAD_FIELDS || answer != ANS_BAD_TOKEN))
		return before;
	return answer;
}

/* The new hash is made first, so that a wrong password takes the time of a right one. */
enum answer
auth_password(struct req *r)
{
	const char		*password = r->value[PARAM_PASSWORD].data;
	const struct row	*row;
	enum answer		 answer;
	char			 hash[PASSWD_HASH_MAX];

	if (!passwd_hash(password, hash))
		return ANS_INTERNAL;
	if ((answer = prove(r, r->value[PARAM_OLD_PASSWORD].data)) == ANS_OK) {
		value_bytes(&r->value[PARAM_PASSWORD], hash, strlen(hash));
		answer = account_row(r, r->route->stmt, &row);
	}
	if (answer != ANS_OK && (answer = made_before(r, answer)) == ANS_OK)
		answer = account_again(r, password, &row);
	explicit_bzero(hash, sizeof hash);
	return answer == ANS_OK ? write_login(r, row) : answer;
}

enum answer
auth_delete(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = prove(r, r->value[PARAM_PASSWORD].data)) == ANS_OK)
		answer = account_row(r, r->route->stmt, &row);
	if (answer != ANS_OK && (answer = made_before(r, answer)) != ANS_OK)
		return answer;
	buf_str(&r->out, "{\"message\":\"Account deleted\"}");
	return ANS_OK;
}
