/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "task/ical.h"
#include "task/libical.h"
#include "task/walk.h"
#include "http/request.h"
#include "db/row.h"
#include "task/task.h"

#define LINE_BYTES	75
#define LIBICAL_END	(INT64_C(365608) * DATE_USEC_PER_DAY)	/* the year 3001 */
#define END_TODO	"END:VTODO\r\n"

static const struct {
	const char	*name;
	int		 number;		/* RFC 5545, section 3.8.1.9 */
} priorities[] = {
	{ "High", 1 }, { "Medium", 5 }, { "Low", 9 },
};

static icaltimetype
ical_time(const struct libical *lib, int64_t usec, bool of_days)
{
	icaltimetype	t = lib->icaltime_null_time();
	int64_t		day = floor_div(usec, DATE_USEC_PER_DAY);
	int		second = (int)((usec - day * DATE_USEC_PER_DAY) / 1000000);

	date_civil(day, &t.year, &t.month, &t.day);
	t.is_date = of_days;
	if (of_days)
		return t;
	t.hour = second / 3600;
	t.minute = second / 60 % 60;
	t.second = second % 60;
	return lib->icaltime_set_timezone(&t, lib->icaltimezone_get_utc_timezone());
}

/* Adds a property; false where libical had no memory for one. */
static bool
add(const struct libical *lib, icalcomponent *todo, icalproperty *property)
{
	if (property != NULL)
		lib->icalcomponent_add_property(todo, property);
	return property != NULL;
}

/* RFC 5545 has no control characters but tabs and ends of lines. */
static char *
clean(char *text)
{
	char	*to = text;

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p >= ' ' ? *p != 127 : *p == '\t' || *p == '\n')
			*to++ = *p;
	*to = '\0';
	return text;
}

/* A tag's own line, folded (section 3.1): libical does not escape commas in these. */
static void
put_tag(struct buf *b, const char *tag, size_t len)
{
	static const char	name[] = "CATEGORIES:";
	size_t			column = sizeof name - 1, n;

	buf_str(b, name);
	for (const char *end = tag + len; tag < end; tag += n) {
		bool	escape = strchr(",;\\", *tag) != NULL;

		for (n = 1; tag + n < end && ((unsigned char)tag[n] & 0xc0) == 0x80; n++)
			;
		if ((unsigned char)*tag < ' ' || *tag == 127)
			continue;
		if (column + escape + n > LINE_BYTES) {
			buf_str(b, "\r\n ");
			column = 1;
		}
		if (escape)
			buf_char(b, '\\');
		buf_put(b, tag, n);
		column += escape + n;
	}
	buf_str(b, "\r\n");
}

static void
put_tags(struct buf *b, const struct cell *tags)
{
	const char	*text;
	int		 at = 0, len;

	while (row_texts_next(tags, &at, &text, &len))
		if (len > 0)		/* libical takes a line without a value for a fault */
			put_tag(b, text, (size_t)len);
}

/* libical writes no date past the year 3000, but any text as that of another property. */
static icalproperty *
due(const struct libical *lib, int64_t usec, bool of_days)
{
	icalproperty	*property;
	char		 text[DATE_TEXT_MAX];

	if (usec < LIBICAL_END)
		return lib->icalproperty_new_due(ical_time(lib, usec, of_days));
	date_format_basic(text, usec, of_days);
	if ((property = lib->icalproperty_new_x(text)) == NULL)
		return NULL;
	lib->icalproperty_set_x_name(property, "DUE");
	if (of_days)
		lib->icalproperty_add_parameter(property, lib->icalparameter_new_value(ICAL_VALUE_DATE));
	return property;
}

static icalproperty *
recurrence(const struct libical *lib, const struct cell *pattern, bool of_days)
{
	struct rrule	 rule;
	char		 text[RRULE_TEXT_MAX];
	icalproperty	*property;
	icalvalue	*value;

	if (!rrule_parse(&rule, pattern->data, (size_t)pattern->len) ||
	    !rrule_text(text, &rule, of_days) ||
	    (value = lib->icalvalue_new_from_string(ICAL_RECUR_VALUE, text)) == NULL)
		return NULL;
	if ((property = lib->icalproperty_new(ICAL_RRULE_PROPERTY)) != NULL)
		lib->icalproperty_set_value(property, value);
	else
		lib->icalvalue_free(value);
	return property;
}

/*
 * DUE.  Where the task comes again, DTSTART and its rule, which counts from that; DUE
 * would have to be later.  One that is completed does not: the next is a task by itself.
 */
static bool
add_due(const struct libical *lib, icalcomponent *todo, const struct row *row)
{
	const struct cell	*pattern = row_cell(row, "recursion_pattern");
	icalproperty		*rule = NULL;
	int64_t			 usec;
	bool			 of_days;

	if (!row_due(row, &usec, &of_days))
		return true;
	if (pattern != NULL && !*row_cell(row, "completed")->data && usec < LIBICAL_END)
		rule = recurrence(lib, pattern, of_days);
	if (rule == NULL)
		return add(lib, todo, due(lib, usec, of_days));
	return add(lib, todo, lib->icalproperty_new_dtstart(ical_time(lib, usec, of_days))) && add(lib, todo, rule);
}

static bool
add_all(const struct libical *lib, icalcomponent *todo, const struct row *row)
{
	int64_t			 created = row_int64(row, "created_at");
	icaltimetype		 updated = ical_time(lib, row_int64(row, "updated_at"), false);
	const struct cell	*description = row_cell(row, "description");
	const char		*priority = row_cell(row, "priority")->data;
	bool			 completed = *row_cell(row, "completed")->data;
	char			 uid[64];
	int			 number = 0;

	/* Like no other's, of another service too. */
	snprintf(uid, sizeof uid, "%" PRId64 "-%" PRIx64 "@neon-todo", row_int64(row, "id"),
	    (uint64_t)created);
	for (size_t i = 0; i < sizeof priorities / sizeof priorities[0]; i++)
		if (strcmp(priorities[i].name, priority) == 0)
			number = priorities[i].number;
	return add(lib, todo, lib->icalproperty_new_uid(uid)) &&
	    add(lib, todo, lib->icalproperty_new_dtstamp(updated)) &&
	    add(lib, todo, lib->icalproperty_new_created(ical_time(lib, created, false))) &&
	    add(lib, todo, lib->icalproperty_new_lastmodified(updated)) &&
	    add(lib, todo, lib->icalproperty_new_summary(clean(row_cell(row, "title")->data))) &&
	    (description == NULL ||
	    add(lib, todo, lib->icalproperty_new_description(clean(description->data)))) &&
	    add_due(lib, todo, row) &&
	    add(lib, todo, lib->icalproperty_new_priority(number)) &&
	    add(lib, todo, lib->icalproperty_new_status(completed ? ICAL_STATUS_COMPLETED :
	    ICAL_STATUS_NEEDSACTION)) &&
	    (!completed || add(lib, todo, lib->icalproperty_new_completed(updated)));
}

static bool
put_todo(const struct libical *lib, struct buf *b, const struct row *row)
{
	icalcomponent	*todo = lib->icalcomponent_new(ICAL_VTODO_COMPONENT);
	char		*text = NULL;

	if (todo != NULL && add_all(lib, todo, row))
		text = lib->icalcomponent_as_ical_string_r(todo);
	if (text != NULL) {
		buf_put(b, text, strlen(text) - strlen(END_TODO));
		put_tags(b, row_cell(row, "tags"));
		buf_str(b, END_TODO);
	}
	if (todo != NULL)
		lib->icalcomponent_free(todo);
	lib->icalmemory_free_buffer(text);
	lib->icalmemory_free_ring();
	return text != NULL;
}

/* Without a name readers show the end of the address, which is the feed's secret. */
static const char	calendar_head[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//neon-todo//"
			    PACKAGE_VERSION "//EN\r\nNAME:Tasks\r\nX-WR-CALNAME:Tasks\r\n";

/* A calendar has at least one component (RFC 5545, section 3.6), also without tasks. */
static const char	utc[] = "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\n"
			    "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n"
			    "END:STANDARD\r\nEND:VTIMEZONE\r\n";

/* Writes the calendar of the route's tasks, one at a time. */
static enum answer
calendar(struct request *r, enum answer nobody)
{
	const struct libical	*lib;
	const struct row	*row;
	enum answer		 answer = task_rows(r, nobody);

	if (answer != ANS_OK)
		return answer;
	if ((lib = libical_load()) == NULL)
		return ANS_INTERNAL;
	buf_str(&r->out, calendar_head);
	if ((answer = request_next(r, &row)) == ANS_OK && row == NULL)
		buf_str(&r->out, utc);
	for (; answer == ANS_OK && row != NULL; answer = request_next(r, &row))
		if (!put_todo(lib, &r->out, row))
			return ANS_INTERNAL;
	buf_str(&r->out, "END:VCALENDAR\r\n");
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
