/* SPDX-License-Identifier: ISC */
/* JSON Web Tokens (RFC 7519), HS256 only: which of them are good. */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>

#include "http/identity.h"

/*
 * Before all others: what signs tokens, and how long one lives, or one that is to be remembered
 * (no less; 0 days: none is).  The secret is not copied.
 */
void	token_open(const char *secret_key, int minutes, int remember_days);

/*
 * A new token for the account, valid for that long from now.  issued is when it
 * counts as issued by the database's clock, which ends tokens.  The caller frees it; NULL where memory or randomness is lacking.
 */
char	*token_issue(int64_t user_id, const char *email, const char *username,
	    int64_t issued, bool remember);

/*
 * True where text is a token signed with our secret whose sub is a user's id
 * and whose exp and nbf allow it now; only then is *t set.  Whether it has
 * ended before is for the database to say.
 */
bool	token_verify(struct identity *t, const char *text);

#endif
