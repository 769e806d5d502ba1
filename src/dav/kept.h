/* SPDX-License-Identifier: ISC */
/*
 * The texts that clients write: what is refused, and how the text is made that is answered.
 * All are pure functions; times are those of zone.h.
 */
#ifndef KEPT_H
#define KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/zone.h"
#include "task/vtodo.h"

#define KEPT_TEXT_MAX	(512 * 1024)
#define KEPT_UID_MAX	1024		/* bytes */

/* What is wrong with a text; after each group, the precondition (RFC 4791, section 5.3.2.1). */
enum kept_fault {
	KEPT_OK,
	KEPT_LARGE,
	/* max-resource-size */
	KEPT_HAS_NUL,
	KEPT_NOT_UTF8,
	KEPT_NO_CALENDAR,	/* it doesn't begin with BEGIN:VCALENDAR */
	KEPT_UNBALANCED,	/* BEGIN and END don't match, or something follows */
	KEPT_DEEP,		/* components in components, more than anybody means */
	/* valid-calendar-data */
	KEPT_METHOD,
	KEPT_NO_TODO,
	KEPT_NO_UID,
	KEPT_TWO_UIDS,
	KEPT_LONG_UID,
	KEPT_TWO_MASTERS,	/* two of that UID without a RECURRENCE-ID */
	/* valid-calendar-object-resource */
	KEPT_NOT_TODO,		/* VEVENT, VJOURNAL, VFREEBUSY */
	/* supported-calendar-component */
	KEPT_NO_MEMORY,
	KEPT__MAX
};

/* Finds what is wrong with a text. */
enum kept_fault	kept_check(const char *text, size_t len);

/*
 * Drops the characters that XML can't carry (but NUL, which is a fault), before a text is
 * checked.  Returns the length, the same if there were none.
 */
size_t		kept_clean(char *text, size_t len);

/*
 * The columns that a text means, which was checked; NULL without memory.  All but those of a row
 * alone; they point into one block of memory, which begins with the struct: free() it.
 */
struct vtodo	*kept_columns(const char *text, size_t len, struct zones *zones);

/*
 * Writes what is answered for a task: its text, as it is if its version is the task's, else
 * with the lines changed that no longer say what the columns do; or a text made of the columns
 * if it has none.  The same columns give the same bytes.  False without memory; then nothing
 * was written.
 */
bool		kept_put(struct buf *b, const struct vtodo *t, struct zones *zones);

#endif
