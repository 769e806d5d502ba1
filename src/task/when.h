/* SPDX-License-Identifier: ISC */
/* Days and times as a request means them: in the zone that it names, or that a task has. */
#ifndef WHEN_H
#define WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/zone.h"
#include "db/row.h"
#include "http/request.h"

#define WHEN_CLOCK_USEC	(INT64_C(16) * 3600 * 1000000)	/* no clock is further from UTC's */

/* A row for tables of a query. */
#define WHEN_TZ(text)	{ .name = "tz", .type = FIELD_ZONE, .param = PARAM_TZ, .about = (text) }

/* The zone of the parameter tz; UTC without it. */
const struct zone	*when_zone(const struct request *r);

/* The zone of a row, else of the parameter tz; UTC without both, or if it is not known. */
const struct zone	*when_row_zone(const struct request *r, const struct row *row);

/*
 * Of a bound, which has a clock, and an instant if it is a time: what the clock of the
 * parameter tz shows then.  Without tz it stays that of the text.
 */
void	when_set_clock(struct request *r, enum param time, enum param clock);

/* Of a bound: its instant, a day's begin if it is a date. */
void	when_set_instant(struct request *r, enum param time, enum param clock);

/*
 * The instants of tasks that a bound of due dates may fit, for the index: the first, or with
 * late the last.  The bound has to be there.
 */
int64_t	when_reach(const struct request *r, enum param time, enum param clock, bool late);

/* The midnight before, as a clock shows both. */
int64_t	when_day(int64_t clock);

#endif
