/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "base/utf8.h"
#include "dav/meaning.h"
#include "dav/kept.h"
#include "task/line.h"

#define TITLE_CHARS		200
#define DESCRIPTION_CHARS	10000
#define TAG_CHARS		50
#define PATTERN_CHARS		100
#define BLANKS			1024	/* that may have to be trimmed */

static void
blank_controls(char *text, size_t len)
{
	uint32_t	code;
	size_t		n;

	for (size_t i = 0; i < len; i += n) {
		if ((n = utf8_read(text + i, len - i, &code)) == 0)
			return;
		if (code < ' ' || (code >= 0x7f && code <= 0x9f))
			memset(text + i, ' ', n);
	}
}

/* Cuts the text to so many characters. */
static size_t
cut(const char *text, size_t len, size_t chars)
{
	for (size_t i = 0; i < len; i++)
		if ((text[i] & 0xc0) != 0x80 && chars-- == 0)
			return i;
	return len;
}

/* A value of so many characters; as a line it has no controls, and no blanks at its ends. */
static struct span
take_text(struct meaning *c, struct span value, size_t chars, bool as_line)
{
	size_t	room = MEANING_STORE - c->used, len;
	size_t	size = chars * UTF8_MAX + 1 + (as_line ? BLANKS : 0);
	char	*text = c->store + c->used;

	if (room == 0)
		return (struct span){ "", 0 };
	len = line_text(value, text, size < room ? size : room);
	if (as_line) {
		blank_controls(text, len);
		text_trim(&text, &len);
	}
	len = cut(text, len, chars);
	if (as_line)
		text_trim(&text, &len);
	memmove(c->store + c->used, text, len);
	c->used += len;
	return (struct span){ c->store + c->used - len, len };
}

static void
read_texts(struct meaning *c)
{
	struct vtodo	*t = &c->todo;
	struct line	 line;

	if (line_first(c->master, "UID", &line))
		t->uid = take_text(c, line.value, KEPT_UID_MAX, false);
	if (line_first(c->master, "SUMMARY", &line))
		t->title = take_text(c, line.value, TITLE_CHARS, true);
	if (t->title.len == 0)
		t->title = span_of("Untitled");
	if (line_first(c->master, "DESCRIPTION", &line))
		t->description = take_text(c, line.value, DESCRIPTION_CHARS, false);
	if (t->description.len == 0)
		t->description.at = NULL;
}

static void
read_priority(struct meaning *c)
{
	struct line	line;
	char		text[8];
	int		n;

	if (!line_first(c->master, "PRIORITY", &line))
		return;
	line_copy(line.value, text, sizeof text);
	n = atoi(text);
	c->todo.priority = n >= 1 && n <= 4 ? VTODO_HIGH : n >= 6 && n <= 9 ? VTODO_LOW :
	    VTODO_MEDIUM;
}

static bool
has_tag(const struct vtodo *t, struct span tag)
{
	for (int i = 0; i < t->ntags; i++)
		if (span_same(t->tag[i], tag))
			return true;
	return false;
}

static void
read_tags(struct meaning *c)
{
	struct vtodo	*t = &c->todo;
	struct lines	 in = lines_of(c->master);
	struct line	 line;
	struct span	 values, value, tag;

	while (line_property(&in, "CATEGORIES", &line))
		for (values = line.value; line_list(&values, &value); ) {
			size_t	used = c->used;

			if (t->ntags == VTODO_TAGS_MAX)
				return;

			tag = take_text(c, value, TAG_CHARS, true);
			if (tag.len > 0 && !has_tag(t, tag))
				t->tag[t->ntags++] = tag;
			else
				c->used = used;
		}
}

/* What no RRULE says. */
static void
read_apart(struct meaning *c)
{
	struct line	line;

	if (line_first(c->master, VTODO_PATTERN, &line))
		c->todo.pattern = take_text(c, line.value, PATTERN_CHARS, true);
	if (c->todo.pattern.len == 0)
		c->todo.pattern.at = NULL;
	c->todo.pattern_is_apart = c->todo.pattern.at != NULL;
}

/* The rule as it stands, of those that are no series too. */
static void
read_pattern(struct meaning *c)
{
	struct lines	in = lines_of(c->master);
	struct line	line, second;
	char		text[PATTERN_CHARS * UTF8_MAX + 2];
	size_t		len;

	if (!line_property(&in, "RRULE", &line)) {
		read_apart(c);
		return;
	}
	if (line_property(&in, "RRULE", &second))
		return;
	len = line_copy(line.value, text, sizeof text);
	if (len == 0 || len == sizeof text - 1 || text_length(text, len) > PATTERN_CHARS ||
	    text_has_control(text, len))
		return;
	memcpy(c->store + c->used, text, len);
	c->todo.pattern = (struct span){ c->store + c->used, len };
	c->used += len;
}

/* The zone of tzdata that a property's TZID means. */
static const struct zone *
known_zone(struct meaning *c, const char *name)
{
	struct line	line;
	struct span	tzid;
	char		text[CLOCKS_TZID_MAX];

	if (!line_first(c->master, name, &line) || !line_find_param(&line, "TZID", &tzid))
		return NULL;
	line_copy(tzid, text, sizeof text);
	return clocks_known(c->clocks.zones, text);
}

/* The first time that is open; false if there is none, with the last. */
static bool
first_open(struct meaning *c, struct moment *due)
{
	struct moment	kde, start;
	bool		left_out = true, any = false, more = true;
	int		looks = 0;

	clocks_first(&c->clocks, c->master, "X-KDE-LIBKCAL-DTRECURRENCE", &kde);
	if (kde.is_set) {
		start = kde;
		if (!kde.of_days)
			start.clock = zone_clock(c->series.start.zone, kde.instant);
		return series_due(&c->series, &start, due);
	}
	series_begin(&c->series, INT64_MIN);
	while (left_out && more && looks++ < SERIES_LOOKS)
		if ((more = series_next(&c->series, &start, &left_out)))
			any = series_due(&c->series, &start, due) || any;
	if (!any)
		*due = c->series.due;
	return more;
}

static void
read_times(struct meaning *c)
{
	struct vtodo		*t = &c->todo;
	struct moment		 due = c->series.due, completed;
	const struct zone	*zone = known_zone(c, "DUE");

	t->completed = series_closed(c->master);
	if (series_repeats(&c->series) && due.is_set && !first_open(c, &due))
		t->completed = true;
	if ((t->has_due = due.is_set)) {
		t->due = due.instant;
		t->of_days = due.of_days;
	}
	if (zone == NULL)
		zone = known_zone(c, "DTSTART");
	if (zone != NULL)
		t->zone = span_of(zone_name(zone));
	clocks_first(&c->clocks, c->master, "COMPLETED", &completed);
	t->completed_at = t->completed && completed.is_set ? completed.instant : INT64_MIN;
}

struct meaning *
meaning_read(struct span text, struct zones *zones)
{
	struct meaning	*c = malloc(sizeof *c);

	if (c == NULL)
		return NULL;
	memset(c, 0, offsetof(struct meaning, store));
	c->master = series_master(text);
	clocks_begin(&c->clocks, text, zones);
	if (!series_read(&c->series, &c->clocks, c->master, SERIES_CLOSED)) {
		clocks_free(&c->clocks);
		free(c);
		return NULL;
	}
	read_texts(c);
	read_priority(c);
	read_tags(c);
	read_pattern(c);
	read_times(c);
	return c;
}

void
meaning_free(struct meaning *c)
{
	if (c == NULL)
		return;
	series_free(&c->series);
	clocks_free(&c->clocks);
	free(c);
}

bool
meaning_same_rule(struct span a, struct span b)
{
	struct rrule	one, other;

	if (span_same(a, b))
		return true;
	return a.at != NULL && rrule_parse(&one, a.at, a.len) &&
	    b.at != NULL && rrule_parse(&other, b.at, b.len) && strcmp(one.text, other.text) == 0;
}

struct vtodo *
kept_columns(const char *text, size_t len, struct zones *zones)
{
	struct meaning	*c = meaning_read((struct span){ text, len }, zones);

	if (c == NULL)
		return NULL;
	series_free(&c->series);
	clocks_free(&c->clocks);
	return &c->todo;
}
