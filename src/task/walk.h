/* SPDX-License-Identifier: ISC */
/*
 * The occurrences of a rule.  They are computed here: libical's iterator can take minutes for
 * rules without any (FREQ=MONTHLY;BYDAY=MO;BYSETPOS=99), can't be interrupted, and maps ICU's
 * data of time zones.
 */
#ifndef WALK_H
#define WALK_H

#include "base/zone.h"
#include "task/rrule.h"

/*
 * The state of a walk over a rule's occurrences.  Dates are their midnight, and times instants,
 * as in zone.h.
 */
struct walk {
	const struct rrule	*rule;
	const struct zone	*zone;
	bool			 of_days;
	int64_t			 start, last;	/* clocks of the zone; occurrences end with last */
	int64_t			 clock;		/* local time of the last one, as by the rule */
	int64_t			 step;		/* an instant, for rules of less than a day */
	int64_t			 from, end;	/* instants */
	int64_t			 look;		/* clocks before this are before from */
	int64_t			 day, end_day;	/* the next day, the last day */
	int64_t			 time;		/* number of the next time of that day */
	int64_t			 period;	/* the period of before and total */
	int			 before, total;	/* its days that match: before this, all */
	int64_t			 steps;		/* days and times looked at so far */
};

/*
 * Begins a walk over the occurrences after start that are not before from, and before end.
 * The caller heeds COUNT: start is the first.  Without a zone they are dates.  In a zone they
 * are local times: one that the clock leaves out is the instant of that change, one that
 * comes twice is the first.
 */
void	walk_begin(struct walk *w, const struct rrule *rule, int64_t start,
	    const struct zone *zone, int64_t from, int64_t end);

/*
 * Says that start stands for a local time that the clock leaves out.  Does nothing if the
 * instant of that is another.  Before the first walk_next().
 */
void	walk_begin_clock(struct walk *w, int64_t clock);

/*
 * The next occurrence; false at the end.  It ends 400 years after the first at the latest, or
 * after 6,000 steps without one (a millisecond), or 60,000 steps in all: only hostile rules
 * take so many.
 */
bool	walk_next(struct walk *w, int64_t *usec);

#endif
