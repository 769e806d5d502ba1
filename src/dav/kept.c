/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/utf8.h"
#include "dav/kept.h"
#include "task/line.h"

#define DEPTH_MAX	8

/* What is read of a text that is checked. */
struct check {
	int		depth;
	struct span	open[DEPTH_MAX];	/* names of the components that did not end yet */
	int		todos, masters;		/* masters: that are no part of a series */
	int		uids;			/* of the VTODO that is read */
	bool		is_part;		/* that VTODO */
	bool		ended;
	size_t		uid_len;
	char		uid[KEPT_UID_MAX + 2];
	enum kept_fault	fault;			/* of those that all else goes before */
};

static enum kept_fault
check_bytes(const char *text, size_t len)
{
	uint32_t	code;
	size_t		n;

	for (; len > 0; text += n, len -= n) {
		if ((n = utf8_read(text, len, &code)) == 0)
			return KEPT_NOT_UTF8;
		if (code == 0)
			return KEPT_HAS_NUL;
	}
	return KEPT_OK;
}

static void
note(struct check *c, enum kept_fault fault)
{
	if (c->fault == KEPT_OK)
		c->fault = fault;
}

static bool
is_todo(const struct check *c)
{
	return c->depth == 2 && line_is(c->open[1], "VTODO");
}

static void
begin_component(struct check *c)
{
	static const char *const	others[] = { "VEVENT", "VJOURNAL", "VFREEBUSY" };

	if (c->depth != 2)
		return;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (line_is(c->open[1], others[i]))
			note(c, KEPT_NOT_TODO);
	if (is_todo(c)) {
		c->todos++;
		c->uids = 0;
		c->is_part = false;
	}
}

static enum kept_fault
begin(struct check *c, const struct line *line)
{
	if (c->ended)
		return KEPT_UNBALANCED;
	if (c->depth == 0 && !line_is(line->value, "VCALENDAR"))
		return KEPT_NO_CALENDAR;
	if (c->depth == DEPTH_MAX)
		return KEPT_DEEP;
	c->open[c->depth++] = line->value;
	begin_component(c);
	return KEPT_OK;
}

static void
end_todo(struct check *c)
{
	if (c->uids == 0)
		note(c, KEPT_NO_UID);
	if (!c->is_part && ++c->masters > 1)
		note(c, KEPT_TWO_MASTERS);
}

static enum kept_fault
end(struct check *c, const struct line *line)
{
	char	name[64];
	size_t	len;

	if (c->depth == 0)
		return c->ended ? KEPT_UNBALANCED : KEPT_NO_CALENDAR;
	len = line_copy(c->open[c->depth - 1], name, sizeof name);
	if (len == sizeof name - 1 || !line_is(line->value, name))
		return KEPT_UNBALANCED;
	if (is_todo(c))
		end_todo(c);
	c->depth--;
	c->ended = c->depth == 0;
	return KEPT_OK;
}

static void
take_uid(struct check *c, const struct line *line)
{
	char	uid[sizeof c->uid];
	size_t	len = line_text(line->value, uid, sizeof uid);

	if (len == 0)
		return;
	c->uids++;
	if (len > KEPT_UID_MAX)
		note(c, KEPT_LONG_UID);
	if (c->uid_len > 0 && (len != c->uid_len || memcmp(uid, c->uid, len) != 0))
		note(c, KEPT_TWO_UIDS);
	memcpy(c->uid, uid, len);
	c->uid_len = len;
}

static enum kept_fault
check_line(struct check *c, const struct line *line)
{
	if (line->kind == LINE_BEGIN)
		return begin(c, line);
	if (line->kind == LINE_END)
		return end(c, line);
	if (c->depth == 0)
		return c->ended ? KEPT_UNBALANCED : KEPT_NO_CALENDAR;
	if (c->depth == 1 && line_is(line->name, "METHOD"))
		note(c, KEPT_METHOD);
	else if (is_todo(c) && line_is(line->name, "UID"))
		take_uid(c, line);
	else if (is_todo(c) && line_is(line->name, "RECURRENCE-ID"))
		c->is_part = true;
	return KEPT_OK;
}

enum kept_fault
kept_check(const char *text, size_t len)
{
	struct lines	in = lines_of((struct span){ text, len });
	struct line	line;
	struct check	c = { 0 };
	enum kept_fault	fault;

	if (len > KEPT_TEXT_MAX)
		return KEPT_LARGE;
	if ((fault = check_bytes(text, len)) != KEPT_OK)
		return fault;
	while (line_next(&in, &line))
		if ((fault = check_line(&c, &line)) != KEPT_OK)
			return fault;
	if (!c.ended)
		return c.depth > 0 ? KEPT_UNBALANCED : KEPT_NO_CALENDAR;
	if (c.fault == KEPT_OK && c.todos == 0)
		return KEPT_NO_TODO;
	return c.fault;
}

size_t
kept_clean(char *text, size_t len)
{
	char		*to = text;
	uint32_t	 code;
	size_t		 n;

	for (const char *p = text, *last = text + len; p < last; p += n) {
		if ((n = utf8_read(p, (size_t)(last - p), &code)) == 0) {
			/* kept_check() refuses it: what goes must not make it whole. */
			memmove(to, p, (size_t)(last - p));
			return (size_t)(to - text) + (size_t)(last - p);
		}
		if ((code < ' ' && strchr("\t\r\n", (int)code) == NULL) ||
		    code == 0xfffe || code == 0xffff)
			continue;	/* a NUL is found, too */
		memmove(to, p, n);
		to += n;
	}
	return (size_t)(to - text);
}
