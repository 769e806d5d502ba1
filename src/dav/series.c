/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "dav/series.h"
#include "dav/stamp.h"

/* --- reading -------------------------------------------------------------------------- */

bool
series_closed(struct span todo)
{
	struct line	line;

	if (line_first(todo, "STATUS", &line))
		return line_is(line.value, "COMPLETED") || line_is(line.value, "CANCELLED");
	return line_first(todo, "COMPLETED", &line) ||
	    (line_first(todo, "PERCENT-COMPLETE", &line) && line_is(line.value, "100"));
}

bool
series_is_part(struct span todo)
{
	struct line	line;

	return line_first(todo, "RECURRENCE-ID", &line);
}

struct span
series_master(struct span text)
{
	struct lines	in = lines_of(text);
	struct span	todo, first = { "", 0 };

	while (line_component(&in, "VTODO", &todo)) {
		if (!series_is_part(todo))
			return todo;
		if (first.len == 0)
			first = todo;
	}
	return first;
}

/* One RRULE that is understood; RFC 5545 has no meaning for two. */
static void
read_rule(struct series *s)
{
	struct lines	in = lines_of(s->todo);
	struct line	line, second;
	char		text[RRULE_TEXT_MAX];
	size_t		len;

	if (!line_property(&in, "RRULE", &line) || line_property(&in, "RRULE", &second))
		return;
	len = line_copy(line.value, text, sizeof text);
	s->has_rule = len < sizeof text - 1 && rrule_parse(&s->rule, text, len);
}

static void
read_due(struct series *s)
{
	struct line	line;
	int64_t		days, usec;

	clocks_first(s->clocks, s->todo, "DTSTART", &s->start);
	clocks_first(s->clocks, s->todo, "DUE", &s->due);
	s->has_start = s->start.is_set;
	s->has_due = s->due.is_set;
	if (!s->due.is_set && s->start.is_set && line_first(s->todo, "DURATION", &line) &&
	    stamp_duration(line.value, &days, &usec)) {
		s->due = s->start;
		s->has_duration = clocks_add(&s->due, days, usec);
	}
}

/* A rule counts from DTSTART; where some leave that out, from DUE. */
static void
read_start(struct series *s)
{
	if (!s->due.is_set && s->has_rule)
		s->due = s->start;
	if (!s->start.is_set && s->has_rule)
		s->start = s->due;
	s->has_rule = s->has_rule && s->start.is_set;
}

/* Lists of times grow; those that are left out are too many to look through for each. */
struct list {
	int	 n, size;
	int64_t	*of;
	bool	 failed;
};

static void
add(struct list *list, int64_t usec)
{
	int	 size = list->size == 0 ? 64 : 2 * list->size;
	int64_t	*more;

	if (list->n == list->size) {
		if (list->failed ||
		    (more = realloc(list->of, (size_t)size * sizeof *more)) == NULL) {
			list->failed = true;
			return;
		}
		list->of = more;
		list->size = size;
	}
	list->of[list->n++] = usec;
}

/* A day leaves out all starts of that day. */
static void
leave_out(struct series *s, struct list *times, struct list *days, const struct moment *m)
{
	if (m->of_days || s->start.of_days)
		add(days, floor_to(m->clock, DATE_USEC_PER_DAY));
	else
		add(times, m->instant);
}

static void
read_lists(struct series *s, struct list *times, struct list *days, struct list *dates)
{
	struct lines	in = lines_of(s->todo);
	struct line	line;
	struct span	values, value;
	struct moment	m;

	while (line_property(&in, NULL, &line)) {
		bool	is_more = line_is(line.name, "RDATE");

		if (!is_more && !line_is(line.name, "EXDATE"))
			continue;
		for (values = line.value; line_list(&values, &value); ) {
			const char	*slash = memchr(value.at, '/', value.len);

			if (slash != NULL)	/* a PERIOD: its start */
				value.len = (size_t)(slash - value.at);
			if (!clocks_read(s->clocks, &line, value, &m))
				continue;
			if (!is_more)
				leave_out(s, times, days, &m);
			else if (m.of_days == s->start.of_days)
				add(dates, m.instant);
		}
	}
}

static void
read_parts(struct series *s, enum series_parts which, struct list *times, struct list *days)
{
	struct lines	in = lines_of(s->text);
	struct span	todo;
	struct line	line;
	struct moment	m;

	while (line_component(&in, "VTODO", &todo))
		if (todo.at != s->todo.at && line_first(todo, "RECURRENCE-ID", &line) &&
		    (which == SERIES_PARTS || series_closed(todo)) &&
		    clocks_read(s->clocks, &line, line.value, &m))
			leave_out(s, times, days, &m);
}

static int
by_time(const void *a, const void *b)
{
	const int64_t	*one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

static struct series_set
sorted(struct list *list)
{
	if (list->n > 0)
		qsort(list->of, (size_t)list->n, sizeof *list->of, by_time);
	return (struct series_set){ list->n, list->of };
}

bool
series_read(struct series *s, struct clocks *clocks, struct span todo, enum series_parts parts)
{
	struct list	times = { 0 }, days = { 0 }, dates = { 0 };

	*s = (struct series){ .text = clocks->text, .todo = todo, .clocks = clocks };
	read_due(s);
	if (parts != SERIES_NONE)
		read_rule(s);
	read_start(s);
	if (s->start.is_set && parts != SERIES_NONE)
		read_lists(s, &times, &days, &dates);
	if (s->has_rule || dates.n > 0)
		read_parts(s, parts, &times, &days);
	s->times = sorted(&times);
	s->days = sorted(&days);
	s->dates = sorted(&dates);
	if (!times.failed && !days.failed && !dates.failed)
		return true;
	series_free(s);
	return false;
}

void
series_free(struct series *s)
{
	free(s->times.of);
	free(s->days.of);
	free(s->dates.of);
	s->times = s->days = s->dates = (struct series_set){ 0 };
}

/* --- walking ---------------------------------------------------------------------------- */

bool
series_repeats(const struct series *s)
{
	return s->start.is_set && (s->has_rule || s->dates.n > 0);
}

void
series_begin(struct series *s, int64_t from)
{
	s->first = s->start.instant >= from;
	s->rule_ended = !s->has_rule;
	s->count = 1;
	s->date = 0;
	s->last = INT64_MIN;
	s->rule_next = INT64_MIN;
	if (s->has_rule)
		walk_begin(&s->walk, &s->rule, s->start.instant, s->start.of_days ? NULL :
		    s->start.zone, s->rule.count > 0 ? INT64_MIN : from, INT64_MAX);
	while (s->date < s->dates.n && s->dates.of[s->date] < from)
		s->date++;
}

/* The rule's next time, which waits; false at its end. */
static bool
has_rule_next(struct series *s)
{
	if (!s->rule_ended && s->rule_next == INT64_MIN) {
		s->rule_ended = (s->rule.count > 0 && s->count >= s->rule.count) ||
		    !walk_next(&s->walk, &s->rule_next);
		s->count++;
	}
	return !s->rule_ended;
}

/* The least of what comes next; false if nothing does. */
static bool
next_instant(struct series *s, int64_t *instant)
{
	bool	rule = has_rule_next(s), date = s->date < s->dates.n;

	if (s->first) {
		s->first = false;
		*instant = s->start.instant;
		return true;
	}
	if (!rule && !date)
		return false;
	if (rule && (!date || s->rule_next <= s->dates.of[s->date])) {
		*instant = s->rule_next;
		s->rule_next = INT64_MIN;
	} else
		*instant = s->dates.of[s->date++];
	return true;
}

static bool
has(const struct series_set *set, int64_t usec)
{
	return set->n > 0 && bsearch(&usec, set->of, (size_t)set->n, sizeof usec, by_time) != NULL;
}

bool
series_next(struct series *s, struct moment *start, bool *left_out)
{
	int64_t	instant;

	do {
		if (!next_instant(s, &instant))
			return false;
	} while (instant <= s->last);
	s->last = instant;
	*start = s->start;
	start->instant = instant;
	start->clock = start->of_days ? instant : zone_clock(start->zone, instant);
	*left_out = has(&s->times, instant) ||
	    has(&s->days, floor_to(start->clock, DATE_USEC_PER_DAY));
	return true;
}

bool
series_due(const struct series *s, const struct moment *start, struct moment *due)
{
	*due = s->due;
	return due->is_set && clocks_shift(due, start->clock - s->start.clock);
}
