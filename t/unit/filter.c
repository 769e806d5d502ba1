/* SPDX-License-Identifier: ISC */
/* Filters of calendar-query: RFC 4791's table of times, properties, parameters, texts. */
#include "base/letter.h"
#include "dav/filter.h"
#include "todo.h"

/* VCALENDAR > VTODO, and what is asked of that. */
static enum filter_result
ask(struct comp_filter todo, const char *text)
{
	struct comp_filter	root = { .name = "VCALENDAR", .comps = &todo };

	if (todo.name == NULL)
		todo.name = "VTODO";
	return filter_supported(&root) ? filter_match(&root, span_of(text), &zones) : FILTER_NO_MEMORY;
}

static bool
ask_range(const char *start, const char *end, const char *text)
{
	struct time_range	r = { INT64_MIN, INT64_MAX };

	if ((*start != '\0' && !filter_time(start, &r.start)) || (*end != '\0' && !filter_time(end, &r.end)))
		abort();
	return ask((struct comp_filter){ .range = &r }, text) == FILTER_YES;
}

/* --- times ---------------------------------------------------------------------------- */

#define S	"DTSTART:20260201T100000Z\n"
#define D	"DURATION:PT2H\n"
#define DUE	"DUE:20260201T120000Z\n"
#define DONE	"COMPLETED:20260201T120000Z\n"
#define MADE	"CREATED:20260201T100000Z\n"

/* Each row of the table at each end of what it says. */
static const struct {
	const char	*lines, *start, *end;	/* hours of that day */
	bool		 fits;
} times[] = {
	/* start <= DTSTART + DURATION, and end > DTSTART or end >= DTSTART + DURATION */
	{ S D, "12", "13", true }, { S D, "13", "14", false }, { S D, "09", "11", true },
	{ S D, "09", "10", false }, { S D, "11", "", true }, { S D, "", "11", true },
	{ S "DURATION:PT0S\n", "09", "10", true },
	/* start < DUE or start <= DTSTART, and end > DTSTART or end >= DUE */
	{ S DUE, "11", "13", true }, { S DUE, "12", "13", false }, { S DUE, "09", "11", true },
	{ S DUE, "09", "10", false }, { S "DUE:20260201T100000Z\n", "10", "11", true },
	{ S "DUE:20260201T100000Z\n", "09", "10", true },
	/* start <= DTSTART and end > DTSTART */
	{ S, "10", "11", true }, { S, "11", "12", false }, { S, "09", "10", false },
	/* start < DUE and end >= DUE */
	{ DUE, "11", "12", true }, { DUE, "12", "13", false }, { DUE, "10", "11", false },
	/* start <= CREATED or COMPLETED, and end >= CREATED or COMPLETED */
	{ DONE MADE, "12", "13", true }, { DONE MADE, "13", "14", false },
	{ DONE MADE, "09", "10", true }, { DONE MADE, "08", "09", false },
	/* start <= COMPLETED and end >= COMPLETED */
	{ DONE, "12", "13", true }, { DONE, "11", "12", true }, { DONE, "13", "14", false },
	{ DONE, "10", "11", false },
	/* end > CREATED */
	{ MADE, "13", "14", true }, { MADE, "09", "11", true }, { MADE, "09", "10", false },
	/* always */
	{ "", "09", "10", true }, { "SUMMARY:x\n", "", "10", true },
	/* Days and floating times are UTC's, others by their zone. */
	{ "DUE;VALUE=DATE:20260201\n", "", "00", true }, { "DUE;VALUE=DATE:20260201\n", "00", "", false },
	{ "DUE:20260201T120000\n", "11", "12", true },
	{ "DUE;TZID=Europe/Berlin:20260201T120000\n", "10", "11", true },
	{ "DUE;TZID=Europe/Berlin:20260201T120000\n", "11", "12", false },
	/* Every occurrence. */
	{ "DTSTART:20260125T100000Z\nDUE:20260125T120000Z\nRRULE:FREQ=WEEKLY\n", "11", "12", true },
	{ "DTSTART:20260125T100000Z\nDUE:20260125T120000Z\nRRULE:FREQ=WEEKLY\n", "12", "13", false },
	{ "DTSTART:20260125T100000Z\nDUE:20260125T120000Z\nRRULE:FREQ=WEEKLY;COUNT=1\n", "11", "12", false },
	{ "DTSTART:20260125T100000Z\nDUE:20260125T120000Z\nRRULE:FREQ=WEEKLY;COUNT=2\n", "11", "12", true },
	{ "DTSTART:20260126T100000Z\nDUE:20260126T120000Z\nRRULE:FREQ=WEEKLY\n", "11", "12", false },
	{ "DTSTART:20260125T100000Z\nDURATION:P30D\nRRULE:FREQ=YEARLY\n", "11", "12", true },
	{ "DTSTART:19000125T100000Z\nDURATION:P30D\nRRULE:FREQ=YEARLY\n", "11", "12", true },
	{ "DTSTART:20260125T100000Z\nRRULE:FREQ=WEEKLY\n", "10", "11", true },
	{ "DTSTART:20260125T100000Z\nRRULE:FREQ=WEEKLY\n", "09", "10", false },
	{ "DUE:20260125T120000Z\nRRULE:FREQ=WEEKLY\n", "11", "12", true },
	{ "DTSTART:20260125T100000Z\nRRULE:FREQ=WEEKLY\nEXDATE:20260201T100000Z\n", "10", "11", false },
	{ "DTSTART:20260125T100000Z\nRDATE:20260201T100000Z\n", "10", "11", true },
	{ "DTSTART:20260125T100000Z\nRRULE:FREQ=SECONDLY\n", "10", "11", true },
	{ "DTSTART:20260125T100000Z\nRRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=99\n", "10", "11", false },
};

static void
check_times(void)
{
	char	bound[2][24], *text;

	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		const char	*hours[] = { times[i].start, times[i].end };

		text = calendar("", times[i].lines, "");
		for (int k = 0; k < 2; k++)
			snprintf(bound[k], sizeof bound[k], *hours[k] == '\0' ? "%s" : "20260201T%s0000Z", hours[k]);
		tap_ok(ask_range(bound[0], bound[1], text) == times[i].fits, "time: %.*s from %s to %s",
		    (int)strcspn(times[i].lines, "\n"), times[i].lines, times[i].start, times[i].end);
		free(text);
	}
	text = calendar("", "DTSTART:20260125T100000Z\nRRULE:FREQ=WEEKLY\n",
	    "BEGIN:VTODO\nUID:u\nRECURRENCE-ID:20260201T100000Z\nDTSTART:20260203T100000Z\nEND:VTODO\n");
	tap_ok(!ask_range("20260201T100000Z", "20260201T110000Z", text), "time: a part that was moved");
	tap_ok(ask_range("20260203T100000Z", "20260203T110000Z", text), "time: where it was moved to");
	tap_ok(ask_range("20260208T100000Z", "20260208T110000Z", text), "time: the next one");
	free(text);
}

/* --- properties ------------------------------------------------------------------------- */

static const char	lines[] = "SUMMARY;LANGUAGE=en;X-A=\"b:c\":Buy M\xc3\x9cSLI\\, mi\n lk\n"
			    "CATEGORIES:home,work\nCATEGORIES:play\nSTATUS:NEEDS-ACTION\n"
			    "CREATED:20260201T100000Z\nX-DAY;VALUE=DATE:20260201\n"
			    "BEGIN:VALARM\nACTION:AUDIO\nX-ONLY:alarm\nEND:VALARM\n";

static const struct {
	const char		*name, *text;
	enum filter_collation	 collation;
	bool			 negate, fits;
} matches[] = {
	{ "SUMMARY", "buy", FILTER_ASCII, false, true },
	{ "summary", "BUY", FILTER_ASCII, false, true },
	{ "SUMMARY", "buy", FILTER_OCTET, false, false },
	{ "SUMMARY", "Buy", FILTER_OCTET, false, true },
	{ "SUMMARY", "m\xc3\xbcsli", FILTER_ASCII, false, false },
	{ "SUMMARY", "m\xc3\x9csli", FILTER_ASCII, false, true },
	{ "SUMMARY", "m\xc3\xbcsli", FILTER_UNICODE, false, true },
	{ "SUMMARY", "I, milk", FILTER_OCTET, false, true },
	{ "UID", "u and what is longer", FILTER_ASCII, false, false },
	{ "UID", "u and what is longer", FILTER_ASCII, true, true },
	{ "SUMMARY", "", FILTER_ASCII, false, true },
	{ "SUMMARY", "buy", FILTER_ASCII, true, false },
	{ "SUMMARY", "sell", FILTER_ASCII, true, true },
	{ "SUMMARY", "sell", FILTER_ASCII, false, false },
	{ "CATEGORIES", "WORK", FILTER_ASCII, false, true },
	{ "CATEGORIES", "play", FILTER_ASCII, false, true },
	{ "CATEGORIES", "play", FILTER_ASCII, true, true },	/* the first line */
	{ "DESCRIPTION", "x", FILTER_ASCII, false, false },
	{ "DESCRIPTION", "x", FILTER_ASCII, true, false },
	{ "X-ONLY", "alarm", FILTER_ASCII, false, false },
	{ "UID", "u", FILTER_OCTET, false, true },
};

static void
check_matches(const char *text)
{
	for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
		struct text_match	match = { span_of(matches[i].text), matches[i].collation,
					    matches[i].negate };
		struct prop_filter	prop = { .name = matches[i].name, .match = &match };

		tap_ok((ask((struct comp_filter){ .props = &prop }, text) == FILTER_YES) == matches[i].fits,
		    "match: %s %s %s", matches[i].name, matches[i].negate ? "without" : "with", matches[i].text);
	}
}

static bool
has(const char *text, struct prop_filter prop)
{
	return ask((struct comp_filter){ .props = &prop }, text) == FILTER_YES;
}

static void
check_props(const char *text)
{
	struct text_match	english = { span_of("EN"), FILTER_ASCII, false },
				colon = { span_of("b:c"), FILTER_OCTET, false },
				not_english = { span_of("en"), FILTER_ASCII, true };
	struct param_filter	language = { .name = "language" }, none = { .name = "X-B", .not_defined = true },
				two = { .name = "X-A", .match = &colon, .next = &none };
	struct time_range	r = { 0 };

	filter_time("20260201T100000Z", &r.start);
	filter_time("20260201T110000Z", &r.end);
	tap_ok(has(text, (struct prop_filter){ .name = "SUMMARY" }), "prop: is there");
	tap_ok(!has(text, (struct prop_filter){ .name = "DUE" }), "prop: is not there");
	tap_ok(has(text, (struct prop_filter){ .name = "DUE", .not_defined = true }), "prop: is not defined");
	tap_ok(!has(text, (struct prop_filter){ .name = "SUMMARY", .not_defined = true }), "prop: is defined");
	tap_ok(has(text, (struct prop_filter){ .name = "SUMMARY", .params = &language }), "param: is there");
	tap_ok(!has(text, (struct prop_filter){ .name = "STATUS", .params = &language }), "param: is not there");
	language.not_defined = true;
	tap_ok(has(text, (struct prop_filter){ .name = "STATUS", .params = &language }), "param: is not defined");
	tap_ok(!has(text, (struct prop_filter){ .name = "SUMMARY", .params = &language }), "param: is defined");
	language.not_defined = false;
	language.match = &english;
	tap_ok(has(text, (struct prop_filter){ .name = "SUMMARY", .params = &language }), "param: matches");
	language.match = &not_english;
	tap_ok(!has(text, (struct prop_filter){ .name = "SUMMARY", .params = &language }), "param: negated");
	tap_ok(!has(text, (struct prop_filter){ .name = "STATUS", .params = &language }), "param: missing, negated");
	tap_ok(has(text, (struct prop_filter){ .name = "SUMMARY", .params = &two }), "param: two, one in quotes");
	tap_ok(has(text, (struct prop_filter){ .name = "CREATED", .range = &r }), "prop: in a range");
	tap_ok(has(text, (struct prop_filter){ .name = "X-DAY", .range = &r }), "prop: a day in a range");
	filter_time("20260201T100001Z", &r.start);
	tap_ok(!has(text, (struct prop_filter){ .name = "CREATED", .range = &r }), "prop: before a range");
	tap_ok(!has(text, (struct prop_filter){ .name = "SUMMARY", .range = &r }), "prop: no time");
}

static void
check_both(const char *text)
{
	struct time_range	r = { INT64_MIN, INT64_MAX };
	struct prop_filter	open = { .name = "COMPLETED", .not_defined = true };

	tap_ok(ask((struct comp_filter){ .range = &r, .props = &open }, text) == FILTER_YES,
	    "both: a range and what is not defined");
	open.not_defined = false;
	tap_ok(ask((struct comp_filter){ .range = &r, .props = &open }, text) == FILTER_NO,
	    "both: a range, and a property that is missing");
}

static void
check_components(const char *text)
{
	struct prop_filter	audio = { .name = "ACTION" }, version = { .name = "VERSION" };
	struct comp_filter	alarm = { .name = "VALARM", .props = &audio },
				root = { .name = "VCALENDAR", .props = &version };
	struct time_range	r = { 0, 1 };
	struct comp_filter	many[FILTERS_MAX];

	tap_ok(ask((struct comp_filter){ .name = "vtodo" }, text) == FILTER_YES, "comp: VTODO");
	tap_ok(ask((struct comp_filter){ .not_defined = true }, text) == FILTER_NO, "comp: no VTODO");
	tap_ok(ask((struct comp_filter){ .name = "VEVENT" }, text) == FILTER_NO, "comp: VEVENT");
	tap_ok(ask((struct comp_filter){ .name = "VEVENT", .range = &r }, text) == FILTER_NO, "comp: VEVENT in a range");
	tap_ok(ask((struct comp_filter){ .name = "VEVENT", .not_defined = true }, text) == FILTER_YES, "comp: no VEVENT");
	tap_ok(ask((struct comp_filter){ .comps = &alarm }, text) == FILTER_YES, "comp: an alarm");
	alarm.not_defined = true;
	tap_ok(ask((struct comp_filter){ .comps = &alarm }, text) == FILTER_NO, "comp: no alarm");
	alarm = (struct comp_filter){ .name = "VALARM", .range = &r };
	tap_ok(ask((struct comp_filter){ .comps = &alarm }, text) == FILTER_NO_MEMORY, "comp: an alarm's time can't be");
	tap_ok(filter_match(&root, span_of(text), &zones) == FILTER_YES, "comp: the calendar's properties");
	version.name = "SUMMARY";
	tap_ok(filter_match(&root, span_of(text), &zones) == FILTER_NO, "comp: which are none of its tasks'");
	root.name = "VTODO";
	tap_ok(!filter_supported(&root), "comp: another root can't be");
	tap_ok(!filter_supported(NULL), "comp: none can't be");
	for (int i = 0; i < FILTERS_MAX; i++)
		many[i] = (struct comp_filter){ .name = "VALARM", .next = i > 0 ? &many[i - 1] : NULL };
	root = (struct comp_filter){ .name = "VCALENDAR", .comps = &many[FILTERS_MAX - 2] };
	tap_ok(filter_supported(&root), "comp: 64");
	root.comps = &many[FILTERS_MAX - 1];
	tap_ok(!filter_supported(&root), "comp: 65 can't be");
}

static void
check_names(void)
{
	static const struct {
		uint32_t	capital, small;
	}	letters[] = {
		{ 'A', 'a' }, { 'z', 'z' }, { '[', '[' }, { 0xc4, 0xe4 }, { 0xd7, 0xd7 }, { 0x160, 0x161 },
		{ 0x161, 0x161 }, { 0x139, 0x13a }, { 0x13a, 0x13a }, { 0x178, 0xff }, { 0x218, 0x219 },
		{ 0x386, 0x3ac }, { 0x38c, 0x3cc }, { 0x3a9, 0x3c9 }, { 0x3c2, 0x3c3 }, { 0x401, 0x451 },
		{ 0x42f, 0x44f }, { 0x490, 0x491 }, { 0x531, 0x561 }, { 0x1e9e, 0xdf }, { 0x1ea0, 0x1ea1 },
		{ 0xff21, 0xff41 }, { 0x10400, 0x10428 }, { 0x1f600, 0x1f600 }, { 0x10ffff, 0x10ffff },
	};
	int64_t	usec;

	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		tap_ok(letter_small(letters[i].capital) == letters[i].small, "letter: U+%04X", (unsigned)letters[i].capital);
	tap_ok(filter_collation(NULL) == FILTER_ASCII && filter_collation("i;octet") == FILTER_OCTET &&
	    filter_collation("i;unicode-casemap") == FILTER_UNICODE &&
	    filter_collation("i;ascii-casemap") == FILTER_ASCII && filter_collation("i;x") == FILTER_NONE,
	    "names of collations");
	tap_ok(filter_time("20260201T000000Z", &usec) && !filter_time("2026-02-01", &usec) &&
	    !filter_time("", &usec), "bounds of time");
}

int
main(void)
{
	char	*text = calendar("", lines, "");

	check_times();
	check_matches(text);
	check_props(text);
	check_both(text);
	check_components(text);
	check_names();
	free(text);
	zones_free(&zones);
	return tap_done();
}
