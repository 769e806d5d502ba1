/* SPDX-License-Identifier: ISC */
/*
 * The times that a rule stands for.  They are worked out here: libical's own iterator can take
 * minutes over rules that never fit (FREQ=MONTHLY;BYDAY=MO;BYSETPOS=99), can't be interrupted,
 * and maps ICU's data of time zones.
 */
#ifndef WALK_H
#define WALK_H

#include "task/rrule.h"

/*
 * Where a walk over a rule's occurrences is.  Dates are their midnight, and times
 * microseconds, as in date.h, of UTC: nobody told us of another time zone.
 */
struct walk {
	const struct rrule	*rule;
	bool			 of_days;
	int64_t			 start, from, end;
	int64_t			 day, end_day;	/* the one to look at, the last */
	int64_t			 time;		/* of that day, the one to look at */
	int64_t			 period;	/* of which the next two are */
	int			 before, total;	/* occurrences: days before this, all */
	int64_t			 steps;		/* days and times looked at so far */
};

/*
 * Begins a walk over the occurrences behind start, of those from from on and before
 * end; of_days: start is a date.  COUNT is the caller's: start is the first.
 */
void	walk_begin(struct walk *w, const struct rrule *rule, int64_t start,
	    bool of_days, int64_t from, int64_t end);

/*
 * The next of them; false at the end, which comes 400 years behind the first one
 * at the latest, or after 6,000 steps without one (a millisecond) or 60,000 in all:
 * only rules made for that take so many.
 */
bool	walk_next(struct walk *w, int64_t *usec);

#endif
