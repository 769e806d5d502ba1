/* SPDX-License-Identifier: ISC */
#ifndef START_H
#define START_H

#include "db/connection.h"

/*
 * Connects, and creates or checks the schema, within five seconds in all.  Returns NULL, or
 * what is wrong (one line, static) with *status set to EX_CONFIG if the settings or the
 * database must be mended, else to EX_UNAVAILABLE.  If the schema has to be made or added to,
 * that takes as long as it takes.  A name lookup that hangs ends the process with
 * EX_UNAVAILABLE.  *changed: tables or indexes were made.
 */
const char	*start_database(struct connection *c, int *status, bool *changed);

#endif
