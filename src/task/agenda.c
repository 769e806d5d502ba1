/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/log.h"
#include "http/reply.h"
#include "http/tojson.h"
#include "task/agenda.h"
#include "task/libical.h"
#include "task/next.h"
#include "task/walk.h"
#include "task/task.h"
#include "task/when.h"

#define RANGE_DAYS	366
#define OCCURRENCES_MAX	366		/* of one task: enough for a daily one */
#define WORK_CLOCKS	(CLOCKS_PER_SEC / 5)	/* CPU time for the rules of one agenda */

const struct field agenda_query[] = {
	{ .name = "due_after", .type = FIELD_DATE, .required = true, .param = PARAM_DUE_AFTER,
	  .clock = PARAM_DUE_AFTER_CLOCK, .about = "The range begins here; as in the list" },
	{ .name = "due_before", .type = FIELD_DATE, .required = true, .param = PARAM_DUE_BEFORE,
	  .clock = PARAM_DUE_BEFORE_CLOCK,
	  .about = "And ends before this, at most 366 days later" },
	WHEN_TZ("The time zone of tasks that have none; without it, UTC"),
	{ .name = NULL }
};

void
agenda_rule(struct request *r)
{
	const struct value	*after = &r->value[PARAM_DUE_AFTER_CLOCK],
				*before = &r->value[PARAM_DUE_BEFORE_CLOCK];

	when_set_clock(r, PARAM_DUE_AFTER, PARAM_DUE_AFTER_CLOCK);
	when_set_clock(r, PARAM_DUE_BEFORE, PARAM_DUE_BEFORE_CLOCK);
	value_int64(&r->value[PARAM_FROM_DUE],
	    when_reach(r, PARAM_DUE_AFTER, PARAM_DUE_AFTER_CLOCK, false));
	value_int64(&r->value[PARAM_TO_DUE],
	    when_reach(r, PARAM_DUE_BEFORE, PARAM_DUE_BEFORE_CLOCK, true));
	if (value_get_int64(before) - value_get_int64(after) > RANGE_DAYS * DATE_USEC_PER_DAY)
		request_problem(r, "query", "due_before", "value_error",
		    "Should be at most 366 days after due_after");
}

/* A bound as it is compared with dates (without a zone), or with times of the zone. */
static int64_t
bound(const struct request *r, enum param time, enum param clock, const struct zone *zone)
{
	if (zone == NULL)
		return value_get_int64(&r->value[clock]);
	return r->value[time].data != NULL ? value_get_int64(&r->value[time]) :
	    zone_instant(zone, value_get_int64(&r->value[clock]));
}

struct agenda {
	struct request	*r;
	const char	*before;	/* of the next occurrence */
	clock_t		 end;		/* after this, occurrences are left out */
	bool		 left_out;	/* some were */
};

static void
put_occurrence(struct agenda *a, const struct row *row, int64_t usec, bool of_days, bool recurring)
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
	next_put_due(b, usec, of_days);
	buf_str(b, ",\"priority\":");
	tojson_string(b, priority->data, (size_t)priority->len);
	buf_str(b, *completed->data ? ",\"completed\":true" : ",\"completed\":false");
	buf_str(b, recurring ? ",\"recurring\":true}" : ",\"recurring\":false}");
	a->before = ",";
}

/* Writes a task if it is in the range, and its occurrences there. */
static void
put_task(struct agenda *a, const struct row *row)
{
	const struct cell	*pattern = row_cell(row, "_pattern"),
				*clock_then = row_cell(row, "_due_clock");
	struct rrule		 rule;
	const struct zone	*zone;
	struct walk		 walk;
	int64_t			 due, after, before;
	bool			 of_days;

	if (!row_due(row, &due, &of_days))
		return;
	zone = of_days ? NULL : when_row_zone(a->r, row);
	after = bound(a->r, PARAM_DUE_AFTER, PARAM_DUE_AFTER_CLOCK, zone);
	before = bound(a->r, PARAM_DUE_BEFORE, PARAM_DUE_BEFORE_CLOCK, zone);
	if (due >= after && due < before)
		put_occurrence(a, row, due, of_days, false);
	if (*row_cell(row, "completed")->data || pattern == NULL)
		return;
	if (clock() > a->end) {
		a->left_out = true;
		return;
	}
	if (!rrule_parse(&rule, pattern->data, (size_t)pattern->len))
		return;
	/* A COUNT is counted from the start. */
	walk_begin(&walk, &rule, due, zone, rule.count > 0 ? INT64_MIN : after, before);
	if (clock_then != NULL)
		walk_begin_clock(&walk, row_int64(row, "_due_clock"));
	for (int i = 1, shown = 0; (rule.count == 0 || i < rule.count) && shown < OCCURRENCES_MAX &&
	    walk_next(&walk, &due); i++)
		if (due >= after) {
			put_occurrence(a, row, due, of_days, true);
			shown++;
		}
}

enum answer
agenda_list(struct request *r)
{
	struct agenda		 a = { .r = r, .before = "", .end = clock() + WORK_CLOCKS };
	const struct row	*row;
	enum answer		 answer;

	if ((answer = task_rows(r, ANS_BAD_TOKEN)) != ANS_OK)
		return answer;
	if (libical_load() == NULL)
		return ANS_INTERNAL;
	buf_char(&r->out, '[');
	while ((answer = request_next(r, &row)) == ANS_OK && row != NULL)
		put_task(&a, row);
	buf_char(&r->out, ']');
	if (!a.left_out)
		return answer;
	log_line("agenda: the recurrence rules take too long; some dates were left out");
	/* Clients must not store this: it has no ETag, or if that was sent, breaks off. */
	r->etag[0] = '\0';
	return answer == ANS_OK && r->output.started ? ANS_INTERNAL : answer;
}
