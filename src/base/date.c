/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"

#define UNIX_DAY_2000	10957	/* 2000-01-01 counted from 1970-01-01 */
#define FRACTION_DIGITS	6

static const unsigned char	month_days[] =
    { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static bool
is_leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* Years count from March, so that a leap day is last. */
int64_t
date_day(int y, int m, int d)
{
	int	era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return (int64_t)era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	    719468 - UNIX_DAY_2000;
}

void
date_civil(int64_t day, int *y, int *m, int *d)
{
	int64_t	z = day + UNIX_DAY_2000 + 719468;
	int64_t	era = (z >= 0 ? z : z - 146096) / 146097;
	int	doe = (int)(z - era * 146097);
	int	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int	mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = (int)(yoe + era * 400) + (*m <= 2);
}

/* Reads exactly n digits at *p, up to max. */
static bool
digits(const char **p, const char *end, int n, int max, int *out)
{
	int	v = 0;

	if (end - *p < n)
		return false;
	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		v = v * 10 + (**p - '0');
	}
	*out = v;
	return v <= max;
}

static bool
byte(const char **p, const char *end, const char *set)
{
	for (; *p < end && *set != '\0'; set++)
		if (**p == *set) {
			(*p)++;
			return true;
		}
	return false;
}

/* ".5": at least one digit, six count. */
static bool
fraction(const char **p, const char *end, int *usec)
{
	int	scale = 100000;

	*usec = 0;
	if (!byte(p, end, "."))
		return true;
	if (*p == end || **p < '0' || **p > '9')
		return false;
	for (; *p < end && **p >= '0' && **p <= '9'; (*p)++, scale /= 10)
		*usec += (**p - '0') * scale;
	return true;
}

void
date_shorten(char *text)
{
	char	*p = strchr(text, '.');
	size_t	 n = p == NULL ? 0 : strspn(p + 1, "0123456789");

	if (n > FRACTION_DIGITS)
		memmove(p + 1 + FRACTION_DIGITS, p + 1 + n, strlen(p + 1 + n) + 1);
}

/* "Z" or "+01:00", in minutes. */
static bool
offset(const char **p, const char *end, int *minutes)
{
	int	h, m, sign;

	*minutes = 0;
	if (byte(p, end, "Zz"))
		return true;
	if (*p == end || (**p != '+' && **p != '-'))
		return false;
	sign = *(*p)++ == '-' ? -1 : 1;
	if (!digits(p, end, 2, 23, &h) || !byte(p, end, ":") || !digits(p, end, 2, 59, &m))
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

/* If the text is no time, *clock stays. */
static enum date_kind
parse(const char *p, size_t len, int64_t *n, int64_t *clock)
{
	const char	*end = p + len;
	int		 y, m, d, h, min, s, usec, off;
	int64_t		 day;

	if (!digits(&p, end, 4, 9999, &y) || !byte(&p, end, "-") ||
	    !digits(&p, end, 2, 12, &m) || !byte(&p, end, "-") ||
	    !digits(&p, end, 2, 31, &d) || m < 1 || d < 1 ||
	    d > month_days[m - 1] + (m == 2 && is_leap(y)))
		return DATE_BAD;
	day = date_day(y, m, d);
	if (p == end) {
		*n = day;
		return y < 1 ? DATE_BAD : DATE_DAY;
	}
	if (!byte(&p, end, "Tt ") || !digits(&p, end, 2, 23, &h) || !byte(&p, end, ":") ||
	    !digits(&p, end, 2, 59, &min) || !byte(&p, end, ":") ||
	    !digits(&p, end, 2, 59, &s) || !fraction(&p, end, &usec) ||
	    !offset(&p, end, &off) || p != end)
		return DATE_BAD;
	*clock = day * DATE_USEC_PER_DAY + ((h * 60 + min) * INT64_C(60) + s) * 1000000 + usec;
	*n = *clock - off * INT64_C(60000000);
	if (*n < DATE_DAY_MIN * DATE_USEC_PER_DAY || *n >= (DATE_DAY_MAX + 1) * DATE_USEC_PER_DAY)
		return DATE_BAD;
	return DATE_TIME;
}

enum date_kind
date_parse(const char *p, size_t len, int64_t *n)
{
	int64_t	clock;

	return parse(p, len, n, &clock);
}

enum date_kind
date_parse_clock(const char *p, size_t len, int64_t *n, int64_t *clock)
{
	enum date_kind	kind = parse(p, len, n, clock);

	if (kind == DATE_DAY)
		*n = *clock = *n * DATE_USEC_PER_DAY;
	return kind;
}

/* Writes n digits of v and the byte that follows them; returns the end. */
static char *
put(char *p, int v, int n, char after)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		p[i] = (char)('0' + v % 10);
	p[n] = after;
	return p + n + 1;
}

/* Keeps the last day's text, as most times of a list are of a few days. */
size_t
date_format_day(char out[DATE_TEXT_MAX], int32_t day)
{
	static struct made {
		int32_t	day;
		char	text[sizeof "YYYY-MM-DD"];
	}		 made[4];
	struct made	*of = &made[day & 3];
	char		*p = of->text;
	int		 y, m, d;

	if (of->day != day || *of->text == '\0') {
		date_civil(day, &y, &m, &d);
		p = put(p, y, 4, '-');
		p = put(p, m, 2, '-');
		put(p, d, 2, '\0');
		of->day = day;
	}
	memcpy(out, of->text, sizeof of->text);
	return sizeof of->text - 1;
}

size_t
date_format_time(char out[DATE_TEXT_MAX], int64_t usec)
{
	int64_t	 day = floor_div(usec, DATE_USEC_PER_DAY), rest = usec - day * DATE_USEC_PER_DAY;
	int	 s, us;
	char	*p;

	s = (int)(rest / 1000000);
	us = (int)(rest % 1000000);
	p = out + date_format_day(out, (int32_t)day);
	*p++ = 'T';
	p = put(p, s / 3600, 2, ':');
	p = put(p, s / 60 % 60, 2, ':');
	p = put(p, s % 60, 2, us != 0 ? '.' : 'Z');
	if (us != 0)
		p = put(p, us, 6, 'Z');
	*p = '\0';
	return (size_t)(p - out);
}

size_t
date_format_basic(char out[DATE_TEXT_MAX], int64_t usec, bool of_days)
{
	const int64_t	 unit = of_days ? DATE_USEC_PER_DAY : 1000000;
	char		 text[DATE_TEXT_MAX], *to = out;

	usec = floor_to(usec, unit);
	if (of_days)
		date_format_day(text, (int32_t)(usec / unit));
	else
		date_format_time(text, usec);
	for (const char *p = text; *p != '\0'; p++)
		if (*p != '-' && *p != ':')
			*to++ = *p;
	*to = '\0';
	return (size_t)(to - out);
}

void
date_format_http(char out[DATE_HTTP_MAX], int64_t usec)
{
	static const char	days[] = "MonTueWedThuFriSatSun",
				months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t			day = floor_div(usec, DATE_USEC_PER_DAY);
	int			s = (int)((usec - day * DATE_USEC_PER_DAY) / 1000000), y, m, d;
	/* 2000-01-01 was a Saturday. */
	int			weekday = (int)(((day + 5) % 7 + 7) % 7);

	date_civil(day, &y, &m, &d);
	memcpy(out, days + 3 * weekday, 3);
	memcpy(out + 3, ", ", 2);
	out = put(out + 5, d, 2, ' ');
	memcpy(out, months + 3 * (m - 1), 3);
	out[3] = ' ';
	out = put(out + 4, y, 4, ' ');
	out = put(out, s / 3600, 2, ':');
	out = put(out, s / 60 % 60, 2, ':');
	out = put(out, s % 60, 2, ' ');
	memcpy(out, "GMT", 4);
}

int64_t
date_from_unix(int64_t seconds)
{
	const int64_t	max = ((int64_t)DATE_DAY_MAX + 1) * DATE_USEC_PER_DAY - 1;
	const int64_t	shift = UNIX_DAY_2000 * INT64_C(86400);

	if (seconds - shift >= max / 1000000)
		return max;
	return (seconds - shift) * 1000000;
}

int64_t
date_to_unix(int64_t usec)
{
	return usec / 1000000 + UNIX_DAY_2000 * INT64_C(86400);
}
