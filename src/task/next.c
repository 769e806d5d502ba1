/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "http/tojson.h"
#include "task/libical.h"
#include "task/next.h"
#include "task/walk.h"
#include "task/when.h"

#define NEXT_MAX	5
#define NEXT_STEPS	4000		/* much less than a millisecond, as it needs no login */

const struct field recurrence_query[] = {
	{ .name = "pattern", .type = FIELD_TEXT, .required = true, .line = true, .max = 100,
	  .param = PARAM_RECURSION_PATTERN, .about = "As a task's recursion_pattern" },
	{ .name = "from", .type = FIELD_DATE, .param = PARAM_DUE_DATE,
	  .about = "What follows this date or time; without it, today" },
	WHEN_TZ("The time zone; without it, UTC"),
	{ .name = NULL }
};

/* A date or a time of r's values; false if there is none. */
static bool
given(const struct request *r, int64_t *usec, bool *of_days)
{
	if (r->value[PARAM_DUE_DATE].data == NULL)
		return false;
	*usec = value_get_int64(&r->value[PARAM_DUE_DATE]);
	*of_days = r->value[PARAM_DUE_DAY].data != NULL;
	return true;
}

static int64_t
today(const struct zone *zone)
{
	return when_day(zone_clock(zone, date_from_unix(time(NULL))));
}

static bool
understood(const struct request *r, struct rrule *rule)
{
	const struct value	*pattern = &r->value[PARAM_RECURSION_PATTERN];

	return pattern->data != NULL && rrule_parse(rule, pattern->data, (size_t)pattern->len);
}

void
next_put_due(struct buf *b, int64_t usec, bool of_days)
{
	char	text[DATE_TEXT_MAX];
	size_t	len = of_days ? date_format_day(text, (int32_t)(usec / DATE_USEC_PER_DAY)) :
		    date_format_time(text, usec);

	tojson_string(b, text, len);
}

enum answer
next_describe(struct request *r)
{
	const struct value	*pattern = &r->value[PARAM_RECURSION_PATTERN];
	struct rrule		 rule;
	const struct zone	*zone = when_zone(r);
	struct walk		 walk;
	int64_t			 from;
	bool			 of_days = true, is_rule = understood(r, &rule);
	int			 most = NEXT_MAX;

	if (libical_load() == NULL)
		return ANS_INTERNAL;
	if (!given(r, &from, &of_days))
		from = today(zone);
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
		walk_begin(&walk, &rule, from, of_days ? NULL : zone, INT64_MIN, INT64_MAX);
		for (int i = 0;
		    i < most && walk.steps < NEXT_STEPS && walk_next(&walk, &from); i++) {
			if (i > 0)
				buf_char(&r->out, ',');
			next_put_due(&r->out, from, of_days);
		}
	}
	buf_str(&r->out, "]}");
	return ANS_OK;
}

/* The pattern of the next task, of which so many have passed; false without memory. */
static bool
set_pattern(struct request *r, const struct rrule *rule, int passed)
{
	const struct value	*pattern = &r->value[PARAM_RECURSION_PATTERN];
	char			*lower;

	r->value[PARAM_NEXT_PATTERN] = *pattern;
	if (rule->count == 0)
		return true;
	if ((lower = request_alloc(r, WORDS_PATTERN_MAX + 1)) == NULL ||
	    !rrule_lower_count(lower, WORDS_PATTERN_MAX + 1, pattern->data, (size_t)pattern->len,
	    passed))
		return false;
	value_bytes(&r->value[PARAM_NEXT_PATTERN], lower, strlen(lower));
	return true;
}

bool
next_work_out(struct request *r, const struct zone *zone)
{
	const struct value	*pattern = &r->value[PARAM_RECURSION_PATTERN],
				*clock = &r->value[PARAM_DUE_CLOCK];
	struct rrule		 rule;
	struct walk		 walk;
	int64_t			 now = date_from_unix(time(NULL)), due = today(zone);
	bool			 of_days = true;
	int			 passed = 0;
	static const enum param	 next[] = { PARAM_NEXT_DUE_DATE, PARAM_NEXT_DUE_DAY,
				    PARAM_NEXT_DUE_CLOCK, PARAM_NEXT_PATTERN };

	for (size_t i = 0; i < sizeof next / sizeof next[0]; i++)
		r->value[next[i]].data = NULL;
	if (pattern->data == NULL)
		return true;
	if (libical_load() == NULL)
		return false;
	if (!understood(r, &rule))
		return true;
	given(r, &due, &of_days);
	if (of_days)
		now = today(zone);
	/* As in the agenda, a COUNT includes missed occurrences. */
	walk_begin(&walk, &rule, due, of_days ? NULL : zone, rule.count > 0 ? INT64_MIN : now,
	    INT64_MAX);
	if (clock->data != NULL)
		walk_begin_clock(&walk, value_get_int64(clock));
	do {
		if (++passed == rule.count || !walk_next(&walk, &due))
			return true;
	} while (due < now);
	value_int64(&r->value[PARAM_NEXT_DUE_DATE], due);
	if (of_days)
		value_int32(&r->value[PARAM_NEXT_DUE_DAY], (int32_t)(due / DATE_USEC_PER_DAY));
	else if (zone_clock(zone, due) != walk.clock)
		value_int64(&r->value[PARAM_NEXT_DUE_CLOCK], walk.clock);
	return set_pattern(r, &rule, passed);
}
