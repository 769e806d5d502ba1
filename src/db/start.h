/* SPDX-License-Identifier: ISC */
#ifndef START_H
#define START_H

#include "db/connection.h"

/*
 * Connects, and creates or checks the schema.  Returns NULL, or an error (one line, static) with
 * *status set to EX_CONFIG if the settings or the database must be changed, else to
 * EX_UNAVAILABLE.  Has five seconds, but no limit while it creates tables or indexes.  A name
 * look-up that hangs ends the process with EX_UNAVAILABLE.  *changed: something was created.
 * serves: more than one request will use the connection.
 */
const char	*start_database(struct connection *c, bool serves, int *status, bool *changed);

#endif
