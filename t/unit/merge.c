/* SPDX-License-Identifier: ISC */
/* Texts as they are answered: kept, made, and merged with what other writes changed. */
#include "dav/meaning.h"
#include "task/line.h"
#include "task/rrule.h"
#include "todo.h"

#define VERSION		(INT64_C(9000) * DATE_USEC_PER_DAY)	/* 20240822T000000Z */
#define STAMPS		"DTSTAMP:20240822T000000Z\nLAST-MODIFIED:20240822T000000Z\n"

/* What a JSON write set, besides what the text meant. */
static int64_t
usec(const char *text)
{
	int64_t	n = 0, clock;

	date_parse_clock(text, strlen(text), &n, &clock);
	return n;
}

static void
set(struct vtodo *t, const char *what)
{
	size_t		 name = strcspn(what, "=");
	const char	*value = what + name + 1;
	struct span	 text = *value == '\0' ? (struct span){ NULL, 0 } : span_of(value);

	if (strncmp(what, "title", name) == 0)
		t->title = text;
	else if (strncmp(what, "description", name) == 0)
		t->description = text;
	else if (strncmp(what, "due", name) == 0) {
		t->has_due = *value != '\0';
		t->of_days = strlen(value) == 10;
		t->due = usec(value);
	} else if (strncmp(what, "zone", name) == 0)
		t->zone = text;
	else if (strncmp(what, "rule", name) == 0)
		t->pattern = text;
	else if (strncmp(what, "priority", name) == 0)
		t->priority = *value == 'H' ? VTODO_HIGH : *value == 'L' ? VTODO_LOW : VTODO_MEDIUM;
	else if (strncmp(what, "completed", name) == 0) {
		t->completed = *value != '\0';
		t->completed_at = *value == '\0' ? INT64_MIN : usec(value);
	} else if (strncmp(what, "tags", name) == 0) {
		t->ntags = 0;
		for (; *value != '\0'; value += strcspn(value, "|"), value += *value == '|')
			t->tag[t->ntags++] = (struct span){ value, strcspn(value, "|") };
	} else if (strncmp(what, "copy", name) == 0)
		t->ical_at = INT64_MIN;
	else
		abort();
}

static char *
answer(const struct vtodo *t)
{
	struct buf	b = memory();

	if (!kept_put(&b, t, &zones))
		abort();
	buf_char(&b, '\0');
	return b.data;
}

/* The lines of a, but for those that are in b too, from the first one that differs. */
static void
show(const char *is, const char *should)
{
	for (; *is != '\0' && *is == *should; is++)
		should++;
	printf("# is: %.200s\n# should: %.200s\n", is, should);
}

static const struct {
	const char	*what;
	const char	*set[4];
	const char	*lines;		/* of the text */
	const char	*merged;	/* what they become, after STAMPS; NULL: they stay */
	const char	*before, *after, *after_merged;
} merges[] = {
	{ "nothing", { NULL }, "SUMMARY:x\n", NULL },
	{ "the same title", { "title=x" }, "SUMMARY;X-A=b:x\n", NULL },
	{ "title", { "title=a, b; c\\d" }, "SUMMARY;LANGUAGE=en:x\nX-A:1\n", "SUMMARY:a\\, b\\; c\\\\d\nX-A:1\n" },
	{ "title that is missing", { "title=y" }, "X-A:1\n", "X-A:1\nSUMMARY:y\n" },
	{ "title that stands twice", { "title=y" }, "SUMMARY:a\nX-A:1\nSUMMARY:b\n", "SUMMARY:y\nX-A:1\n" },
	{ "title before alarms", { "title=y" }, "X-A:1\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nEND:VALARM\n",
	  "X-A:1\nSUMMARY:y\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nEND:VALARM\n" },
	{ "description", { "description=a\nb" }, "DESCRIPTION;ALTREP=\"cid:x\":y\n", "DESCRIPTION:a\\nb\n" },
	{ "description with CR LF", { "description=a\r\nb\x01" }, "", "DESCRIPTION:a\\nb\n" },
	{ "no description", { "description=" }, "DESCRIPTION:y\nX-A:1\n", "X-A:1\n" },
	{ "no description before", { "description=" }, "DESCRIPTION:\n", NULL },
	/* Priority. */
	{ "priority stays", { "priority=High" }, "PRIORITY:3\n", NULL },
	{ "priority 1", { "priority=High" }, "PRIORITY:5\n", "PRIORITY:1\n" },
	{ "priority 9", { "priority=Low" }, "", "PRIORITY:9\n" },
	{ "priority 5", { "priority=Medium" }, "PRIORITY:9\n", "PRIORITY:5\n" },
	{ "priority none", { "priority=Medium" }, "PRIORITY:0\n", NULL },
	/* Tags. */
	{ "tags stay", { "tags=a|b" }, "CATEGORIES:a\nCATEGORIES;X=y:b\n", NULL },
	{ "tags", { "tags=a|c,d" }, "CATEGORIES:a\nX-A:1\nCATEGORIES:b\n", "CATEGORIES:a,c\\,d\nX-A:1\n" },
	{ "no tags", { "tags=" }, "CATEGORIES:a\nCATEGORIES:b\n", "" },
	{ "a tag that ends with a backslash", { "tags=a\\|b" }, "", "CATEGORIES:a\\\\\nCATEGORIES:b\n" },
	/* Due dates. */
	{ "due stays", { "due=2026-07-01T07:30:00Z" }, "DUE;TZID=Europe/Berlin:20260701T093000\n", NULL },
	{ "due in its zone", { "due=2026-12-01T07:30:00Z" }, "DUE;TZID=X;X-B=c:20260701T093000\n",
	  "DUE;TZID=X:20261201T093000\n",
	  "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0200\n"
	  "TZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n" },
	{ "due in UTC", { "due=2026-12-01T07:30:00Z" }, "DUE:20260701T093000Z\n", "DUE:20261201T073000Z\n" },
	{ "due was floating", { "due=2026-12-01T07:30:00Z" }, "DUE:20260701T093000\n", "DUE:20261201T073000Z\n" },
	{ "due becomes a day", { "due=2026-12-01" }, "DUE;TZID=Europe/Berlin:20260701T093000\n",
	  "DUE;VALUE=DATE:20261201\n" },
	{ "due was a day", { "due=2026-12-01T07:30:00Z" }, "DUE;VALUE=DATE:20260701\n", "DUE:20261201T073000Z\n" },
	{ "due is new", { "due=2026-12-01" }, "X-A:1\n", "X-A:1\nDUE;VALUE=DATE:20261201\n" },
	{ "no due", { "due=" }, "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\n", "DTSTART:20260701T083000Z\n" },
	{ "no duration", { "due=" }, "DTSTART:20260701T083000Z\nDURATION:PT1H\n", "DTSTART:20260701T083000Z\n" },
	{ "due to the second", { "due=2026-07-01T09:30:00.5Z" }, "DUE:20260701T093000Z\n", NULL },
	{ "due that can't be read stays", { NULL }, "DUE:tomorrow\n", NULL },
	{ "due for one that can't be read", { "due=2026-12-01" }, "DUE:tomorrow\n", "DUE;VALUE=DATE:20261201\n" },
	{ "start and alarms go along", { "due=2026-07-03T08:30:00Z" },
	  "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:20260701T090000Z\nEND:VALARM\n"
	  "BEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nX-APPLE-PROXIMITY:DEPART\nEND:VALARM\n",
	  "DTSTART:20260703T073000Z\nDUE:20260703T083000Z\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:20260703T080000Z\nEND:VALARM\n"
	  "BEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nX-APPLE-PROXIMITY:DEPART\nEND:VALARM\n" },
	{ "by what the clock shows", { "due=2026-03-29T07:00:00Z", "zone=Europe/Berlin" },
	  "DTSTART;TZID=Europe/Berlin:20260328T080000\nDUE;TZID=Europe/Berlin:20260328T090000\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:20260328T070000Z\nEND:VALARM\n",
	  "DTSTART;TZID=Europe/Berlin:20260329T080000\nDUE;TZID=Europe/Berlin:20260329T090000\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:20260329T060000Z\nEND:VALARM\n",
	  "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:DAYLIGHT\nDTSTART:20260329T020000\nTZOFFSETFROM:+0100\n"
	  "TZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n" },
	{ "days go along", { "due=2026-07-10" }, "DTSTART;VALUE=DATE:20260701\nDUE;VALUE=DATE:20260703\n",
	  "DTSTART;VALUE=DATE:20260708\nDUE;VALUE=DATE:20260710\n" },
	{ "start and duration", { "due=2026-07-03T08:30:00Z" }, "DTSTART:20260701T083000Z\nDURATION:PT1H\n",
	  "DTSTART:20260703T073000Z\nDUE:20260703T083000Z\n" },
	{ "a start that is alone, and later", { "due=2026-06-01" }, "DTSTART:20260701T083000Z\n",
	  "DTSTART;VALUE=DATE:20260601\nDUE;VALUE=DATE:20260601\n" },
	{ "without a zone it is the text's", { "zone=", "title=y" }, "DUE;TZID=Europe/Berlin:20260701T093000\nSUMMARY:x\n",
	  "DUE;TZID=Europe/Berlin:20260701T093000\nSUMMARY:y\n" },
	{ "UTC is another zone", { "zone=UTC" }, "DUE;TZID=Europe/Berlin:20260701T093000\n", "DUE:20260701T073000Z\n" },
	{ "UTC is no other zone", { "zone=UTC" },
	  "DTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\nEXDATE:20260301T080000Z\n", NULL },
	{ "a zone that tzdata has not", { "zone=No/Such" }, "DUE:20260701T073000Z\n", NULL },
	{ "zone is new", { "zone=Asia/Tokyo" }, "DUE:20260701T073000Z\n", "DUE;TZID=Asia/Tokyo:20260701T163000\n",
	  "BEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0900\n"
	  "TZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\n" },
	{ "the year 9999", { "due=9999-12-31T23:30:00Z", "zone=Asia/Tokyo" }, "DUE:20260701T073000Z\n", "DUE:99991231T233000Z\n" },
	{ "zone of a day", { "zone=Europe/Berlin" }, "DUE;VALUE=DATE:20260701\n", NULL },
	/* Rules. */
	{ "rule stays", { "rule=FREQ=WEEKLY;INTERVAL=1" }, "DUE:20260701T093000Z\nRRULE:INTERVAL=1;FREQ=WEEKLY\n", NULL },
	{ "rule in words", { "rule=every 2 weeks" }, "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\n",
	  "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2\n" },
	{ "rule without a start", { "rule=FREQ=DAILY;UNTIL=20261231" }, "DUE:20260701T093000Z\n",
	  "DUE:20260701T093000Z\nDTSTART:20260701T093000Z\nRRULE:FREQ=DAILY;UNTIL=20261231T235959Z\n" },
	{ "no rule", { "rule=" }, "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\nRRULE:FREQ=DAILY\nEXDATE:20260702T083000Z\n",
	  "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\n" },
	{ "a rule that is none", { "rule=now, and then" }, "DUE:20260701T093000Z\nRRULE:FREQ=DAILY\n",
	  "DUE:20260701T093000Z\nX-NEON-TODO-PATTERN:now\\, and then\n" },
	{ "words", { "rule=now, and then" }, "DUE:20260701T093000Z\n", "DUE:20260701T093000Z\nX-NEON-TODO-PATTERN:now\\, and then\n" },
	{ "a rule of hours for a day", { "rule=FREQ=HOURLY" }, "DUE;VALUE=DATE:20260701\n",
	  "DUE;VALUE=DATE:20260701\nX-NEON-TODO-PATTERN:FREQ=HOURLY\n" },
	{ "a rule without a date", { "rule=weekly" }, "SUMMARY:x\n", "SUMMARY:x\nX-NEON-TODO-PATTERN:weekly\n" },
	{ "it stays", { "title=y" }, "SUMMARY:x\nX-NEON-TODO-PATTERN:weekly\n", "SUMMARY:y\nX-NEON-TODO-PATTERN:weekly\n" },
	{ "it becomes another", { "rule=often" }, "X-NEON-TODO-PATTERN:weekly\nX-A:1\n", "X-NEON-TODO-PATTERN:often\nX-A:1\n" },
	{ "it ends", { "rule=" }, "X-NEON-TODO-PATTERN:weekly\nX-A:1\n", "X-A:1\n" },
	{ "it gets a date", { "due=2026-07-01" }, "X-NEON-TODO-PATTERN:weekly\nX-A:1\n",
	  "X-A:1\nDTSTART;VALUE=DATE:20260701\nDUE;VALUE=DATE:20260701\nRRULE:FREQ=WEEKLY\n" },
	{ "it got a date of a client", { "title=y" }, "SUMMARY:x\nDUE:20260701T093000Z\nX-NEON-TODO-PATTERN:daily\n",
	  "SUMMARY:y\nDUE:20260701T093000Z\nDTSTART:20260701T093000Z\nRRULE:FREQ=DAILY\n" },
	{ "it is completed", { "completed=2026-08-01T10:00:00Z" }, "X-NEON-TODO-PATTERN:daily\n",
	  "X-NEON-TODO-PATTERN:daily\nSTATUS:COMPLETED\nCOMPLETED:20260801T100000Z\nPERCENT-COMPLETE:100\n" },
	{ "it is beside a rule", { "title=y" }, "SUMMARY:x\nDUE:20260701T093000Z\nRRULE:FREQ=DAILY\nX-NEON-TODO-PATTERN:weekly\n",
	  "SUMMARY:y\nDUE:20260701T093000Z\nRRULE:FREQ=DAILY\nX-NEON-TODO-PATTERN:weekly\n" },
	{ "a rule that a client gave without a date", { "due=2026-07-01" }, "RRULE:FREQ=WEEKLY\nX-A:1\n",
	  "RRULE:FREQ=WEEKLY\nX-A:1\nDTSTART;VALUE=DATE:20260701\nDUE;VALUE=DATE:20260701\n" },
	{ "a rule nobody knows stays", { NULL }, "RRULE:FREQ=NEVER\n", NULL },
	{ "two rules stay", { NULL }, "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\n", NULL },
	{ "a rule waits for a date", { "due=" }, "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\nRRULE:FREQ=DAILY\n",
	  "DTSTART:20260701T083000Z\nX-NEON-TODO-PATTERN:FREQ=DAILY\n" },
	{ "UNTIL of days", { "due=2026-07-02" }, "DTSTART:20260701T083000Z\nDUE:20260701T093000Z\nRRULE:FREQ=DAILY;UNTIL=20261231T083000Z\n",
	  "DTSTART;VALUE=DATE:20260702\nDUE;VALUE=DATE:20260702\nRRULE:FREQ=DAILY;UNTIL=20261231\n" },
	/* Completed. */
	{ "completed stays", { "completed=2026-08-01T10:00:00Z" }, "STATUS:CANCELLED\n", NULL },
	{ "completed", { "completed=2026-08-01T10:00:00Z" }, "STATUS:IN-PROCESS\nPERCENT-COMPLETE:30\n",
	  "STATUS:COMPLETED\nPERCENT-COMPLETE:100\nCOMPLETED:20260801T100000Z\n" },
	{ "completed later", { "completed=2026-08-01T10:00:00.5Z" }, "STATUS:COMPLETED\nCOMPLETED:20260701T100000Z\n",
	  "STATUS:COMPLETED\nCOMPLETED:20260801T100000Z\n" },
	{ "completed then", { "completed=2026-07-01T10:00:00.5Z" }, "STATUS:COMPLETED\nCOMPLETED:20260701T100000Z\n", NULL },
	{ "not completed", { "completed=" }, "STATUS:COMPLETED\nCOMPLETED:20260701T100000Z\nPERCENT-COMPLETE:100\n",
	  "STATUS:NEEDS-ACTION\n" },
	{ "not completed, by percent", { "completed=" }, "PERCENT-COMPLETE:100\n", "STATUS:NEEDS-ACTION\n" },
	/* Series. */
	{ "a series stays", { "due=2026-03-02T09:00:00Z" },
	  "DTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\nEXDATE:20260301T080000Z\n", NULL },
	{ "a series begins anew", { "due=2026-03-05T09:00:00Z" },
	  "DTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\nEXDATE:20260301T080000Z\nRDATE:20260411T080000Z\n"
	  "X-KDE-LIBKCAL-DTRECURRENCE:20260302T080000Z\n",
	  "DTSTART:20260305T080000Z\nDUE:20260305T090000Z\nRRULE:FREQ=DAILY\n", "",
	  "BEGIN:VTODO\nUID:u\nRECURRENCE-ID:20260301T080000Z\nSTATUS:COMPLETED\nEND:VTODO\n"
	  "BEGIN:X-OTHER\nSUMMARY:other\nEND:X-OTHER\n",
	  "BEGIN:X-OTHER\nSUMMARY:other\nEND:X-OTHER\n" },
	{ "one occurrence that is to repeat", { "rule=FREQ=DAILY" }, "RECURRENCE-ID:20260301T080000Z\nDUE:20260301T090000Z\n",
	  "DUE:20260301T090000Z\nDTSTART:20260301T090000Z\nRRULE:FREQ=DAILY\n", "",
	  "BEGIN:VTODO\nUID:u\nRECURRENCE-ID:20260302T080000Z\nEND:VTODO\n", "" },
	{ "one occurrence with another title", { "title=y" }, "RECURRENCE-ID:20260301T080000Z\nSUMMARY:x\n",
	  "RECURRENCE-ID:20260301T080000Z\nSUMMARY:y\n" },
	{ "parts stay with another title", { "title=y" },
	  "SUMMARY:x\nDTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\n",
	  "SUMMARY:y\nDTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\n", "",
	  "BEGIN:VTODO\nUID:u\nRECURRENCE-ID:20260301T080000Z\nSTATUS:COMPLETED\nSUMMARY:x\nEND:VTODO\n" },
	{ "another rule begins where it is", { "rule=FREQ=WEEKLY" },
	  "DTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\nEXDATE:20260301T080000Z\n",
	  "DTSTART:20260302T080000Z\nDUE:20260302T090000Z\nRRULE:FREQ=WEEKLY\n" },
	{ "a series that is completed", { "completed=2026-08-01T10:00:00Z" },
	  "DTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\nEXDATE:20260301T080000Z\n",
	  "DTSTART:20260302T080000Z\nDUE:20260302T090000Z\nSTATUS:COMPLETED\nCOMPLETED:20260801T100000Z\nPERCENT-COMPLETE:100\n", "",
	  "BEGIN:VTODO\nUID:u\nRECURRENCE-ID:20260301T080000Z\nSTATUS:COMPLETED\nEND:VTODO\n", "" },
	{ "of an hour that comes twice the second", { "due=2026-10-25T01:30:00Z" },
	  "DUE;TZID=Europe/Berlin:20261001T080000\n", "DUE:20261025T013000Z\n" },
	{ "a TZID in quotes", { "due=2026-12-01T07:30:00Z" }, "DUE;TZID=\"A: B\":20260701T093000\n",
	  "DUE;TZID=\"A: B\":20261201T093000\n",
	  "BEGIN:VTIMEZONE\nTZID:A: B\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0200\n"
	  "TZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n" },
	{ "KOrganizer's next one", { "due=2026-03-03T09:00:00Z", "title=y" },
	  "SUMMARY:x\nDTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\n"
	  "X-KDE-LIBKCAL-DTRECURRENCE:20260303T080000Z\n",
	  "SUMMARY:y\nDTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY\n"
	  "X-KDE-LIBKCAL-DTRECURRENCE:20260303T080000Z\n" },
	{ "a start is no due date without its rule", { "rule=" }, "DTSTART:20260301T080000Z\nRRULE:FREQ=DAILY\n",
	  "DTSTART:20260301T080000Z\nDUE:20260301T080000Z\n" },
	{ "the next one", { "copy=", "due=2026-03-02T09:00:00Z", "rule=FREQ=DAILY;COUNT=2" },
	  "SUMMARY:x\nDTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY;COUNT=3\nSTATUS:IN-PROCESS\n"
	  "PERCENT-COMPLETE:20\nRELATED-TO:p\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:20260301T070000Z\nEND:VALARM\n",
	  "SUMMARY:x\nDTSTART:20260302T080000Z\nDUE:20260302T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nSTATUS:NEEDS-ACTION\n"
	  "RELATED-TO:p\n"
	  "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME:20260302T070000Z\nEND:VALARM\n" },
};

/* The text with the stamps as they are after a change, or before it. */
static char *
stamped(size_t i, bool merged)
{
	const char	*lines = merged && merges[i].merged != NULL ? merges[i].merged : merges[i].lines;
	const char	*before = merges[i].before == NULL ? "" : merges[i].before;
	const char	*after = merges[i].after == NULL ? "" : merges[i].after;
	char		*all = malloc(strlen(lines) + 200), *text;

	if (merged && merges[i].after_merged != NULL)
		after = merges[i].after_merged;
	sprintf(all, "%s%s", !merged || merges[i].merged == NULL ?
	    "DTSTAMP:20200101T000000Z\nLAST-MODIFIED;X-A=b:20200101T000000Z\n" : STAMPS, lines);
	text = calendar(before, all, after);
	free(all);
	return text;
}

static void
put_own_uid(char **text)
{
	struct buf	 b = memory();
	char		*uid = strstr(*text, "UID:u\r\n");

	buf_put(&b, *text, (size_t)(uid - *text));
	buf_str(&b, "UID:7-abc@neon-todo\r\n");
	buf_str(&b, uid + 7);
	buf_char(&b, '\0');
	free(*text);
	*text = b.data;
}

/* An UNTIL becomes one of the kind of DTSTART. */
static bool
same_until_its_day(struct span a, struct span b)
{
	const char	*until = a.at == NULL ? NULL : strstr(a.at, "UNTIL=");
	size_t		 day = until == NULL ? 0 : (size_t)(until - a.at) + sizeof "UNTIL=20260101" - 1;

	return until != NULL && b.at != NULL && b.len >= day && memcmp(a.at, b.at, day) == 0;
}

/* What the answer means is what the columns are. */
static void
check_again(const struct vtodo *t, const char *is, const char *what)
{
	struct vtodo	*again = kept_columns(is, strlen(is), &zones), want = *t;
	char		*one, *other;

	tap_ok(kept_check(is, strlen(is)) == KEPT_OK, "merge: %s: a text without fault", what);
	/* What a text has no place for, or says in other words. */
	if (vtodo_zone(&want, &zones) == NULL)
		again->zone = want.zone = (struct span){ NULL, 0 };
	want.completed_at = again->completed_at;
	want.description = again->description;
	if (want.completed || meaning_same_rule(want.pattern, again->pattern) ||
	    same_until_its_day(want.pattern, again->pattern))
		want.pattern = again->pattern;
	one = describe(&want);
	other = describe(again);
	tap_ok(strcmp(one, other) == 0, "merge: %s: means the same", what);
	if (strcmp(one, other) != 0)
		printf("# %s\n# %s\n", one, other);
	free(one);
	free(other);
	free(again);
}

static void
check_merges(void)
{
	for (size_t i = 0; i < sizeof merges / sizeof merges[0]; i++) {
		char		*text = stamped(i, false), *want = stamped(i, true), *is, *once_more;
		struct vtodo	*t = kept_columns(text, strlen(text), &zones);

		t->id = 7;
		t->created = 0xabc;
		t->updated = VERSION;
		t->ical = span_of(text);
		t->ical_at = VERSION - 1;
		for (int k = 0; k < 4 && merges[i].set[k] != NULL; k++)
			set(t, merges[i].set[k]);
		if (t->ical_at == INT64_MIN) {
			t->uid.at = NULL;
			put_own_uid(&want);
		}
		is = answer(t);
		once_more = answer(t);
		tap_ok(strcmp(is, want) == 0, "merge: %s", merges[i].what);
		if (strcmp(is, want) != 0)
			show(is, want);
		tap_ok(strcmp(is, once_more) == 0, "merge: %s: the same again", merges[i].what);
		check_again(t, is, merges[i].what);
		t->ical_at = t->updated;
		free(is);
		is = answer(t);
		tap_ok(strcmp(is, text) == 0, "merge: %s: of its version it is the text", merges[i].what);
		free(is);
		free(once_more);
		free(want);
		free(text);
		free(t);
	}
}

/* --- every property --------------------------------------------------------------------- */

static const char	every[] =
    "BEGIN:VCALENDAR\nCALSCALE:GREGORIAN\nPRODID:-//t//EN\nVERSION:2.0\nX-WR-CALNAME:a\n"
    "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nLAST-MODIFIED:20200101T000000Z\nTZURL:http://a/b\nX-LIC-LOCATION:Europe/Berlin\n"
    "BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZOFFSETFROM:+0100\n"
    "TZOFFSETTO:+0200\nTZNAME:CEST\nCOMMENT:c\nEND:DAYLIGHT\n"
    "BEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0200\n"
    "TZOFFSETTO:+0100\nTZNAME:CET\nRDATE:19801026T030000\nEND:STANDARD\nEND:VTIMEZONE\n"
    "BEGIN:VTODO\nCLASS:PRIVATE\nUID:a/b@c\nDTSTAMP:20260101T000000Z\nCREATED:20260101T000000Z\n"
    "LAST-MODIFIED:20260101T000000Z\nSUMMARY;LANGUAGE=en:a\\, bc\n"
    "DESCRIPTION;ALTREP=\"CID:<a@b>\":d\\ne\nDTSTART;TZID=Europe/Berlin:20260701T080000\nGEO:50.1;8.6\n"
    "DUE;TZID=Europe/Berlin:20260701T090000\nLOCATION;X-A=\"b;c:d\":e\\; f\nORGANIZER;CN=A:mailto:a@b\n"
    "PERCENT-COMPLETE:30\nPRIORITY:3\nSEQUENCE:2\nSTATUS:IN-PROCESS\nURL:http://a/?b=c;d,e\n"
    "RRULE:FREQ=DAILY;COUNT=10\nEXDATE;TZID=Europe/Berlin:20260705T080000\nRDATE;TZID=Europe/Berlin:20261001T080000\n"
    "ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:TG9y\n ZW0=\nATTENDEE;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:b@c\n"
    "CATEGORIES:x,y\nCATEGORIES:z\nCOMMENT:c\nCONTACT:c\nREQUEST-STATUS:2.0;Success\n"
    "RELATED-TO;RELTYPE=PARENT:p\nRESOURCES:r,s\nX-APPLE-SORT-ORDER:1\nX-MOZ-GENERATION:3\nIANA-NEW;A=b:c\n"
    "CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+1\nCOLOR:red\nIMAGE;VALUE=URI:http://i\n"
    "BEGIN:VALARM\nUID:al\nACTION:AUDIO\nTRIGGER;RELATED=END:-PT15M\nATTACH:ftp://a/b\nREPEAT:4\nDURATION:PT5M\n"
    "ACKNOWLEDGED:20260101T000000Z\nEND:VALARM\n"
    "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20260701T060000Z\nDESCRIPTION:d\nSUMMARY:s\nDUE:x\nEND:VALARM\n"
    "BEGIN:VALARM\nACTION:EMAIL\nTRIGGER:-P1D\nATTENDEE:mailto:a@b\nSUMMARY:s\nDESCRIPTION:d\nEND:VALARM\n"
    "BEGIN:X-INNER\nSUMMARY:s\nBEGIN:X-MORE\nDUE:20260101\nEND:X-MORE\nEND:X-INNER\n"
    "END:VTODO\n"
    "BEGIN:VTODO\nUID:a/b@c\nDTSTAMP:20260101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20260703T080000\n"
    "SUMMARY:part\nSTATUS:NEEDS-ACTION\nCATEGORIES:x\nEND:VTODO\nEND:VCALENDAR\n";

/* The text without the master's lines of these names (or the parts). */
static char *
without(const char *text, const char *names, bool parts)
{
	struct lines	in = lines_of(span_of(text));
	struct line	line;
	struct buf	b = memory();
	int		todos = 0;

	while (line_next(&in, &line)) {
		char	name[40];
		bool	is_master = todos == 1 && line.depth == 2 && line.kind == LINE_PROPERTY;

		if (line.kind == LINE_BEGIN && line_is(line.value, "VTODO"))
			todos++;
		snprintf(name, sizeof name, " %.*s ", (int)line.name.len, line.name.at);
		if ((is_master && strstr(names, name) != NULL) ||
		    (todos > 1 && line.depth > 0 && !parts))
			continue;
		/* An alarm's time is the task's. */
		if (todos == 1 && line_is(line.name, "TRIGGER") && strstr(names, " DUE ") != NULL)
			continue;
		buf_put(&b, line.all.at, line.all.len);
	}
	buf_char(&b, '\0');
	return b.data;
}

static const struct {
	const char	*set, *changes;
	bool		 parts;		/* which stay */
} writes[] = {
	{ "title=other", " SUMMARY ", true },
	{ "description=other", " DESCRIPTION ", true },
	{ "description=", " DESCRIPTION ", true },
	{ "due=2026-08-01T07:00:00Z", " DUE DTSTART EXDATE RDATE ", false },
	{ "due=2026-08-01", " DUE DTSTART EXDATE RDATE RRULE ", false },
	{ "due=", " DUE EXDATE RDATE RRULE X-NEON-TODO-PATTERN ", false },
	{ "priority=Low", " PRIORITY ", true },
	{ "tags=a|b", " CATEGORIES ", true },
	{ "rule=weekly", " RRULE EXDATE RDATE ", false },
	{ "rule=", " RRULE EXDATE RDATE ", false },
	{ "completed=2026-08-01T07:00:00Z", " STATUS COMPLETED PERCENT-COMPLETE RRULE EXDATE RDATE ", false },
	{ "zone=UTC", " DUE DTSTART EXDATE RDATE ", false },
};

static void
check_every(const char *text)
{
	for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
		struct vtodo	*t = kept_columns(text, strlen(text), &zones);
		char		*is, *one, *other, names[200];

		t->ical = span_of(text);
		t->ical_at = VERSION - 1;
		t->updated = VERSION;
		set(t, writes[i].set);
		is = answer(t);
		snprintf(names, sizeof names, "%s DTSTAMP LAST-MODIFIED ", writes[i].changes);
		one = without(text, names, writes[i].parts);
		other = without(is, names, writes[i].parts);
		tap_ok(strcmp(one, other) == 0 && strcmp(is, text) != 0, "every property: after %s", writes[i].set);
		if (strcmp(one, other) != 0)
			show(other, one);
		tap_ok((strstr(is, "SUMMARY:part") != NULL) == writes[i].parts, "every property: parts");
		check_again(t, is, writes[i].set);
		free(one);
		free(other);
		free(is);
		free(t);
	}
}

int
main(void)
{
	char	*text = crlf(every);

	check_merges();
	check_every(text);
	check_every(every);
	free(text);
	zones_free(&zones);
	return tap_done();
}
