/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "auth.h"
#include "conf.h"
#include "date.h"
#include "db.h"
#include "tojson.h"
#include "passwd.h"
#include "row.h"
#include "route.h"

const struct field register_fields[] = {
	{ .name = "username", .type = FIELD_TEXT, .required = true, .min = 3, .max = 50,
	  .check = field_username, .param = PARAM_USERNAME },
	{ .name = "email", .type = FIELD_TEXT, .required = true, .min = 3, .max = 255,
	  .bytes = true, .lower = true, .check = field_email, .param = PARAM_EMAIL },
	{ .name = "password", .type = FIELD_TEXT, .required = true, .min = 8, .max = 512,
	  .bytes = true, .param = PARAM_PASSWORD },
	{ .name = NULL }
};

/* Any password may be tried. */
const struct field login_fields[] = {
	{ .name = "email", .alias = "username", .type = FIELD_TEXT, .required = true,
	  .min = 3, .max = 255, .bytes = true, .lower = true, .check = field_email,
	  .param = PARAM_EMAIL },
	{ .name = "password", .type = FIELD_TEXT, .required = true, .min = 1, .max = 512,
	  .bytes = true, .param = PARAM_PASSWORD },
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
		token = token_issue(id, email, username);
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

enum answer
auth_register(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;
	char			 hash[PASSWD_HASH_MAX];
	int64_t			 id;

	if (!passwd_hash(r->value[PARAM_PASSWORD].data, hash))
		return ANS_INTERNAL;
	value_bytes(&r->value[PARAM_PASSWORD], hash, strlen(hash));
	answer = db_exec(r->route->stmt, r->value);
	if (answer != ANS_OK && (answer = once_before(r, answer, &id)) == ANS_OK) {
		value_int64(&r->value[PARAM_USER_ID], id);
		answer = db_exec(STMT_ACCOUNT_AGAIN, r->value);
	}
	if (answer == ANS_AGAIN)		/* and just forgotten */
		answer = ANS_UNAVAILABLE;
	explicit_bzero(hash, sizeof hash);
	if (answer != ANS_OK || (answer = db_next(&row)) != ANS_OK)
		return answer;
	if (row == NULL)	/* made before, and deleted since */
		return ANS_NO_PATH;
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
	buf_char(&r->out, '{');
	if ((answer = write_token(r, row)) != ANS_OK)
		return answer;
	id = row_int64(row, "id");
	for (int i = 0; i < 2; i++) {
		const char	*name = i == 0 ? "username" : "email";
		const char	*text = text_of(r, row, name);

		if (text == NULL)
			return ANS_INTERNAL;
		buf_str(&r->out, i == 0 ? ",\"username\":" : ",\"email\":");
		tojson_string(&r->out, text, strlen(text));
	}
	buf_char(&r->out, '}');
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
