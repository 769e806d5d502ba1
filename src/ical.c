/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <inttypes.h>
#include <libical/ical.h>
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "ical.h"
#include "recur.h"
#include "req.h"
#include "row.h"
#include "task.h"

static const struct {
	const char	*name;
	int		 number;		/* RFC 5545, section 3.8.1.9 */
} priorities[] = {
	{ "High", 1 }, { "Medium", 5 }, { "Low", 9 },
};

void
ical_start(void)
{
	icalerror_set_errors_are_fatal(0);
	/* UTC comes with a list of all the other zones, unless there is none. */
	icaltimezone_set_builtin_tzdata(1);
#if ICAL_MAJOR_VERSION >= 4
	icaltimezone_set_zone_directory("/nonexistent");
#else
	set_zone_directory("/nonexistent");
#endif
	icaltimezone_get_utc_timezone();
}

static icaltimetype
ical_time(int64_t usec, bool of_days)
{
	icaltimetype	t = icaltime_null_time();
	int64_t		day = usec / DATE_USEC_PER_DAY - (usec % DATE_USEC_PER_DAY < 0);
	int		second = (int)((usec - day * DATE_USEC_PER_DAY) / 1000000);

	date_civil(day, &t.year, &t.month, &t.day);
	t.is_date = of_days;
	if (of_days)
		return t;
	t.hour = second / 3600;
	t.minute = second / 60 % 60;
	t.second = second % 60;
	return icaltime_set_timezone(&t, icaltimezone_get_utc_timezone());
}

/* Adds a property; false where libical had no memory for one. */
static bool
add(icalcomponent *todo, icalproperty *property)
{
	if (property != NULL)
		icalcomponent_add_property(todo, property);
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

/* Each tag is a property of its own, as libical does not escape commas in these. */
static bool
add_tags(icalcomponent *todo, const struct cell *tags)
{
	char	*p = tags->data + VALUE_ARRAY_HEAD, *end = tags->data + tags->len;
	char	 tag[256];

	while (end - p >= 4) {
		size_t	len = get_be32(p);

		snprintf(tag, sizeof tag, "%.*s", (int)len, p + 4);
		for (char *c = tag; *c != '\0'; c++)
			if (*c == ',')
				*c = ';';
		if (!add(todo, icalproperty_new_categories(clean(tag))))
			return false;
		p += 4 + len;
	}
	return true;
}

static icalproperty *
recurrence(const struct cell *pattern)
{
	struct recur	 rule;
	icalproperty	*property;
	icalvalue	*value;

	if (!recur_parse(&rule, pattern->data, (size_t)pattern->len) ||
	    (value = icalvalue_new_from_string(ICAL_RECUR_VALUE, rule.text)) == NULL)
		return NULL;
	if ((property = icalproperty_new(ICAL_RRULE_PROPERTY)) != NULL)
		icalproperty_set_value(property, value);
	else
		icalvalue_free(value);
	return property;
}

/* DUE, and with a rule that is understood DTSTART, from which RFC 5545 counts. */
static bool
add_due(icalcomponent *todo, const struct row *row)
{
	const struct cell	*pattern = row_cell(row, "recursion_pattern");
	icalproperty		*rule;
	int64_t			 usec;
	bool			 of_days;

	if (!task_due(row, &usec, &of_days))
		return true;
	rule = pattern == NULL ? NULL : recurrence(pattern);
	return add(todo, icalproperty_new_due(ical_time(usec, of_days))) && (rule == NULL ||
	    (add(todo, icalproperty_new_dtstart(ical_time(usec, of_days))) && add(todo, rule)));
}

static bool
add_all(icalcomponent *todo, const struct row *row)
{
	int64_t			 created = row_int64(row, "created_at");
	icaltimetype		 updated = ical_time(row_int64(row, "updated_at"), false);
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
	return add(todo, icalproperty_new_uid(uid)) &&
	    add(todo, icalproperty_new_dtstamp(updated)) &&
	    add(todo, icalproperty_new_created(ical_time(created, false))) &&
	    add(todo, icalproperty_new_lastmodified(updated)) &&
	    add(todo, icalproperty_new_summary(clean(row_cell(row, "title")->data))) &&
	    (description == NULL ||
	    add(todo, icalproperty_new_description(clean(description->data)))) &&
	    add_due(todo, row) &&
	    add(todo, icalproperty_new_priority(number)) &&
	    add_tags(todo, row_cell(row, "tags")) &&
	    add(todo, icalproperty_new_status(completed ? ICAL_STATUS_COMPLETED :
	    ICAL_STATUS_NEEDSACTION)) &&
	    (!completed || add(todo, icalproperty_new_completed(updated)));
}

static bool
put_todo(struct buf *b, const struct row *row)
{
	icalcomponent	*todo = icalcomponent_new(ICAL_VTODO_COMPONENT);
	char		*text = NULL;

	if (todo != NULL && add_all(todo, row))
		text = icalcomponent_as_ical_string_r(todo);
	if (text != NULL)
		buf_str(b, text);
	if (todo != NULL)
		icalcomponent_free(todo);
	icalmemory_free_buffer(text);
	icalmemory_free_ring();
	return text != NULL;
}

/* Writes the calendar of the route's tasks, one at a time. */
static enum answer
calendar(struct req *r, enum answer nobody)
{
	const struct row	*row;
	enum answer		 answer = task_rows(r, nobody);

	if (answer != ANS_OK)
		return answer;
	buf_str(&r->out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//neon-todo//"
	    PACKAGE_VERSION "//EN\r\n");
	while ((answer = db_next(&row)) == ANS_OK && row != NULL)
		if (!put_todo(&r->out, row))
			return ANS_INTERNAL;
	buf_str(&r->out, "END:VCALENDAR\r\n");
	return answer;
}

enum answer
ical_tasks(struct req *r)
{
	return calendar(r, ANS_BAD_TOKEN);
}

enum answer
ical_feed(struct req *r)
{
	return calendar(r, ANS_NO_PATH);
}
