/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "task/walk.h"

#define HORIZON_DAYS	146097		/* 400 years: then the calendar repeats */
#define GAP_STEPS	6000		/* without an occurrence: there will be none */
#define ALL_STEPS	60000
#define HOUR_USEC	(INT64_C(3600) * 1000000)
#define MINUTE_USEC	(INT64_C(60) * 1000000)

/* A day, with its properties that rules use. */
struct cal {
	int64_t	day;			/* as in date.h */
	int	year, month, monthday, month_days;
	int	yearday, year_days;	/* from 1 */
	int	weekday;		/* 0: Sunday */
	int	week_year, week, weeks;	/* only if asked for */
};

static int
weekday_of(int64_t day)
{
	return (int)(((day + 6) % 7 + 7) % 7);		/* 2000-01-01 was a Saturday */
}

/* A week belongs to the year of its fourth day. */
static void
know_week(struct cal *c, int week_start)
{
	int64_t	first = c->day - (c->weekday - week_start + 7) % 7, last;
	int	m, d;

	date_civil(first + 3, &c->week_year, &m, &d);
	c->week = (int)(first + 3 - date_day(c->week_year, 1, 1)) / 7 + 1;
	last = date_day(c->week_year, 12, 28);		/* is always in the last one */
	last -= (weekday_of(last) - week_start + 7) % 7;
	c->weeks = c->week + (int)(last - first) / 7;
}

static void
know_day(struct cal *c, int64_t day, const struct rrule *rule)
{
	int64_t	new_year;

	c->day = day;
	date_civil(day, &c->year, &c->month, &c->monthday);
	new_year = date_day(c->year, 1, 1);
	c->yearday = (int)(day - new_year) + 1;
	c->year_days = (int)(date_day(c->year + 1, 1, 1) - new_year);
	c->month_days = (int)(date_day(c->year + c->month / 12, c->month % 12 + 1, 1) -
	    (day - c->monthday + 1));
	c->weekday = weekday_of(day);
	if (rule->by[BY_WEEKNO].n > 0)
		know_week(c, rule->week_start);
}

/* The number of the day's period, which INTERVAL counts. */
static int64_t
period_of(const struct rrule *rule, const struct cal *c)
{
	switch (rule->freq) {
	case RRULE_WEEKLY:
		return floor_div(c->day + 6 - rule->week_start, 7);
	case RRULE_MONTHLY:
		return c->year * 12 + c->month;
	case RRULE_YEARLY:
		return rule->by[BY_WEEKNO].n > 0 ? c->week_year : c->year;
	default:
		return c->day;
	}
}

/* How many days of that period are before the day, and after it. */
static void
period_days(const struct rrule *rule, const struct cal *c, int *before, int *after)
{
	int	weekday = (c->weekday - rule->week_start + 7) % 7;

	*before = *after = 0;
	if (rule->freq == RRULE_WEEKLY) {
		*before = weekday;
		*after = 6 - weekday;
	} else if (rule->freq == RRULE_MONTHLY) {
		*before = c->monthday - 1;
		*after = c->month_days - c->monthday;
	} else if (rule->freq == RRULE_YEARLY && rule->by[BY_WEEKNO].n > 0) {
		*before = (c->week - 1) * 7 + weekday;
		*after = (c->weeks - c->week) * 7 + 6 - weekday;
	} else if (rule->freq == RRULE_YEARLY) {
		*before = c->yearday - 1;
		*after = c->year_days - c->yearday;
	}
}

/* True if the list has number n of so many, counted from either end. */
static bool
names(const struct rrule_list *list, int one, int many)
{
	for (int i = 0; i < list->n; i++)
		if (list->value[i] == one || list->value[i] == one - many - 1)
			return true;
	return false;
}

/* BYDAY: a weekday, or the nth of the month or the year. */
static bool
fits_weekday(const struct rrule *rule, const struct cal *c)
{
	const struct rrule_list	*days = &rule->by[BY_DAY];
	bool			 in_month = rule->freq == RRULE_MONTHLY || rule->by[BY_MONTH].n > 0;
	int			 at = (in_month ? c->monthday : c->yearday) - 1;
	int			 after = (in_month ? c->month_days : c->year_days) - 1 - at;

	for (int i = 0; i < days->n; i++) {
		int	weekday = days->value[i] & 7, nth = days->value[i] >> 3;

		if (weekday == c->weekday && (nth == 0 || nth == at / 7 + 1 ||
		    nth == -(after / 7 + 1)))
			return true;
	}
	return false;
}

/* True if the day has the start's properties where the rule gives none. */
static bool
fits_start(const struct rrule *rule, const struct cal *c, const struct cal *start)
{
	const struct rrule_list	*by = rule->by;

	if (by[BY_DAY].n > 0 || by[BY_MONTHDAY].n > 0 || by[BY_YEARDAY].n > 0 ||
	    rule->freq == RRULE_DAILY)
		return true;
	if (rule->freq == RRULE_WEEKLY || by[BY_WEEKNO].n > 0)
		return c->weekday == start->weekday;
	return c->monthday == start->monthday && (rule->freq == RRULE_MONTHLY ||
	    by[BY_MONTH].n > 0 || c->month == start->month);
}

static bool
fits(const struct rrule *rule, const struct cal *c, const struct cal *start)
{
	const struct rrule_list	*by = rule->by;

	return (period_of(rule, c) - period_of(rule, start)) % rule->interval == 0 &&
	    (by[BY_MONTH].n == 0 || names(&by[BY_MONTH], c->month, 12)) &&
	    (by[BY_WEEKNO].n == 0 || names(&by[BY_WEEKNO], c->week, c->weeks)) &&
	    (by[BY_YEARDAY].n == 0 || names(&by[BY_YEARDAY], c->yearday, c->year_days)) &&
	    (by[BY_MONTHDAY].n == 0 || names(&by[BY_MONTHDAY], c->monthday, c->month_days)) &&
	    (by[BY_DAY].n == 0 || fits_weekday(rule, c)) && fits_start(rule, c, start);
}

/* The distance to the first day after the day's month or year. */
static int
month_rest(const struct cal *c)
{
	return c->month_days - c->monthday + 1;
}

static int
year_rest(const struct cal *c)
{
	return c->year_days - c->yearday + 1;
}

/* The distance to the next day in a counted period, or less; 1 if this day is in one. */
static int64_t
next_period(const struct rrule *rule, const struct cal *c, const struct cal *start)
{
	int64_t	past = (period_of(rule, c) - period_of(rule, start)) % rule->interval, month;
	int	more = (int)(past > 0 ? rule->interval - past : -past);

	if (more == 0)
		return 1;
	switch (rule->freq) {
	case RRULE_WEEKLY:
		return 7 * more - (c->weekday - rule->week_start + 7) % 7;
	case RRULE_MONTHLY:
		month = c->year * 12 + c->month - 1 + more;
		return date_day((int)(month / 12), (int)(month % 12) + 1, 1) - c->day;
	case RRULE_YEARLY:
		/* A year's first week begins up to three days before it. */
		return rule->by[BY_WEEKNO].n > 0 ?
		    date_day(c->week_year + more, 1, 1) - 3 - c->day :
		    date_day(c->year + more, 1, 1) - c->day;
	default:
		return more;
	}
}

/* The distance to the next number in the list, counted from either end; rest if none. */
static int
next_named(const struct rrule_list *list, int one, int many, int rest)
{
	int	least = rest;

	for (int i = 0; i < list->n; i++) {
		int	v = list->value[i] > 0 ? list->value[i] : many + 1 + list->value[i];

		if (v > one && v <= many && v - one < least)
			least = v - one;
	}
	return least;
}

/* The distance to the first day of the next month in the list. */
static int64_t
next_month(const struct rrule_list *months, const struct cal *c)
{
	int	n = 1;

	while (n < 12 && !names(months, (c->month - 1 + n) % 12 + 1, 12))
		n++;
	return date_day(c->year + (c->month - 1 + n) / 12, (c->month - 1 + n) % 12 + 1, 1) - c->day;
}

/* The distance to the next weekday of BYDAY that may match. */
static int
next_weekday(const struct rrule *rule, const struct cal *c)
{
	const struct rrule_list	*days = &rule->by[BY_DAY];
	bool			 in_month = rule->freq == RRULE_MONTHLY || rule->by[BY_MONTH].n > 0;
	int			 at = (in_month ? c->monthday : c->yearday) - 1;
	int			 many = in_month ? c->month_days : c->year_days, least = many - at;

	for (int i = 0; i < days->n; i++) {
		int	nth = days->value[i] >> 3;
		int	ahead = ((days->value[i] & 7) - c->weekday + 7) % 7;
		int	first = (at + ahead) % 7, last = first + (many - 1 - first) / 7 * 7;
		int	day = nth == 0 ? at + (ahead > 0 ? ahead : 7) :
			    nth > 0 ? first + 7 * (nth - 1) : last + 7 * (nth + 1);

		if (day > at && day - at < least)
			least = day - at;
	}
	return least;
}

/* The distance to the next day that may match, if the start decides. */
static int
next_like_start(const struct rrule *rule, const struct cal *c, const struct cal *start)
{
	if (rule->freq == RRULE_WEEKLY || rule->by[BY_WEEKNO].n > 0)
		return (start->weekday - c->weekday + 7) % 7;
	return start->monthday > c->monthday && start->monthday <= c->month_days ?
	    start->monthday - c->monthday : month_rest(c);
}

/* The distance from a day that does not match to the next that may by all parts. */
static int64_t
ahead(const struct rrule *rule, const struct cal *c, const struct cal *start)
{
	const struct rrule_list	*by = rule->by;
	int64_t			 n = most(1, next_period(rule, c, start));
	int			 weekday = (c->weekday - rule->week_start + 7) % 7;

	if (by[BY_MONTH].n > 0 && !names(&by[BY_MONTH], c->month, 12))
		n = most(n, next_month(&by[BY_MONTH], c));
	if (by[BY_WEEKNO].n > 0 && !names(&by[BY_WEEKNO], c->week, c->weeks))
		n = most(n, 7 * next_named(&by[BY_WEEKNO], c->week, c->weeks,
		    c->weeks - c->week + 1) - weekday);
	if (by[BY_YEARDAY].n > 0 && !names(&by[BY_YEARDAY], c->yearday, c->year_days))
		n = most(n, next_named(&by[BY_YEARDAY], c->yearday, c->year_days, year_rest(c)));
	if (by[BY_MONTHDAY].n > 0 && !names(&by[BY_MONTHDAY], c->monthday, c->month_days))
		n = most(n, next_named(&by[BY_MONTHDAY], c->monthday, c->month_days,
		    month_rest(c)));
	if (by[BY_DAY].n > 0 && !fits_weekday(rule, c))
		n = most(n, next_weekday(rule, c));
	return fits_start(rule, c, start) ? n : most(n, next_like_start(rule, c, start));
}

static int
at_least_one(int n)
{
	return n > 0 ? n : 1;
}

/* The number of times on each day. */
static int64_t
times(const struct walk *w)
{
	const struct rrule_list	*by = w->rule->by;

	return w->of_days ? 1 : (int64_t)at_least_one(by[BY_HOUR].n) *
	    at_least_one(by[BY_MINUTE].n) * at_least_one(by[BY_SECOND].n);
}

/* The nth of them, from 0.  The start gives the parts that the rule lacks. */
static int64_t
time_of(const struct walk *w, int64_t n)
{
	const struct rrule_list	*h = &w->rule->by[BY_HOUR], *m = &w->rule->by[BY_MINUTE],
				*s = &w->rule->by[BY_SECOND];
	int64_t			 own = w->start - floor_to(w->start, DATE_USEC_PER_DAY), usec;

	if (w->of_days)
		return 0;
	usec = s->n > 0 ? s->value[n % s->n] * INT64_C(1000000) : own % MINUTE_USEC;
	n /= at_least_one(s->n);
	usec += m->n > 0 ? m->value[n % m->n] * MINUTE_USEC :
	    own % HOUR_USEC / MINUTE_USEC * MINUTE_USEC;
	n /= at_least_one(m->n);
	return usec + (h->n > 0 ? h->value[n] * HOUR_USEC : own / HOUR_USEC * HOUR_USEC);
}

/* An UNTIL in UTC is an instant, any other a local time. */
static void
set_end(struct walk *w, int64_t end)
{
	int64_t	until = w->rule->until;

	w->end = end <= DATE_END ? end : DATE_END;
	w->last = w->rule->until_utc || until == INT64_MAX ? INT64_MAX : until;
	if (until < w->end && (w->of_days || w->rule->until_utc))
		w->end = until + 1;
}

void
walk_begin(struct walk *w, const struct rrule *rule, int64_t start, const struct zone *zone,
    int64_t from, int64_t end)
{
	struct cal	c;
	int		before = 0, after;
	int64_t		slack = 0;

	*w = (struct walk){ .rule = rule, .zone = zone != NULL ? zone : zone_utc(),
	    .of_days = zone == NULL, .step = start };
	w->start = zone_clock(w->zone, start);
	w->from = from > start ? from : start + 1;
	set_end(w, end);
	/* A clock changes by less than a day. */
	if (w->zone != zone_utc())
		slack = DATE_USEC_PER_DAY;
	w->look = zone_clock(w->zone, w->from) - slack;
	know_day(&c, floor_div(w->look, DATE_USEC_PER_DAY), rule);
	/* Positions are counted from the first day of a period. */
	if (rule->by[BY_SETPOS].n > 0)
		period_days(rule, &c, &before, &after);
	w->day = c.day - before;
	w->end_day = floor_div(zone_clock(w->zone, w->end - 1) + slack, DATE_USEC_PER_DAY);
	if (floor_div(w->last, DATE_USEC_PER_DAY) < w->end_day)
		w->end_day = floor_div(w->last, DATE_USEC_PER_DAY);
	if (w->end_day - w->day > HORIZON_DAYS)
		w->end_day = w->day + HORIZON_DAYS;
	w->period = INT64_MIN;
}

void
walk_begin_clock(struct walk *w, int64_t clock)
{
	if (!w->of_days && zone_instant(w->zone, clock) == w->step)
		w->start = clock;
}

/* Rules of less than a day are steps of one length, whatever a clock shows. */
static bool
next_step(struct walk *w, int64_t *usec)
{
	const int64_t	unit[] = { 1000000, MINUTE_USEC, HOUR_USEC };
	int64_t		step = unit[w->rule->freq] * w->rule->interval;

	*usec = w->step + (w->from - w->step + step - 1) / step * step;
	w->from = *usec + 1;
	w->clock = zone_clock(w->zone, *usec);
	return !w->of_days && *usec < w->end && w->clock <= w->last;
}

/* The instant of a time of the day; false if it is past.  Sets *ended after the last. */
static bool
is_next(struct walk *w, int64_t n, int64_t *usec, bool *ended)
{
	w->clock = w->day * DATE_USEC_PER_DAY + time_of(w, n);
	if (w->clock < w->look)
		return false;
	*usec = zone_instant(w->zone, w->clock);
	*ended = w->clock > w->last || *usec >= w->end;
	if (*ended || *usec < w->from)
		return false;
	/* Two times that the clock leaves out are the same instant. */
	w->from = *usec + 1;
	return true;
}

/* Counts a period's days that match, for BYSETPOS; c is its first.  Returns the last. */
static int64_t
count_period(struct walk *w, struct cal c, const struct cal *start)
{
	int	before, after;
	int64_t	last;

	w->before = w->total = 0;
	w->period = period_of(w->rule, &c);
	period_days(w->rule, &c, &before, &after);
	last = c.day + after;
	while (c.day <= last) {
		bool	fit = fits(w->rule, &c, start);

		w->steps++;
		w->total += fit;
		know_day(&c, c.day + (fit ? 1 : ahead(w->rule, &c, start)), w->rule);
	}
	return last;
}

/*
 * The first time of the day, from its nth on, that a position names; many if none does.
 * Looks at the positions, as there are many more times.
 */
static int64_t
named_time(const struct walk *w, int64_t n, int64_t many)
{
	const struct rrule_list	*positions = &w->rule->by[BY_SETPOS];
	int64_t			 first = many;

	for (int i = 0; i < positions->n; i++) {
		int64_t	v = positions->value[i];
		int64_t	at = (v > 0 ? v - 1 : w->total * many + v) - w->before * many;

		if (at >= n && at < first)
			first = at;
	}
	return first;
}

/* True if a position names a time of the period. */
static bool
any_named(const struct walk *w, int64_t many)
{
	const struct rrule_list	*positions = &w->rule->by[BY_SETPOS];

	for (int i = 0; i < positions->n; i++)
		if (labs(positions->value[i]) <= w->total * many)
			return true;
	return false;
}

bool
walk_next(struct walk *w, int64_t *usec)
{
	const struct rrule_list	*positions = &w->rule->by[BY_SETPOS];
	const int64_t		 many = times(w);
	int64_t			 n, end_step = w->steps + GAP_STEPS;
	struct cal		 start, c;
	bool			 ended = false;

	if (w->rule->freq < RRULE_DAILY)
		return next_step(w, usec);
	if (end_step > ALL_STEPS)
		end_step = ALL_STEPS;
	know_day(&start, floor_div(w->start, DATE_USEC_PER_DAY), w->rule);
	for (; w->day <= w->end_day && w->steps < end_step; w->day++, w->time = 0) {
		w->steps++;
		know_day(&c, w->day, w->rule);
		if (positions->n > 0 && period_of(w->rule, &c) != w->period) {
			int64_t	last = count_period(w, c, &start);

			if (!any_named(w, many)) {
				w->day = fits(w->rule, &c, &start) ? last :
				    most(last, w->day + ahead(w->rule, &c, &start) - 1);
				continue;
			}
		}
		if (!fits(w->rule, &c, &start)) {
			w->day += ahead(w->rule, &c, &start) - 1;
			continue;
		}
		while ((n = positions->n > 0 ? named_time(w, w->time, many) : w->time) < many) {
			w->steps++;
			w->time = n + 1;
			if (is_next(w, n, usec, &ended))
				return true;
			if (ended)
				return false;
		}
		w->before++;
	}
	return false;
}
