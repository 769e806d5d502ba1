/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "account/app.h"
#include "base/utf8.h"
#include "db/row.h"
#include "http/gate.h"
#include "http/once.h"
#include "http/request.h"
#include "http/route.h"
#include "http/tojson.h"

#define LETTERS		20	/* of a password, 5 bits each */
#define GROUP		5	/* of them between hyphens */
#define SHOWN_LEN	(LETTERS + LETTERS / GROUP - 1)
#define NAME_MAX_LEN	255	/* bytes of a name to sign in by */
#define BASIC_MAX	1024	/* bytes in base64 */
#define RACES_MAX	3

/* Without the letters that look like others. */
static const char	alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

const struct field app_fields[] = {
	{ .name = "name", .type = FIELD_TEXT, .required = true, .trim = true, .line = true,
	  .min = 1, .max = 50, .param = PARAM_APP_NAME },
	{ .name = NULL }
};

/* The hash of the letters, which is stored. */
static bool
set_hash(struct request *r, const char letters[LETTERS])
{
	unsigned char	*hash = request_alloc(r, SHA256_DIGEST_LENGTH);

	if (hash == NULL)
		return false;
	SHA256((const unsigned char *)letters, LETTERS, hash);
	value_bytes(&r->value[PARAM_APP_HASH], hash, SHA256_DIGEST_LENGTH);
	return true;
}

/* The letters of a password as it was typed; false if it is none. */
static bool
read_letters(const char *text, char letters[LETTERS])
{
	size_t	n = 0;

	for (; *text != '\0'; text++) {
		char	c = (char)tolower((unsigned char)*text);

		if (c == '-' || c == ' ')
			continue;
		if (n == LETTERS || strchr(alphabet, c) == NULL)
			return false;
		letters[n++] = c;
	}
	return n == LETTERS;
}

/* Decodes base64 (RFC 4648), with padding or without; NULL if it is none. */
static char *
decode(struct request *r, const char *text)
{
	size_t	len = strcspn(text, " ");
	char	padded[BASIC_MAX + 4];
	char	*out;
	int	n, padding = 0;

	if (len == 0 || len > BASIC_MAX || text[len + strspn(text + len, " ")] != '\0' ||
	    (out = request_alloc(r, BASIC_MAX)) == NULL)
		return NULL;
	memcpy(padded, text, len);
	while (len % 4 != 0)
		padded[len++] = '=';
	while (padding < 2 && padded[len - 1 - (size_t)padding] == '=')
		padding++;
	n = EVP_DecodeBlock((unsigned char *)out, (unsigned char *)padded, (int)len);
	explicit_bzero(padded, sizeof padded);
	if (n < padding || strlen(out) < (size_t)(n - padding))
		return NULL;
	out[n - padding] = '\0';
	return out;
}

/* Sets the account's name for the look-up. */
static bool
set_names(struct request *r, const char *name)
{
	size_t	 len = strlen(name);
	char	*email;

	if (len == 0 || len > NAME_MAX_LEN || !utf8_is_valid(name, len) ||
	    (email = request_alloc(r, len + 1)) == NULL)
		return false;
	for (size_t i = 0; i < len; i++)
		email[i] = (char)tolower((unsigned char)name[i]);
	value_bytes(&r->value[PARAM_USERNAME], name, len);
	value_bytes(&r->value[PARAM_EMAIL], email, len);
	return true;
}

bool
app_sign_in(struct request *r)
{
	const char	*text = r->authorization;
	char		 letters[LETTERS], *name, *password;
	bool		 good;

	if (text == NULL || r->authorizations != 1 || strncasecmp(text, "basic ", 6) != 0)
		return false;
	text += 6;
	if ((name = decode(r, text + strspn(text, " "))) == NULL ||
	    (password = strchr(name, ':')) == NULL)
		return false;
	*password++ = '\0';
	good = read_letters(password, letters) && set_hash(r, letters) && set_names(r, name);
	explicit_bzero(letters, sizeof letters);
	return good;
}

enum answer
app_list(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = request_row(r, r->route->stmt, &row);
	const char		*before = "";

	if (answer != ANS_OK)
		return answer;
	if (row == NULL)
		return ANS_BAD_TOKEN;
	buf_char(&r->out, '[');
	for (; (answer = request_next(r, &row)) == ANS_OK && row != NULL; before = ",") {
		buf_str(&r->out, before);
		tojson_row(&r->out, row, false);
	}
	buf_char(&r->out, ']');
	return answer;
}

/* A new password as it is shown; sets the value of its hash.  NULL if that fails. */
static const char *
new_password(struct request *r)
{
	unsigned char	 random[LETTERS];
	char		 letters[LETTERS], *shown = request_alloc(r, SHOWN_LEN + 1), *p = shown;

	if (shown == NULL || getrandom(random, sizeof random, 0) != sizeof random)
		return NULL;
	for (int i = 0; i < LETTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			*p++ = '-';
		*p++ = letters[i] = alphabet[random[i] % (sizeof alphabet - 1)];
	}
	explicit_bzero(random, sizeof random);
	if (!set_hash(r, letters))
		shown = NULL;
	explicit_bzero(letters, sizeof letters);
	return shown;
}

static enum answer
made(struct request *r, const struct row *row)
{
	(void)r;
	return row_cell(row, "id") == NULL ? ANS_APP_PASSWORDS_FULL : ANS_OK;
}

/* It was made before: by this request, whose first try was not answered, or by another. */
static enum answer
made_before(struct request *r, const struct row **row)
{
	enum answer	answer;

	value_int64(&r->value[PARAM_APP_ID], r->once.row);
	answer = request_row(r, STMT_APP_AGAIN, row);
	return answer == ANS_OK && *row == NULL ? ANS_SHOWN_BEFORE : answer;
}

enum answer
app_make(struct request *r)
{
	const char		*password = new_password(r);
	const struct row	*row;
	enum answer		 answer = ANS_RACED;

	if (password == NULL)
		return ANS_INTERNAL;
	for (int i = 0; i < RACES_MAX && answer == ANS_RACED; i++)
		answer = once_run(r, r->route->stmt, made, &row);
	if (answer == ANS_DONE_BEFORE)
		answer = made_before(r, &row);
	if (answer != ANS_OK)
		return answer;
	buf_char(&r->out, '{');
	tojson_members(&r->out, row, false);
	buf_str(&r->out, ",\"password\":\"");
	buf_str(&r->out, password);
	buf_str(&r->out, "\"}");
	return ANS_OK;
}

static enum answer
ended(struct request *r, const struct row *row)
{
	(void)r;
	return row_cell(row, "id") == NULL ? ANS_NO_APP_PASSWORD : ANS_OK;
}

enum answer
app_end(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = once_run(r, r->route->stmt, ended, &row);

	if (answer != ANS_OK && answer != ANS_DONE_BEFORE)
		return answer;
	buf_str(&r->out, "{\"message\":\"App password ended\"}");
	return ANS_OK;
}

enum answer
app_path_id(struct request *r, const char *text, size_t len)
{
	return gate_take_id(r, "app_password_id", PARAM_APP_ID, text, len);
}
