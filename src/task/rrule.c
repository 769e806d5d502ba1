/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "task/libical.h"
#include "task/rrule.h"

#define NUMBER_DIGITS	4

static const char *const	freqs[] = {
	"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", NULL
};
static const char *const	weekdays[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA", NULL };

/* The lists of a rule, and the frequencies, from DAILY, with which RFC 5545 allows them. */
static const struct {
	const char	*name;
	int		 min, max;	/* if min is 1, negative ones count from the end */
	bool		 daily, weekly, monthly, yearly;
} lists[BY__MAX] = {
	[BY_SECOND] = { "BYSECOND", 0, 59, true, true, true, true },
	[BY_MINUTE] = { "BYMINUTE", 0, 59, true, true, true, true },
	[BY_HOUR] = { "BYHOUR", 0, 23, true, true, true, true },
	[BY_DAY] = { "BYDAY", 1, 53, true, true, true, true },
	[BY_MONTHDAY] = { "BYMONTHDAY", 1, 31, true, false, true, true },
	[BY_YEARDAY] = { "BYYEARDAY", 1, 366, false, false, false, true },
	[BY_WEEKNO] = { "BYWEEKNO", 1, 53, false, false, false, true },
	[BY_MONTH] = { "BYMONTH", 1, 12, true, true, true, true },
	[BY_SETPOS] = { "BYSETPOS", 1, 366, true, true, true, true },
};

static int
name_index(const char *const *names, const char *name)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

/* libical cuts numbers to 16 bits; only dates and times need more than four digits. */
static bool
numbers_fit(const char *text)
{
	size_t	digits;

	for (const char *p = text; *p != '\0'; p += digits > 0 ? digits : 1)
		if ((digits = strspn(p, "0123456789")) > NUMBER_DIGITS &&
		    (p - text < 6 || strncasecmp(p - 6, "UNTIL=", 6) != 0) &&
		    (p == text || p[-1] != 'T'))
			return false;
	return true;
}

/* Plain digits, as these are rewritten in place; libical also takes "+3", " 3" and "5x". */
static bool
numbers_plain(const char *text)
{
	static const char *const	parts[] = { "COUNT=", "INTERVAL=" };

	for (; *text != '\0'; text += strcspn(text, ";"), text += *text == ';')
		for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
			size_t	n = strlen(parts[i]);

			if (strncasecmp(text, parts[i], n) == 0 &&
			    strspn(text + n, "0123456789") != strcspn(text + n, ";"))
				return false;
		}
	return true;
}

/* The rule as libical writes it; false if it can't read it. */
static bool
canonical(const char *text, char out[RRULE_TEXT_MAX])
{
	const struct libical	*lib = libical_load();
	icalvalue		*value;
	char			*normal;
	bool			 fits;

	if (lib == NULL || (value = lib->icalvalue_new_from_string(ICAL_RECUR_VALUE, text)) == NULL)
		return false;
	normal = lib->icalvalue_as_ical_string_r(value);
	lib->icalvalue_free(value);
	fits = normal != NULL && strlen(normal) < RRULE_TEXT_MAX;
	if (fits)
		strcpy(out, normal);
	lib->icalmemory_free_buffer(normal);
	lib->icalmemory_free_ring();
	return fits;
}

/* "20260201" or "20260201T093000", with Z if it is in UTC; a date lasts all day. */
static bool
parse_until(const char *text, int64_t *until, bool *utc)
{
	char			 iso[DATE_TEXT_MAX];
	int			 y, m, d, h = 23, min = 59, s = 59;
	int			 n = sscanf(text, "%4d%2d%2dT%2d%2d%2d", &y, &m, &d, &h, &min, &s);

	if (n != 3 && n != 6)
		return false;
	snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", y % 10000, m % 100, d % 100,
	    h % 100, min % 100, s % 100);
	if (date_parse(iso, strlen(iso), until) != DATE_TIME)
		return false;
	*until += 999999;
	*utc = text[strlen(text) - 1] == 'Z';
	return true;
}

static int
by_value(const void *a, const void *b)
{
	return *(const short *)a - *(const short *)b;
}

static bool
parse_list(enum rrule_by by, char *text, struct rrule_list *list)
{
	const int	 min = lists[by].min, max = lists[by].max;
	char		*end, *next;
	long		 v;
	int		 weekday = 0, n = 1;

	if (list->n > 0)
		return false;
	for (; text != NULL; text = next) {
		if ((next = strchr(text, ',')) != NULL)
			*next++ = '\0';
		v = strtol(text, &end, 10);
		if (by == BY_DAY) {
			if ((weekday = name_index(weekdays, end)) < 0 || (v == 0 && end != text))
				return false;
		} else if (end == text || *end != '\0' || v < (min > 0 ? -max : 0) ||
		    (min > 0 && v == 0))
			return false;
		if (v > max || v < -max || list->n == RRULE_VALUES_MAX)
			return false;
		list->value[list->n++] = (short)(by == BY_DAY ? 8 * v + weekday : v);
	}
	qsort(list->value, (size_t)list->n, sizeof list->value[0], by_value);
	/* A value that is there twice counts once. */
	for (int i = 1; i < list->n; i++)
		if (list->value[i] != list->value[n - 1])
			list->value[n++] = list->value[i];
	list->n = n;
	return true;
}

static bool
parse_part(struct rrule *rule, const char *name, char *value)
{
	int	n;

	if (strcmp(name, "FREQ") == 0) {
		rule->freq = (enum rrule_freq)(n = name_index(freqs, value));
		return n >= 0;
	}
	if (strcmp(name, "WKST") == 0)
		return (rule->week_start = name_index(weekdays, value)) >= 0;
	if (strcmp(name, "UNTIL") == 0)
		return parse_until(value, &rule->until, &rule->until_utc);
	if (strcmp(name, "COUNT") == 0)
		return (rule->count = atoi(value)) > 0;
	if (strcmp(name, "INTERVAL") == 0)
		return (rule->interval = atoi(value)) > 0;
	for (int by = 0; by < BY__MAX; by++)
		if (strcmp(name, lists[by].name) == 0)
			return parse_list(by, value, &rule->by[by]);
	return false;
}

/* True if RFC 5545 allows the rule (the table and notes of section 3.3.10). */
static bool
is_allowed(const struct rrule *rule)
{
	const struct rrule_list	*days = &rule->by[BY_DAY];
	bool			 any = false;

	for (int by = 0; by < BY__MAX; by++) {
		const bool	allowed[] = { false, false, false, lists[by].daily,
				    lists[by].weekly, lists[by].monthly, lists[by].yearly };

		if (rule->by[by].n > 0 && !allowed[rule->freq])
			return false;
		any = any || (by != BY_SETPOS && rule->by[by].n > 0);
	}
	for (int i = 0; i < days->n; i++)
		if (days->value[i] >> 3 != 0 && (rule->freq < RRULE_MONTHLY ||
		    rule->by[BY_WEEKNO].n > 0))
			return false;
	return any || rule->by[BY_SETPOS].n == 0;
}

bool
rrule_parse(struct rrule *rule, const char *pattern, size_t len)
{
	char	text[WORDS_PATTERN_MAX + 1], rrule[WORDS_PATTERN_MAX + 1], *part, *value, *next;
	bool	freq = false;

	if (len > WORDS_PATTERN_MAX || memchr(pattern, '\0', len) != NULL)
		return false;
	for (; len > 0 && isspace((unsigned char)*pattern); len--)
		pattern++;
	while (len > 0 && isspace((unsigned char)pattern[len - 1]))
		len--;
	snprintf(text, sizeof text, "%.*s", (int)len, pattern);
	memset(rule, 0, sizeof *rule);
	rule->interval = 1;
	rule->until = INT64_MAX;
	rule->week_start = 1;
	words_rule(text, rrule, sizeof rrule);
	/* libical stops at an empty part, and ignores the rest. */
	if (strstr(rrule, ";;") != NULL || !numbers_fit(rrule) || !numbers_plain(rrule) ||
	    !canonical(rrule, rule->text))
		return false;
	strcpy(text, rule->text);
	for (part = text; part != NULL; part = next) {
		if ((next = strchr(part, ';')) != NULL)
			*next++ = '\0';
		if ((value = strchr(part, '=')) == NULL)
			return false;
		*value++ = '\0';
		if (!parse_part(rule, part, value))
			return false;
		freq = freq || strcmp(part, "FREQ") == 0;
	}
	return freq && is_allowed(rule);
}

bool
rrule_lower_count(char *out, size_t size, const char *pattern, size_t len, int by)
{
	static const char	name[] = "COUNT=";
	size_t			at, digits = 0, head;

	for (at = 0; at + sizeof name <= len; at++)
		if (strncasecmp(pattern + at, name, sizeof name - 1) == 0)
			break;
	head = at + sizeof name - 1;
	if (head >= len)
		return false;
	while (head + digits < len && isdigit((unsigned char)pattern[head + digits]))
		digits++;
	return (size_t)snprintf(out, size, "%.*s%d%.*s", (int)head, pattern,
	    atoi(pattern + head) - by, (int)(len - head - digits), pattern + head + digits) < size;
}

bool
rrule_text(char out[RRULE_TEXT_MAX], const struct rrule *rule, bool of_days)
{
	const struct rrule_list	*by = rule->by;
	const char		*part = rule->text, *before = "";
	char			 until[DATE_TEXT_MAX];
	size_t			 n, len = 0;

	if (of_days && (rule->freq < RRULE_DAILY || (by[BY_SETPOS].n > 0 && by[BY_DAY].n == 0 &&
	    by[BY_MONTHDAY].n == 0 && by[BY_YEARDAY].n == 0 && by[BY_WEEKNO].n == 0 &&
	    by[BY_MONTH].n == 0)))
		return false;
	for (; *part != '\0'; part += n, part += *part == ';') {
		n = strcspn(part, ";");
		if (of_days && (strncmp(part, "BYHOUR=", 7) == 0 ||
		    strncmp(part, "BYMINUTE=", 9) == 0 || strncmp(part, "BYSECOND=", 9) == 0))
			continue;
		len += (size_t)snprintf(out + len, RRULE_TEXT_MAX - len, "%s", before);
		before = ";";
		if (strncmp(part, "UNTIL=", 6) == 0) {
			date_format_basic(until, rule->until, of_days);
			len += (size_t)snprintf(out + len, RRULE_TEXT_MAX - len, "UNTIL=%s", until);
		} else
			len += (size_t)snprintf(out + len, RRULE_TEXT_MAX - len, "%.*s", (int)n,
			    part);
		if (len >= RRULE_TEXT_MAX)
			return false;
	}
	return true;
}
