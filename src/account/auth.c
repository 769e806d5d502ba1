/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "account/auth.h"
#include "base/date.h"
#include "db/statement.h"
#include "account/rules.h"
#include "account/token.h"
#include "http/gate.h"
#include "http/once.h"
#include "http/tojson.h"
#include "account/passwd.h"
#include "db/row.h"
#include "http/route.h"

/* A new one has at least 8 bytes; a login takes any. */
#define PASSWORD(n, least, p)	{ .name = (n), .type = FIELD_TEXT, .required = true, \
	.min = (least), .max = 512, .bytes = true, .schema = "'format':'password'", .param = (p) }

/* Clients of the old backend may send it in a form, as a text. */
#define REMEMBER	{ .name = "remember", .type = FIELD_BOOL, .param = PARAM_REMEMBER, \
	.about = "The token is to live for REMEMBER_DAYS" }

const struct field register_fields[] = {
	{ .name = "username", .type = FIELD_TEXT, .required = true, .min = 3, .max = 50,
	  .check = rule_username, .schema = "'pattern':'^[A-Za-z0-9_.-]+$'",
	  .param = PARAM_USERNAME },
	{ .name = "email", .type = FIELD_TEXT, .required = true, .min = 3, .max = 255,
	  .bytes = true, .trim = true, .lower = true, .check = rule_email,
	  .schema = "'format':'email'", .param = PARAM_EMAIL },
	PASSWORD("password", 8, PARAM_PASSWORD),
	REMEMBER,
	{ .name = NULL }
};

const struct field login_fields[] = {
	{ .name = "email", .alias = "username", .type = FIELD_TEXT, .required = true,
	  .min = 3, .max = 255, .bytes = true, .trim = true, .lower = true,
	  .check = rule_email, .schema = "'format':'email'", .param = PARAM_EMAIL },
	PASSWORD("password", 1, PARAM_PASSWORD),
	REMEMBER,
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
auth_token(struct request *r)
{
	const char	*text = r->authorization;

	if (text == NULL || r->authorizations != 1 || strncasecmp(text, "bearer ", 7) != 0)
		return false;
	text += 7;
	text += strspn(text, " ");
	if (!token_verify(&r->who, text))
		return false;
	value_int64(&r->value[PARAM_USER_ID], r->who.user_id);
	value_bytes(&r->value[PARAM_TOKEN_HASH], r->who.hash, IDENTITY_HASH_LEN);
	value_int64(&r->value[PARAM_ISSUED_AT], date_from_unix(r->who.issued));
	return true;
}

/*
 * Copies the column into the request's memory, which is wiped; NULL if it is SQL's
 * NULL.
 */
static const char *
text_of(struct request *r, const struct row *row, const char *column)
{
	const struct cell	*c = row_cell(row, column);
	const char		*text;

	if (c == NULL)
		return NULL;
	text = request_printf(r, "%.*s", c->len, c->data);
	if (*column == '_')
		explicit_bzero(c->data, (size_t)c->len);
	return text;
}

/* Writes the members with the user and the token. */
static enum answer
write_token(struct request *r, const struct row *row)
{
	const char	*email = text_of(r, row, "email");
	const char	*username = text_of(r, row, "username");
	int64_t		 id = row_int64(row, "id");
	char		*token = NULL;

	r->who.user_id = id;		/* for the log */
	if (email != NULL && username != NULL)
		token = token_issue(id, email, username,
		    date_to_unix(row_int64(row, "_issued_at")),
		    r->who.remembered || value_is_true(&r->value[PARAM_REMEMBER]));
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

/* The same, with the account. */
static enum answer
write_login(struct request *r, const struct row *row)
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

/* Runs a statement of one row; without a row the account or the token has ended. */
static enum answer
account_row(struct request *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;

	answer = request_row(r, stmt, row);
	return answer == ANS_OK && *row == NULL ? ANS_BAD_TOKEN : answer;
}

/*
 * The account for an answer with a token that was lost: a client that asks for it
 * again must still know the password.
 */
static enum answer
account_again(struct request *r, const char *password, const struct row **row)
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
auth_register(struct request *r)
{
	const char		*password = r->value[PARAM_PASSWORD].data;
	const struct row	*row;
	enum answer		 answer;
	char			 hash[PASSWD_HASH_MAX];

	if (!passwd_hash(password, hash))
		return ANS_INTERNAL;
	value_bytes(&r->value[PARAM_PASSWORD], hash, strlen(hash));
	if ((answer = once_run(r, r->route->stmt, NULL, &row)) == ANS_DONE_BEFORE) {
		value_int64(&r->value[PARAM_USER_ID], r->once.row);
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

/* Replaces a hash of the old backend.  If that fails, the next login does it. */
static void
replace_hash(struct request *r, int64_t id, const char *password, const char *old)
{
	char	hash[PASSWD_HASH_MAX];

	if (statement_end(&r->statement) != ANS_OK || !passwd_hash(password, hash))
		return;
	value_int64(&r->value[PARAM_USER_ID], id);
	value_bytes(&r->value[PARAM_PASSWORD], hash, strlen(hash));
	value_bytes(&r->value[PARAM_OLD_PASSWORD], old, strlen(old));
	if (statement_run(&r->statement, STMT_ACCOUNT_REHASH, r->value) == ANS_OK)
		statement_end(&r->statement);
	explicit_bzero(hash, sizeof hash);
}

enum answer
auth_login(struct request *r)
{
	const char		*password = r->value[PARAM_PASSWORD].data, *hash = NULL;
	const struct row	*row;
	enum answer		 answer;
	int64_t			 id;

	if ((answer = request_row(r, r->route->stmt, &row)) != ANS_OK)
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
auth_renew(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = account_row(r, r->route->stmt, &row);

	return answer == ANS_OK ? write_login(r, row) : answer;
}

enum answer
auth_me(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = request_row(r, r->route->stmt, &row)) != ANS_OK)
		return answer;
	if (row == NULL)
		return ANS_BAD_TOKEN;
	tojson_row(&r->out, row, false);
	return ANS_OK;
}

enum answer
auth_logout(struct request *r)
{
	enum answer	answer;

	if (auth_token(r)) {
		value_int64(&r->value[PARAM_EXPIRES_AT], date_from_unix(r->who.expires));
		answer = statement_run(&r->statement, r->route->stmt, r->value);
		/* If the account is gone, so are its tokens. */
		if (answer != ANS_OK && answer != ANS_BAD_TOKEN)
			return answer;
	}
	buf_str(&r->out, "{\"message\":\"Logged out\"}");
	return ANS_OK;
}

/* ANS_OK if the account that is signed in has the password. */
static enum answer
prove(struct request *r, const char *password)
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

/* Makes the new hash first, so that a wrong password takes as long as a right one. */
enum answer
auth_password(struct request *r)
{
	const char		*password = r->value[PARAM_PASSWORD].data;
	const struct row	*row = NULL;
	enum answer		 answer;
	char			 hash[PASSWD_HASH_MAX];

	if (!passwd_hash(password, hash))
		return ANS_INTERNAL;
	if ((answer = prove(r, r->value[PARAM_OLD_PASSWORD].data)) == ANS_OK) {
		value_bytes(&r->value[PARAM_PASSWORD], hash, strlen(hash));
		answer = once_run(r, r->route->stmt, NULL, &row);
	} else
		answer = once_before(r, answer);
	if (answer == ANS_DONE_BEFORE)
		answer = account_again(r, password, &row);
	explicit_bzero(hash, sizeof hash);
	return answer == ANS_OK ? write_login(r, row) : answer;
}

enum answer
auth_delete(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = prove(r, r->value[PARAM_PASSWORD].data)) == ANS_OK)
		answer = once_run(r, r->route->stmt, NULL, &row);
	else
		answer = once_before(r, answer);
	if (answer != ANS_OK && answer != ANS_DONE_BEFORE)
		return answer;
	buf_str(&r->out, "{\"message\":\"Account deleted\"}");
	return ANS_OK;
}

enum answer
auth_path_user(struct request *r, const char *text, size_t len)
{
	enum answer	answer;
	int64_t		user;

	value_int64(&r->value[PARAM_TASK_ID], 0);	/* until the path has one */
	if ((answer = gate_id(r, "user_id", text, len, &user)) != ANS_OK)
		return answer;
	return r->route->access == ACCESS_SELF && user != r->who.user_id ? ANS_FORBIDDEN : ANS_OK;
}
