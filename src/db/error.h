/* SPDX-License-Identifier: ISC */
/* What the database's errors mean. */
#ifndef ERROR_H
#define ERROR_H

#include <stdbool.h>

#include "base/answer.h"

/*
 * The answer to a failed statement: by its violated constraint (NULL: none), else by its
 * SQLSTATE: ANS_UNAVAILABLE for transient errors, ANS_NO_ZONE, else ANS_INTERNAL (our fault).
 */
enum answer	error_answer(const char *sqlstate, const char *constraint);

/* True if a fatal error says that the statement did not run. */
bool		error_is_refusal(const char *sqlstate, const char *text);

/* When to try again after a connect error, by its text. */
enum error_retry {
	RETRY_SOON,
	RETRY_LATER,		/* less often, as attempts count against a limit */
	RETRY_NEVER		/* a person has to change something */
};
enum error_retry	error_retry(const char *text);

/* What an administrator can do about a connect error, by its text (static). */
const char		*error_help(const char *text);

#endif
