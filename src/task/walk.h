/* SPDX-License-Identifier: ISC */
/*
 * The times that a rule stands for.  They are worked out here: libical's own iterator can take
 * minutes over rules that never fit (FREQ=MONTHLY;BYDAY=MO;BYSETPOS=99), can't be interrupted,
 * and maps ICU's data of time zones.
 */
#ifndef WALK_H
#define WALK_H

#include "base/zone.h"
#include "task/rrule.h"

/*
 * Where a walk over a rule's occurrences is.  Dates are their midnight, and times instants, as
 * in zone.h.
 */
struct walk {
	const struct rrule	*rule;
	const struct zone	*zone;
	bool			 of_days;
	int64_t			 start, last;	/* clocks of the zone; occurrences end with last */
	int64_t			 step;		/* an instant, for rules of less than a day */
	int64_t			 from, end;	/* instants */
	int64_t			 look;		/* clocks before this are before from */
	int64_t			 day, end_day;	/* the one to look at, the last */
	int64_t			 time;		/* of that day, the one to look at */
	int64_t			 period;	/* of which the next two are */
	int			 before, total;	/* occurrences: days before this, all */
	int64_t			 steps;		/* days and times looked at so far */
};

/*
 * Begins a walk over the occurrences after start, of those from from on and before
 * end.  COUNT is the caller's: start is the first.  Without a zone they are dates; in a zone
 * they have the days and hours that a clock shows there: one that it leaves out is when it
 * does so, and of one that it shows twice it is the first.
 */
void	walk_begin(struct walk *w, const struct rrule *rule, int64_t start,
	    const struct zone *zone, int64_t from, int64_t end);

/*
 * The next of them; false at the end, which comes 400 years behind the first one
 * at the latest, or after 6,000 steps without one (a millisecond) or 60,000 in all:
 * only rules made for that take so many.
 */
bool	walk_next(struct walk *w, int64_t *usec);

#endif
