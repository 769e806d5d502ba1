/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "http/query.h"
#include "http/request.h"
#include "task/fields.h"
#include "task/view.h"
#include "task/when.h"

#define CURSOR_MAX	56
#define PREFIX_MAX	200
#define BEFORE_ALL	INT64_MIN	/* PostgreSQL's infinities, as times */
#define AFTER_ALL	INT64_MAX	/* the place of tasks without a due date */
#define LAST_DUE	((DATE_DAY_MAX + 1) * DATE_USEC_PER_DAY - 1)
#define DAY_MARK	'n'	/* ends a cursor's key that is a date */

enum key { KEY_ID, KEY_DUE, KEY_PRIORITY, KEY_COMPLETED };

/* In the order of sorts[]; the first is the default. */
static const char *const	sorts[] = {
	"created", "-created", "due", "-due", "priority", "-priority", "completed", "-completed",
	NULL
};
static const struct view {
	enum key	key;
	bool		down;
	enum stmt_id	stmt, of_open;	/* for completed=false, if it has an index of these */
} views[] = {
	{ KEY_ID, false, STMT_LIST_CREATED, STMT_NONE },
	{ KEY_ID, true, STMT_LIST_CREATED_DOWN, STMT_NONE },
	{ KEY_DUE, false, STMT_LIST_DUE, STMT_LIST_DUE_OPEN },
	{ KEY_DUE, true, STMT_LIST_DUE_DOWN, STMT_LIST_DUE_OPEN_DOWN },
	{ KEY_PRIORITY, false, STMT_LIST_PRIORITY, STMT_NONE },
	{ KEY_PRIORITY, true, STMT_LIST_PRIORITY_DOWN, STMT_NONE },
	{ KEY_COMPLETED, false, STMT_LIST_COMPLETED, STMT_NONE },
	{ KEY_COMPLETED, true, STMT_LIST_COMPLETED_DOWN, STMT_NONE },
};

/* A task's place in an order. */
struct cursor {
	int	 view;		/* index of views[] */
	int64_t	 key;		/* 0 for KEY_ID; a clock for KEY_DUE */
	bool	 of_days;	/* the key is a date's */
	int64_t	 id;
};

static void
cursor_format(char out[CURSOR_MAX], const struct cursor *c)
{
	snprintf(out, CURSOR_MAX, "%s.%" PRIx64 "%.*s.%" PRIx64, sorts[c->view], (uint64_t)c->key,
	    c->of_days, (const char[]){ DAY_MARK }, (uint64_t)c->id);
}

/* True if a clock can show this at a due date. */
static bool
is_due(int64_t clock)
{
	return clock >= DATE_DAY_MIN * DATE_USEC_PER_DAY - WHEN_CLOCK_USEC &&
	    clock <= LAST_DUE + WHEN_CLOCK_USEC;
}

static bool
is_key(const struct cursor *c)
{
	switch (views[c->view].key) {
	case KEY_ID:
		return c->key == 0 && !c->of_days;
	case KEY_DUE:
		return (c->key == AFTER_ALL && !c->of_days) ||
		    (is_due(c->key) && (!c->of_days || c->key % DATE_USEC_PER_DAY == 0));
	case KEY_PRIORITY:
		return c->key >= 0 && c->key <= 2 && !c->of_days;
	case KEY_COMPLETED:
		return is_due(c->key) && !c->of_days;
	}
	return false;
}

/* False if it is not exactly as we write it. */
static bool
cursor_parse(const char *text, struct cursor *c)
{
	size_t	len = strcspn(text, ".");
	char	exact[CURSOR_MAX], *end;

	for (c->view = 0; sorts[c->view] != NULL; c->view++)
		if (strlen(sorts[c->view]) == len && memcmp(sorts[c->view], text, len) == 0)
			break;
	if (sorts[c->view] == NULL || text[len] == '\0')
		return false;
	c->key = (int64_t)strtoull(text + len + 1, &end, 16);
	c->of_days = *end == DAY_MARK;
	end += c->of_days;
	if (*end != '.')
		return false;
	c->id = (int64_t)strtoull(end + 1, NULL, 16);
	cursor_format(exact, c);
	return strcmp(exact, text) == 0 && c->id > 0 && is_key(c);
}

static const char *
check_cursor(const char *text, size_t len)
{
	struct cursor	c;

	(void)len;
	return cursor_parse(text, &c) ? NULL : "Input should be a cursor of a link to a next page";
}

const struct field view_query[] = {
	{ .name = "completed", .type = FIELD_BOOL, .param = PARAM_COMPLETED,
	  .about = "Tasks that are, or that are not" },
	{ .name = "priority", .type = FIELD_CHOICE, .choices = task_priorities,
	  .param = PARAM_PRIORITY, .about = "Tasks of this priority" },
	{ .name = "tag", .type = FIELD_TEXT, .min = 1, .max = 50, .param = PARAM_TAG,
	  .about = "Tasks with exactly this tag" },
	{ .name = "due_after", .type = FIELD_DATE, .param = PARAM_DUE_AFTER,
	  .clock = PARAM_DUE_AFTER_CLOCK, .about = "Tasks due then or later.  A date is that of "
	  "the task's time_zone, else of tz.  With a time, tasks due on a date are compared with "
	  "the date and the clock in tz; without tz with those here, whatever the offset" },
	{ .name = "due_before", .type = FIELD_DATE, .param = PARAM_DUE_BEFORE,
	  .clock = PARAM_DUE_BEFORE_CLOCK, .about = "Tasks due before; compared as due_after" },
	{ .name = "completed_after", .type = FIELD_DATE, .param = PARAM_COMPLETED_AFTER,
	  .clock = PARAM_COMPLETED_AFTER_CLOCK,
	  .about = "Tasks completed then or later; a date begins as in tz" },
	{ .name = "completed_before", .type = FIELD_DATE, .param = PARAM_COMPLETED_BEFORE,
	  .clock = PARAM_COMPLETED_BEFORE_CLOCK, .about = "Tasks completed before" },
	{ .name = "q", .type = FIELD_TEXT, .min = 1, .max = 100, .param = PARAM_Q,
	  .about = "Tasks with this text in title, description or tags, whatever its case and "
	  "accents" },
	{ .name = "sort", .type = FIELD_CHOICE, .choices = sorts, .param = PARAM_SORT,
	  .about = "The order: of id (the default); of due_date as a calendar has it, none last; "
	  "of priority, High first; or of completed_at, without open tasks; then of id; with - the "
	  "other way round" },
	{ .name = "limit", .type = FIELD_COUNT, .min = 1, .max = 1000, .param = PARAM_LIMIT,
	  .about = "How many tasks at most; the Link leads to more" },
	WHEN_TZ("The time zone of tasks that have none, for due dates; without it, UTC"),
	{ .name = "cursor", .type = FIELD_TEXT, .min = 1, .max = CURSOR_MAX, .check = check_cursor,
	  .param = PARAM_CURSOR, .about = "Where to begin: of a Link, with the same parameters" },
	{ .name = NULL }
};

static int
view_of(const struct request *r)
{
	const char	*sort = r->value[PARAM_SORT].data;
	int		 i = 0;

	while (sort != NULL && strcmp(sort, sorts[i]) != 0)
		i++;
	return i;
}

enum stmt_id
view_stmt(const struct request *r)
{
	const struct value	*completed = &r->value[PARAM_COMPLETED];
	const struct view	*v = &views[view_of(r)];

	return completed->data != NULL && !value_is_true(completed) && v->of_open != STMT_NONE ?
	    v->of_open : v->stmt;
}

/* Sets where the index is read: from 16 hours before the cursor, as clocks differ. */
static void
set_dues(struct request *r, const struct cursor *c)
{
	bool	after = r->value[PARAM_DUE_AFTER_CLOCK].data != NULL,
		before = r->value[PARAM_DUE_BEFORE_CLOCK].data != NULL, down = views[c->view].down;
	int64_t	low = after ? when_reach(r, PARAM_DUE_AFTER, PARAM_DUE_AFTER_CLOCK, false) :
		    BEFORE_ALL,
		high = before ? when_reach(r, PARAM_DUE_BEFORE, PARAM_DUE_BEFORE_CLOCK, true) :
		    after ? LAST_DUE : AFTER_ALL, from = down ? high : low;
	bool	undated = c->id > 0 && c->key == AFTER_ALL;

	if (undated)
		from = AFTER_ALL;
	else if (c->id > 0)
		from = down ? least(high, c->key + WHEN_CLOCK_USEC) :
		    most(low, c->key - WHEN_CLOCK_USEC);
	value_int64(&r->value[PARAM_FROM_DUE], from);
	value_int64(&r->value[PARAM_FROM_DUE_ID], undated ? c->id : down ? INT64_MAX : 0);
	value_int64(&r->value[PARAM_TO_DUE], down ? low : high);
	value_int64(&r->value[PARAM_FROM_CLOCK],
	    c->id > 0 ? c->key : down ? AFTER_ALL : BEFORE_ALL);
	value_bool(&r->value[PARAM_FROM_TIMED], c->id > 0 ? !c->of_days : down);
}

static void
set_completed(struct request *r, const struct cursor *c)
{
	const struct value	*after = &r->value[PARAM_COMPLETED_AFTER],
				*before = &r->value[PARAM_COMPLETED_BEFORE];
	int64_t			 low = after->data != NULL ? value_get_int64(after) : BEFORE_ALL,
				 high = before->data != NULL ? value_get_int64(before) : AFTER_ALL;
	bool			 down = views[c->view].down;

	value_int64(&r->value[PARAM_FROM_COMPLETED], c->id > 0 ? c->key : down ? high : low);
	value_int64(&r->value[PARAM_TO_COMPLETED], down ? low : high);
	/* Tasks completed just then are not before it. */
	if (down && c->id == 0)
		value_int64(&r->value[PARAM_FROM_ID], before->data != NULL ? 0 : INT64_MAX);
}

static void
set_priority(struct request *r, const struct cursor *c)
{
	const char	*priority =
			    task_priorities[c->id > 0 ? c->key : views[c->view].down ? 2 : 0];

	value_bytes(&r->value[PARAM_FROM_PRIORITY], priority, strlen(priority));
}

void
view_rule(struct request *r)
{
	const char	*text = r->value[PARAM_CURSOR].data;
	int		 view = view_of(r);
	struct cursor	 c = { .view = view };

	if (text != NULL && (!cursor_parse(text, &c) || c.view != view)) {
		request_problem(r, "query", "cursor", "value_error",
		    "The cursor is one of another sort");
		return;
	}
	when_set_clock(r, PARAM_DUE_AFTER, PARAM_DUE_AFTER_CLOCK);
	when_set_clock(r, PARAM_DUE_BEFORE, PARAM_DUE_BEFORE_CLOCK);
	when_set_instant(r, PARAM_COMPLETED_AFTER, PARAM_COMPLETED_AFTER_CLOCK);
	when_set_instant(r, PARAM_COMPLETED_BEFORE, PARAM_COMPLETED_BEFORE_CLOCK);
	value_int64(&r->value[PARAM_FROM_ID], c.id > 0 ? c.id : views[view].down ? INT64_MAX : 0);
	switch (views[view].key) {
	case KEY_ID:
		break;
	case KEY_DUE:
		set_dues(r, &c);
		break;
	case KEY_PRIORITY:
		set_priority(r, &c);
		break;
	case KEY_COMPLETED:
		set_completed(r, &c);
		break;
	}
}

static int64_t
priority_of(const struct row *row)
{
	const struct cell	*c = row_cell(row, "priority");
	int			 n = 0;

	while (c != NULL && n < 2 && ((size_t)c->len != strlen(task_priorities[n]) ||
	    memcmp(c->data, task_priorities[n], (size_t)c->len) != 0))
		n++;
	return n;
}

/* The row's place in the order. */
static void
set_key(struct cursor *c, const struct row *row)
{
	int64_t	usec;

	switch (views[c->view].key) {
	case KEY_ID:
		break;
	case KEY_DUE:
		row_due(row, &usec, &c->of_days);
		c->key = row_int64(row, "_clock");
		break;
	case KEY_PRIORITY:
		c->key = priority_of(row);
		break;
	case KEY_COMPLETED:
		c->key = row_int64(row, "completed_at");
		break;
	}
}

bool
view_link(struct request *r, const struct row *next)
{
	static const char	 plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~/%!$&'()*+,;=:@";
	size_t			 len = strlen(r->script);
	struct cursor		 c = { .view = view_of(r), .id = row_int64(next, "id") };
	char			 text[CURSOR_MAX];
	const char		*others = query_without(r, "cursor"), *path = "";

	set_key(&c, next);
	cursor_format(text, &c);
	/* An odd prefix could forge the header: then the link is relative to the request. */
	if (len <= PREFIX_MAX && strspn(r->script, plain) == len)
		path = request_printf(r, "%s/api/%" PRId64 "/tasks", r->script, r->who.user_id);
	if (others == NULL || path == NULL)
		return false;
	r->link = request_printf(r, "<%s?%scursor=%s>; rel=\"next\"", path, others, text);
	return r->link != NULL;
}
