/* SPDX-License-Identifier: ISC */
/* Six bytes for a filter, and a text; what is asked for must be what its negation is not. */
#include "base/date.h"
#include "dav/filter.h"
#include "dav/kept.h"
#include "fuzz.h"

#define HEAD	"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\n"
#define TAIL	"\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"

static struct zones	zones;

static const char *const	props[] = { "SUMMARY", "CATEGORIES", "DUE", "COMPLETED", "RRULE", "UID",
				    "X-A", "STATUS" };
static const char *const	comps[] = { "VTODO", "VTODO", "VALARM", "VTIMEZONE" };
static const char *const	texts[] = { "", "a", "U", "\xc3\x84", "2026", "DAILY", "u", "," };

static enum filter_result
ask(struct comp_filter *comp, struct span text)
{
	struct comp_filter	root = { .name = "VCALENDAR", .comps = comp };

	HOLDS(filter_supported(&root));
	return filter_match(&root, text, &zones);
}

static void
check(const uint8_t *how, struct span text)
{
	struct text_match	match = { span_of(texts[how[0] & 7]), how[0] >> 3 & 3,
				    how[0] >> 5 & 1 };
	struct param_filter	param = { .name = "TZID", .not_defined = how[0] >> 6 & 1 };
	struct time_range	range = { (9000 + how[2]) * DATE_USEC_PER_DAY,
				    (9000 + how[2] + how[3]) * DATE_USEC_PER_DAY };
	struct prop_filter	prop = { .name = props[how[1] & 7] };
	struct comp_filter	comp = { .name = comps[how[1] >> 3 & 3], .props = &prop };
	enum filter_result	has, is, is_not;

	if (how[4] & 1)
		range.start = INT64_MIN;
	if (how[4] & 2)
		range.end = INT64_MAX;
	has = ask(&comp, text);
	prop.not_defined = true;
	is_not = ask(&comp, text);
	HOLDS(has == FILTER_YES || is_not == FILTER_YES || comp.name != comps[0]);
	prop.not_defined = false;
	if (match.collation != FILTER_NONE)
		prop.match = &match;
	if (how[4] & 4)
		prop.params = &param;
	if (how[4] & 8)
		prop.range = &range;
	is = ask(&comp, text);
	HOLDS(is == FILTER_NO || has == FILTER_YES);
	match.negate = !match.negate;
	is_not = ask(&comp, text);
	if (has == FILTER_YES && prop.match != NULL && prop.params == NULL && prop.range == NULL)
		HOLDS(is == FILTER_YES || is_not == FILTER_YES);
	if (comp.name == comps[0])
		comp.range = &range;
	comp.props = NULL;
	is = ask(&comp, text);
	HOLDS(is != FILTER_NO_MEMORY);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	*inside, *text;

	if (size < 6)
		return 0;
	inside = fuzz_text(data + 6, size - 6);
	text = malloc(size + sizeof HEAD + sizeof TAIL);
	HOLDS(text != NULL);
	sprintf(text, strncmp(inside, "BEGIN:VCAL", 10) == 0 ? "%s" : HEAD "%s" TAIL, inside);
	if (kept_check(text, strlen(text)) == KEPT_OK)
		check(data, (struct span){ text, strlen(text) });
	free(inside);
	free(text);
	return 0;
}
