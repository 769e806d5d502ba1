/* SPDX-License-Identifier: ISC */
/*
 * A date or time as text; and as eight bytes, of which both a time, written and
 * read again, and such a text are made.
 */
#include <ctype.h>
#include <time.h>

#include "base/date.h"
#include "fuzz.h"
#include "db/value.h"

#define UNIX_2000	INT64_C(946684800)
#define FIRST		(-730119 * DATE_USEC_PER_DAY)
#define END		(2921940 * DATE_USEC_PER_DAY)

/* True where the text looks like the pattern: '0' is a digit. */
static bool
fits(const char *p, const char *pattern)
{
	for (; *pattern != '\0'; pattern++, p++)
		if (*pattern == '0' ? !isdigit((unsigned char)*p) : *p != *pattern)
			return false;
	return true;
}

/* The same by the C library, which knows the calendar. */
static enum date_kind
expect(const char *p, size_t len, int64_t *n)
{
	struct tm	 tm = { 0 }, again;
	char		 usec[7] = "000000";
	int		 h = 0, m = 0, sign;
	time_t		 t;

	if (strlen(p) != len || !fits(p, "0000-00-00"))
		return DATE_BAD;
	sscanf(p, "%4d-%2d-%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	if (len > 10) {
		if (strchr("Tt ", p[10]) == NULL || !fits(p + 11, "00:00:00"))
			return DATE_BAD;
		sscanf(p + 11, "%2d:%2d:%2d", &tm.tm_hour, &tm.tm_min, &tm.tm_sec);
	}
	tm.tm_year -= 1900;
	tm.tm_mon--;
	again = tm;
	t = timegm(&again);
	if (again.tm_mon != tm.tm_mon || again.tm_mday != tm.tm_mday ||
	    again.tm_hour != tm.tm_hour || again.tm_min != tm.tm_min ||
	    again.tm_sec != tm.tm_sec)
		return DATE_BAD;
	*n = t - UNIX_2000;
	if (len == 10) {
		*n /= 86400;
		return tm.tm_year == -1900 ? DATE_BAD : DATE_DAY;
	}
	*n *= 1000000;
	p += 19;
	if (*p == '.') {
		len = strspn(++p, "0123456789");
		if (len == 0)
			return DATE_BAD;
		memcpy(usec, p, len < 6 ? len : 6);
		*n += atoi(usec);
		p += len;
	}
	if (strcmp(p, "Z") != 0 && strcmp(p, "z") != 0) {
		sign = *p == '+' ? 1 : *p == '-' ? -1 : 0;
		if (sign == 0 || strlen(p) != 6 || !fits(p + 1, "00:00"))
			return DATE_BAD;
		sscanf(p + 1, "%2d:%2d", &h, &m);
		if (h > 23 || m > 59)
			return DATE_BAD;
		*n -= sign * (h * 60 + m) * INT64_C(60000000);
	}
	return *n < FIRST || *n >= END ? DATE_BAD : DATE_TIME;
}

static void
write_and_read(int64_t usec)
{
	char	text[DATE_TEXT_MAX];
	int64_t	n;
	size_t	len = date_format_time(text, usec);

	HOLDS(len < sizeof text && strlen(text) == len);
	if (usec >= FIRST && usec < END)
		HOLDS(date_parse(text, len, &n) == DATE_TIME && n == usec);
}

static void
check(const char *text, size_t len)
{
	char		 again[DATE_TEXT_MAX];
	int64_t		 n = 0, want = 0;
	enum date_kind	 kind = date_parse(text, len, &n);

	HOLDS(kind == expect(text, len, &want));
	HOLDS(kind == DATE_BAD || n == want);
	if (kind == DATE_DAY) {
		HOLDS(date_format_day(again, (int32_t)n) == len);
		HOLDS(memcmp(again, text, len) == 0);
	} else if (kind == DATE_TIME)
		write_and_read(n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	*text = fuzz_text(data, size), made[40];

	check(text, size);
	if (size == 8) {
		write_and_read((int64_t)get_be64(data));
		write_and_read((int64_t)get_be64(data) % END);
		snprintf(made, sizeof made, "%04u-%02u-%02uT%02u:%02u:%02u+%02u:00",
		    (data[0] * 256U + data[1]) % 10000, data[2] % 14U, data[3] % 33U,
		    data[4] % 26U, data[5] % 62U, data[6] % 62U, data[7] % 26U);
		check(made, strlen(made));
		made[10] = '\0';
		check(made, 10);
	}
	free(text);
	return 0;
}
