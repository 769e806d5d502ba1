/* SPDX-License-Identifier: ISC */
/* RFC 3339 texts, read and written again. */
#include <string.h>

#include "base/date.h"
#include "tap.h"

static const struct {
	const char	*text;
	const char	*again;		/* NULL: refused */
} cases[] = {
	{ "2026-02-15", "2026-02-15" },
	{ "2000-01-01", "2000-01-01" },
	{ "2024-02-29", "2024-02-29" },
	{ "2000-02-29", "2000-02-29" },
	{ "0001-01-01", "0001-01-01" },
	{ "9999-12-31", "9999-12-31" },
	{ "2026-02-15T09:30:00Z", "2026-02-15T09:30:00Z" },
	{ "2026-02-15t09:30:00z", "2026-02-15T09:30:00Z" },
	{ "2026-02-15 09:30:00Z", "2026-02-15T09:30:00Z" },
	{ "2026-02-15T09:30:00.5Z", "2026-02-15T09:30:00.500000Z" },
	{ "2026-02-15T09:30:00.123456Z", "2026-02-15T09:30:00.123456Z" },
	{ "2026-02-15T09:30:00.1234567899Z", "2026-02-15T09:30:00.123456Z" },
	{ "2026-02-15T00:30:00+01:00", "2026-02-14T23:30:00Z" },
	{ "2026-12-31T23:30:00-00:45", "2027-01-01T00:15:00Z" },
	{ "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z" },
	{ "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
	{ "0000-12-31T23:30:00-01:00", "0001-01-01T00:30:00Z" },
	{ "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z" },
	{ "", NULL },
	{ "0000-01-01", NULL },
	{ "2026-2-15", NULL },
	{ "26-02-15", NULL },
	{ "2026-02-30", NULL },
	{ "2025-02-29", NULL },
	{ "1900-02-29", NULL },
	{ "2026-00-10", NULL },
	{ "2026-13-10", NULL },
	{ "2026-01-00", NULL },
	{ "2026-04-31", NULL },
	{ "10000-01-01", NULL },
	{ "-2026-01-01", NULL },
	{ "2026-02-15T", NULL },
	{ "2026-02-15T09:30", NULL },
	{ "2026-02-15T09:30Z", NULL },
	{ "2026-02-15T09:30:00", NULL },
	{ "2026-02-15T24:00:00Z", NULL },
	{ "2026-02-15T09:60:00Z", NULL },
	{ "2026-02-15T23:59:60Z", NULL },
	{ "2026-02-15T09:30:00.Z", NULL },
	{ "2026-02-15T09:30:00+0100", NULL },
	{ "2026-02-15T09:30:00+24:00", NULL },
	{ "2026-02-15T09:30:00+01:60", NULL },
	{ "2026-02-15T09:30:00Z ", NULL },
	{ " 2026-02-15", NULL },
	{ "2026-02-15\t09:30:00Z", NULL },
	{ "0001-01-01T00:30:00+01:00", NULL },
	{ "9999-12-31T23:30:00-01:00", NULL },
	{ "tomorrow", NULL },
};

/* Every day once, forth and back. */
static void
test_all_days(void)
{
	char	text[DATE_TEXT_MAX];
	int64_t	n;
	long	wrong = 0;

	for (int32_t day = -730119; day <= 2921939; day++) {
		size_t	len = date_format_day(text, day);

		if (date_parse(text, len, &n) != DATE_DAY || n != day)
			wrong++;
	}
	tap_ok(wrong == 0, "all days of the years 1 to 9999");
}

/* What a clock in UTC would show, whatever the offset. */
static void
test_http(void)
{
	static const char *const	dates[][2] = {
		{ "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ "2000-01-01T00:00:00Z", "Sat, 01 Jan 2000 00:00:00 GMT" },
		{ "1999-12-31T23:59:59.999999Z", "Fri, 31 Dec 1999 23:59:59 GMT" },
		{ "2024-02-29T12:00:00Z", "Thu, 29 Feb 2024 12:00:00 GMT" },
		{ "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT" },
		{ "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT" },
	};
	char	text[DATE_HTTP_MAX];
	int64_t	n;

	for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
		date_parse(dates[i][0], strlen(dates[i][0]), &n);
		date_format_http(text, n);
		tap_ok(strcmp(text, dates[i][1]) == 0, "%s is %s", dates[i][0], text);
	}
}

static void
test_clock(void)
{
	static const struct {
		const char	*text, *instant, *clock;
	} times[] = {
		{ "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z" },
		{ "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z" },
		{ "2026-11-22T00:00:00-05:00", "2026-11-22T05:00:00Z", "2026-11-22T00:00:00Z" },
		{ "2026-11-22T00:00:00.5+14:00", "2026-11-21T10:00:00.500000Z",
		    "2026-11-22T00:00:00.500000Z" },
	};
	char	a[DATE_TEXT_MAX], b[DATE_TEXT_MAX];
	int64_t	n, clock;

	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		enum date_kind	kind = date_parse_clock(times[i].text, strlen(times[i].text),
				    &n, &clock);

		date_format_time(a, n);
		date_format_time(b, clock);
		tap_ok(kind == (i == 0 ? DATE_DAY : DATE_TIME) &&
		    strcmp(a, times[i].instant) == 0 && strcmp(b, times[i].clock) == 0,
		    "the clock of '%s'", times[i].text);
	}
}

int
main(void)
{
	char		again[DATE_TEXT_MAX];
	int64_t		n;
	enum date_kind	kind;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char	*want = cases[i].again;

		kind = date_parse(cases[i].text, strlen(cases[i].text), &n);
		if (kind == DATE_DAY)
			date_format_day(again, (int32_t)n);
		else if (kind == DATE_TIME)
			date_format_time(again, n);
		tap_ok((kind == DATE_BAD) == (want == NULL) &&
		    (want == NULL || strcmp(want, again) == 0), "'%s'", cases[i].text);
	}
	test_all_days();
	test_clock();
	test_http();
	date_format_time(again, date_from_unix(0));
	tap_ok(strcmp(again, "1970-01-01T00:00:00Z") == 0, "Unix time 0");
	date_format_time(again, date_from_unix(INT64_MAX));
	tap_ok(strcmp(again, "9999-12-31T23:59:59.999999Z") == 0, "a time past the end");
	tap_ok(date_to_unix(date_from_unix(1700000000)) == 1700000000 &&
	    date_to_unix(date_from_unix(0)) == 0, "a Unix time, forth and back");
	return tap_done();
}
