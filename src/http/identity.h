/* SPDX-License-Identifier: ISC */
/* The user that a request's token names. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#define IDENTITY_HASH_LEN	32	/* SHA-256 */

struct identity {
	int64_t		user_id;
	int64_t		expires;			/* Unix time */
	int64_t		issued;		/* Unix time of the database's clock; 0: unknown */
	bool		remembered;			/* it lives for REMEMBER_DAYS */
	unsigned char	hash[IDENTITY_HASH_LEN];	/* of the token's text */
};

#endif
