/* SPDX-License-Identifier: ISC */
/* Days and times in the zone that the request names, or that a task has. */
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

/* The zone of a row, else of the parameter tz; UTC if there is neither, or it is unknown. */
const struct zone	*when_row_zone(const struct request *r, const struct row *row);

/*
 * Sets the clock of a bound that is a time to the local time in the parameter tz.  Without tz
 * it stays as in the text.
 */
void	when_set_clock(struct request *r, enum param time, enum param clock);

/* Sets the instant of a bound; of a date, the begin of the day. */
void	when_set_instant(struct request *r, enum param time, enum param clock);

/*
 * The first instant of tasks that a bound of due dates may match, or if late the last: for the
 * index.  The bound must be there.
 */
int64_t	when_reach(const struct request *r, enum param time, enum param clock, bool late);

/* The midnight before a local time. */
int64_t	when_day(int64_t clock);

#endif
