/* SPDX-License-Identifier: ISC */
/*
 * Writes that are made once: each has a key and a request in public.writes, by
 * which the statement knows that it was made before.  The key is the client's
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), together with who
 * it is, or one that this worker made up.
 */
#ifndef ONCE_H
#define ONCE_H

#include <stdbool.h>
#include <stddef.h>

#include "row.h"

struct req;

#define ONCE_HASH_LEN	32	/* SHA-256 */

/* Takes notice of the body, before anything changes it. */
void	once_body(struct req *r, const char *text, size_t len);

/*
 * Checks the client's key, and sets what a write needs of r's values.  A bad key
 * is one of r's problems.  False where there are no random numbers.
 */
bool	once_prepare(struct req *r);

enum once {
	ONCE_NOW,		/* this is the first time, or nothing was written */
	ONCE_BEFORE,		/* the row "_row" was written by the same request */
	ONCE_OTHER		/* the key was used for another one: r's problem */
};

/* What a write's row says. */
enum once	once_row(struct req *r, const struct row *row);

/* Each hour, between requests, where the worker writes: clears what is past. */
void	once_clean(void);

#endif
