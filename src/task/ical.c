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
calendar(struct request *r, const struct vtodo_style *style, enum answer nobody)
{
	const struct row	*row;
	const struct zone	*zone;
	struct told		 told = { 0 };
	struct vtodo		 t;
	enum answer		 answer = task_rows(r, nobody);

	if (answer != ANS_OK)
		return answer;
	if (libical_load() == NULL)	/* which reads the rules */
		return ANS_INTERNAL;
	/* Without a name readers show the end of the address, which is the feed's secret. */
	vtodo_begin_calendar(&r->out, "Tasks");
	answer = request_next(r, &row);
	/* Of the tasks perhaps none is an event. */
	if (answer == ANS_OK && (row == NULL || style->events))
		buf_str(&r->out, utc);
	for (; answer == ANS_OK && row != NULL; answer = request_next(r, &row)) {
		vtodo_of_row(&t, row);
		zone = vtodo_zone(&t, &r->worker->zones);
		vtodo_put_as(&r->out, &t, tell(&r->out, &told, zone, &t), style);
	}
	vtodo_end_calendar(&r->out);
	return answer;
}

enum answer
ical_tasks(struct request *r)
{
	return calendar(r, &(struct vtodo_style){ .alarm = -1 }, ANS_BAD_TOKEN);
}

static const char *const	components[] = { "tasks", "events", NULL };

const struct field	ical_query[] = {
	{ .name = "as", .type = FIELD_CHOICE, .choices = components, .param = PARAM_FEED_AS,
	  .about = "As tasks (VTODO, the default), or as events (VEVENT), for calendars that show "
	  "no tasks: each task that has a due date" },
	{ .name = "alarm", .type = FIELD_COUNT, .min = 0, .max = 40320, .param = PARAM_FEED_ALARM,
	  .about = "Minutes before an open task is due: then a calendar may ring (VALARM)" },
	{ .name = NULL }
};

enum answer
ical_feed(struct request *r)
{
	const struct value	*as = &r->value[PARAM_FEED_AS];
	const struct value	*alarm = &r->value[PARAM_FEED_ALARM];
	struct vtodo_style	 style = { .alarm = -1 };

	style.events = as->data != NULL && strncmp(as->data, "events", (size_t)as->len) == 0;
	if (alarm->data != NULL)
		style.alarm = (int)value_get_int64(alarm);
	return calendar(r, &style, ANS_NO_PATH);
}
