/* SPDX-License-Identifier: ISC */
#include <jwt.h>
#include <stdlib.h>
#include <string.h>

#include "account/jws.h"

char *
jws_sign(const struct jws_claims *c, const char *secret)
{
	const unsigned char	*key = (const unsigned char *)secret;
	jwt_t			*jwt = NULL;
	char			*text = NULL;

	if (jwt_new(&jwt) == 0 &&
	    jwt_set_alg(jwt, JWT_ALG_HS256, key, (int)strlen(secret)) == 0 &&
	    jwt_add_grant(jwt, "sub", c->sub) == 0 &&
	    jwt_add_grant(jwt, "email", c->email) == 0 &&
	    jwt_add_grant(jwt, "username", c->username) == 0 &&
	    jwt_add_grant(jwt, "jti", c->jti) == 0 &&
	    jwt_add_grant_int(jwt, "iat", (long)c->iat) == 0 &&
	    jwt_add_grant_int(jwt, "exp", (long)c->exp) == 0 &&
	    (!c->remember || jwt_add_grant_bool(jwt, "remember", 1) == 0))
		text = jwt_encode_str(jwt);
	jwt_free(jwt);
	return text;
}

/* True if alg is exactly HS256, as libjwt accepts "hs256", too, and there is no crit:
 * we know no such extension (RFC 7515, section 4.1.11). */
static bool
is_hs256(jwt_t *jwt)
{
	const char	*alg = jwt_get_header(jwt, "alg");
	char		*crit = jwt_get_headers_json(jwt, "crit");

	free(crit);
	return jwt_get_alg(jwt) == JWT_ALG_HS256 && crit == NULL &&
	    alg != NULL && strcmp(alg, "HS256") == 0;
}

static bool
read_claim(jwt_t *jwt, const char *name, char out[JWS_CLAIM_MAX])
{
	char	*json = jwt_get_grants_json(jwt, name);
	size_t	 len = json == NULL ? 0 : strlen(json);

	if (len < JWS_CLAIM_MAX)
		memcpy(out, json == NULL ? "" : json, len + 1);
	free(json);
	return len < JWS_CLAIM_MAX;
}

/* The old backend's jti may be of any kind. */
static void
read_jti(jwt_t *jwt, char out[JWS_CLAIM_MAX])
{
	if (!read_claim(jwt, "jti", out))
		out[0] = '\0';
}

bool
jws_verify(struct jws_token *t, const char *text, const char *secret)
{
	jwt_t	*jwt = NULL;
	bool	 ok;

	ok = jwt_decode(&jwt, text, (const unsigned char *)secret,
	    (int)strlen(secret)) == 0 &&
	    is_hs256(jwt) && read_claim(jwt, "sub", t->sub) &&
	    read_claim(jwt, "exp", t->exp) && read_claim(jwt, "nbf", t->nbf) &&
	    read_claim(jwt, "iat", t->iat);
	if (ok) {
		read_jti(jwt, t->jti);
		t->remember = jwt_get_grant_bool(jwt, "remember") == 1;
	}
	jwt_free(jwt);
	return ok;
}
