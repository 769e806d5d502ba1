/* SPDX-License-Identifier: ISC */
/* Eight bytes for a start, and a pattern of recurrence. */
#include "base/date.h"
#include "fuzz.h"
#include "task/walk.h"
#include "db/value.h"

#define FIRST	(-730119 * DATE_USEC_PER_DAY)

/* Occurrences rise, from where they are wanted, and days stay days. */
static void
check_walk(const struct rrule *rule, int64_t start, const struct zone *zone, int64_t from,
    int64_t end)
{
	struct walk	w;
	int64_t			last = start, usec;

	walk_begin(&w, rule, start, zone, from, end);
	for (int i = 0; i < 20 && walk_next(&w, &usec); i++) {
		HOLDS(usec > last && usec >= from && usec < end && usec < DATE_END);
		HOLDS((zone == NULL || rule->until_utc ? usec : zone_clock(zone, usec)) <= rule->until);
		HOLDS(zone != NULL || usec % DATE_USEC_PER_DAY == 0);
		last = usec;
	}
	HOLDS(w.steps < 70000);
}

/* A zone that the start chooses. */
static const struct zone *
zone_of(int64_t start)
{
	static const char *const	names[] = { "Europe/Berlin", "Australia/Lord_Howe",
					    "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin" };
	static struct zones		zones;
	const char			*name = names[(uint64_t)start % 5];
	const struct zone		*z = zone_find(&zones, name, strlen(name));

	return z != NULL ? z : zone_utc();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rrule	 rule, again;
	int64_t		 start = 0, day;
	char		*text, other[WORDS_PATTERN_MAX];
	size_t		 n = size < 8 ? size : 8;

	if (n == 8)
		start = FIRST + (int64_t)(get_be64(data) % (uint64_t)(DATE_END - FIRST));
	text = fuzz_text(data + n, size - n);
	if (rrule_parse(&rule, text, size - n)) {
		HOLDS(rule.interval > 0 && rule.count >= 0);
		HOLDS(rrule_parse(&again, rule.text, strlen(rule.text)));
		HOLDS(strcmp(again.text, rule.text) == 0);
		HOLDS(rrule_lower_count(other, sizeof other, text, size - n, 1) ==
		    (rule.count > 0));
		if (rule.count > 1)
			HOLDS(rrule_parse(&again, other, strlen(other)) &&
			    again.count == rule.count - 1);
		for (int of_days = 0; of_days < 2; of_days++)
			if (rrule_text(other, &rule, of_days))
				HOLDS(rrule_parse(&again, other, strlen(other)));
		day = start - ((start % DATE_USEC_PER_DAY) + DATE_USEC_PER_DAY) % DATE_USEC_PER_DAY;
		check_walk(&rule, start, zone_utc(), INT64_MIN, INT64_MAX);
		check_walk(&rule, day, NULL, INT64_MIN, INT64_MAX);
		check_walk(&rule, start, zone_of(start), INT64_MIN, INT64_MAX);
		check_walk(&rule, start, zone_utc(), start + 1000 * DATE_USEC_PER_DAY,
		    start + 1031 * DATE_USEC_PER_DAY);
	}
	free(text);
	return 0;
}
