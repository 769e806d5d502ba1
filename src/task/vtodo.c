/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "task/fold.h"
#include "task/rrule.h"
#include "task/vtodo.h"

static const struct {
	const char	*name;		/* as the database has it */
	const char	*number;
} priorities[] = {
	[VTODO_MEDIUM] = { "Medium", "5" },
	[VTODO_HIGH] = { "High", "1" },
	[VTODO_LOW] = { "Low", "9" },
};

#define PRIORITIES	(sizeof priorities / sizeof priorities[0])

static struct span
text_of(const struct row *row, const char *name)
{
	const struct cell	*c = row_cell(row, name);

	return c == NULL ? (struct span){ NULL, 0 } : (struct span){ c->data, (size_t)c->len };
}

static int64_t
time_of(const struct row *row, const char *name)
{
	return row_cell(row, name) == NULL ? INT64_MIN : row_int64(row, name);
}

static void
take_tags(struct vtodo *t, const struct cell *tags)
{
	const char	*text;
	int		 at = 0, len;

	while (tags != NULL && t->ntags < VTODO_TAGS_MAX && row_texts_next(tags, &at, &text, &len))
		t->tag[t->ntags++] = (struct span){ text, (size_t)len };
}

void
vtodo_of_row(struct vtodo *t, const struct row *row)
{
	const struct cell	*completed = row_cell(row, "completed");
	struct span		 priority = text_of(row, "priority");

	*t = (struct vtodo){ .uid = text_of(row, "_uid"), .title = text_of(row, "title"),
	    .description = text_of(row, "description"),
	    .pattern = text_of(row, "recursion_pattern"), .zone = text_of(row, "time_zone"),
	    .completed = completed != NULL && *completed->data,
	    .completed_at = time_of(row, "completed_at"), .id = row_int64(row, "id"),
	    .created = row_int64(row, "created_at"), .updated = row_int64(row, "updated_at"),
	    .ical = text_of(row, "_ical"), .ical_at = time_of(row, "_ical_at") };
	t->has_due = row_due(row, &t->due, &t->of_days);
	for (size_t i = 0; i < PRIORITIES; i++)
		if (span_same(priority, span_of(priorities[i].name)))
			t->priority = (enum vtodo_priority)i;
	take_tags(t, row_cell(row, "tags"));
}

struct span
vtodo_uid(char out[VTODO_UID_MAX], int64_t id, int64_t created)
{
	snprintf(out, VTODO_UID_MAX, "%" PRId64 "-%" PRIx64 "@neon-todo", id, (uint64_t)created);
	return span_of(out);
}

const char *
vtodo_priority_number(enum vtodo_priority priority)
{
	return priorities[priority].number;
}

const char *
vtodo_priority_name(enum vtodo_priority priority)
{
	return priorities[priority].name;
}

void
vtodo_begin_calendar(struct buf *b, const char *name)
{
	buf_str(b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//neon-todo//" PACKAGE_VERSION
	    "//EN\r\n");
	if (name != NULL) {
		fold_line(b, "NAME:", name);
		fold_line(b, "X-WR-CALNAME:", name);
	}
}

void
vtodo_end_calendar(struct buf *b)
{
	buf_str(b, "END:VCALENDAR\r\n");
}

bool
vtodo_is_told(const struct zone *zone, int64_t instant)
{
	int64_t	clock = zone_clock(zone, instant);

	return clock >= DATE_DAY_MIN * DATE_USEC_PER_DAY && clock < DATE_END &&
	    zone_instant(zone, clock) == instant;
}

const struct zone *
vtodo_zone(const struct vtodo *t, struct zones *zones)
{
	const struct zone	*zone = !t->has_due || t->of_days || t->zone.at == NULL ? NULL :
				    zone_find(zones, t->zone.at, t->zone.len);

	return zone == NULL || zone == zone_utc() || !vtodo_is_told(zone, t->due) ? NULL : zone;
}

static void
put_tzid(struct fold *f, const char *tzid)
{
	bool	quote = strpbrk(tzid, ":;,") != NULL;

	fold_put(f, ";TZID=\"", quote ? 7 : 6);
	fold_put(f, tzid, strlen(tzid));
	fold_put(f, "\"", quote);
}

void
vtodo_put_time(struct buf *b, const char *name, int64_t usec, bool of_days,
    const struct zone *zone, const char *tzid)
{
	char		text[DATE_TEXT_MAX];
	struct fold	f = fold_begin(b, name);
	bool		in_zone = !of_days && tzid != NULL;
	size_t		n;

	n = date_format_basic(text, in_zone ? zone_clock(zone, usec) : usec, of_days);
	if (of_days)
		fold_put(&f, ";VALUE=DATE", 11);
	if (in_zone)
		put_tzid(&f, tzid);
	fold_put(&f, ":", 1);
	fold_put(&f, text, n - in_zone);	/* without the Z */
	fold_end(&f);
}

bool
vtodo_put_rule(struct buf *b, struct span pattern, bool of_days)
{
	struct rrule	rule;
	char		text[RRULE_TEXT_MAX];

	if (pattern.at == NULL || !rrule_parse(&rule, pattern.at, pattern.len) ||
	    !rrule_text(text, &rule, of_days))
		return false;
	fold_line(b, "RRULE:", text);
	return true;
}

void
vtodo_put_pattern(struct buf *b, struct span pattern)
{
	fold_text_line(b, VTODO_PATTERN ":", pattern);
}

/* libical reads no comma after a value that has an escape. */
static bool
has_escape(const struct span *tag)
{
	for (size_t i = 0; i < tag->len; i++)
		if (strchr(",;\\\n", tag->at[i]) != NULL)
			return true;
	return false;
}

/* One line, as some clients read no second one; but each tag with an escape ends one. */
void
vtodo_put_tags(struct buf *b, const struct vtodo *t)
{
	struct fold	f = { NULL, 0 };

	for (int i = 0; i < t->ntags; i++) {
		const struct span	*tag = &t->tag[i];

		if (tag->len == 0)		/* many take such a value for a fault */
			continue;
		if (f.b == NULL)
			f = fold_begin(b, "CATEGORIES:");
		else
			fold_put(&f, ",", 1);
		fold_text(&f, *tag);
		if (has_escape(tag)) {
			fold_end(&f);
			f.b = NULL;
		}
	}
	if (f.b != NULL)
		fold_end(&f);
}

/* A rule counts from DTSTART; some clients show nothing but DUE. A completed one has no rule. */
static void
put_dates(struct buf *b, const struct vtodo *t, const struct zone *zone, bool event)
{
	const char	*tzid = zone == NULL ? NULL : zone_name(zone);
	bool		 repeats = t->pattern.len > 0 && !t->completed, said;

	said = repeats && t->has_due && vtodo_put_rule(b, t->pattern, t->of_days);
	if (repeats && !said && !event)
		vtodo_put_pattern(b, t->pattern);
	if (!t->has_due)
		return;
	if (event || said)
		vtodo_put_time(b, "DTSTART", t->due, t->of_days, zone, tzid);
	if (!event)
		vtodo_put_time(b, "DUE", t->due, t->of_days, zone, tzid);
}

/* What has no DTSTART is due at its end. */
static void
put_alarm(struct buf *b, const struct vtodo *t, const struct vtodo_style *style)
{
	char	minutes[sizeof "-PT2147483647M"];

	if (style->alarm < 0 || !t->has_due || t->completed)
		return;
	snprintf(minutes, sizeof minutes, "-PT%dM", style->alarm);
	buf_str(b, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
	fold_line(b, style->events ? "TRIGGER:" : "TRIGGER;RELATED=END:", minutes);
	fold_text_line(b, "DESCRIPTION:", t->title);
	buf_str(b, "END:VALARM\r\n");
}

static void
put_title(struct buf *b, const struct vtodo *t, bool event)
{
	struct fold	f = fold_begin(b, "SUMMARY:");

	if (event && t->completed)
		fold_text(&f, span_of("\xe2\x9c\x93 "));
	fold_text(&f, t->title);
	fold_end(&f);
}

static void
put_status(struct buf *b, const struct vtodo *t)
{
	fold_line(b, "STATUS:", t->completed ? "COMPLETED" : "NEEDS-ACTION");
	if (t->completed)
		fold_utc_line(b, "COMPLETED:", t->completed_at != INT64_MIN ? t->completed_at :
		    t->updated);
}

void
vtodo_put_as(struct buf *b, const struct vtodo *t, const struct zone *zone,
    const struct vtodo_style *style)
{
	char	uid[VTODO_UID_MAX];

	if (style->events && !t->has_due)
		return;
	buf_str(b, style->events ? "BEGIN:VEVENT\r\n" : "BEGIN:VTODO\r\n");
	fold_text_line(b, "UID:", t->uid.at != NULL ? t->uid : vtodo_uid(uid, t->id, t->created));
	fold_utc_line(b, "DTSTAMP:", t->updated);
	fold_utc_line(b, "CREATED:", t->created);
	fold_utc_line(b, "LAST-MODIFIED:", t->updated);
	put_title(b, t, style->events);
	if (t->description.at != NULL)
		fold_text_line(b, "DESCRIPTION:", t->description);
	put_dates(b, t, zone, style->events);
	if (t->priority != VTODO_MEDIUM)	/* which clients show as one that was chosen */
		fold_line(b, "PRIORITY:", priorities[t->priority].number);
	vtodo_put_tags(b, t);
	if (style->events)
		buf_str(b, "TRANSP:TRANSPARENT\r\n");	/* nobody is busy meanwhile */
	else
		put_status(b, t);
	put_alarm(b, t, style);
	buf_str(b, style->events ? "END:VEVENT\r\n" : "END:VTODO\r\n");
}

void
vtodo_put(struct buf *b, const struct vtodo *t, const struct zone *zone)
{
	vtodo_put_as(b, t, zone, &(struct vtodo_style){ .alarm = -1 });
}
