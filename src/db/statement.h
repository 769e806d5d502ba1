/* SPDX-License-Identifier: ISC */
/*
 * A statement of sql/statements.sql under way, and its rows.  Its messages (Parse if needed,
 * Bind, Execute, Sync) are sent together.  Each statement is a transaction of its own, however
 * many are under way on the connection.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdbool.h>

#include "base/answer.h"
#include "db/connection.h"

/* A request's statements, which run one after the other. */
struct statement {
	struct connection	*connection;
	struct budget		 budget;	/* for all of them */
	bool			 in_doubt;	/* a write may have been committed, or may yet be,
						 * but its answer was lost or given up */
	/* Of the one that was run last: */
	enum stmt_id		 id;
	bool			 under_way;	/* flight is one of connection->flights */
	struct flight		 flight;
	enum prepared_state	 was_prepared;	/* when it was sent */
	bool			 has_row;	/* row is the first, and was not asked for yet */
	bool			 met_lock;	/* at its last try */
	bool			 not_run;	/* the server ended the session before running it */
	struct row		 row;
	unsigned char		*kept;		/* the message of row; NULL if it is a list's */
	struct statement_error {
		char	state[6];		/* SQLSTATE; "": there is none */
		char	constraint[64];		/* the violated one; "": none */
		char	text[200];
	}			 error;
};

/* Its statements may wait for so many microseconds in all. */
void		statement_init(struct statement *s, struct connection *c, int64_t usec);

/*
 * Runs a statement with its values; if the connection is lost, runs it again if it can.
 * ANS_OK: it is committed, or is a list; statement_next() gives its rows, and a list must be
 * ended by statement_end().  ANS_DONE_BEFORE: this write was made before.  Otherwise nothing
 * was written, unless s->in_doubt.
 */
enum answer	statement_run(struct statement *s, enum stmt_id id,
		    const struct value value[PARAM__MAX]);

/*
 * The next row, valid until the next call with s; NULL in *row after the last.  If the answer
 * is not ANS_OK, the rest of the rows was lost.
 */
enum answer	statement_next(struct statement *s, const struct row **row);

/* Drops unread rows and waits for the end.  ANS_OK if nothing runs. */
enum answer	statement_end(struct statement *s);

#endif
