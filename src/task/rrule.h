/* SPDX-License-Identifier: ISC */
/* Patterns of recurrence: words (words.h) and RFC 5545 RRULEs, which libical reads. */
#ifndef RRULE_H
#define RRULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "task/words.h"

#define RRULE_TEXT_MAX		256	/* a rule's text, with NUL */
#define RRULE_VALUES_MAX	64	/* in a list of so long a rule */

enum rrule_freq {
	RRULE_SECONDLY, RRULE_MINUTELY, RRULE_HOURLY, RRULE_DAILY, RRULE_WEEKLY,
	RRULE_MONTHLY, RRULE_YEARLY
};

enum rrule_by {
	BY_SECOND, BY_MINUTE, BY_HOUR, BY_DAY, BY_MONTHDAY, BY_YEARDAY, BY_WEEKNO,
	BY_MONTH, BY_SETPOS, BY__MAX
};

struct rrule {
	enum rrule_freq	 freq;
	int		 interval;
	int		 count;		/* 0: none */
	int64_t		 until;		/* microsecond; INT64_MAX: none */
	bool		 until_utc;	/* an instant; else a local time */
	int		 week_start;	/* 0: Sunday */
	struct rrule_list {		/* in order; n is 0 if the rule has none */
		int	 n;
		short	 value[RRULE_VALUES_MAX];	/* of days: 8 * nth + weekday */
	}		 by[BY__MAX];
	char		 text[RRULE_TEXT_MAX];	/* as libical writes it */
};

/*
 * Reads a pattern: true if it is understood.  Rules of less than a day may have only
 * INTERVAL, COUNT and UNTIL.  RSCALE (RFC 7529) and numbers above 9999 are not
 * understood.
 */
bool	rrule_parse(struct rrule *rule, const char *pattern, size_t len);

/*
 * Writes the pattern with its COUNT lowered; false if it has none or the buffer is too
 * small.  The pattern must be one that was understood.
 */
bool	rrule_lower_count(char *out, size_t size, const char *pattern, size_t len, int by);

/*
 * Writes the rule as RFC 5545 wants it for a DTSTART that is a date, or else a time in
 * UTC: UNTIL is of the same kind, and dates have no hours.  False if nothing is left.
 */
bool	rrule_text(char out[RRULE_TEXT_MAX], const struct rrule *rule, bool of_days);

#endif
