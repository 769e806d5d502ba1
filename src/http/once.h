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
#include <stdint.h>

#include "base/answer.h"

struct req;

#define ONCE_HASH_LEN	32	/* SHA-256 */

/* Takes notice of the body, before anything changes it. */
void	once_body(struct req *r, const char *text, size_t len);

/*
 * Checks the client's key, and sets what a write needs of r's values.  ANS_OK, or
 * ANS_BAD_FIELDS where the key is none.
 */
enum answer	once_prepare(struct req *r);

/*
 * For a write that did not succeed, with its answer: finds out whether that is
 * because it was made before.  ANS_OK: then *id is the row it wrote, and r->next_id
 * that of the next task.  Otherwise the
 * answer, which may be another one: ANS_BAD_FIELDS where the key was used for
 * another request, ANS_UNAVAILABLE where the database can't be asked.
 */
enum answer	once_before(struct req *r, enum answer answer, int64_t *id);

/* Each hour, between requests, where the worker writes: clears what is past. */
void	once_clean(void);

#endif
