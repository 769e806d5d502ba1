/* SPDX-License-Identifier: ISC */
/* What the database's errors mean. */
#ifndef ERROR_H
#define ERROR_H

#include <stdbool.h>

#include "base/answer.h"

/*
 * The answer to a failed statement: by its violated constraint (NULL for none), else by
 * its SQLSTATE.  ANS_UNAVAILABLE for what passes, ANS_NO_ZONE, ANS_INTERNAL for what is our fault.
 */
enum answer	error_answer(const char *sqlstate, const char *constraint);

/* True where the text of a fatal error says that the statement did not run. */
bool		error_is_refusal(const char *sqlstate, const char *text);

/* When to try again after a connect error, known by its text alone. */
enum error_retry {
	RETRY_SOON,
	RETRY_LATER,		/* what counts attempts is asked less often */
	RETRY_NEVER		/* someone has to mend something */
};
enum error_retry	error_retry(const char *text);

#endif
