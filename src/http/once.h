/* SPDX-License-Identifier: ISC */
/*
 * Writes that are made once: each has a key and a request in public.writes, by which the
 * statement knows that it was made before.  The key is the client's Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header), together with who it is, or the worker's.
 */
#ifndef ONCE_H
#define ONCE_H

#include "http/request.h"

/* Takes notice of the body, before anything changes it. */
void		once_body(struct request *r, const char *text, size_t len);

/*
 * Checks the client's key, and sets what a write needs of r's values.  ANS_OK, ANS_INTERNAL,
 * or ANS_BAD_FIELDS if the key is none.
 */
enum answer	once_prepare(struct request *r);

/*
 * Runs a write, once.  ANS_OK: *row is its first row.  ANS_DONE_BEFORE: it was made before,
 * r->once.row is the row that it wrote, and r->next_id that of the next task.  Otherwise
 * nothing was written: outcome's answer (which looks into the row; NULL: each row is a
 * success), ANS_BAD_TOKEN without a row, ANS_BAD_FIELDS if the key was used for another
 * request, ANS_UNAVAILABLE, or what statement_run() said.
 */
enum answer	once_run(struct request *r, enum stmt_id stmt,
		    enum answer (*outcome)(struct request *, const struct row *), const struct row **row);

/*
 * For a write that did not get as far as that, with the answer that stopped it: ANS_DONE_BEFORE
 * if that is because it was made before, else as once_run().
 */
enum answer	once_before(struct request *r, enum answer answer);

/* Gives back what once_prepare() took, once nothing of r runs any more. */
void		once_end(struct request *r);

/* Each hour, between requests, if the worker writes: clears what is past. */
void		once_clean(struct worker *w);

#endif
