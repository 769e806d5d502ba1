/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <inttypes.h>
#include <jwt.h>
#include <math.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf.h"
#include "number.h"
#include "token.h"

#define JTI_BYTES	16
#define SIGNATURE_LEN	43	/* 32 bytes in base64url, without padding */

char *
token_issue(int64_t user_id, const char *email, const char *username)
{
	unsigned char	 random[JTI_BYTES];
	char		 jti[2 * JTI_BYTES + 1], sub[24], *text = NULL;
	jwt_t		*jwt = NULL;
	time_t		 now = time(NULL);

	if (getentropy(random, sizeof random) == -1)
		return NULL;
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(jti + 2 * i, 3, "%02x", random[i]);
	snprintf(sub, sizeof sub, "%" PRId64, user_id);
	if (jwt_new(&jwt) == 0 &&
	    jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)conf.secret_key,
	    (int)strlen(conf.secret_key)) == 0 &&
	    jwt_add_grant(jwt, "sub", sub) == 0 &&
	    jwt_add_grant(jwt, "email", email) == 0 &&
	    jwt_add_grant(jwt, "username", username) == 0 &&
	    jwt_add_grant(jwt, "jti", jti) == 0 &&
	    jwt_add_grant_int(jwt, "iat", (long)now) == 0 &&
	    jwt_add_grant_int(jwt, "exp", (long)now + conf.token_minutes * 60L) == 0)
		text = jwt_encode_str(jwt);
	jwt_free(jwt);
	return text;
}

/*
 * The same bytes can be written as several base64url texts; a token that was
 * logged out must not come back as another one.  Header and claims are signed
 * as text, so only the signature's spare bits and padding matter.
 */
static bool
is_canonical(const char *text)
{
	const char	*sig = strrchr(text, '.');

	return sig != NULL && strlen(sig + 1) == SIGNATURE_LEN &&
	    strspn(sig + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_") == SIGNATURE_LEN &&
	    strchr("AEIMQUYcgkosw048", sig[SIGNATURE_LEN]) != NULL;
}

/* A claim that is a JSON number, cut to whole seconds; false for anything else. */
static bool
get_time(jwt_t *jwt, const char *claim, int64_t *t)
{
	char	*json, *end;
	double	 d;
	bool	 ok;

	errno = 0;
	*t = jwt_get_grant_int(jwt, claim);
	if (errno == 0)
		return true;
	if ((json = jwt_get_grants_json(jwt, claim)) == NULL)
		return false;
	d = strtod(json, &end);
	ok = end != json && *end == '\0' && isfinite(d);
	free(json);
	if (ok)
		*t = d >= 9e18 ? INT64_MAX : d <= -9e18 ? INT64_MIN : (int64_t)floor(d);
	return ok;
}

static bool
has_claim(jwt_t *jwt, const char *claim)
{
	char	*json = jwt_get_grants_json(jwt, claim);

	free(json);
	return json != NULL;
}

static bool
get_user(jwt_t *jwt, int64_t *id)
{
	const char	*sub = jwt_get_grant(jwt, "sub");

	if (sub != NULL)
		return number_id(sub, strlen(sub), id) == NUMBER_OK && *id > 0;
	errno = 0;
	*id = jwt_get_grant_int(jwt, "sub");
	return errno == 0 && *id > 0;
}

static bool
claims_allow(struct token *t, jwt_t *jwt, int64_t now)
{
	int64_t	nbf;

	return jwt_get_alg(jwt) == JWT_ALG_HS256 &&
	    get_time(jwt, "exp", &t->expires) && t->expires > now &&
	    (!has_claim(jwt, "nbf") || (get_time(jwt, "nbf", &nbf) && nbf <= now)) &&
	    get_user(jwt, &t->user_id);
}

bool
token_verify(struct token *t, const char *text)
{
	struct token	 found;
	jwt_t		*jwt = NULL;
	bool		 ok;

	ok = is_canonical(text) &&
	    jwt_decode(&jwt, text, (const unsigned char *)conf.secret_key,
	    (int)strlen(conf.secret_key)) == 0 &&
	    claims_allow(&found, jwt, time(NULL));
	jwt_free(jwt);
	if (ok) {
		SHA256((const unsigned char *)text, strlen(text), found.hash);
		*t = found;
	}
	return ok;
}
