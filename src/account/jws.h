/* SPDX-License-Identifier: ISC */
/*
 * Signed tokens by libjwt: jws.c for its versions 1 and 2, jws3.c for version
 * 3, which has another interface.  Only these files know it.
 */
#ifndef JWS_H
#define JWS_H

#include <stdbool.h>
#include <stdint.h>

#define JWS_CLAIM_MAX	64

/* What we sign. */
struct jws_claims {
	const char	*sub, *email, *username, *jti;
	int64_t		 iat, exp;
	bool		 remember;	/* true, or absent */
};

/* The signed token (HS256); the caller frees it.  NULL without memory. */
char	*jws_sign(const struct jws_claims *c, const char *secret);

/* What we read: each claim's JSON text, "" where it is absent. */
struct jws_token {
	char	sub[JWS_CLAIM_MAX];
	char	exp[JWS_CLAIM_MAX];
	char	nbf[JWS_CLAIM_MAX];
	char	iat[JWS_CLAIM_MAX];
	char	jti[JWS_CLAIM_MAX];	/* also "" if it is long: not one of ours */
	bool	remember;		/* true, not only there */
};

/* True where the text is a token signed by us with HS256; times are not looked
 * at.  False too where another claim is longer than any that we accept. */
bool	jws_verify(struct jws_token *t, const char *text, const char *secret);

#endif
