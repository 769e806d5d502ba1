/* SPDX-License-Identifier: ISC */
/* Texts of calendars, for the tests of those. */
#ifndef TODO_H
#define TODO_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/span.h"
#include "dav/kept.h"
#include "memory.h"
#include "tap.h"

static struct zones	zones;

/* The text with its ends of lines as CR LF; for the caller to free(). */
static inline char *
crlf(const char *text)
{
	struct buf	b = memory();

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			buf_char(&b, '\r');
		buf_char(&b, *text);
	}
	buf_char(&b, '\0');
	return b.data;
}

/* A calendar of one VTODO, whose UID is u, and of what is before and after it. */
static inline char *
calendar(const char *before, const char *lines, const char *after)
{
	struct buf	b = memory();
	char		*text;

	buf_str(&b, "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//EN\n");
	buf_str(&b, before);
	buf_str(&b, "BEGIN:VTODO\nUID:u\n");
	buf_str(&b, lines);
	buf_str(&b, "END:VTODO\n");
	buf_str(&b, after);
	buf_str(&b, "END:VCALENDAR\n");
	buf_char(&b, '\0');
	text = crlf(b.data);
	free(b.data);
	return text;
}

static inline void
put_span(struct buf *b, const char *name, struct span s)
{
	if (s.at == NULL)
		return;
	buf_str(b, name);
	buf_put(b, s.at, s.len);
}

static inline void
put_instant(struct buf *b, const char *name, int64_t usec, bool of_days)
{
	char	text[DATE_TEXT_MAX];

	date_format_basic(text, usec, of_days);
	buf_str(b, name);
	buf_str(b, text);
}

/* The columns, but for those that are as of themselves; for the caller to free(). */
static inline char *
describe(const struct vtodo *t)
{
	struct buf	b = memory();

	put_span(&b, "", t->title);
	put_span(&b, " d=", t->description);
	if (t->has_due)
		put_instant(&b, " due=", t->due, t->of_days);
	if (t->priority != VTODO_MEDIUM)
		put_span(&b, " ", span_of(vtodo_priority_name(t->priority)));
	for (int i = 0; i < t->ntags; i++)
		put_span(&b, i == 0 ? " tags=" : "|", t->tag[i]);
	put_span(&b, " r=", t->pattern);
	put_span(&b, " tz=", t->zone);
	if (t->completed)
		buf_str(&b, " done");
	if (t->completed_at != INT64_MIN)
		put_instant(&b, "=", t->completed_at, false);
	buf_char(&b, '\0');
	return b.data;
}

#endif
