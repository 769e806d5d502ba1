/* SPDX-License-Identifier: ISC */
#include <cjson/cJSON.h>
#include <jwt.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account/jws.h"

/* The secret as a JSON Web Key, made at the first use and kept. */
static const jwk_item_t *
key_of(const char *secret)
{
	static jwk_set_t	*set;
	size_t			 len = strlen(secret);
	char			*key, *json;

	if (set == NULL) {
		key = calloc(1, len / 3 * 4 + 8);
		json = calloc(1, len / 3 * 4 + 64);
		if (key != NULL && json != NULL) {
			EVP_EncodeBlock((unsigned char *)key,
			    (const unsigned char *)secret, (int)len);
			key[strcspn(key, "=")] = '\0';
			for (char *p = key; *p != '\0'; p++)
				*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
			sprintf(json, "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"%s\"}", key);
			set = jwks_create(json);
		}
		free(key);
		free(json);
	}
	return set == NULL || jwks_error(set) ? NULL : jwks_item_get(set, 0);
}

static bool
set_text(jwt_builder_t *b, const char *name, const char *text)
{
	jwt_value_t	v;

	jwt_set_SET_STR(&v, name, text);
	return jwt_builder_claim_set(b, &v) == JWT_VALUE_ERR_NONE;
}

static bool
set_true(jwt_builder_t *b, const char *name)
{
	jwt_value_t	v;

	jwt_set_SET_BOOL(&v, name, 1);
	return jwt_builder_claim_set(b, &v) == JWT_VALUE_ERR_NONE;
}

static bool
set_time(jwt_builder_t *b, const char *name, int64_t t)
{
	jwt_value_t	v;

	jwt_set_SET_INT(&v, name, (jwt_long_t)t);
	return jwt_builder_claim_set(b, &v) == JWT_VALUE_ERR_NONE;
}

char *
jws_sign(const struct jws_claims *c, const char *secret)
{
	jwt_builder_t	*b = jwt_builder_new();
	char		*text = NULL;

	if (b != NULL && jwt_builder_setkey(b, JWT_ALG_HS256, key_of(secret)) == 0 &&
	    jwt_builder_enable_iat(b, 0) >= 0 &&
	    set_text(b, "sub", c->sub) && set_text(b, "email", c->email) &&
	    set_text(b, "username", c->username) && set_text(b, "jti", c->jti) &&
	    set_time(b, "iat", c->iat) && set_time(b, "exp", c->exp) &&
	    (!c->remember || set_true(b, "remember")))
		text = jwt_builder_generate(b);
	jwt_builder_free(b);
	return text;
}

/* A number that is no integer, which libjwt can't return.  It must not be rounded to
 * one: it might become another user's id. */
static double
read_fraction(jwt_t *jwt, const char *name)
{
	jwt_value_t	 v;
	cJSON		*all = NULL;
	double		 d = NAN;

	jwt_set_GET_JSON(&v, NULL);
	if (jwt_claim_get(jwt, &v) == JWT_VALUE_ERR_NONE && v.json_val != NULL)
		all = cJSON_Parse(v.json_val);
	if (cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(all, name)))
		d = cJSON_GetObjectItemCaseSensitive(all, name)->valuedouble;
	cJSON_Delete(all);
	free(v.json_val);
	return d;
}

static bool
read_claim(jwt_t *jwt, const char *name, char out[JWS_CLAIM_MAX])
{
	jwt_value_t	v;
	int		n;

	jwt_set_GET_INT(&v, name);
	switch (jwt_claim_get(jwt, &v)) {
	case JWT_VALUE_ERR_NONE:
		n = snprintf(out, JWS_CLAIM_MAX, "%lld", (long long)v.int_val);
		break;
	case JWT_VALUE_ERR_NOEXIST:
		n = snprintf(out, JWS_CLAIM_MAX, "%s", "");
		break;
	default:
		jwt_set_GET_STR(&v, name);
		if (jwt_claim_get(jwt, &v) == JWT_VALUE_ERR_NONE && v.str_val != NULL)
			n = snprintf(out, JWS_CLAIM_MAX, "\"%s\"", v.str_val);
		else
			n = snprintf(out, JWS_CLAIM_MAX, "%.17e", read_fraction(jwt, name));
	}
	return n < JWS_CLAIM_MAX;
}

static bool
is_true(jwt_t *jwt, const char *name)
{
	jwt_value_t	v;

	jwt_set_GET_BOOL(&v, name);
	return jwt_claim_get(jwt, &v) == JWT_VALUE_ERR_NONE && v.bool_val != 0;
}

/* True if alg is exactly HS256, not "hs256", and there is no crit (RFC 7515, section
 * 4.1.11). */
static bool
is_hs256(jwt_t *jwt)
{
	jwt_value_t	alg, crit;

	jwt_set_GET_STR(&alg, "alg");
	jwt_set_GET_STR(&crit, "crit");
	return jwt_get_alg(jwt) == JWT_ALG_HS256 &&
	    jwt_header_get(jwt, &alg) == JWT_VALUE_ERR_NONE &&
	    strcmp(alg.str_val, "HS256") == 0 &&
	    jwt_header_get(jwt, &crit) == JWT_VALUE_ERR_NOEXIST;
}

/* Called with the parsed token before its signature is checked. */
static int
read_claims(jwt_t *jwt, jwt_config_t *config)
{
	struct jws_token	*t = config->ctx;

	/* The old backend's may be of any kind. */
	if (!read_claim(jwt, "jti", t->jti))
		t->jti[0] = '\0';
	t->remember = is_true(jwt, "remember");
	return !(is_hs256(jwt) && read_claim(jwt, "sub", t->sub) &&
	    read_claim(jwt, "exp", t->exp) && read_claim(jwt, "nbf", t->nbf) &&
	    read_claim(jwt, "iat", t->iat));
}

bool
jws_verify(struct jws_token *t, const char *text, const char *secret)
{
	jwt_checker_t	*c = jwt_checker_new();
	bool		 ok;

	memset(t, 0, sizeof *t);
	ok = c != NULL && jwt_checker_setkey(c, JWT_ALG_HS256, key_of(secret)) == 0 &&
	    jwt_checker_time_leeway(c, JWT_CLAIM_EXP, -1) == 0 &&
	    jwt_checker_time_leeway(c, JWT_CLAIM_NBF, -1) == 0 &&
	    jwt_checker_setcb(c, read_claims, t) == 0 && jwt_checker_verify(c, text) == 0;
	jwt_checker_free(c);
	return ok;
}
