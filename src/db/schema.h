/* SPDX-License-Identifier: ISC */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "db/simple.h"

/*
 * Makes the database hold what sql/schema.sql says: creates what is missing,
 * all or nothing, one worker at a time.  Returns NULL, or what does not fit.
 */
const char	*schema_fit(struct simple *s);

#endif
