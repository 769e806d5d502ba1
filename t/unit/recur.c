/* SPDX-License-Identifier: ISC */
/* Patterns, what is understood of them, and when they come again. */
#include <inttypes.h>
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "task/walk.h"
#include "tap.h"

#define UNIX_2000	INT64_C(946684800)

static const struct {
	const char	*pattern;
	const char	*rule;		/* NULL: plain text */
} patterns[] = {
	{ "daily", "FREQ=DAILY" },
	{ "weekly", "FREQ=WEEKLY" },
	{ "monthly", "FREQ=MONTHLY" },
	{ "yearly", "FREQ=YEARLY" },
	{ "weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" },
	{ "every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" },
	{ "  Daily ", "FREQ=DAILY" },
	{ "every day", "FREQ=DAILY" },
	{ "every other week", "FREQ=WEEKLY;INTERVAL=2" },
	{ "every 2 weeks", "FREQ=WEEKLY;INTERVAL=2" },
	{ "Every  3   Months", "FREQ=MONTHLY;INTERVAL=3" },
	{ "every 1 year", "FREQ=YEARLY" },
	{ "every 9999 days", "FREQ=DAILY;INTERVAL=9999" },
	{ "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=-1FR" },
	{ "RRULE:FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3" },
	{ "rrule:freq=daily", "FREQ=DAILY" },
	{ "FREQ=DAILY;UNTIL=20270101T120000Z", "FREQ=DAILY;UNTIL=20270101T120000Z" },
	{ "FREQ=WEEKLY;WKST=SU;BYDAY=SA,SU;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,SA;WKST=SU" },
	{ "FREQ=MINUTELY;INTERVAL=5", "FREQ=MINUTELY;INTERVAL=5" },
	{ "", NULL },
	{ "when I feel like it", NULL },
	{ "every", NULL },
	{ "every 0 days", NULL },
	{ "every -1 days", NULL },
	{ "every +2 weeks", NULL },
	{ "every 10000 days", NULL },
	{ "every 99999999999999999999 days", NULL },
	{ "every 2 weeks on Monday", NULL },
	{ "every two weeks", NULL },
	{ "every blue moon", NULL },
	{ "FREQ=", NULL },
	{ "FREQ=FORTNIGHTLY", NULL },
	{ "INTERVAL=2", NULL },
	{ "FREQ=DAILY;FREQ=WEEKLY", NULL },
	{ "FREQ=DAILY;INTERVAL=0", NULL },
	{ "FREQ=DAILY;INTERVAL=65537", NULL },	/* libical: 1 */
	{ "FREQ=DAILY;COUNT=0", NULL },
	{ "FREQ=DAILY;COUNT=-1", NULL },
	{ "FREQ=DAILY;COUNT=+3", NULL },	/* libical: 3; so are these */
	{ "FREQ=DAILY;COUNT= 3", NULL },
	{ "FREQ=DAILY;count=3junk", NULL },
	{ "FREQ=DAILY;INTERVAL=+2", NULL },
	{ "INTERVAL=2x;FREQ=DAILY", NULL },
	{ "FREQ=DAILY;;COUNT=3", NULL },	/* libical: daily */
	{ "FREQ=DAILY;COUNT=2;UNTIL=20270101", NULL },
	{ "FREQ=DAILY;UNTIL=20270230", NULL },
	{ "FREQ=DAILY;UNTIL=tomorrow", NULL },
	{ "FREQ=DAILY;BYMONTH=13", NULL },
	{ "FREQ=DAILY;BYMONTH=0", NULL },
	{ "FREQ=MONTHLY;BYMONTHDAY=32", NULL },
	{ "FREQ=MONTHLY;BYDAY=99FR", NULL },
	{ "FREQ=MONTHLY;BYDAY=0FR", "FREQ=MONTHLY;BYDAY=FR" },
	{ "FREQ=WEEKLY;BYDAY=2MO", NULL },
	{ "FREQ=WEEKLY;BYMONTHDAY=1", NULL },
	{ "FREQ=MONTHLY;BYYEARDAY=1", NULL },
	{ "FREQ=DAILY;BYSETPOS=1", NULL },
	{ "FREQ=HOURLY;BYHOUR=5", NULL },
	{ "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", NULL },
	{ "FREQ=DAILY;RSCALE=CHINESE", NULL },
	{ "FREQ=DAILY\nBEGIN:VTODO", NULL },
	{ "FREQ=DAILY;X-NAME=1", NULL },
};

static const struct {
	const char	*pattern, *start, *from;
	const char	*next;		/* at most three */
} cases[] = {
	{ "daily", "2026-02-01", "", "2026-02-02 2026-02-03 2026-02-04" },
	{ "daily", "2026-02-01", "2026-11-21", "2026-11-21 2026-11-22 2026-11-23" },
	{ "every 3 days", "2026-02-01", "2026-02-08", "2026-02-10 2026-02-13 2026-02-16" },
	{ "weekly", "2026-02-01", "", "2026-02-08 2026-02-15 2026-02-22" },
	{ "every 2 weeks", "2026-02-01", "", "2026-02-15 2026-03-01 2026-03-15" },
	{ "weekdays", "2026-02-05", "", "2026-02-06 2026-02-09 2026-02-10" },
	{ "monthly", "2026-01-31", "", "2026-03-31 2026-05-31 2026-07-31" },
	{ "every 2 months", "2026-01-15", "2026-03-16", "2026-05-15 2026-07-15 2026-09-15" },
	{ "yearly", "2024-02-29", "", "2028-02-29 2032-02-29 2036-02-29" },
	{ "yearly", "2026-02-01", "2030-02-01", "2030-02-01 2031-02-01 2032-02-01" },
	{ "daily", "2026-02-01T09:30:00.5Z", "2026-02-03T09:30:01Z",
	  "2026-02-04T09:30:00.500000Z 2026-02-05T09:30:00.500000Z 2026-02-06T09:30:00.500000Z" },
	{ "FREQ=HOURLY;INTERVAL=8", "2026-02-01T09:00:00Z", "2026-02-03T00:00:00Z",
	  "2026-02-03T01:00:00Z 2026-02-03T09:00:00Z 2026-02-03T17:00:00Z" },
	{ "FREQ=SECONDLY", "0001-01-01T00:00:00Z", "2026-02-01T00:00:00Z",
	  "2026-02-01T00:00:00Z 2026-02-01T00:00:01Z 2026-02-01T00:00:02Z" },
	{ "FREQ=HOURLY", "2026-02-01", "", "" },		/* no hours without a time */
	{ "FREQ=DAILY;BYHOUR=17,9", "2026-02-01T09:30:00Z", "",
	  "2026-02-01T17:30:00Z 2026-02-02T09:30:00Z 2026-02-02T17:30:00Z" },
	{ "FREQ=DAILY;BYHOUR=17,9", "2026-02-01", "", "2026-02-02 2026-02-03 2026-02-04" },
	{ "FREQ=DAILY;BYHOUR=9,9,17", "2026-02-01T09:00:00Z", "",
	  "2026-02-01T17:00:00Z 2026-02-02T09:00:00Z 2026-02-02T17:00:00Z" },
	{ "FREQ=DAILY;UNTIL=20260203", "2026-02-01", "", "2026-02-02 2026-02-03" },
	{ "FREQ=DAILY;UNTIL=20260203", "2026-02-01T09:00:00Z", "",
	  "2026-02-02T09:00:00Z 2026-02-03T09:00:00Z" },
	{ "FREQ=DAILY;UNTIL=20260203T085959Z", "2026-02-01T09:00:00Z", "",
	  "2026-02-02T09:00:00Z" },
	/* Examples of RFC 5545, section 3.8.5.3. */
	{ "FREQ=MONTHLY;BYDAY=1FR", "1997-09-05", "", "1997-10-03 1997-11-07 1997-12-05" },
	{ "FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU", "1997-09-07", "",
	  "1997-09-28 1997-11-02 1997-11-30" },
	{ "FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "", "1997-10-29 1997-11-28 1997-12-29" },
	{ "FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200", "1997-01-01", "",
	  "1997-04-10 1997-07-19 2000-01-01" },
	{ "FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "", "1998-05-18 1999-05-17" },
	{ "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "", "1998-05-11 1999-05-17" },
	{ "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13", "", "1997-03-20 1997-03-27 1998-03-05" },
	{ "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02", "",
	  "1998-02-13 1998-03-13 1998-11-13" },
	{ "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", "",
	  "2000-11-07 2004-11-02" },
	{ "FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "", "1997-10-07 1997-11-06" },
	{ "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "",
	  "1997-10-30 1997-11-27 1997-12-30" },
	{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", "",
	  "1997-08-10 1997-08-19 1997-08-24" },
	{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", "",
	  "1997-08-17 1997-08-19 1997-08-31" },
	/* Where libical 3 does otherwise. */
	{ "FREQ=DAILY;BYMONTHDAY=1,-1", "2026-01-31", "", "2026-02-01 2026-02-28 2026-03-01" },
	{ "FREQ=YEARLY;BYMONTHDAY=1,3", "1997-09-02", "", "1997-09-03 1997-10-01 1997-10-03" },
	{ "FREQ=YEARLY;BYMONTHDAY=1,3;BYDAY=TU,TH", "1997-09-02", "", "1998-01-01 1998-02-03 1998-03-03" },
	{ "FREQ=YEARLY;BYWEEKNO=20", "1997-09-02", "", "1998-05-12 1999-05-18 2000-05-16" },
	{ "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "2026-02-01", "", "2026-02-06 2026-02-13 2026-02-20" },
	{ "FREQ=DAILY;BYHOUR=8,12,16;BYSETPOS=2,-1", "2026-02-01T08:00:00Z", "",
	  "2026-02-01T12:00:00Z 2026-02-01T16:00:00Z 2026-02-02T12:00:00Z" },
	{ "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9,18;BYSETPOS=3,-1", "2026-02-02T09:00:00Z", "",
	  "2026-02-04T09:00:00Z 2026-02-04T18:00:00Z 2026-02-11T09:00:00Z" },
	{ "FREQ=MONTHLY;BYDAY=MO;BYHOUR=7,8;BYSETPOS=9,-9", "2026-02-02T07:00:00Z", "2026-03-01",
	  "2026-03-02T08:00:00Z 2026-03-30T07:00:00Z 2026-06-01T08:00:00Z" },
	/* Weeks that belong to another year than some of their days. */
	{ "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2024-01-01", "", "2024-12-30 2025-12-29 2027-01-04" },
	{ "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", "2021-01-03", "", "2027-01-03 2033-01-02" },
	/* The 400 years of the calendar, and its end. */
	{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "2032-02-29", "", "2060-02-29 2088-02-29" },
	{ "daily", "9999-12-30", "", "9999-12-31" },
	{ "yearly", "9999-12-30", "", "" },
	{ "every 9999 years", "2026-02-01", "", "" },
};

/* None of these has an end in libical within a minute, or an occurrence at all. */
static const char *const	never[] = {
	"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
	"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
	"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=1,2,3,4,5,6,7;BYMINUTE=1,2,3,4,5;BYSECOND=1,2,3",
	"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=-30",
	"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=200",
	"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=20",
	"FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=31;BYDAY=MO;BYSETPOS=99",
	"FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
	"FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
	"FREQ=DAILY;INTERVAL=7;BYDAY=MO",
	"FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7;BYMINUTE=1,2,3,4,5,6,7;BYSECOND=1,2,3,4,5,6,7;BYSETPOS=366",
	"FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU;BYMONTHDAY=4",
	"FREQ=DAILY;INTERVAL=7;BYDAY=MO,TU",
	"FREQ=DAILY;BYSETPOS=2;BYDAY=MO",
	"FREQ=YEARLY;BYYEARDAY=366;BYMONTHDAY=30",
	"FREQ=YEARLY;BYDAY=53MO,53TU;BYMONTHDAY=28",
	"FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=4",
	"FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20",
	"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=300",
	"FREQ=MONTHLY;BYDAY=1MO,2TU,3WE,4TH,5FR,-1SA;BYMONTHDAY=1;BYSETPOS=2",
};

/* The same by libical's own iterator, of rules that it has right and that fit before long. */
static const char *const	also[] = {
	"FREQ=DAILY", "FREQ=DAILY;INTERVAL=10", "FREQ=DAILY;BYMONTH=1,12", "FREQ=DAILY;BYDAY=MO,WE",
	"FREQ=DAILY;BYMONTHDAY=1,15", "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0,30",
	"FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=TU,TH",
	"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
	"FREQ=WEEKLY;BYDAY=SA;BYHOUR=6",
	"FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=5", "FREQ=MONTHLY;BYMONTHDAY=15,-1",
	"FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=-1FR,1MO", "FREQ=MONTHLY;BYDAY=WE",
	"FREQ=MONTHLY;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SA",
	"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=1,-1",
	"FREQ=MONTHLY;BYMONTH=6,7;BYMONTHDAY=31,1",
	"FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;BYMONTH=1,6",
	"FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=2,30", "FREQ=YEARLY;BYYEARDAY=1,100,-1",
	"FREQ=YEARLY;BYDAY=1MO,-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=YEARLY;BYDAY=FR",
	"FREQ=YEARLY;BYWEEKNO=20,40;BYDAY=MO",
	"FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
	"FREQ=YEARLY;BYMONTH=4;BYDAY=MO,TU;BYSETPOS=3",
};
static const char *const	starts[] = {
	"2026-02-01T09:30:00Z", "2024-02-29T23:59:59Z", "2025-12-31T00:00:00Z", "1999-06-15T12:00:00Z",
	"2023-01-30T18:45:10Z",
};

static int64_t
usec_of(const char *text, bool *of_days)
{
	int64_t		n = 0;
	enum date_kind	kind = date_parse(text, strlen(text), &n);

	if (of_days != NULL)
		*of_days = kind == DATE_DAY;
	return kind == DATE_DAY ? n * DATE_USEC_PER_DAY : n;
}

/* Up to three occurrences, between blanks; returns how many steps they took. */
static int64_t
walk(char *out, const struct rrule *rule, const char *start, const char *from)
{
	struct walk	w;
	bool			of_days;
	int64_t			usec = usec_of(start, &of_days);

	walk_begin(&w, rule, usec, of_days ? NULL : zone_utc(), *from == '\0' ? INT64_MIN : usec_of(from, NULL),
	    INT64_MAX);
	*out = '\0';
	for (int i = 0; i < 3 && walk_next(&w, &usec); i++) {
		if (i > 0)
			strcat(out, " ");
		if (of_days)
			date_format_day(out + strlen(out), (int32_t)(usec / DATE_USEC_PER_DAY));
		else
			date_format_time(out + strlen(out), usec);
	}
	return w.steps;
}

static void
test_patterns(void)
{
	struct rrule	rule;

	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		bool	good = rrule_parse(&rule, patterns[i].pattern, strlen(patterns[i].pattern));

		tap_ok(good == (patterns[i].rule != NULL) &&
		    (!good || strcmp(rule.text, patterns[i].rule) == 0), "'%.*s' is %s%s%s",
		    (int)strcspn(patterns[i].pattern, "\n"), patterns[i].pattern,
		    patterns[i].rule != NULL ? patterns[i].rule : "plain text",
		    good ? ": " : "", good ? rule.text : "");
	}
	tap_ok(!rrule_parse(&rule, "daily\0FREQ=DAILY", 16), "a NUL is no end");
}

static void
test_next(void)
{
	char		text[3 * DATE_TEXT_MAX + 3];
	struct rrule	rule;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool	good = rrule_parse(&rule, cases[i].pattern, strlen(cases[i].pattern));

		*text = '\0';
		if (good)
			walk(text, &rule, cases[i].start, cases[i].from);
		tap_ok(good && strncmp(text, cases[i].next, strlen(cases[i].next)) == 0 &&
		    (*cases[i].next != '\0' || *text == '\0'),
		    "%s after %s, from '%s': %s", cases[i].pattern, cases[i].start, cases[i].from, text);
	}
}

static void
test_never(void)
{
	char		text[3 * DATE_TEXT_MAX + 3];
	struct rrule	rule;

	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		clock_t	begin = clock();
		bool	good = rrule_parse(&rule, never[i], strlen(never[i]));
		int64_t	steps = good ? walk(text, &rule, "2026-02-01T00:00:00Z", "") : 0;

		/* A millisecond's worth, and one period more. */
		tap_ok(good && *text == '\0' && steps > 0 && steps < 6400,
		    "%s never comes (%" PRId64 " steps, %.1f ms)", never[i], steps,
		    (double)(clock() - begin) * 1e3 / CLOCKS_PER_SEC);
	}
}

/* The first 20 are the same as libical's. */
static void
test_also(const char *pattern, const char *start)
{
	enum { N = 20 };
	struct walk	w;
	struct rrule		rule;
	int64_t			begin = usec_of(start, NULL), mine = 0;
	time_t			his[N + 1] = { 0 };
	int			same = 0, n = 0;

	icalrecur_expand_recurrence(pattern, begin / 1000000 + UNIX_2000, N + 1, his);
	if (his[0] == begin / 1000000 + UNIX_2000)	/* the start is his first, if it fits */
		n++;
	if (rrule_parse(&rule, pattern, strlen(pattern))) {
		walk_begin(&w, &rule, begin, zone_utc(), INT64_MIN, INT64_MAX);
		while (same < N && walk_next(&w, &mine) && mine / 1000000 + UNIX_2000 == his[n + same])
			same++;
	}
	same += n;
	tap_ok(same >= N, "%s after %s: as libical says (%d)", pattern, start, same);
}

static void
test_lower_count(void)
{
	static const struct {
		const char	*pattern;
		int		 by;
		const char	*lower;
	} counts[] = {
		{ "FREQ=DAILY;COUNT=3", 1, "FREQ=DAILY;COUNT=2" },
		{ "RRULE:FREQ=WEEKLY;count=100;BYDAY=MO", 42, "RRULE:FREQ=WEEKLY;count=58;BYDAY=MO" },
		{ "FREQ=DAILY", 1, NULL },
		{ "FREQ=DAILY;COUNT=", 1, NULL },
	};
	char	text[WORDS_PATTERN_MAX];

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		const char	*p = counts[i].pattern, *want = counts[i].lower;
		bool		 good = rrule_lower_count(text, sizeof text, p, strlen(p),
				    counts[i].by);

		tap_ok(good == (want != NULL) && (!good || strcmp(text, want) == 0),
		    "%s, less %d", p, counts[i].by);
	}
	tap_ok(!rrule_lower_count(text, 10, "FREQ=DAILY;COUNT=3", 18, 1), "a buffer that is too small");
}

/* As RFC 5545 wants rules with a DTSTART of either kind; NULL: not at all. */
static void
test_text(void)
{
	static const struct {
		const char	*pattern, *of_days, *of_times;
	} texts[] = {
		{ "every 2 weeks", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2" },
		{ "FREQ=DAILY;UNTIL=20270101", "FREQ=DAILY;UNTIL=20270101",
		  "FREQ=DAILY;UNTIL=20270101T235959Z" },
		{ "FREQ=DAILY;UNTIL=20270101T120000Z;BYMONTH=1",
		  "FREQ=DAILY;UNTIL=20270101;BYMONTH=1", "FREQ=DAILY;UNTIL=20270101T120000Z;BYMONTH=1" },
		{ "FREQ=DAILY;UNTIL=19700101T120000", "FREQ=DAILY;UNTIL=19700101",
		  "FREQ=DAILY;UNTIL=19700101T120000Z" },
		{ "FREQ=DAILY;BYHOUR=8,9;BYMINUTE=5;BYSECOND=1;BYDAY=MO;BYSETPOS=1",
		  "FREQ=DAILY;BYDAY=MO;BYSETPOS=1",
		  "FREQ=DAILY;BYSECOND=1;BYMINUTE=5;BYHOUR=8,9;BYDAY=MO;BYSETPOS=1" },
		{ "FREQ=DAILY;BYHOUR=8,9", "FREQ=DAILY", "FREQ=DAILY;BYHOUR=8,9" },
		{ "FREQ=DAILY;BYHOUR=8,9;BYSETPOS=2", NULL, "FREQ=DAILY;BYHOUR=8,9;BYSETPOS=2" },
		{ "FREQ=HOURLY", NULL, "FREQ=HOURLY" },
	};
	char		text[RRULE_TEXT_MAX];
	struct rrule	rule;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		for (int of_days = 0; of_days < 2; of_days++) {
			const char	*want = of_days ? texts[i].of_days : texts[i].of_times;
			bool		 good = rrule_parse(&rule, texts[i].pattern,
					    strlen(texts[i].pattern)) &&
					    rrule_text(text, &rule, of_days);

			tap_ok(good == (want != NULL) && (!good || strcmp(text, want) == 0),
			    "%s from a %s: %s", texts[i].pattern, of_days ? "date" : "time",
			    good ? text : "nothing");
		}
}

int
main(void)
{
	test_patterns();
	test_next();
	test_never();
	for (size_t i = 0; i < sizeof also / sizeof also[0]; i++)
		for (size_t s = 0; s < sizeof starts / sizeof starts[0]; s++)
			test_also(also[i], starts[s]);
	test_lower_count();
	test_text();
	return tap_done();
}
