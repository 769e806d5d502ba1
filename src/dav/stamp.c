/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/date.h"
#include "dav/stamp.h"
#include "task/line.h"

#define DAY_LEN		8	/* YYYYMMDD */
#define TIME_LEN	15	/* YYYYMMDDTHHMMSS */
#define SECOND		INT64_C(1000000)
#define DURATION_MAX	(INT64_C(9999) * 366 * DATE_USEC_PER_DAY)

static int
number(const char *digits, int n)
{
	int	v = 0;

	for (int i = 0; i < n; i++)
		v = v * 10 + (digits[i] - '0');
	return v;
}

static bool
are_digits(const char *text, size_t n)
{
	return strspn(text, "0123456789") >= n;
}

static bool
read_day(const char *text, int64_t *clock)
{
	int	y, m, d, found[3];

	if (!are_digits(text, DAY_LEN))
		return false;
	y = number(text, 4);
	m = number(text + 4, 2);
	d = number(text + 6, 2);
	if (y < 1 || m < 1 || m > 12 || d < 1)
		return false;
	*clock = date_day(y, m, d) * DATE_USEC_PER_DAY;
	date_civil(date_day(y, m, d), &found[0], &found[1], &found[2]);
	return found[1] == m && found[2] == d;
}

/* A leap second is the one before it. */
static bool
read_time(const char *text, int64_t *clock)
{
	int	h, m, s;

	if (text[DAY_LEN] != 'T' || !are_digits(text + DAY_LEN + 1, 6) || !read_day(text, clock))
		return false;
	h = number(text + 9, 2);
	m = number(text + 11, 2);
	s = number(text + 13, 2);
	*clock += ((h * 60 + m) * INT64_C(60) + (s == 60 ? 59 : s)) * SECOND;
	return h < 24 && m < 60 && s <= 60;
}

enum stamp
stamp_read(struct span value, int64_t *clock)
{
	char	text[TIME_LEN + 3];
	size_t	len = line_copy(value, text, sizeof text);

	if (len == DAY_LEN)
		return read_day(text, clock) ? STAMP_DAY : STAMP_BAD;
	if ((len != TIME_LEN && (len != TIME_LEN + 1 || text[TIME_LEN] != 'Z')) ||
	    !read_time(text, clock))
		return STAMP_BAD;
	return len == TIME_LEN ? STAMP_CLOCK : STAMP_UTC;
}

/* The next number and its unit; false at the end, or if it is no such. */
static bool
next_part(const char **p, int64_t *n, char *unit)
{
	size_t	digits = strspn(*p, "0123456789");

	if (digits == 0 || digits > 9)
		return false;
	*n = number(*p, (int)digits);
	*unit = (*p)[digits];
	*p += digits + (*unit != '\0');
	return true;
}

bool
stamp_duration(struct span value, int64_t *days_usec, int64_t *usec)
{
	static const struct {
		char	unit;
		bool	of_time;
		int64_t	seconds;
	}		 units[] = {
		{ 'W', false, 7 * 86400 }, { 'D', false, 86400 }, { 'H', true, 3600 },
		{ 'M', true, 60 }, { 'S', true, 1 },
	};
	char		 text[48], unit;
	const char	*p = text;
	int64_t		 n, sum[2] = { 0, 0 };
	bool		 of_time = false, back, any = false;

	line_copy(value, text, sizeof text);
	back = *p == '-';
	p += *p == '-' || *p == '+';
	if (*p++ != 'P')
		return false;
	for (;; any = true) {
		size_t	i;

		if (*p == 'T') {
			of_time = true;
			p++;
		}
		if (*p == '\0')
			break;
		if (!next_part(&p, &n, &unit))
			return false;
		for (i = 0; units[i].unit != unit || units[i].of_time != of_time; )
			if (++i == sizeof units / sizeof units[0])
				return false;
		/* Nine digits of weeks are too many microseconds for 64 bits. */
		n *= units[i].seconds;
		if (n > (DURATION_MAX - sum[of_time]) / SECOND)
			return false;
		sum[of_time] += n * SECOND;
	}
	*days_usec = back ? -sum[0] : sum[0];
	*usec = back ? -sum[1] : sum[1];
	return any;
}

