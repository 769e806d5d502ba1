/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "task/agenda.h"
#include "base/date.h"
#include "db/db.h"
#include "task/libical.h"
#include "base/log.h"
#include "task/recur.h"
#include "http/reply.h"
#include "task/task.h"
#include "http/tojson.h"

#define RANGE_DAYS	366
#define AGAIN_MAX	366		/* of one task; more often than daily it is cut */
#define NEXT_MAX	5
#define NEXT_STEPS	4000		/* no login is asked for: well below a millisecond */
#define WORK_CLOCKS	(CLOCKS_PER_SEC / 5)	/* a hundred hostile rules take longer */

const struct field agenda_query[] = {
	{ .name = "due_after", .type = FIELD_DATE, .required = true, .param = PARAM_DUE_AFTER,
	  .clock = PARAM_DUE_AFTER_CLOCK, .about = "The range begins here; as in the list" },
	{ .name = "due_before", .type = FIELD_DATE, .required = true, .param = PARAM_DUE_BEFORE,
	  .clock = PARAM_DUE_BEFORE_CLOCK,
	  .about = "And ends before this, at most 366 days later" },
	{ .name = NULL }
};

const struct field recurrence_query[] = {
	{ .name = "pattern", .type = FIELD_TEXT, .required = true, .line = true, .max = 100,
	  .param = PARAM_RECURSION_PATTERN, .about = "As a task's recursion_pattern" },
	{ .name = "from", .type = FIELD_DATE, .param = PARAM_DUE_DATE,
	  .about = "What follows this date or time; without it, today (UTC)" },
	{ .name = NULL }
};

/* A date or a time of r's values, as recur.h has them; false where there is none. */
static bool
given(const struct req *r, int64_t *usec, bool *of_days)
{
	if (r->value[PARAM_DUE_DATE].data == NULL)
		return false;
	*usec = value_get_int64(&r->value[PARAM_DUE_DATE]);
	*of_days = r->value[PARAM_DUE_DAY].data != NULL;
	return true;
}

static int64_t
today(int64_t now)
{
	return now / DATE_USEC_PER_DAY * DATE_USEC_PER_DAY;
}

static bool
understood(const struct req *r, struct recur *rule)
{
	const struct value	*pattern = &r->value[PARAM_RECURSION_PATTERN];

	return pattern->data != NULL && recur_parse(rule, pattern->data, (size_t)pattern->len);
}

static void
put_due(struct buf *b, int64_t usec, bool of_days)
{
	char	text[DATE_TEXT_MAX];
	size_t	len = of_days ? date_format_day(text, (int32_t)(usec / DATE_USEC_PER_DAY)) :
		    date_format_time(text, usec);

	tojson_string(b, text, len);
}

enum answer
agenda_recurrence(struct req *r)
{
	const struct value	*pattern = &r->value[PARAM_RECURSION_PATTERN];
	struct recur		 rule;
	struct recur_walk	 walk;
	int64_t			 from;
	bool			 of_days = true, is_rule = understood(r, &rule);
	int			 most = NEXT_MAX;

	if (libical_load() == NULL)
		return ANS_INTERNAL;
	if (!given(r, &from, &of_days))
		from = today(date_from_unix(time(NULL)));
	buf_str(&r->out, "{\"pattern\":");
	tojson_string(&r->out, pattern->data, (size_t)pattern->len);
	buf_str(&r->out, ",\"rrule\":");
	if (is_rule)
		tojson_string(&r->out, rule.text, strlen(rule.text));
	else
		buf_str(&r->out, "null");
	buf_str(&r->out, ",\"next\":[");
	if (is_rule) {
		if (rule.count > 0 && rule.count <= most)
			most = rule.count - 1;
		recur_walk(&walk, &rule, from, of_days, INT64_MIN, INT64_MAX);
		for (int i = 0; i < most && walk.steps < NEXT_STEPS && recur_next(&walk, &from); i++) {
			if (i > 0)
				buf_char(&r->out, ',');
			put_due(&r->out, from, of_days);
		}
	}
	buf_str(&r->out, "]}");
	return ANS_OK;
}

bool
agenda_next(struct req *r)
{
	const struct value	*pattern = &r->value[PARAM_RECURSION_PATTERN];
	struct recur		 rule;
	struct recur_walk	 walk;
	int64_t			 now = date_from_unix(time(NULL)), due = today(now);
	bool			 of_days = true;
	int			 passed = 0;
	char			*lower;

	if (pattern->data == NULL)
		return true;
	if (libical_load() == NULL)
		return false;
	if (!understood(r, &rule))
		return true;
	given(r, &due, &of_days);
	if (of_days)
		now = today(now);
	/* As in the agenda, a COUNT is of those too that were missed. */
	recur_walk(&walk, &rule, due, of_days, rule.count > 0 ? INT64_MIN : now, INT64_MAX);
	do {
		if (++passed == rule.count || !recur_next(&walk, &due))
			return true;
	} while (due < now);
	value_int64(&r->value[PARAM_NEXT_DUE_DATE], due);
	if (of_days)
		value_int32(&r->value[PARAM_NEXT_DUE_DAY], (int32_t)(due / DATE_USEC_PER_DAY));
	r->value[PARAM_NEXT_PATTERN] = *pattern;
	if (rule.count == 0)
		return true;
	if ((lower = req_alloc(r, RECUR_PATTERN_MAX + 1)) == NULL ||
	    !recur_lower_count(lower, RECUR_PATTERN_MAX + 1, pattern->data, (size_t)pattern->len,
	    passed))
		return false;
	value_bytes(&r->value[PARAM_NEXT_PATTERN], lower, strlen(lower));
	return true;
}

void
agenda_rule(struct req *r)
{
	const struct value	*after = &r->value[PARAM_DUE_AFTER],
				*before = &r->value[PARAM_DUE_BEFORE];

	if (after->data != NULL && before->data != NULL &&
	    value_get_int64(before) - value_get_int64(after) > RANGE_DAYS * DATE_USEC_PER_DAY)
		req_problem(r, "query", "due_before", "value_error",
		    "Should be at most 366 days after due_after");
}

/* A bound as it is compared with dates, or with times. */
static int64_t
bound(const struct req *r, enum param time, enum param clock, bool of_days)
{
	return value_get_int64(&r->value[of_days ? clock : time]);
}

struct agenda {
	struct req	*r;
	const char	*before;	/* of the next occurrence */
	clock_t		 end;		/* then tasks are shown without what comes again */
	bool		 left_out;	/* what would come again is not all there */
};

static void
put_occurrence(struct agenda *a, const struct row *row, int64_t usec, bool of_days, bool again)
{
	struct buf		*b = &a->r->out;
	const struct cell	*title = row_cell(row, "title"),
				*priority = row_cell(row, "priority"),
				*completed = row_cell(row, "completed");

	buf_str(b, a->before);
	buf_str(b, "{\"id\":");
	tojson_int64(b, row_int64(row, "id"));
	buf_str(b, ",\"title\":");
	tojson_string(b, title->data, (size_t)title->len);
	buf_str(b, ",\"due_date\":");
	put_due(b, usec, of_days);
	buf_str(b, ",\"priority\":");
	tojson_string(b, priority->data, (size_t)priority->len);
	buf_str(b, *completed->data ? ",\"completed\":true" : ",\"completed\":false");
	buf_str(b, again ? ",\"recurring\":true}" : ",\"recurring\":false}");
	a->before = ",";
}

/* Where a task is in the range, and where it comes again. */
static void
put_task(struct agenda *a, const struct row *row)
{
	const struct cell	*pattern = row_cell(row, "_pattern");
	struct recur		 rule;
	struct recur_walk	 walk;
	int64_t			 due, after, before;
	bool			 of_days;

	if (!task_due(row, &due, &of_days))
		return;
	after = bound(a->r, PARAM_DUE_AFTER, PARAM_DUE_AFTER_CLOCK, of_days);
	before = bound(a->r, PARAM_DUE_BEFORE, PARAM_DUE_BEFORE_CLOCK, of_days);
	if (due >= after && due < before)
		put_occurrence(a, row, due, of_days, false);
	if (*row_cell(row, "completed")->data || pattern == NULL)
		return;
	if (clock() > a->end) {
		a->left_out = true;
		return;
	}
	if (!recur_parse(&rule, pattern->data, (size_t)pattern->len))
		return;
	/* A COUNT is counted from the start. */
	recur_walk(&walk, &rule, due, of_days, rule.count > 0 ? INT64_MIN : after, before);
	for (int i = 1, shown = 0; (rule.count == 0 || i < rule.count) && shown < AGAIN_MAX &&
	    recur_next(&walk, &due); i++)
		if (due >= after) {
			put_occurrence(a, row, due, of_days, true);
			shown++;
		}
}

enum answer
agenda_list(struct req *r)
{
	struct agenda		 a = { .r = r, .before = "", .end = clock() + WORK_CLOCKS };
	const struct row	*row;
	enum answer		 answer;

	if ((answer = task_rows(r, ANS_BAD_TOKEN)) != ANS_OK)
		return answer;
	if (libical_load() == NULL)
		return ANS_INTERNAL;
	buf_char(&r->out, '[');
	while ((answer = db_next(&row)) == ANS_OK && row != NULL)
		put_task(&a, row);
	buf_char(&r->out, ']');
	if (!a.left_out)
		return answer;
	log_line("agenda: its rules take too long, some were left out");
	/* Nobody shall keep that: it has no tag, or if that has left, no end. */
	r->etag[0] = '\0';
	return answer == ANS_OK && reply_has_begun() ? ANS_INTERNAL : answer;
}
