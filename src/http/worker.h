/* SPDX-License-Identifier: ISC */
/* The state of a worker, which each request gets. */
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

/* Keys for writes without a client's key (once.h): one for each in flight. */
struct once_keys {
	struct once_key {
		struct once_key	*next;
		unsigned char	 key[16];
		uint64_t	 count;		/* writes under it */
		int64_t		 until;		/* clock_usec(); then it is replaced */
	}		*spare;
	int64_t		 clean_at;		/* clock_usec(); 0: not planned */
};

struct worker {
	struct connection	 connection;
	struct once_keys	 once;
	struct zones		 zones;
	int64_t			 fill_at;	/* clock_usec() of task/fill.h, or 0 */
	const struct route	*routes;	/* end with a row without a method */
	const struct path_part	*parts;		/* end with a row without a name */
	bool			 (*sign_in)(struct request *);	/* true if its token is good */
	enum answer		 broken;	/* the answer to all requests if it can't start */
	/* True if there may be an app password, which the statement looks up. */
	bool			 (*sign_in_app)(struct request *);
	/* Settings: */
	int64_t			 database_usec;	/* how long a request may wait for it */
	bool			 shared;	/* many requests wait on its connection */
	const char		*cors_origins;	/* comma-separated; NULL: none */
	bool			 tags_string;	/* answer tags as "a, b" */
};

#endif
