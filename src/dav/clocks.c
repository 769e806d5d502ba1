/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "dav/clocks.h"
#include "dav/stamp.h"
#include "dav/vzone.h"

#define FIRST		(DATE_DAY_MIN * DATE_USEC_PER_DAY)

void
clocks_begin(struct clocks *c, struct span text, struct zones *zones)
{
	c->text = text;
	c->zones = zones;
	c->n = 0;
}

void
clocks_free(struct clocks *c)
{
	for (int i = 0; i < c->n; i++)
		if (c->clock[i].own)
			vzone_free(c->clock[i].zone);
	c->n = 0;
}

/* Of "/freeassociation.sourceforge.net/Europe/Berlin" what follows one of the slashes. */
const struct zone *
clocks_known(struct zones *zones, const char *tzid)
{
	const struct zone	*zone = zone_find(zones, tzid, strlen(tzid));
	const char		*slash = *tzid == '/' ? tzid : NULL;

	for (; zone == NULL && slash != NULL; slash = strchr(slash + 1, '/'))
		zone = zone_find(zones, slash + 1, strlen(slash + 1));
	return zone;
}

bool
clocks_find(struct span text, const char *tzid, struct span *all)
{
	struct lines	in = lines_of(text);
	struct line	line;

	while (line_component(&in, "VTIMEZONE", all)) {
		char	its[CLOCKS_TZID_MAX];

		if (!line_first(*all, "TZID", &line))
			continue;
		line_text(line.value, its, sizeof its);
		if (strcmp(its, tzid) == 0)
			return true;
	}
	return false;
}

const struct clock *
clocks_of(struct clocks *c, struct span tzid)
{
	char		 name[CLOCKS_TZID_MAX];
	struct clock	*clock;
	struct span	 all;

	if (line_copy(tzid, name, sizeof name) == 0)
		return NULL;
	for (int i = 0; i < c->n; i++)
		if (strcmp(c->clock[i].tzid, name) == 0)
			return &c->clock[i];
	if (c->n == CLOCKS_MAX)
		return NULL;
	clock = &c->clock[c->n++];
	strcpy(clock->tzid, name);
	clock->known = clocks_known(c->zones, name);
	clock->zone = clocks_find(c->text, name, &all) ? vzone_read(all) : NULL;
	clock->own = clock->zone != NULL;
	if (clock->zone == NULL)
		clock->zone = clock->known != NULL ? clock->known : zone_utc();
	return clock;
}

static bool
know_instant(struct moment *m)
{
	m->is_set = false;
	if (m->clock < FIRST || m->clock >= DATE_END)
		return false;
	m->instant = m->of_days ? m->clock : zone_instant(m->zone, m->clock);
	return m->is_set = m->instant >= FIRST && m->instant < DATE_END;
}

bool
clocks_read(struct clocks *c, const struct line *line, struct span value, struct moment *m)
{
	enum stamp	kind;
	struct span	tzid;

	*m = (struct moment){ .zone = zone_utc() };
	if ((kind = stamp_read(value, &m->clock)) == STAMP_BAD)
		return false;
	m->of_days = kind == STAMP_DAY;
	if (kind == STAMP_CLOCK && line_find_param(line, "TZID", &tzid) &&
	    (m->by = clocks_of(c, tzid)) != NULL)
		m->zone = m->by->zone;
	return know_instant(m);
}

void
clocks_first(struct clocks *c, struct span component, const char *name, struct moment *m)
{
	struct line	line;

	*m = (struct moment){ .zone = zone_utc() };
	if (line_first(component, name, &line))
		clocks_read(c, &line, line.value, m);
}

bool
clocks_shift(struct moment *m, int64_t clock_usec)
{
	m->clock += clock_usec;
	if (m->of_days)
		m->clock = floor_to(m->clock, DATE_USEC_PER_DAY);
	return know_instant(m);
}

bool
clocks_add(struct moment *m, int64_t days_usec, int64_t usec)
{
	if (m->of_days || !clocks_shift(m, days_usec))
		return clocks_shift(m, m->of_days ? days_usec + usec : 0) && m->of_days;
	m->instant += usec;
	m->clock = m->instant < FIRST || m->instant >= DATE_END ? DATE_END :
	    zone_clock(m->zone, m->instant);
	return m->is_set = m->clock >= FIRST && m->clock < DATE_END;
}
