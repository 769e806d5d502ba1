/* SPDX-License-Identifier: ISC */
/*
 * A connection to the database: made by libpq, then spoken to by wire.h, and made anew after
 * it was lost.  With url.c and start.c the only file that knows libpq.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/budget.h"
#include "db/error.h"
#include "db/flights.h"
#include "db/stmt.h"
#include "db/url.h"
#include "db/wire.h"

/* Whether the server has a statement by its name. */
enum prepared {
	PREPARED_NOT,
	PREPARED_SENT,		/* with a statement that is under way */
	PREPARED_DONE
};

struct connection {
	const struct url	*url;
	struct loop		*loop;		/* whose fibers share it; NULL: one statement at a time */
	PGconn			*pg;		/* NULL: not connected */
	bool			 up;		/* libpq has logged in */
	struct wire		 wire;
	bool			 broken;	/* wire can't be written to any more */
	struct watch		 watch;		/* of its socket */
	struct flights		 flights;
	struct budget		*waiting;	/* for somebody who connects */
	bool			 connecting;	/* somebody does */
	enum prepared		 prepared[STMT__MAX];
	char			 name[STMT__MAX][24];	/* of statements, made once */
	bool			 unnamed;	/* a pooler keeps no statements */
	struct budget		*locked;	/* writes that met a lock, in their order */
	int64_t			 next_locked;	/* clock_usec(): not before is the first sent again */
	struct columns		*columns[STMT__MAX];	/* described once; NULL: not yet */
	struct columns		*old_columns;	/* that rows which were kept may have */

	/* After an attempt that failed: when to try again, and until when to wait for that. */
	struct retry {
		int64_t			next, patience_ends;	/* clock_usec(); 0: connected last time */
		enum error_retry	kind;
	} retry;
	struct said {			/* to the log, of an attempt */
		char	cause[400];
		int64_t	until;		/* the same is not said again */
	} said;

	struct connection_stats {
		int64_t	attempts;	/* to connect */
		int64_t	connects;	/* of them, those that succeeded */
		int64_t	ended;		/* attempts and connections */
	} stats;
	char			 error[400];	/* why it was lost, or not made; one line */
};

/* From now on its statements wait in the loop, many at a time. */
void		 connection_share(struct connection *c, struct loop *loop);

/*
 * Connects, within the budget.  NULL, or why there is no connection (c->error).  libpq looks
 * names up without a limit of its own.
 */
const char	*connection_make(struct connection *c, struct budget *b);

/*
 * True if there is a connection that lives, which may have been made just now: a database
 * that is just starting again is waited for; one that has been gone for longer is asked now
 * and then, and in between this fails at once.
 */
bool		 connection_ready(struct connection *c, struct budget *b);

/*
 * The next message of the server, for f, which is flights_reader(); false if the connection is
 * lost (c->error says why).
 */
bool		 connection_next(struct connection *c, struct flight *f, struct wire_message *m);

/*
 * Sends what was appended to c->wire; false if the connection is lost.  In a loop it leaves
 * with all else before the loop waits.
 */
bool		 connection_send(struct connection *c, struct budget *b);

/*
 * A write met a lock for too long, and was undone: waits until it may be sent again, so that
 * others have their turn between any two that wait for locks; or until the time ran out.
 */
void		 connection_await_lock(struct connection *c, struct budget *b);

/* One that did so was carried out now: the locks may be gone, and the next is sent at once. */
void		 connection_unlocked(struct connection *c);

/* Ends it; the statements under way are lost, and told so. */
void		 connection_drop(struct connection *c);

/* Ends it and frees what was kept for the next one. */
void		 connection_free(struct connection *c);

/* When to try again, on clock_usec(): not at the same time as the other workers. */
int64_t		 connection_next_attempt(enum error_retry kind);

#endif
