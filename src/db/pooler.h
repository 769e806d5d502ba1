/* SPDX-License-Identifier: ISC */
/* What may be between a worker and the database. */
#ifndef POOLER_H
#define POOLER_H

#include "db/simple.h"

/*
 * Looks, once at the start, for a pooler that keeps no prepared statements, and has statements
 * sent unnamed and one by one then (connection.h).  May connect again.  Returns NULL, or the
 * error (in the connection).
 */
const char	*pooler_look(struct simple *s);

#endif
