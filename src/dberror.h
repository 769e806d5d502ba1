/* SPDX-License-Identifier: ISC */
/* What the database's errors mean. */
#ifndef DBERROR_H
#define DBERROR_H

#include <stdbool.h>

#include "answer.h"

/*
 * The answer to a failed statement: by its violated constraint (may be NULL),
 * else by its SQLSTATE.  ANS_UNAVAILABLE for what passes, ANS_INTERNAL for
 * what is our fault.
 */
enum answer	dberror_answer(const char *sqlstate, const char *constraint);

/* True where a connect error, known by its text alone, does not pass by waiting. */
bool		dberror_is_permanent(const char *text);

#endif
