/* SPDX-License-Identifier: ISC */
/* What lives as long as the worker does, and is handed down with each request. */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/zone.h"
#include "db/connection.h"

struct path_part;
struct request;
struct route;

/* The keys of writes that bring none of their own (once.h): one for each in flight. */
struct once_keys {
	struct once_key {
		struct once_key	*next;
		unsigned char	 key[16];
		uint64_t	 count;		/* of the writes under it */
		int64_t		 until;		/* clock_usec(); then there is another */
	}		*spare;
	int64_t		 clean_at;		/* clock_usec(); 0: not planned */
};

struct worker {
	struct connection	 connection;
	struct once_keys	 once;
	struct zones		 zones;
	bool			 fills;		/* task/fill.h has more to do, */
	int64_t			 fill_at;	/* from then on: clock_usec() */
	const struct route	*routes;	/* end with a row without a method */
	const struct path_part	*parts;		/* end with a row without a name */
	bool			 (*sign_in)(struct request *);	/* true if its token is good */
	enum answer		 broken;	/* what all requests are answered if it can't start */
	bool			 (*sign_in_app)(struct request *);	/* true if it may have an app
						 * password, which the statement looks up */
	/* Settings: */
	int64_t			 database_usec;	/* that a request may wait for the database */
	bool			 shared;	/* many requests wait on its connection */
	const char		*cors_origins;	/* comma-separated; NULL: none */
	bool			 tags_string;	/* answer tags as "a, b" */
};

#endif
