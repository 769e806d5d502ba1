/* SPDX-License-Identifier: ISC */
/*
 * Days and times of a calendar's text (stamp.h) as instants: by the VTIMEZONE in
 * it, else by tzdata, else as of UTC.
 */
#ifndef CLOCKS_H
#define CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/zone.h"
#include "task/line.h"

#define CLOCKS_TZID_MAX	128	/* bytes, with NUL; longer ones are not known */
#define CLOCKS_MAX	8	/* zones of one text: each may be a search through all of it */

/* The zones that a text's times name. */
struct clocks {
	struct span		 text;
	struct zones		*zones;		/* of tzdata */
	int			 n;
	struct clock {
		char			 tzid[CLOCKS_TZID_MAX];
		const struct zone	*zone;	/* UTC, if it is not known */
		const struct zone	*known;	/* tzdata's, if it has one of that name */
		bool			 own;	/* zone is the text's, and to be freed */
	}			 clock[CLOCKS_MAX];
};

/* A day or a time as a property says it. */
struct moment {
	bool			 is_set, of_days;
	int64_t			 clock;		/* what it shows; a day's midnight */
	const struct clock	*by;		/* NULL: UTC, floating, or a day */
	const struct zone	*zone;		/* never NULL */
	int64_t			 instant;	/* of a day its midnight in UTC */
};

void	clocks_begin(struct clocks *c, struct span text, struct zones *zones);
void	clocks_free(struct clocks *c);

/* The time zone of tzdata that a TZID means, also after a prefix as some clients write one. */
const struct zone	*clocks_known(struct zones *zones, const char *tzid);

/* The VTIMEZONE of that TZID in a text; false if there is none. */
bool	clocks_find(struct span text, const char *tzid, struct span *all);

/* What a TZID means in the text; NULL if it names too many, or for an empty one. */
const struct clock	*clocks_of(struct clocks *c, struct span tzid);

/* Reads a value, by the zone of its line; false if it is none of the years 1 to 9999. */
bool	clocks_read(struct clocks *c, const struct line *line, struct span value, struct moment *m);

/* The first property of that name; m->is_set is false if there is none that can be read. */
void	clocks_first(struct clocks *c, struct span component, const char *name, struct moment *m);

/* The moment whose clock shows so much more; false if that is out of the years. */
bool	clocks_shift(struct moment *m, int64_t clock_usec);

/* The moment after a duration of days, as a clock counts them, and of time. */
bool	clocks_add(struct moment *m, int64_t days_usec, int64_t usec);

#endif
