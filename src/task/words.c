/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "task/words.h"

static const struct {
	const char	*one, *many;	/* the unit in words */
	const char	*rule;
} units[] = {
	{ "day", "days", "FREQ=DAILY" },
	{ "week", "weeks", "FREQ=WEEKLY" },
	{ "month", "months", "FREQ=MONTHLY" },
	{ "year", "years", "FREQ=YEARLY" },
};

static const struct {
	const char	*pattern, *rule;
} words[] = {
	{ "daily", "FREQ=DAILY" },
	{ "weekly", "FREQ=WEEKLY" },
	{ "monthly", "FREQ=MONTHLY" },
	{ "yearly", "FREQ=YEARLY" },
	{ "weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" },
	{ "every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" },
};

/* "every", "every 3", "every other", and a unit: its rule. */
static bool
every(const char *text, char *out, size_t size)
{
	char	what[32], unit[32], junk;
	long	n = 1;

	if (sscanf(text, "every %31s %31s %c", what, unit, &junk) == 2) {
		if (strcmp(what, "other") == 0)
			n = 2;
		else if (what[strspn(what, "0123456789")] != '\0' || (n = atol(what)) < 1)
			return false;
	} else if (sscanf(text, "every %31s %c", unit, &junk) != 1)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(unit, units[i].one) == 0 || strcmp(unit, units[i].many) == 0) {
			snprintf(out, size, n > 1 ? "%s;INTERVAL=%ld" : "%s", units[i].rule, n);
			return true;
		}
	return false;
}

/* The text of a rule, which libical checks. */
void
words_rule(const char *pattern, char *out, size_t size)
{
	char	lower[WORDS_PATTERN_MAX + 1];
	size_t	n = strlen(pattern);

	for (size_t i = 0; i <= n; i++)
		lower[i] = (char)tolower((unsigned char)pattern[i]);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(lower, words[i].pattern) == 0) {
			snprintf(out, size, "%s", words[i].rule);
			return;
		}
	if (every(lower, out, size))
		return;
	snprintf(out, size, "%s", strncmp(lower, "rrule:", 6) == 0 ? pattern + 6 : pattern);
}
