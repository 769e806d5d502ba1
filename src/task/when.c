/* SPDX-License-Identifier: ISC */
#include "base/arith.h"
#include "base/date.h"
#include "task/when.h"

static const struct zone *
find(const struct request *r, const void *name, int len)
{
	struct zones		*zones = &r->worker->zones;
	const struct zone	*z = name == NULL ? NULL : zone_find(zones, name, (size_t)len);

	return z != NULL ? z : zone_utc();
}

const struct zone *
when_zone(const struct request *r)
{
	return find(r, r->value[PARAM_TZ].data, r->value[PARAM_TZ].len);
}

const struct zone *
when_row_zone(const struct request *r, const struct row *row)
{
	const struct cell	*own = row_cell(row, "time_zone");

	return own == NULL ? when_zone(r) : find(r, own->data, own->len);
}

void
when_set_clock(struct request *r, enum param time, enum param clock)
{
	const struct value	*v = &r->value[time];

	if (v->data != NULL && r->value[PARAM_TZ].data != NULL)
		value_int64(&r->value[clock], zone_clock(when_zone(r), value_get_int64(v)));
}

void
when_set_instant(struct request *r, enum param time, enum param clock)
{
	const struct value	*v = &r->value[clock];

	if (v->data != NULL && r->value[time].data == NULL)
		value_int64(&r->value[time], zone_instant(when_zone(r), value_get_int64(v)));
}

int64_t
when_reach(const struct request *r, enum param time, enum param clock, bool late)
{
	int64_t	day = value_get_int64(&r->value[clock]), instant;

	instant = r->value[time].data != NULL ? value_get_int64(&r->value[time]) :
	    day + (late ? WHEN_CLOCK_USEC : -WHEN_CLOCK_USEC);
	return (instant < day) == late ? day : instant;
}

int64_t
when_day(int64_t clock)
{
	return floor_to(clock, DATE_USEC_PER_DAY);
}
