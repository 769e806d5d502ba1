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
};

/*
 * Returns NULL, or the error (in the connection).  The first column of each row is collected in
 * list, separated by ", ".
 */
const char	*simple_run(struct simple *s, const char *sql, char *list, size_t size);

#endif
