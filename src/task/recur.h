/* SPDX-License-Identifier: ISC */
/*
 * Patterns of recurrence: words and RFC 5545 RRULEs, and the times they stand for.
 *
 * libical reads and writes the rules.  Their occurrences are worked out here: its
 * own iterator can take minutes over rules that never fit (FREQ=MONTHLY;BYDAY=MO;
 * BYSETPOS=99), can't be interrupted, and maps ICU's data of time zones.
 */
#ifndef RECUR_H
#define RECUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECUR_PATTERN_MAX	400	/* bytes: 100 characters of UTF-8 */
#define RECUR_RULE_MAX		256	/* a rule's text, with NUL */
#define RECUR_VALUES_MAX	64	/* in a list of so long a rule */

enum recur_freq {
	RECUR_SECONDLY, RECUR_MINUTELY, RECUR_HOURLY, RECUR_DAILY, RECUR_WEEKLY,
	RECUR_MONTHLY, RECUR_YEARLY
};

enum recur_by {
	BY_SECOND, BY_MINUTE, BY_HOUR, BY_DAY, BY_MONTHDAY, BY_YEARDAY, BY_WEEKNO,
	BY_MONTH, BY_SETPOS, BY__MAX
};

struct recur {
	enum recur_freq	 freq;
	int		 interval;
	int		 count;		/* 0: none */
	int64_t		 until;		/* microsecond; INT64_MAX: none */
	int		 week_start;	/* 0: Sunday */
	struct recur_list {		/* in order; n is 0 where the rule has none */
		int	 n;
		short	 value[RECUR_VALUES_MAX];	/* of days: 8 * nth + weekday */
	}		 by[BY__MAX];
	char		 text[RECUR_RULE_MAX];	/* as libical writes it */
};

/*
 * Where a walk over a rule's occurrences is.  Dates are their midnight, and times
 * microseconds, as in date.h, of UTC: nobody told us of another time zone.
 */
struct recur_walk {
	const struct recur	*rule;
	bool			 of_days;
	int64_t			 start, from, end;
	int64_t			 day, end_day;	/* the one to look at, the last */
	int64_t			 time;		/* of that day, the one to look at */
	int64_t			 period;	/* of which the next two are */
	int			 before, total;	/* occurrences: days before this, all */
	int64_t			 steps;		/* days and times looked at so far */
};

/*
 * Reads a pattern: true where it is understood.  Rules of less than a day have
 * nothing but INTERVAL, COUNT and UNTIL; RSCALE (RFC 7529) is not understood, and
 * neither are numbers above 9999.
 */
bool	recur_parse(struct recur *rule, const char *pattern, size_t len);

/*
 * Begins a walk over the occurrences behind start, of those from from on and before
 * end; of_days: start is a date.  COUNT is the caller's: start is the first.
 */
void	recur_walk(struct recur_walk *w, const struct recur *rule, int64_t start,
	    bool of_days, int64_t from, int64_t end);

/*
 * The next of them; false at the end, which comes 400 years behind the first one
 * at the latest, or after 6,000 steps without one (a millisecond) or 60,000 in all:
 * only rules made for that take so many.
 */
bool	recur_next(struct recur_walk *w, int64_t *usec);

/*
 * Writes the pattern with its COUNT lowered; false where there is none or the buffer
 * is too small.  The pattern was understood.
 */
bool	recur_lower_count(char *out, size_t size, const char *pattern, size_t len, int by);

/*
 * Writes the rule as RFC 5545 wants it with a DTSTART that is a date, or else a time in
 * UTC: UNTIL is of the same kind, and dates have no hours.  False where nothing is left.
 */
bool	recur_text(char out[RECUR_RULE_MAX], const struct recur *rule, bool of_days);

#endif
