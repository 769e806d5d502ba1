/* SPDX-License-Identifier: ISC */
/*
 * Dates and times: RFC 3339 text to and from PostgreSQL's counts from the
 * start of the year 2000 in UTC (days; microseconds).
 */
#ifndef DATE_H
#define DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum date_kind {
	DATE_BAD,
	DATE_DAY,		/* 2026-02-15 */
	DATE_TIME		/* 2026-02-15T09:30:00Z */
};

#define DATE_USEC_PER_DAY	(INT64_C(86400) * 1000000)
#define DATE_DAY_MIN		(-730119)	/* 0001-01-01 */
#define DATE_DAY_MAX		2921939		/* 9999-12-31 */
#define DATE_END		((DATE_DAY_MAX + 1) * DATE_USEC_PER_DAY)
#define DATE_TEXT_MAX		28	/* "0001-01-01T00:00:00.000000Z" and NUL */

/*
 * Parses len bytes of text.  DATE_DAY: *n is the day.  DATE_TIME: *n is the
 * microsecond; finer digits are cut.  DATE_BAD if the text is no RFC 3339
 * full-date or date-time of the years 0001 to 9999 in UTC, or a leap second.
 * A blank may stand for the T.
 */
enum date_kind	date_parse(const char *text, size_t len, int64_t *n);

/*
 * The same, but *n is a microsecond for DATE_DAY, too.  *clock is the date and time as the text
 * has them, without its offset.
 */
enum date_kind	date_parse_clock(const char *text, size_t len, int64_t *n, int64_t *clock);

/* Cuts the fraction's digits after the sixth, in place. */
void	date_shorten(char *text);

/* The day of a date of the Gregorian calendar, and back; any year will do. */
int64_t	date_day(int y, int m, int d);
void	date_civil(int64_t day, int *y, int *m, int *d);

/* Writes the day as YYYY-MM-DD; returns its length. */
size_t	date_format_day(char out[DATE_TEXT_MAX], int32_t day);

/* Writes the time as YYYY-MM-DDTHH:MM:SS[.ffffff]Z, with the fraction if it is
 * not 0; returns its length. */
size_t	date_format_time(char out[DATE_TEXT_MAX], int64_t usec);

/* The same in ISO 8601's basic format, as in RFC 5545, without fractions: the day as
 * YYYYMMDD, or the time as YYYYMMDDTHHMMSSZ. */
size_t	date_format_basic(char out[DATE_TEXT_MAX], int64_t usec, bool of_days);

#define DATE_HTTP_MAX	30	/* "Sun, 06 Nov 1994 08:49:37 GMT" and NUL */

/* Writes the second as HTTP does (RFC 9110, section 5.6.7). */
void	date_format_http(char out[DATE_HTTP_MAX], int64_t usec);

/* Turns a Unix time in seconds into microseconds since the year 2000; a time after
 * the year 9999 becomes its end. */
int64_t	date_from_unix(int64_t seconds);

/* Turns microseconds since the year 2000, which must be whole seconds, into a Unix time. */
int64_t	date_to_unix(int64_t usec);

#endif
