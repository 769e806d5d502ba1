/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "http/query.h"
#include "http/request.h"
#include "task/fields.h"
#include "task/view.h"

#define CURSOR_MAX	48
#define PREFIX_MAX	200
#define BEFORE_ALL	INT64_MIN	/* PostgreSQL's infinities, as times */
#define BEHIND_ALL	INT64_MAX	/* where tasks without a due date are */
#define LAST_DUE	((DATE_DAY_MAX + 1) * DATE_USEC_PER_DAY - 1)

enum key { KEY_ID, KEY_DUE, KEY_PRIORITY };

/* In the order of sorts[]; the first is the default. */
static const char *const	sorts[] = {
	"created", "-created", "due", "-due", "priority", "-priority", NULL
};
static const struct view {
	enum key	key;
	bool		down;
	enum stmt_id	stmt;
} views[] = {
	{ KEY_ID, false, STMT_LIST_CREATED },
	{ KEY_ID, true, STMT_LIST_CREATED_DOWN },
	{ KEY_DUE, false, STMT_LIST_DUE },
	{ KEY_DUE, true, STMT_LIST_DUE_DOWN },
	{ KEY_PRIORITY, false, STMT_LIST_PRIORITY },
	{ KEY_PRIORITY, true, STMT_LIST_PRIORITY_DOWN },
};

/* A task's place in an order. */
struct cursor {
	int	 view;		/* index of views[] */
	int64_t	 key;		/* 0 for KEY_ID */
	int64_t	 id;
};

static void
cursor_format(char out[CURSOR_MAX], const struct cursor *c)
{
	snprintf(out, CURSOR_MAX, "%s.%" PRIx64 ".%" PRIx64, sorts[c->view], (uint64_t)c->key,
	    (uint64_t)c->id);
}

static bool
is_key(enum key key, int64_t n)
{
	switch (key) {
	case KEY_ID:
		return n == 0;
	case KEY_DUE:
		return n == BEHIND_ALL ||
		    (n >= DATE_DAY_MIN * DATE_USEC_PER_DAY && n <= LAST_DUE);
	case KEY_PRIORITY:
		return n >= 0 && n <= 2;
	}
	return false;
}

/* False where it is not written as we write it. */
static bool
cursor_parse(const char *text, struct cursor *c)
{
	size_t	len = strcspn(text, ".");
	char	again[CURSOR_MAX], *end;

	for (c->view = 0; sorts[c->view] != NULL; c->view++)
		if (strlen(sorts[c->view]) == len && memcmp(sorts[c->view], text, len) == 0)
			break;
	if (sorts[c->view] == NULL || text[len] == '\0')
		return false;
	c->key = (int64_t)strtoull(text + len + 1, &end, 16);
	if (*end != '.')
		return false;
	c->id = (int64_t)strtoull(end + 1, NULL, 16);
	cursor_format(again, c);
	return strcmp(again, text) == 0 && c->id > 0 && is_key(views[c->view].key, c->key);
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
	  .clock = PARAM_DUE_AFTER_CLOCK, .about = "Tasks due then or later.  Where they are due "
	  "on a date, that is compared with the date and the clock here, whatever the offset" },
	{ .name = "due_before", .type = FIELD_DATE, .param = PARAM_DUE_BEFORE,
	  .clock = PARAM_DUE_BEFORE_CLOCK, .about = "Tasks due before; compared as due_after" },
	{ .name = "q", .type = FIELD_TEXT, .min = 1, .max = 100, .param = PARAM_Q,
	  .about = "Tasks with this text in title or description, in any case" },
	{ .name = "sort", .type = FIELD_CHOICE, .choices = sorts, .param = PARAM_SORT,
	  .about = "The order: of id (the default), of due_date with none last, or of priority "
	  "with High first, then of id; with - the other way round" },
	{ .name = "limit", .type = FIELD_COUNT, .min = 1, .max = 1000, .param = PARAM_LIMIT,
	  .about = "How many tasks at most; the Link leads to more" },
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
	return views[view_of(r)].stmt;
}

/* The earlier, or with late the later, of what a bound means for dates and for times. */
static int64_t
bound(const struct request *r, enum param time, enum param clock, bool late)
{
	int64_t	a = (int64_t)get_be64(r->value[time].data),
		b = (int64_t)get_be64(r->value[clock].data);

	return (a < b) == late ? b : a;
}

/*
 * The part of the order in which due dates fit, for the index: the statement looks
 * closer.
 */
static void
set_dues(struct request *r, const struct cursor *c)
{
	bool	after = r->value[PARAM_DUE_AFTER].data != NULL,
		before = r->value[PARAM_DUE_BEFORE].data != NULL, down = views[c->view].down;
	int64_t	low = after ? bound(r, PARAM_DUE_AFTER, PARAM_DUE_AFTER_CLOCK, false) : BEFORE_ALL,
		high = before ? bound(r, PARAM_DUE_BEFORE, PARAM_DUE_BEFORE_CLOCK, true) :
		    after ? LAST_DUE : BEHIND_ALL;

	value_int64(&r->value[PARAM_FROM_DUE], c->id > 0 ? c->key : down ? high : low);
	value_int64(&r->value[PARAM_TO_DUE], down ? low : high);
}

void
view_rule(struct request *r)
{
	const char	*text = r->value[PARAM_CURSOR].data;
	int		 view = view_of(r);
	bool		 down = views[view].down;
	struct cursor	 c = { view, 0, 0 };
	const char	*priority;

	if (text != NULL && (!cursor_parse(text, &c) || c.view != view)) {
		request_problem(r, "query", "cursor", "value_error",
		    "The cursor is one of another sort");
		return;
	}
	value_int64(&r->value[PARAM_FROM_ID], text != NULL ? c.id : down ? INT64_MAX : 0);
	switch (views[view].key) {
	case KEY_ID:
		break;
	case KEY_DUE:
		set_dues(r, &c);
		break;
	case KEY_PRIORITY:
		priority = task_priorities[text != NULL ? c.key : down ? 2 : 0];
		value_bytes(&r->value[PARAM_FROM_PRIORITY], priority, strlen(priority));
		break;
	}
}

static int64_t
key_of(enum key key, const struct row *row)
{
	const struct cell	*c;
	int64_t			 usec;
	bool			 of_days;
	int			 n = 0;

	switch (key) {
	case KEY_ID:
		break;
	case KEY_DUE:
		return row_due(row, &usec, &of_days) ? usec : BEHIND_ALL;
	case KEY_PRIORITY:
		if ((c = row_cell(row, "priority")) == NULL)
			return 0;
		while (n < 2 && ((size_t)c->len != strlen(task_priorities[n]) ||
		    memcmp(c->data, task_priorities[n], (size_t)c->len) != 0))
			n++;
		return n;
	}
	return 0;
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

	c.key = key_of(views[c.view].key, next);
	cursor_format(text, &c);
	/* Without its path a link is one to the request's own: no prefix can forge. */
	if (len <= PREFIX_MAX && strspn(r->script, plain) == len)
		path = request_printf(r, "%s/api/%" PRId64 "/tasks", r->script, r->who.user_id);
	if (others == NULL || path == NULL)
		return false;
	r->link = request_printf(r, "<%s?%scursor=%s>; rel=\"next\"", path, others, text);
	return r->link != NULL;
}
