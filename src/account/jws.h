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

/* The claims that we sign. */
struct jws_claims {
	const char	*sub, *email, *username, *jti;
	int64_t		 iat, exp;
	bool		 remember;	/* true, or absent */
};

/* The signed token (HS256); the caller frees it.  NULL if memory runs out. */
char	*jws_sign(const struct jws_claims *c, const char *secret);

/* The claims that we read: each one's JSON text, "" if it is absent. */
struct jws_token {
	char	sub[JWS_CLAIM_MAX];
	char	exp[JWS_CLAIM_MAX];
	char	nbf[JWS_CLAIM_MAX];
	char	iat[JWS_CLAIM_MAX];
	char	jti[JWS_CLAIM_MAX];	/* also "" if it is long: not one of ours */
	bool	remember;		/* it is there, and true */
};

/* True if the text is a token signed by us with HS256; doesn't check times.
 * Also false if a claim other than jti is longer than any that we accept. */
bool	jws_verify(struct jws_token *t, const char *text, const char *secret);

#endif
