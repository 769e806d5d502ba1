/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "task/fold.h"
#include "task/vtimezone.h"

#define CHANGES_MAX	200
#define YEAR_USEC	(INT64_C(366) * DATE_USEC_PER_DAY)
#define RULE_MIN	4		/* so many years in a row */
#define LAST		(-1)

/* A change, and the clock before it when it comes. */
struct onset {
	struct zone_change	change;
	int64_t			clock;
	int			year, month, day, weekday;	/* 0: Sunday */
	bool			done;
};

static const char *const	weekdays[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };

static void
know(struct onset *o)
{
	int64_t	day;

	o->clock = o->change.at + o->change.before * INT64_C(1000000);
	day = floor_div(o->clock, DATE_USEC_PER_DAY);
	date_civil(day, &o->year, &o->month, &o->day);
	o->weekday = (int)(((day + 6) % 7 + 7) % 7);	/* 2000-01-01 was a Saturday */
	o->done = false;
}

/* The last change up to from, and those of the years until end; how many they are. */
static int
collect(const struct zone *zone, int64_t from, int64_t end, struct onset *onset)
{
	int64_t	at = from - 2 * YEAR_USEC;
	int	n = 0;

	while (n < CHANGES_MAX && zone_next_change(zone, at, &onset[n].change) &&
	    onset[n].change.at < end) {
		at = onset[n].change.at;
		know(&onset[n]);
		if (n == 1 && at <= from)
			onset[0] = onset[1];
		else
			n++;
	}
	return n;
}

static bool
same_kind(const struct onset *a, const struct onset *b)
{
	return a->change.before == b->change.before && a->change.after == b->change.after &&
	    a->change.dst == b->change.dst && strcmp(a->change.name, b->change.name) == 0;
}

/* Which weekday of its month it is: from its beginning, or LAST. */
static bool
is_nth(const struct onset *o, int nth)
{
	int64_t	next = date_day(o->year + o->month / 12, o->month % 12 + 1, 1);

	return nth == LAST ? date_day(o->year, o->month, o->day) + 7 >= next :
	    (o->day - 1) / 7 + 1 == nth;
}

static bool
same_rule(const struct onset *a, const struct onset *b, int nth)
{
	return same_kind(a, b) && a->month == b->month && a->weekday == b->weekday &&
	    is_nth(b, nth) && floor_to(a->clock, DATE_USEC_PER_DAY) - a->clock ==
	    floor_to(b->clock, DATE_USEC_PER_DAY) - b->clock;
}

static void
put_offset(struct buf *b, const char *head, int32_t seconds)
{
	char	text[16];
	int	s = abs(seconds);

	snprintf(text, sizeof text, s % 60 == 0 ? "%c%02d%02d" : "%c%02d%02d%02d",
	    seconds < 0 ? '-' : '+', s / 3600, s / 60 % 60, s % 60);
	fold_line(b, head, text);
}

static void
put_clock(struct buf *b, const char *head, int64_t clock)
{
	char	text[DATE_TEXT_MAX];
	size_t	n = date_format_basic(text, clock, false);

	text[n - 1] = '\0';		/* the Z */
	fold_line(b, head, text);
}

static const char *
begin(struct buf *b, const struct zone_change *c, int64_t clock)
{
	const char	*kind = c->dst ? "DAYLIGHT" : "STANDARD";

	fold_line(b, "BEGIN:", kind);
	put_clock(b, "DTSTART:", clock);
	put_offset(b, "TZOFFSETFROM:", c->before);
	put_offset(b, "TZOFFSETTO:", c->after);
	if (*c->name != '\0')
		fold_line(b, "TZNAME:", c->name);
	return kind;
}

/* Whether the rule of the first goes on, each year up to the last; then those are done. */
static bool
take_rule(struct onset *onset, int n, int last, int nth)
{
	int	year = onset[0].year;

	if (!is_nth(&onset[0], nth))
		return false;
	for (int done = 0; done < 2; done++, year = onset[0].year) {
		for (int i = 0; i < n; i++)
			if (onset[i].year == year && same_rule(&onset[0], &onset[i], nth)) {
				onset[i].done = done;
				year++;
			}
		if (year <= last || year - onset[0].year < RULE_MIN)
			return false;
	}
	return true;
}

static void
put_rule(struct buf *b, const struct onset *o, int nth)
{
	const char	*kind = begin(b, &o->change, o->clock);
	char		 rule[64];

	snprintf(rule, sizeof rule, "FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", o->month, nth,
	    weekdays[o->weekday]);
	fold_line(b, "RRULE:", rule);
	fold_line(b, "END:", kind);
}

/* The rules of tzdata itself: the last change before from, and the one after it. */
static void
put_yearly(struct buf *b, const struct zone_yearly *yearly, const struct onset *onset)
{
	for (int i = 0; i < 2; i++) {
		int	week = yearly[onset[i].change.before != yearly[0].before].week;

		put_rule(b, &onset[i], week == 5 ? LAST : week);
	}
}

static void
put_rules(struct buf *b, struct onset *onset, int n, int last)
{
	static const int	nths[] = { LAST, 1, 2, 3, 4 };

	for (int i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof nths / sizeof nths[0] && !onset[i].done; k++)
			if (take_rule(onset + i, n - i, last, nths[k]))
				put_rule(b, &onset[i], nths[k]);
}

/* Those that no rule has. */
static void
put_rest(struct buf *b, struct onset *onset, int n)
{
	for (int i = 0; i < n; i++) {
		const char	*kind;

		if (onset[i].done)
			continue;
		kind = begin(b, &onset[i].change, onset[i].clock);
		for (int k = i + 1; k < n; k++)
			if (!onset[k].done && same_kind(&onset[i], &onset[k])) {
				put_clock(b, "RDATE:", onset[k].clock);
				onset[k].done = true;
			}
		fold_line(b, "END:", kind);
	}
}

/* All changes of the years after from, as rules as far as that can be. */
static void
put_changes(struct buf *b, const struct zone *zone, int64_t from, struct onset *onset)
{
	int64_t		end = least(from + VTIMEZONE_YEARS * YEAR_USEC, DATE_END - 1);
	int		n = collect(zone, from, end, onset), last, month, day;
	int64_t		clock = zone_clock(zone, from);
	int32_t		offset = (int32_t)((clock - from) / 1000000);

	date_civil(floor_div(end, DATE_USEC_PER_DAY), &last, &month, &day);
	if (n == 0 || onset[0].change.at > from)
		fold_line(b, "END:", begin(b, &(struct zone_change){ .before = offset,
		    .after = offset, .name = "" }, most(floor_to(clock, DATE_USEC_PER_DAY),
		    DATE_DAY_MIN * DATE_USEC_PER_DAY)));
	put_rules(b, onset, n, last - 1);
	put_rest(b, onset, n);
}

void
vtimezone_put(struct buf *b, const struct zone *zone, int64_t from)
{
	struct onset		onset[CHANGES_MAX];
	struct zone_yearly	yearly[2];

	fold_line(b, "BEGIN:", "VTIMEZONE");
	fold_line(b, "TZID:", zone_name(zone));
	if (zone_yearly(zone, from - 2 * YEAR_USEC, yearly) &&
	    collect(zone, from, from + 2 * YEAR_USEC, onset) >= 2 && onset[0].change.at <= from)
		put_yearly(b, yearly, onset);
	else
		put_changes(b, zone, from, onset);
	fold_line(b, "END:", "VTIMEZONE");
}

int64_t
vtimezone_from(int64_t one, int64_t later)
{
	return one < later ? most(one, later - VTIMEZONE_YEARS / 4 * YEAR_USEC) : later;
}

bool
vtimezone_covers(int64_t from, int64_t instant)
{
	return instant >= from && instant < from + (VTIMEZONE_YEARS - 2) * YEAR_USEC;
}
