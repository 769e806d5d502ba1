/* SPDX-License-Identifier: ISC */
/*
 * The Authorization header's token.  The first byte says what the rest is: a
 * token; changes to a good one; or header and claims, signed with our secret,
 * as another program that knows it may.
 */
#include <cjson/cJSON.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <time.h>

#include "fuzz.h"
#include "account/jws.h"
#include "account/token.h"

static const char	secret[] = "only for this process: not a secret of anybody's";

/* base64url without padding; returns what is behind it. */
static char *
encode(char *to, const void *data, size_t len)
{
	int	n = EVP_EncodeBlock((unsigned char *)to, data, (int)len);

	while (n > 0 && to[n - 1] == '=')
		n--;
	to[n] = '\0';
	for (char *p = to; *p != '\0'; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	return to + n;
}

/* The only signature for these two parts. */
static void
sign(char signature[64], const char *text, size_t len)
{
	unsigned char	mac[EVP_MAX_MD_SIZE];
	unsigned	n = 0;

	HOLDS(HMAC(EVP_sha256(), secret, (int)strlen(secret),
	    (const unsigned char *)text, len, mac, &n) != NULL && n == 32);
	encode(signature, mac, n);
}

static bool
is_signed(const char *text)
{
	const char	*dot = strrchr(text, '.');
	char		 signature[64];

	if (dot == NULL)
		return false;
	sign(signature, text, (size_t)(dot - text));
	return strcmp(signature, dot + 1) == 0;
}

/* A token that stays good, the same in each run. */
static const char *
good(void)
{
	static const struct jws_claims	claims = {
		.sub = "42", .email = "ann@example.org", .username = "ann",
		.jti = "0123456789abcdef0123456789abcdef", .iat = 1700000000,
		.exp = INT64_C(9000000000),
	};
	static char			*text;

	if (text == NULL)
		HOLDS((text = jws_sign(&claims, secret)) != NULL);
	return text;
}

/* Each four bytes: where, what is done there, and with what. */
static char *
change(const uint8_t *data, size_t size)
{
	const char	*from = good();
	size_t		 len = strlen(from), at;
	char		*text = malloc(len + size + 1);

	HOLDS(text != NULL);
	memcpy(text, from, len + 1);
	for (; size >= 4; data += 4, size -= 4) {
		at = (size_t)(data[0] << 8 | data[1]) % (len + 1);
		if (data[2] % 3 == 0 && at < len)
			text[at] = (char)data[3];
		else if (data[2] % 3 == 1 && at < len)
			memmove(text + at, text + at + 1, len-- - at);
		else {
			memmove(text + at + 1, text + at, ++len - at);
			text[at] = (char)data[3];
		}
	}
	return text;
}

/* The header up to the first line end, then the claims, rightly signed. */
static char *
forge(const uint8_t *data, size_t size, const char **claims, size_t *claims_len)
{
	const uint8_t	*end = size == 0 ? NULL : memchr(data, '\n', size);
	size_t		 n = end == NULL ? size : (size_t)(end - data);
	char		*text = malloc(2 * size + 128), *p;

	HOLDS(text != NULL);
	p = encode(text, data, n);
	*p++ = '.';
	*claims = (const char *)data + (end == NULL ? n : n + 1);
	*claims_len = end == NULL ? 0 : size - n - 1;
	p = encode(p, *claims, *claims_len);
	sign(p + 1, text, (size_t)(p - text));
	*p = '.';
	return text;
}

/* True where a member of that name has the text as its value. */
static bool
says(const cJSON *object, const char *name, const char *value)
{
	const cJSON	*item;

	cJSON_ArrayForEach(item, object)
		if (strcmp(item->string, name) == 0 && cJSON_IsString(item) &&
		    strcmp(item->valuestring, value) == 0)
			return true;
	return false;
}

static bool
has_number(const cJSON *object, const char *name, double least)
{
	const cJSON	*item;

	cJSON_ArrayForEach(item, object)
		if (strcmp(item->string, name) == 0 && cJSON_IsNumber(item) &&
		    item->valuedouble >= least)
			return true;
	return false;
}

/* What was let in says what it has to. */
static void
check_claims(const struct identity *t, const char *header, size_t header_len,
    const char *claims, size_t claims_len)
{
	cJSON	*head = cJSON_ParseWithLength(header, header_len);
	cJSON	*body = cJSON_ParseWithLength(claims, claims_len);
	char	 sub[24];

	HOLDS(says(head, "alg", "HS256"));
	HOLDS(cJSON_GetObjectItemCaseSensitive(head, "crit") == NULL);
	HOLDS(has_number(body, "exp", (double)time(NULL)));
	snprintf(sub, sizeof sub, "%lld", (long long)t->user_id);
	HOLDS(says(body, "sub", sub) || has_number(body, "sub", 1));
	cJSON_Delete(head);
	cJSON_Delete(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct identity	 unset;
	struct identity			 t = unset;
	const char			*claims = NULL;
	size_t				 claims_len = 0;
	char				*text;
	bool				 ok;
	int				 kind;

	if (size == 0)
		return 0;
	token_open(secret, 30, 60);
	HOLDS(token_verify(&t, good()) && t.user_id == 42);
	t = unset;
	kind = *data++ % 3;
	size--;
	text = kind == 0 ? fuzz_text(data, size) : kind == 1 ? change(data, size) :
	    forge(data, size, &claims, &claims_len);
	ok = token_verify(&t, text);
	if (ok) {
		HOLDS(t.user_id > 0 && t.expires > time(NULL) - 1);
		HOLDS(is_signed(text));
	} else
		HOLDS(memcmp(&t, &unset, sizeof t) == 0);
	if (kind == 1)
		HOLDS(ok == (strcmp(text, good()) == 0));
	if (ok && kind == 2)
		check_claims(&t, (const char *)data, size - claims_len, claims, claims_len);
	free(text);
	return 0;
}
