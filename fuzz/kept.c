/* SPDX-License-Identifier: ISC */
/*
 * Three bytes for what other writes changed, and a text as a client writes it; one that doesn't
 * begin as a calendar is the inside of a VTODO.
 */
#include "base/arith.h"
#include "base/date.h"
#include "base/text.h"
#include "base/utf8.h"
#include "../t/unit/memory.h"
#include "dav/kept.h"
#include "fuzz.h"
#include "task/rrule.h"

#define HEAD	"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\n"
#define TAIL	"\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"

static struct zones	zones;

static char *
wrap(const uint8_t *data, size_t size)
{
	char	*inside = fuzz_text(data, size), *text;

	if (strncmp(inside, "BEGIN:VCAL", 10) == 0)
		return inside;
	text = malloc(size + sizeof HEAD + sizeof TAIL);
	HOLDS(text != NULL);
	sprintf(text, HEAD "%s" TAIL, inside);
	free(inside);
	return text;
}

static void
check_text(struct span s, size_t min, size_t max, bool as_line)
{
	uint32_t	code;
	size_t		n;

	HOLDS(text_length(s.at, s.len) >= min && text_length(s.at, s.len) <= max);
	HOLDS(!as_line || !text_has_control(s.at, s.len));
	for (size_t i = 0; i < s.len; i += n)
		HOLDS((n = utf8_read(s.at + i, s.len - i, &code)) > 0 && code > 0);
}

/* What the database takes. */
static void
check_columns(const struct vtodo *t)
{
	check_text(t->title, 1, 200, true);
	if (t->description.at != NULL)
		check_text(t->description, 1, 10000, false);
	if (t->pattern.at != NULL)
		check_text(t->pattern, 1, 100, true);
	HOLDS(t->uid.len > 0 && t->uid.len <= KEPT_UID_MAX);
	HOLDS(t->ntags >= 0 && t->ntags <= VTODO_TAGS_MAX);
	for (int i = 0; i < t->ntags; i++) {
		check_text(t->tag[i], 1, 50, true);
		for (int k = 0; k < i; k++)
			HOLDS(!span_same(t->tag[i], t->tag[k]));
	}
	HOLDS(!t->has_due || (t->due >= DATE_DAY_MIN * DATE_USEC_PER_DAY && t->due < DATE_END));
	HOLDS(!t->has_due || !t->of_days || t->due % DATE_USEC_PER_DAY == 0);
	HOLDS(t->zone.at == NULL || zone_find(&zones, t->zone.at, t->zone.len) != NULL);
	HOLDS(t->completed || t->completed_at == INT64_MIN);
}

/* Other values for some of the columns. */
static void
change(struct vtodo *t, const uint8_t *how)
{
	static const char *const	names[] = { "Europe/Berlin", "America/New_York",
					    "Australia/Lord_Howe", "UTC" };
	static const char *const	rules[] = { "daily", "FREQ=WEEKLY;COUNT=4",
					    "FREQ=YEARLY;UNTIL=20300101T000000Z", "no" };

	if (how[0] & 1)
		t->title = span_of("other, one");
	if (how[0] & 2)
		t->description = how[0] & 4 ? span_of("a\r\n;b") : (struct span){ NULL, 0 };
	if (how[0] & 8)
		t->priority = (t->priority + 1) % 3;
	if (how[0] & 16) {
		t->ntags = how[0] & 32 ? 2 : 0;
		t->tag[0] = span_of("a,b");
		t->tag[1] = span_of("c\\");
	}
	if (how[0] & 64)
		t->completed = how[0] >> 7;
	t->completed_at = t->completed ? 77 * DATE_USEC_PER_DAY : INT64_MIN;
	if (how[1] & 1) {
		t->has_due = (how[1] & 6) != 0;
		t->of_days = (how[1] & 6) == 2;
		t->due = (how[2] == 0 ? DATE_DAY_MIN : how[2] == 255 ? DATE_DAY_MAX : 9000 + how[2]) *
		    DATE_USEC_PER_DAY + (t->of_days ? 0 : how[1] * INT64_C(100000000));
	}
	if (how[1] & 8)
		t->zone = how[1] & 16 ? span_of(names[how[2] & 3]) : (struct span){ NULL, 0 };
	if (how[1] & 32)
		t->pattern = how[1] & 64 ? span_of(rules[how[2] >> 6]) : (struct span){ NULL, 0 };
	if (how[1] & 128)
		t->ical_at = INT64_MIN;
}

static bool
same_rule(struct span a, struct span b)
{
	struct rrule	one, other;
	bool		known = a.at != NULL && rrule_parse(&one, a.at, a.len);

	if (b.at == NULL || !rrule_parse(&other, b.at, b.len))
		return !known;
	return known && one.freq == other.freq && one.count == other.count;
}

/* Whether it is of nothing but control characters that a text can't carry. */
static bool
is_empty(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != '\r' && s.at[i] != 127)
			return false;
	return true;
}

/* True if it begins with white space, which a pattern loses on its way. */
static bool
begins_blank(struct span s)
{
	char	*at = (char *)(uintptr_t)s.at;

	text_trim(&at, &s.len);
	return at != s.at;
}

/* The answer says what the columns do, as far as a text can. */
static void
check_answer(const struct vtodo *t, const struct vtodo *before, struct span text)
{
	struct vtodo	*again;

	HOLDS(kept_check(text.at, text.len) == KEPT_OK);
	again = kept_columns(text.at, text.len, &zones);
	HOLDS(again != NULL);
	check_columns(again);
	HOLDS(span_same(again->title, t->title) && again->priority == t->priority);
	HOLDS(again->description.at != NULL ? t->description.at != NULL :
	    is_empty(t->description));
	HOLDS(again->ntags == t->ntags);
	for (int i = 0; i < t->ntags; i++)
		HOLDS(span_same(again->tag[i], t->tag[i]));
	/* A series of which no time is left stays completed. */
	HOLDS(again->completed == t->completed || before->completed);
	if (again->has_due == t->has_due && t->has_due)
		HOLDS(again->of_days == t->of_days && again->due == floor_to(t->due, 1000000));
	else
		HOLDS(!t->has_due && !again->has_due);
	if (!t->completed && t->has_due && !before->completed)
		HOLDS(same_rule(again->pattern, t->pattern) || t->of_days);
	/* Nor is a rule lost that no RRULE says. */
	if (!t->completed && !before->completed && t->pattern.len > 1)
		HOLDS(again->pattern.at != NULL || begins_blank(t->pattern));
	free(again);
}

static void
check_merge(struct vtodo *t, struct span text, const uint8_t *how)
{
	struct buf	one = memory(), two = memory();
	struct vtodo	before = *t;
	/* A rule that is said apart gets its own line as soon as there is a date for it. */
	bool		rule_comes = t->pattern_is_apart && t->has_due && !t->completed;

	t->ical = text;
	t->ical_at = 1;
	t->updated = 2;
	t->id = 3;
	HOLDS(kept_put(&one, t, &zones));
	HOLDS(rule_comes || (one.len == text.len && memcmp(one.data, text.at, text.len) == 0));
	one.len = 0;
	change(t, how);
	HOLDS(kept_put(&one, t, &zones) && kept_put(&two, t, &zones));
	HOLDS(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);
	check_answer(t, &before, (struct span){ one.data, one.len });
	one.len = 0;
	t->ical.at = NULL;
	HOLDS(kept_put(&one, t, &zones));
	check_answer(t, t, (struct span){ one.data, one.len });
	free(one.data);
	free(two.data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char		*text;
	size_t		 len;
	struct vtodo	*t;

	if (size < 3)
		return 0;
	text = wrap(data + 3, size - 3);
	len = kept_clean(text, strlen(text));
	HOLDS(kept_clean(text, len) == len);
	text[len] = '\0';
	if (kept_check(text, len) == KEPT_OK) {
		HOLDS((t = kept_columns(text, len, &zones)) != NULL);
		check_columns(t);
		check_merge(t, (struct span){ text, len }, data);
		free(t);
	}
	free(text);
	return 0;
}
