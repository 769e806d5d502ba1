/* SPDX-License-Identifier: ISC */
/*
 * Writes that are made once: each is recorded in public.writes with a key and a hash of its
 * request, so that the statement knows if it was made before.  The key is the client's
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) with its account, or the worker's.
 */
#ifndef ONCE_H
#define ONCE_H

#include "http/request.h"

/* Hashes the body; call this before it is changed. */
void		once_body(struct request *r, const char *text, size_t len);

/*
 * Checks the client's key, and sets r's values for the write.  ANS_OK, ANS_INTERNAL, or
 * ANS_BAD_FIELDS if the key is invalid.
 */
enum answer	once_prepare(struct request *r);

/*
 * Runs a write, once.  ANS_OK: *row is its first row.  ANS_DONE_BEFORE: it was made before,
 * r->once.row is the id of its row, and r->next_id that of the next task.  Otherwise nothing
 * was written: the answer of outcome (which reads the row; NULL: each row is a success),
 * ANS_BAD_TOKEN if there is no row, ANS_BAD_FIELDS if the key was used for another request,
 * ANS_UNAVAILABLE, or statement_run()'s error.
 */
enum answer	once_run(struct request *r, enum stmt_id stmt,
		    enum answer (*outcome)(struct request *, const struct row *),
		    const struct row **row);

/*
 * For a write that another answer stopped before once_run(): ANS_DONE_BEFORE if the cause is
 * that it was made before, else as once_run().
 */
enum answer	once_before(struct request *r, enum answer answer);

/* Gives back the key of once_prepare(), after r's last statement has ended. */
void		once_end(struct request *r);

/* Each hour, between requests, if the worker writes: deletes expired records. */
void		once_clean(struct worker *w);

#endif
