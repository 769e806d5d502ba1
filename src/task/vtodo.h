/* SPDX-License-Identifier: ISC */
/* A task and its columns, and how it is written as a VTODO (RFC 5545, section 3.6.2). */
#ifndef VTODO_H
#define VTODO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/zone.h"
#include "db/row.h"

#define VTODO_TAGS_MAX	32
#define VTODO_UID_MAX	64	/* bytes of one that is made here, with NUL */

/* A pattern that no RRULE may say: of a task that is not due, or in words nobody understands. */
#define VTODO_PATTERN	"X-NEON-TODO-PATTERN"

enum vtodo_priority { VTODO_MEDIUM, VTODO_HIGH, VTODO_LOW };

/* Texts are those of the row, or of the calendar's text. */
struct vtodo {
	struct span		uid;		/* none: that of vtodo_uid() */
	struct span		title, description, pattern, zone;
	bool			pattern_is_apart;	/* in VTODO_PATTERN, when it was read */
	bool			has_due, of_days, completed;
	int64_t			due;		/* a day's midnight in UTC */
	enum vtodo_priority	priority;
	int			ntags;
	struct span		tag[VTODO_TAGS_MAX];
	int64_t			completed_at;	/* INT64_MIN: none */
	/* Of a row alone: */
	int64_t			id, created, updated;
	struct span		ical;		/* the text that a client wrote */
	int64_t			ical_at;	/* INT64_MIN: it is a copy of another task's */
};

/*
 * The task of a row, which has the columns of the statements' {task}, and may have _uid, _ical
 * and _ical_at.  It points into the row.
 */
void		vtodo_of_row(struct vtodo *t, const struct row *row);

/* The UID that a task has which no client gave one: like no other's, of another service too. */
struct span	vtodo_uid(char out[VTODO_UID_MAX], int64_t id, int64_t created);

/* The number of a priority (RFC 5545, section 3.8.1.9). */
const char	*vtodo_priority_number(enum vtodo_priority priority);

/* The name of a priority, as the database has it. */
const char	*vtodo_priority_name(enum vtodo_priority priority);

/* The calendar that tasks are in: all but those, and END:VCALENDAR.  name may be NULL. */
void		vtodo_begin_calendar(struct buf *b, const char *name);
void		vtodo_end_calendar(struct buf *b);

/*
 * Whether a clock there says which instant it is: of an hour that comes twice it is the first,
 * and of the years there are four digits.
 */
bool		vtodo_is_told(const struct zone *zone, int64_t instant);

/*
 * The zone by which the due time is written, and whose VTIMEZONE the calendar needs; NULL if
 * it is in UTC, or a day, or if there is none.
 */
const struct zone	*vtodo_zone(const struct vtodo *t, struct zones *zones);

/* Writes the component, from the columns alone; zone as of vtodo_zone(). */
void		vtodo_put(struct buf *b, const struct vtodo *t, const struct zone *zone);

/* How a task is shown to programs that only read. */
struct vtodo_style {
	bool	events;		/* as VEVENT (RFC 5545, section 3.6.1): calendars show no VTODO */
	int	alarm;		/* minutes before it is due; -1: none */
};

/*
 * As vtodo_put(), in that style.  An event of a completed task has a tick before its title; a
 * task without a due time is no event.  Only what is open and due has an alarm.
 */
void		vtodo_put_as(struct buf *b, const struct vtodo *t, const struct zone *zone,
		    const struct vtodo_style *style);

/*
 * Writes lines of one task: DUE or DTSTART, by a zone under the name tzid, or if that is NULL
 * in UTC; RRULE, if the pattern is understood, with an UNTIL of the kind of DTSTART; CATEGORIES.
 */
void		vtodo_put_time(struct buf *b, const char *name, int64_t usec, bool of_days,
		    const struct zone *zone, const char *tzid);
bool		vtodo_put_rule(struct buf *b, struct span pattern, bool of_days);
void		vtodo_put_tags(struct buf *b, const struct vtodo *t);
void		vtodo_put_pattern(struct buf *b, struct span pattern);	/* VTODO_PATTERN */

#endif
