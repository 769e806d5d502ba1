/* SPDX-License-Identifier: ISC */
/* SQL without parameters, run by libpq's simple protocol: for the start, before any statement. */
#ifndef SIMPLE_H
#define SIMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/connection.h"

struct simple {
	struct connection	*connection;
	struct budget		 budget;
	bool			 changed;	/* tables or indexes were made */
	bool			 transient;	/* the error may go away by itself */
	char			 state[6];	/* its SQLSTATE; empty: none came */
};

/*
 * Returns NULL, or the error (in the connection).  The first column of each row is collected in
 * list, separated by ", ".
 */
const char	*simple_run(struct simple *s, const char *sql, char *list, size_t size);

/* The same for a statement prepared before, of that name. */
const char	*simple_execute(struct simple *s, const char *name, char *list, size_t size);

#endif
