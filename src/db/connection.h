/* SPDX-License-Identifier: ISC */
/*
 * A connection to the database: libpq opens it, wire.h then uses it, and after a loss it is
 * opened again.  Only this file, simple.c, start.c and url.c know libpq.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/budget.h"
#include "db/error.h"
#include "db/flights.h"
#include "db/prepared.h"
#include "db/url.h"
#include "db/wire.h"

struct connection {
	const struct url	*url;
	struct loop		*loop;		/* its fibers share it, or NULL */
	PGconn			*pg;		/* NULL: not connected */
	bool			 up;		/* libpq has logged in */
	struct wire		 wire;
	bool			 broken;	/* wire can't be written to any more */
	struct watch		 watch;		/* of its socket */
	struct flights		 flights;
	struct budget		*waiting;	/* until another fiber has connected */
	bool			 connecting;	/* a fiber does */
	struct prepared		 prepared;
	bool			 unnamed;	/* a pooler keeps no statements */
	bool			 one_by_one;	/* see connection_ready() */
	struct budget		*queue;		/* for their turn then, in order */
	struct budget		*locked;	/* writes that met a lock, in order */
	int64_t			 next_locked;	/* clock_usec() of the first one's next try */

	/* After a failed attempt: when to try again, and until when requests wait for that. */
	struct retry {
		int64_t			next, patience_ends;	/* clock_usec(); 0: it succeeded */
		enum error_retry	kind;
	} retry;
	struct said {			/* the last cause that was logged */
		char	cause[400];
		int64_t	until;		/* clock_usec(): it is not logged again before */
	} said;

	struct connection_stats {
		int64_t	attempts;	/* to connect */
		int64_t	connects;	/* of them, those that succeeded */
		int64_t	ended;		/* attempts and connections */
	} stats;
	char			 error[400];	/* why it was lost or not made; one line */
};

/* From now on its statements wait in the loop, many at a time. */
void		 connection_share(struct connection *c, struct loop *loop);

/*
 * Connects, within the budget.  NULL, or why there is no connection (c->error).  libpq's look-up
 * of a name has no time limit.
 */
const char	*connection_make(struct connection *c, struct budget *b);

/* A pooler keeps no prepared statements: they are sent unnamed, and one by one, from now on. */
void		 connection_mind_pooler(struct connection *c);

/*
 * True if there is a live connection; makes one if needed.  While the database restarts this
 * waits.  If it stays away this tries now and then, and fails at once in between.
 *
 * With one_by_one it waits, too, until nothing is under way.  PgBouncer before 1.22.1 looks at the
 * last answer only when a client has gone: if more are to come it hands its server to the next
 * client all the same, who gets them.
 */
bool		 connection_ready(struct connection *c, struct budget *b);

/*
 * The next message of the answer to f, which is flights_reader(); answers before it were given
 * up, and are skipped.  False if the connection is lost (c->error says why).
 */
bool		 connection_next(struct connection *c, struct flight *f, struct wire_message *m);

/* The answer to the oldest statement has ended: the next one reads on, or may be sent. */
void		 connection_answered(struct connection *c);

/*
 * Sends the messages appended to c->wire; false if the connection is lost.  In a loop they are
 * sent together with all others before the loop waits.
 */
bool		 connection_send(struct connection *c, struct budget *b);

/*
 * After a write was undone because it waited too long for a lock: waits until it may be sent
 * again, or until the time ran out.  Between two such writes others have their turn.
 */
void		 connection_await_lock(struct connection *c, struct budget *b);

/* After such a write succeeded: the lock may be gone, so the next one is sent at once. */
void		 connection_unlocked(struct connection *c);

/* Ends it.  Statements under way are lost, and are told so. */
void		 connection_drop(struct connection *c);

/* Ends it and frees all of its memory. */
void		 connection_free(struct connection *c);

/* A time for the next attempt, on clock_usec(); random, so that workers don't try together. */
int64_t		 connection_next_attempt(enum error_retry kind);

#endif
