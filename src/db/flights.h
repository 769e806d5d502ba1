/* SPDX-License-Identifier: ISC */
/* The statements under way on one connection, in the order in which they are answered. */
#ifndef FLIGHTS_H
#define FLIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/budget.h"
#include "db/stmt.h"

/* A statement under way, as the connection sees it. */
struct flight {
	struct budget	*budget;	/* of the request that waits for the answer */
	bool		 lost;		/* its connection ended, or it was given up */
};

struct flights {
	struct place {
		struct flight	*flight;	/* NULL: nobody waits for its answer any more */
		enum stmt_id	 id;
		bool		 parses;	/* it is to prepare it (db/prepared.h) */
		int64_t		 since;		/* clock_usec() when it was sent */
	}	*ring;
	size_t	 first, n, size;
	int64_t	 first_since;		/* clock_usec() when the oldest became the oldest */
	int64_t	 first_usec;		/* how long there was one, in all */
};

/* Puts f at the end; false if memory runs out. */
bool		 flights_add(struct flights *all, struct flight *f, enum stmt_id id, bool parses);

/* Takes out the oldest; there must be one.  NULL if it does not wait any more. */
struct flight	*flights_take(struct flights *all);

/* f does not wait any more; its answer will be skipped. */
void		 flights_leave(struct flights *all, const struct flight *f);

/* That of the next answer; NULL if nothing is under way. */
struct place	*flights_first(const struct flights *all);

/* The first that still waits: it reads for all.  NULL: none waits. */
struct flight	*flights_reader(const struct flights *all);

/* When the oldest was sent; INT64_MAX: there is none. */
int64_t		 flights_since(const struct flights *all);

void		 flights_free(struct flights *all);

#endif
