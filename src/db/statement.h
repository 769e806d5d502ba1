/* SPDX-License-Identifier: ISC */
/*
 * A statement of sql/statements.sql under way, and its rows.  Preparing it, executing it and
 * the Sync that ends it leave as one flight, also for a connection's first use of it.  Each is
 * a transaction of its own, however many are under way on the connection.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdbool.h>

#include "base/answer.h"
#include "db/connection.h"

/* What a request runs, one statement after the other. */
struct statement {
	struct connection	*connection;
	struct budget		 budget;	/* for all of them */
	bool			 in_doubt;	/* a write may have been carried out, or may yet be,
						 * whose answer was lost or not waited for */
	/* Of the one that was run last: */
	enum stmt_id		 id;
	bool			 under_way;	/* flight is one of connection->flights */
	struct flight		 flight;
	enum prepared		 was_prepared;	/* when it was sent */
	bool			 has_row;	/* row is the first, which nobody has asked for yet */
	bool			 met_lock;	/* the time before */
	bool			 refused;	/* the server ended the session before running it */
	struct row		 row;
	unsigned char		*kept;		/* the message that row points into, unless it is a list's */
	struct statement_error {
		char	state[6];		/* SQLSTATE; "": there is none */
		char	constraint[64];		/* that does not hold; "": none */
		char	text[200];
	}			 error;
};

/* Begins with none; they may wait for so many microseconds in all. */
void		statement_init(struct statement *s, struct connection *c, int64_t usec);

/*
 * Runs a statement with the values that it names, and again if its connection was lost.
 * ANS_OK: it is committed, or is a list; statement_next() gives its rows, and after a list
 * statement_end() must follow.  ANS_DONE_BEFORE: this write was made before.  Otherwise
 * nothing was written, unless s->in_doubt.
 */
enum answer	statement_run(struct statement *s, enum stmt_id id,
		    const struct value value[PARAM__MAX]);

/*
 * The next row, valid until the next call with s; NULL in *row after the last.  Anything
 * but ANS_OK means that the rest of the rows was lost.
 */
enum answer	statement_next(struct statement *s, const struct row **row);

/* Drops what is unread and waits for the end.  ANS_OK if nothing runs. */
enum answer	statement_end(struct statement *s);

#endif
