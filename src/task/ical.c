/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "db/row.h"
#include "http/request.h"
#include "task/ical.h"
#include "task/libical.h"
#include "task/task.h"
#include "task/vtimezone.h"
#include "task/vtodo.h"

#define ZONES_MAX	32

/* The zones of which the calendar has the VTIMEZONE, and from when on. */
struct told {
	int		 n;
	struct {
		const struct zone	*zone;
		int64_t			 from;
	}		 of[ZONES_MAX];
};

/* A calendar has at least one component (RFC 5545, section 3.6), also without tasks. */
static const char	utc[] = "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\n"
			    "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n"
			    "END:STANDARD\r\nEND:VTIMEZONE\r\n";

/* The zone, once the calendar has it; NULL if it goes without. */
static const struct zone *
tell(struct buf *b, struct told *told, const struct zone *zone, const struct vtodo *t)
{
	int64_t	from = vtimezone_from(t->created, t->due);

	for (int i = 0; zone != NULL && i < told->n; i++)
		if (told->of[i].zone == zone)
			return vtimezone_covers(told->of[i].from, t->due) ? zone : NULL;
	if (zone == NULL || told->n == ZONES_MAX)
		return NULL;
	told->of[told->n].zone = zone;
	told->of[told->n++].from = from;
	vtimezone_put(b, zone, from);
	return zone;
}

/* Writes the calendar of the route's tasks, one at a time. */
static enum answer
calendar(struct request *r, enum answer nobody)
{
	const struct row	*row;
	struct told		 told = { 0 };
	struct vtodo		 t;
	enum answer		 answer = task_rows(r, nobody);

	if (answer != ANS_OK)
		return answer;
	if (libical_load() == NULL)	/* which reads the rules */
		return ANS_INTERNAL;
	/* Without a name readers show the end of the address, which is the feed's secret. */
	vtodo_begin_calendar(&r->out, "Tasks");
	if ((answer = request_next(r, &row)) == ANS_OK && row == NULL)
		buf_str(&r->out, utc);
	for (; answer == ANS_OK && row != NULL; answer = request_next(r, &row)) {
		vtodo_of_row(&t, row);
		vtodo_put(&r->out, &t, tell(&r->out, &told, vtodo_zone(&t, &r->worker->zones), &t));
	}
	vtodo_end_calendar(&r->out);
	return answer;
}

enum answer
ical_tasks(struct request *r)
{
	return calendar(r, ANS_BAD_TOKEN);
}

enum answer
ical_feed(struct request *r)
{
	return calendar(r, ANS_NO_PATH);
}
