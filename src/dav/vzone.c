/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "dav/stamp.h"
#include "dav/vzone.h"
#include "task/line.h"
#include "task/walk.h"

#define OBSERVANCES_MAX	128
#define RULES_MAX	16		/* each is read by libical */
#define STEPS_MAX	10000		/* of all rules: some milliseconds */
#define CHANGES_MAX	1024
#define FROM		(INT64_C(-36524) * DATE_USEC_PER_DAY)	/* the year 1900 */
#define HORIZON		(INT64_C(36890) * DATE_USEC_PER_DAY)	/* the year 2101 */
#define SECOND		INT64_C(1000000)

/* What is read of a VTIMEZONE. */
struct reading {
	int			 n, rules;
	int64_t			 steps;
	/* Endless ones, as tzdata has them: two of them need no walk through the years. */
	int			 nyearly;
	struct zone_yearly	 yearly[2];
	struct pending {
		struct zone_change	kind;
		int64_t			start;
		struct rrule		rule;
	}			 pending[2];
	struct zone_change	 change[CHANGES_MAX];
};

/* "+0100", "-033000", in seconds. */
static bool
read_offset(struct span component, const char *name, int32_t *seconds)
{
	char		text[16];
	struct line	line;
	size_t		len;
	int		n = 0;

	if (!line_first(component, name, &line))
		return false;
	len = line_copy(line.value, text, sizeof text);
	if ((len != 5 && len != 7) || (*text != '+' && *text != '-') ||
	    strspn(text + 1, "0123456789") != len - 1)
		return false;
	n = atoi(text + 1);
	if (len == 5)
		n *= 100;
	n = n / 10000 * 3600 + n / 100 % 100 * 60 + n % 100;
	*seconds = *text == '-' ? -n : n;
	return n <= 24 * 3600;
}

static void
add(struct reading *r, const struct zone_change *kind, int64_t clock)
{
	if (r->n == CHANGES_MAX)
		return;
	r->change[r->n] = *kind;
	r->change[r->n++].at = clock - kind->before * SECOND;
}

/* What the clock showed before each change; an UNTIL is an instant. */
static void
add_rule(struct reading *r, const struct zone_change *kind, int64_t start, struct rrule *rule)
{
	struct walk	 walk;
	int64_t		 clock;

	if (rule->until_utc && rule->until < HORIZON)
		rule->until += kind->before * SECOND;
	walk_begin(&walk, rule, start, zone_utc(), rule->count > 0 ? INT64_MIN : FROM, HORIZON);
	for (int i = 1; i != rule->count && r->n < CHANGES_MAX &&
	    r->steps + walk.steps < STEPS_MAX && walk_next(&walk, &clock); i++)
		add(r, kind, clock);
	r->steps += walk.steps;
}

static bool
is_yearly(const struct rrule *rule, const struct zone_change *kind, int64_t start,
    struct zone_yearly *y)
{
	const short	day = rule->by[BY_DAY].value[0];
	const int	nth = day >> 3;

	for (int by = 0; by < BY__MAX; by++)
		if (rule->by[by].n != (by == BY_DAY || by == BY_MONTH))
			return false;
	*y = (struct zone_yearly){ rule->by[BY_MONTH].value[0], nth == -1 ? 5 : nth, day & 7,
	    (int32_t)((start - floor_to(start, DATE_USEC_PER_DAY)) / SECOND), kind->before,
	    kind->after };
	return rule->freq == RRULE_YEARLY && rule->interval == 1 && rule->count == 0 &&
	    rule->until == INT64_MAX && nth >= -1 && nth != 0 && nth <= 4 && y->month > 0;
}

static void
read_rule(struct reading *r, const struct zone_change *kind, int64_t start, const struct line *line)
{
	char			text[RRULE_TEXT_MAX];
	struct rrule		rule;
	struct zone_yearly	yearly;

	if (r->rules++ >= RULES_MAX || !rrule_parse(&rule, text, line_copy(line->value, text,
	    sizeof text)) || rule.freq < RRULE_DAILY)
		return;
	if (is_yearly(&rule, kind, start, &yearly) && r->nyearly++ < 2) {
		r->yearly[r->nyearly - 1] = yearly;
		r->pending[r->nyearly - 1] = (struct pending){ *kind, start, rule };
	} else
		add_rule(r, kind, start, &rule);
}

/* Whether the two are all that there is after both have begun, in turn. */
static bool
goes_on(const struct reading *r)
{
	const struct zone_yearly	*one = &r->yearly[0], *other = &r->yearly[1];
	int64_t				 start[2];

	if (r->nyearly != 2 || one->before != other->after || one->after != other->before)
		return false;
	for (int i = 0; i < 2; i++)
		start[i] = r->pending[i].start - r->pending[i].kind.before * SECOND;
	for (int i = 0; i < r->n; i++)
		if (r->change[i].at > least(start[0], start[1]) && r->change[i].at != start[0] &&
		    r->change[i].at != start[1])
			return false;
	return most(start[0], start[1]) - least(start[0], start[1]) < 366 * DATE_USEC_PER_DAY;
}

static void
add_dates(struct reading *r, const struct zone_change *kind, const struct line *line)
{
	struct span	values = line->value, value;
	int64_t		clock;

	while (r->n < CHANGES_MAX && line_list(&values, &value))
		if (stamp_read(value, &clock) >= STAMP_CLOCK)
			add(r, kind, clock);
}

static void
add_observance(struct reading *r, struct span component)
{
	struct lines		in = lines_of(component);
	struct line		line;
	struct zone_change	kind = { .name = "" };
	int64_t			start;

	if (!line_first(component, "DTSTART", &line) ||
	    stamp_read(line.value, &start) < STAMP_CLOCK ||
	    !read_offset(component, "TZOFFSETFROM", &kind.before) ||
	    !read_offset(component, "TZOFFSETTO", &kind.after))
		return;
	add(r, &kind, start);
	while (line_property(&in, NULL, &line))
		if (line_is(line.name, "RRULE"))
			read_rule(r, &kind, start, &line);
		else if (line_is(line.name, "RDATE"))
			add_dates(r, &kind, &line);
}

static int
by_instant(const void *a, const void *b)
{
	const struct zone_change	*one = a, *other = b;

	return (one->at > other->at) - (one->at < other->at);
}

/* Puts them in order; of those of one day the first counts. */
static void
sort(struct reading *r)
{
	int	n = 0;

	qsort(r->change, (size_t)r->n, sizeof r->change[0], by_instant);
	for (int i = 0; i < r->n; i++)
		if (n == 0 || r->change[i].at - r->change[n - 1].at >= DATE_USEC_PER_DAY)
			r->change[n++] = r->change[i];
	r->n = n;
}

const struct zone *
vzone_read(struct span component)
{
	struct reading	*r = malloc(sizeof *r);
	struct lines	 in = lines_of(component);
	struct span	 observance;
	struct zone	*zone = NULL;
	bool		 yearly;

	if (r == NULL)
		return NULL;
	r->n = r->rules = r->nyearly = 0;
	r->steps = 0;
	for (int i = 0; i < OBSERVANCES_MAX && line_component(&in, NULL, &observance); i++)
		add_observance(r, observance);
	yearly = goes_on(r);
	for (int i = 0; !yearly && i < r->nyearly && i < 2; i++)
		add_rule(r, &r->pending[i].kind, r->pending[i].start, &r->pending[i].rule);
	if (r->n > 0) {
		sort(r);
		zone = zone_make(r->change, r->n, r->change[0].before, yearly ? r->yearly : NULL);
	}
	free(r);
	return zone;
}

void
vzone_free(const struct zone *zone)
{
	union {
		const struct zone	*read;
		struct zone		*own;
	}	which = { zone };

	zone_free(which.own);
}
