/* SPDX-License-Identifier: ISC */
/* JSON Web Tokens (RFC 7519), HS256 only. */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>

#include "http/identity.h"

/*
 * Must be called first.  Sets the secret, which is not copied, and how long a token lives, or
 * a remembered one (not less; 0 days: none is remembered).
 */
void	token_open(const char *secret_key, int minutes, int remember_days);

/*
 * A new token for the account, valid from now on.  issued is its time by the database's
 * clock, with which the database ends tokens.  The caller frees it; NULL if memory or
 * randomness is lacking.
 */
char	*token_issue(int64_t user_id, const char *email, const char *username,
	    int64_t issued, bool remember);

/*
 * True if text is a token signed with our secret whose sub is a user's id and
 * whose exp and nbf allow it now; only then is *t set.  The database knows if it
 * was ended before.
 */
bool	token_verify(struct identity *t, const char *text);

#endif
