/* SPDX-License-Identifier: ISC */
/* JSON Web Tokens (RFC 7519), HS256 only: which of them are good. */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_HASH_LEN	32	/* SHA-256 */

struct token {
	int64_t		user_id;
	int64_t		expires;			/* Unix time */
	int64_t		issued;				/* the same, by the database's clock; 0: unknown */
	unsigned char	hash[TOKEN_HASH_LEN];		/* of the token's text */
};

/*
 * A new token for the account, valid for conf.token_minutes from now.  issued is when it
 * counts as issued by the database's clock, which ends tokens.  The caller frees it; NULL where memory or randomness is lacking.
 */
char	*token_issue(int64_t user_id, const char *email, const char *username,
	    int64_t issued);

/*
 * True where text is a token signed with our secret whose sub is a user's id
 * and whose exp and nbf allow it now; only then is *t set.  Whether it has
 * ended before is for the database to say.
 */
bool	token_verify(struct token *t, const char *text);

#endif
