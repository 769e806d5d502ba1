/* SPDX-License-Identifier: ISC */
/*
 * Time zones by their IANA names, from the system's tzdata.  Times are microseconds since the
 * start of the year 2000: in UTC (an instant), or local (the instant at which a clock in UTC
 * shows the same).
 *
 * The files are read here: glibc reads them for the process's own zone alone, and libical
 * (3.0.16) takes 0.7 MiB of each worker for it, and is an hour wrong at times (Cairo).
 */
#ifndef ZONE_H
#define ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZONE_NAME_MAX	64	/* bytes; the longest of tzdata has 32 */

struct zone;

/* The zones that were read.  They stay in memory: all of tzdata's take half a MiB. */
struct zones {
	struct zone	*first;
};

const struct zone	*zone_utc(void);

/*
 * The zone of that name, read at its first use; UTC is always known.  NULL if tzdata has
 * none or memory runs out.
 */
const struct zone	*zone_find(struct zones *zones, const char *name, size_t len);

/* Forgets them all. */
void			zones_free(struct zones *zones);

/* Whether this host has tzdata: in TZDIR, else in /usr/share/zoneinfo. */
bool			zone_has_data(void);

const char		*zone_name(const struct zone *z);

/* The local time at an instant. */
int64_t			zone_clock(const struct zone *z, int64_t instant);

/*
 * The instant of a local time: the first, if it comes twice; if the clock leaves it out, the
 * instant of that change.
 */
int64_t			zone_instant(const struct zone *z, int64_t clock);

/* A change of the clock. */
struct zone_change {
	int64_t		 at;		/* the instant */
	int32_t		 before, after;	/* seconds ahead of UTC */
	bool		 dst;		/* after it */
	const char	*name;		/* of the time after it: "CEST" */
};

/* What a clock does each year, on the same weekday of a month. */
struct zone_yearly {
	int		month, week, weekday;	/* week 5 is the last; weekday 0 is Sunday */
	int32_t		second;			/* of that day, as the clock shows it before */
	int32_t		before, after;		/* seconds ahead of UTC */
};

/*
 * A zone that changes then, n times in the order of their instants, for the caller to
 * zone_free(); before the first it is first seconds ahead of UTC, and after the last it goes
 * on by two rules, unless yearly is NULL.  NULL without memory, or if there are more than 256
 * kinds of time.
 */
struct zone		*zone_make(const struct zone_change *changes, int n, int32_t first,
			    const struct zone_yearly *yearly);
void			zone_free(struct zone *z);

/* The two rules by which it goes on from the instant; false if it doesn't. */
bool			zone_yearly(const struct zone *z, int64_t from,
			    struct zone_yearly yearly[2]);

/* The first change after the instant, also of a name alone; false if there is none. */
bool			zone_next_change(const struct zone *z, int64_t instant,
			    struct zone_change *c);

#endif
