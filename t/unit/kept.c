/* SPDX-License-Identifier: ISC */
/* Texts that clients write: what is wrong with them, and what columns they mean. */
#include "todo.h"

#define HEAD	"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//EN\n"
#define TODO	"BEGIN:VTODO\nUID:u\nEND:VTODO\n"
#define TAIL	"END:VCALENDAR\n"

static const struct {
	const char	*what;
	enum kept_fault	 fault;
	const char	*text;
} checks[] = {
	{ "a task", KEPT_OK, HEAD TODO TAIL },
	{ "LF alone, blank lines, no end of the last", KEPT_OK, "\n" HEAD "\n" TODO "END:VCALENDAR" },
	{ "a byte order mark", KEPT_OK, "\xef\xbb\xbf" HEAD TODO TAIL },
	{ "small letters", KEPT_OK, "begin:vcalendar\nbegin:vtodo\nuid:u\nend:vtodo\nend:vcalendar\n" },
	{ "a line without a colon", KEPT_OK, HEAD "junk\n" TODO TAIL },
	{ "parts of one UID", KEPT_OK, HEAD TODO "BEGIN:VTODO\nRECURRENCE-ID:20260101\nUID:u\nEND:VTODO\n" TAIL },
	{ "a UID in an alarm", KEPT_OK, HEAD "BEGIN:VTODO\nUID:u\nBEGIN:VALARM\nUID:a\nEND:VALARM\nEND:VTODO\n" TAIL },
	{ "a component nobody knows", KEPT_OK, HEAD "BEGIN:X-A\nUID:b\nEND:X-A\n" TODO TAIL },
	{ "no SUMMARY, no VERSION", KEPT_OK, "BEGIN:VCALENDAR\n" TODO TAIL },
	{ "nothing", KEPT_NO_CALENDAR, "" },
	{ "blank lines", KEPT_NO_CALENDAR, "\r\n\r\n" },
	{ "no calendar", KEPT_NO_CALENDAR, "hello" },
	{ "HTML", KEPT_NO_CALENDAR, "<html>:\n" },
	{ "no VCALENDAR", KEPT_NO_CALENDAR, TODO },
	{ "END first", KEPT_NO_CALENDAR, "END:VCALENDAR\n" },
	{ "a property first", KEPT_NO_CALENDAR, "VERSION:2.0\n" HEAD TODO TAIL },
	{ "no END", KEPT_UNBALANCED, HEAD TODO },
	{ "another END", KEPT_UNBALANCED, HEAD "BEGIN:VTODO\nUID:u\nEND:VALARM\n" TAIL },
	{ "END in another order", KEPT_UNBALANCED, HEAD "BEGIN:VTODO\nUID:u\nBEGIN:VALARM\nEND:VTODO\nEND:VALARM\n" TAIL },
	{ "one END more", KEPT_UNBALANCED, HEAD TODO TAIL TAIL },
	{ "a second calendar", KEPT_UNBALANCED, HEAD TODO TAIL HEAD TODO TAIL },
	{ "something after it", KEPT_UNBALANCED, HEAD TODO TAIL "X:y\n" },
	{ "deep", KEPT_DEEP, HEAD "BEGIN:a\nBEGIN:a\nBEGIN:a\nBEGIN:a\nBEGIN:a\nBEGIN:a\nBEGIN:a\nBEGIN:a\n" },
	{ "no UTF-8", KEPT_NOT_UTF8, HEAD "X:\xff\n" TODO TAIL },
	{ "half a character", KEPT_NOT_UTF8, HEAD "X:\xc3\n \xa4\n" TODO TAIL },
	{ "METHOD", KEPT_METHOD, HEAD "METHOD:PUBLISH\n" TODO TAIL },
	{ "nothing but a zone", KEPT_NO_TODO, HEAD "BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\n" TAIL },
	{ "an empty calendar", KEPT_NO_TODO, HEAD TAIL },
	{ "no UID", KEPT_NO_UID, HEAD "BEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n" TAIL },
	{ "an empty UID", KEPT_NO_UID, HEAD "BEGIN:VTODO\nUID:\nEND:VTODO\n" TAIL },
	{ "a part without UID", KEPT_NO_UID, HEAD TODO "BEGIN:VTODO\nEND:VTODO\n" TAIL },
	{ "two UIDs", KEPT_TWO_UIDS, HEAD TODO "BEGIN:VTODO\nUID:v\nEND:VTODO\n" TAIL },
	{ "two UIDs in one", KEPT_TWO_UIDS, HEAD "BEGIN:VTODO\nUID:u\nUID:uu\nEND:VTODO\n" TAIL },
	{ "two masters", KEPT_TWO_MASTERS, HEAD TODO TODO TAIL },
	{ "two masters and a part", KEPT_TWO_MASTERS,
	  HEAD TODO "BEGIN:VTODO\nRECURRENCE-ID:20260101\nUID:u\nEND:VTODO\n" TODO TAIL },
	{ "parts without a master", KEPT_OK, HEAD "BEGIN:VTODO\nRECURRENCE-ID:20260101\nUID:u\nEND:VTODO\n"
	  "BEGIN:VTODO\nUID:u\nRECURRENCE-ID:20260102\nEND:VTODO\n" TAIL },
	{ "an event", KEPT_NOT_TODO, HEAD "BEGIN:VEVENT\nUID:u\nEND:VEVENT\n" TAIL },
	{ "a journal", KEPT_NOT_TODO, HEAD "BEGIN:VJOURNAL\nUID:u\nEND:VJOURNAL\n" TAIL },
	{ "free and busy", KEPT_NOT_TODO, HEAD "BEGIN:VFREEBUSY\nUID:u\nEND:VFREEBUSY\n" TAIL },
	{ "an event and a task", KEPT_NOT_TODO, HEAD "BEGIN:VEVENT\nUID:u\nEND:VEVENT\n" TODO TAIL },
};

static void
check_faults(void)
{
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		char		*text = crlf(checks[i].text);
		enum kept_fault	 fault = kept_check(checks[i].text, strlen(checks[i].text));

		tap_ok(fault == checks[i].fault && kept_check(text, strlen(text)) == fault,
		    "check: %s", checks[i].what);
		free(text);
	}
	tap_ok(kept_check("BEGIN:VCALENDAR\n\0", 17) == KEPT_HAS_NUL, "check: NUL");
}

static void
check_sizes(void)
{
	static char	text[KEPT_TEXT_MAX + 64];
	int		n;

	for (int uid = KEPT_UID_MAX; uid <= KEPT_UID_MAX + 1; uid++) {
		n = snprintf(text, sizeof text, HEAD "BEGIN:VTODO\nUID:%0*d\nEND:VTODO\n" TAIL, uid, 0);
		tap_ok(kept_check(text, (size_t)n) == (uid > KEPT_UID_MAX ? KEPT_LONG_UID : KEPT_OK),
		    "check: a UID of %d bytes", uid);
	}
	n = snprintf(text, sizeof text, HEAD TODO);
	memset(text + n, '\n', sizeof text - (size_t)n);
	memcpy(text + KEPT_TEXT_MAX - strlen(TAIL), TAIL, strlen(TAIL));
	tap_ok(kept_check(text, KEPT_TEXT_MAX) == KEPT_OK, "check: 512 KiB");
	tap_ok(kept_check(text, KEPT_TEXT_MAX + 1) == KEPT_LARGE, "check: and a byte");
}

static void
check_clean(void)
{
	char	text[] = "a\tb\r\n\x01\x1f\x7f\xc2\x85\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd\xff\0z";
	size_t	len = kept_clean(text, sizeof text - 1);

	char	halves[] = "a\x01" "b\xe2\xef\xbf\xbf\x82\xac";

	tap_ok(len == 14 && memcmp(text, "a\tb\r\n\x7f\xc2\x85\xef\xbf\xbd\xff\0z", 14) == 0,
	    "clean: what XML can't carry goes, faults stay");
	len = kept_clean(halves, sizeof halves - 1);
	tap_ok(len == 8 && memcmp(halves, "ab\xe2\xef\xbf\xbf\x82\xac", 8) == 0,
	    "clean: and do not become one character");
}

/* --- columns ---------------------------------------------------------------------------- */

#define BERLIN	"BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n" \
		"BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n" \
		"TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\nEND:DAYLIGHT\n" \
		"BEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n" \
		"TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET\nEND:STANDARD\nEND:VTIMEZONE\n"
#define OWN	"BEGIN:VTIMEZONE\nTZID:(UTC+05:15) Own\nBEGIN:STANDARD\nDTSTART:16010101T000000\n" \
		"TZOFFSETFROM:+0515\nTZOFFSETTO:+0515\nEND:STANDARD\nEND:VTIMEZONE\n"
#define DAILY	"DTSTART:20260301T080000Z\nDUE:20260301T090000Z\nRRULE:FREQ=DAILY;COUNT=3\n"
#define PART(at, more)	"BEGIN:VTODO\nUID:u\nRECURRENCE-ID:" at "\n" more "END:VTODO\n"

static const struct {
	const char	*lines, *meaning, *before, *after;
} meanings[] = {
	/* Title and description. */
	{ "SUMMARY:x\n", "x" },
	{ "", "Untitled" },
	{ "SUMMARY: \n", "Untitled" },
	{ "SUMMARY:  a\\nb\tc \n", "a b c" },
	{ "SUMMARY;LANGUAGE=de;X=\"a:b;c\":a\\, b\\; c\\\\d\n", "a, b; c\\d" },
	{ "SUMMARY:a\n b\n\tc\n", "abc" },
	{ "summary:small\n", "small" },
	{ "SUMMARY:one\nSUMMARY:two\n", "one" },
	{ "SUMMARY:x\nDESCRIPTION;ALTREP=\"cid:1\":a\\nb\\Nc\n", "x d=a\nb\nc" },
	{ "SUMMARY:x\nDESCRIPTION:\n", "x" },
	{ "BEGIN:VALARM\nSUMMARY:alarm\nDUE:20260101\nEND:VALARM\n", "Untitled" },
	/* Due dates. */
	{ "DUE;VALUE=DATE:20260201\n", "Untitled due=20260201" },
	{ "DUE:20260201\n", "Untitled due=20260201" },
	{ "DUE:20260201T093000Z\n", "Untitled due=20260201T093000Z" },
	{ "DUE:20260201T093000\n", "Untitled due=20260201T093000Z" },
	{ "DUE:20260201T093060Z\n", "Untitled due=20260201T093059Z" },
	{ "DUE:20260230T093000Z\n", "Untitled" },
	{ "DUE:00000101\n", "Untitled" },
	{ "DUE:soon\n", "Untitled" },
	{ "DUE:20260201T250000Z\n", "Untitled" },
	{ "DUE;TZID=Europe/Berlin:20260701T093000\n", "Untitled due=20260701T073000Z tz=Europe/Berlin" },
	{ "DUE;TZID=\"Europe/Berlin\":20260701T093000\n", "Untitled due=20260701T073000Z tz=Europe/Berlin" },
	{ "DUE;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260101T093000\n",
	  "Untitled due=20260101T083000Z tz=Europe/Berlin" },
	{ "DUE;TZID=Europe/Berlin:20260701T093000\n", "Untitled due=20260701T073000Z tz=Europe/Berlin", BERLIN },
	{ "DUE;TZID=Europe/Berlin:20261025T023000\n", "Untitled due=20261025T003000Z tz=Europe/Berlin", BERLIN },
	{ "DUE;TZID=Europe/Berlin:20990701T093000\n", "Untitled due=20990701T073000Z tz=Europe/Berlin", BERLIN },
	{ "DUE;TZID=Europe/Berlin:19000701T093000\n", "Untitled due=19000701T083000Z tz=Europe/Berlin", BERLIN },
	{ "DUE;TZID=\"(UTC+05:15) Own\":20260701T093000\n", "Untitled due=20260701T041500Z", OWN },
	{ "DUE;TZID=Nowhere/Else:20260701T093000\n", "Untitled due=20260701T093000Z" },
	{ "DUE;TZID=Europe/Berlin:20260701T093000Z\n", "Untitled due=20260701T093000Z tz=Europe/Berlin" },
	{ "DTSTART;TZID=Asia/Tokyo:20260701T090000\nDURATION:PT1H30M\n",
	  "Untitled due=20260701T013000Z tz=Asia/Tokyo" },
	{ "DTSTART;VALUE=DATE:20260701\nDURATION:P1W\n", "Untitled due=20260708" },
	{ "DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D\n",
	  "Untitled due=20260329T100000Z tz=Europe/Berlin" },
	{ "DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:PT24H\n",
	  "Untitled due=20260329T110000Z tz=Europe/Berlin" },
	{ "DTSTART:20260701T090000Z\nDURATION:P1Y\n", "Untitled" },
	{ "DTSTART:20260701T090000Z\nDURATION:P\n", "Untitled" },
	{ "DTSTART:20260701T090000Z\n", "Untitled" },
	{ "DTSTART:20260701T090000Z\nRRULE:FREQ=DAILY\n", "Untitled due=20260701T090000Z r=FREQ=DAILY" },
	{ "DTSTART:99991231T235959Z\nDURATION:PT1S\n", "Untitled" },
	/* Priority. */
	{ "PRIORITY:1\n", "Untitled High" },
	{ "PRIORITY:4\n", "Untitled High" },
	{ "PRIORITY:5\n", "Untitled" },
	{ "PRIORITY:0\n", "Untitled" },
	{ "PRIORITY:6\n", "Untitled Low" },
	{ "PRIORITY:9\n", "Untitled Low" },
	{ "PRIORITY:10\n", "Untitled" },
	{ "PRIORITY:high\n", "Untitled" },
	/* Tags. */
	{ "CATEGORIES:a, b ,a\\,c,,\nCATEGORIES;LANGUAGE=en:d\\\\,a\n", "Untitled tags=a|b|a,c|d\\" },
	/* The rule. */
	{ "DUE:20260301T090000Z\nRRULE:FREQ=DAILY\n", "Untitled due=20260301T090000Z r=FREQ=DAILY" },
	{ "RRULE:FREQ=DAILY\n", "Untitled r=FREQ=DAILY" },
	{ "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\n", "Untitled" },
	{ "DUE:20260301T090000Z\nRRULE:FREQ=NEVER\n", "Untitled due=20260301T090000Z r=FREQ=NEVER" },
	{ "RRULE:FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30\n",
	  "Untitled" },
	{ "X-NEON-TODO-PATTERN:now\\, and then\n", "Untitled r=now, and then" },
	{ "X-NEON-TODO-PATTERN:\n", "Untitled" },
	{ "RRULE:FREQ=DAILY;COUNT=3\r3\n", "Untitled" },
	{ "RRULE:FREQ=DAILY\nX-NEON-TODO-PATTERN:weekly\n", "Untitled r=FREQ=DAILY" },
	{ "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\nX-NEON-TODO-PATTERN:weekly\n", "Untitled" },
	/* Completed. */
	{ "STATUS:COMPLETED\n", "Untitled done" },
	{ "STATUS:COMPLETED\nCOMPLETED:20260201T093000Z\n", "Untitled done=20260201T093000Z" },
	{ "STATUS:cancelled\n", "Untitled done" },
	{ "STATUS:NEEDS-ACTION\nCOMPLETED:20260201T093000Z\nPERCENT-COMPLETE:100\n", "Untitled" },
	{ "STATUS:IN-PROCESS\n", "Untitled" },
	{ "COMPLETED:20260201T093000Z\n", "Untitled done=20260201T093000Z" },
	{ "PERCENT-COMPLETE:100\n", "Untitled done" },
	{ "PERCENT-COMPLETE:99\n", "Untitled" },
	/* Series: each client's way to complete one time. */
	{ DAILY, "Untitled due=20260301T090000Z r=FREQ=DAILY;COUNT=3" },
	{ DAILY "EXDATE:20260301T080000Z\n", "Untitled due=20260302T090000Z r=FREQ=DAILY;COUNT=3" },
	{ DAILY "EXDATE:20260301T080000Z,20260302T080000Z\n", "Untitled due=20260303T090000Z r=FREQ=DAILY;COUNT=3" },
	{ DAILY "EXDATE:20260301T080000Z,20260303T080000Z\nEXDATE:20260302T080000Z\n",
	  "Untitled due=20260303T090000Z r=FREQ=DAILY;COUNT=3 done" },
	{ DAILY "EXDATE;VALUE=DATE:20260301\n", "Untitled due=20260302T090000Z r=FREQ=DAILY;COUNT=3" },
	{ DAILY, "Untitled due=20260302T090000Z r=FREQ=DAILY;COUNT=3", "",
	  PART("20260301T080000Z", "STATUS:COMPLETED\n") },
	{ DAILY, "Untitled due=20260302T090000Z r=FREQ=DAILY;COUNT=3",
	  PART("20260301T080000Z", "STATUS:CANCELLED\n"), "" },
	{ DAILY, "Untitled due=20260301T090000Z r=FREQ=DAILY;COUNT=3", "",
	  PART("20260301T080000Z", "SUMMARY:x\n") },
	{ DAILY, "Untitled due=20260303T090000Z r=FREQ=DAILY;COUNT=3 done", "",
	  PART("20260301T080000Z", "STATUS:COMPLETED\n") PART("20260302T080000Z", "STATUS:COMPLETED\n")
	  PART("20260303T080000Z", "PERCENT-COMPLETE:100\n") },
	{ "DTSTART;TZID=Europe/Berlin:20260327T080000\nDUE;TZID=Europe/Berlin:20260327T090000\n"
	  "RRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Berlin:20260327T080000,20260328T080000\n",
	  "Untitled due=20260329T070000Z r=FREQ=DAILY tz=Europe/Berlin", BERLIN },
	{ DAILY "X-KDE-LIBKCAL-DTRECURRENCE:20260303T080000Z\n",
	  "Untitled due=20260303T090000Z r=FREQ=DAILY;COUNT=3" },
	{ "DTSTART;VALUE=DATE:20260301\nDUE;VALUE=DATE:20260302\nRRULE:FREQ=WEEKLY\n"
	  "X-KDE-LIBKCAL-DTRECURRENCE;VALUE=DATE:20260315\n", "Untitled due=20260316 r=FREQ=WEEKLY" },
	{ DAILY "STATUS:COMPLETED\n", "Untitled due=20260301T090000Z r=FREQ=DAILY;COUNT=3 done" },
	{ "DTSTART;VALUE=DATE:20260301\nDUE;VALUE=DATE:20260301\nRDATE;VALUE=DATE:20260305\n"
	  "EXDATE;VALUE=DATE:20260301\n", "Untitled due=20260305" },
	{ "RECURRENCE-ID:20260301T080000Z\nSUMMARY:part\nDUE:20260301T080000Z\n",
	  "part due=20260301T080000Z" },
	{ "RECURRENCE-ID:20260301T080000Z\nSUMMARY:part\n", "master", "",
	  "BEGIN:VTODO\nUID:u\nSUMMARY:master\nEND:VTODO\n" },
};

static char *
meaning_of(const char *text)
{
	struct vtodo	*t = kept_columns(text, strlen(text), &zones);
	char		*meaning = t == NULL ? NULL : describe(t);

	free(t);
	return meaning;
}

static void
check_meaning(const char *text, const char *want, const char *what)
{
	char	*meaning = meaning_of(text);

	tap_ok(strcmp(meaning, want) == 0, "columns: %s", what);
	if (strcmp(meaning, want) != 0)
		printf("# %s\n# is not %s\n", meaning, want);
	free(meaning);
}

static void
check_meanings(void)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
		char	*text = calendar(meanings[i].before == NULL ? "" : meanings[i].before,
			    meanings[i].lines, meanings[i].after == NULL ? "" : meanings[i].after);
		char	what[32];

		snprintf(what, sizeof what, "%.*s", (int)strcspn(meanings[i].lines, "\n"),
		    meanings[i].lines);
		tap_ok(kept_check(text, strlen(text)) == KEPT_OK, "check: %s", what);
		check_meaning(text, meanings[i].meaning, what);
		free(text);
	}
}

/* A fold before each byte. */
static void
check_folds(void)
{
	static const char	lines[] = "SUMMARY;X=\"a:b\":a\\,b\\n\xc3\xa4\nDUE;TZID=\"Europe/Berlin\":20260701T093000\n"
				    "CATEGORIES:a\\\\,b\nRRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Berlin:20260701T093000\n";
	char			*text = calendar(BERLIN, lines, "");
	size_t			 len = strlen(text), wrong = 0;
	char			*folded = malloc(len + 4), *want = meaning_of(text), *meaning;

	tap_ok(strstr(want, "due=20260702T073000Z") != NULL, "folds: %s", want);
	for (size_t at = 1; at < len; at++) {
		if (text[at - 1] == '\n' || text[at] == '\n' || (text[at] & 0xc0) == 0x80)
			continue;
		for (const char *fold = "\r\n \n\t"; *fold != '\0'; fold += 3 - (*fold == '\n')) {
			size_t	n = *fold == '\r' ? 3 : 2;

			memcpy(folded, text, at);
			memcpy(folded + at, fold, n);
			strcpy(folded + at + n, text + at);
			meaning = meaning_of(folded);
			if (strcmp(meaning, want) != 0 || kept_check(folded, strlen(folded)) != KEPT_OK) {
				printf("# at %zu: %s\n", at, meaning);
				wrong++;
			}
			free(meaning);
			if (*fold == '\n')
				break;
		}
	}
	tap_ok(wrong == 0, "folds: anywhere, %zu bytes", len);
	free(folded);
	free(want);
	free(text);
}

/* Long texts, by characters; many tags. */
static void
check_lengths(void)
{
	struct buf	 b = memory();
	struct vtodo	*t;
	char		*text, tag[32];

	buf_str(&b, "SUMMARY:  ");
	for (int i = 0; i < 300; i++)
		buf_str(&b, i == 199 ? " " : "\xf0\x9f\x98\x80");
	buf_str(&b, "\nDESCRIPTION:");
	for (int i = 0; i < 10001; i++)
		buf_str(&b, "\xf0\x9f\x98\x80");
	buf_str(&b, "\nCATEGORIES:");
	for (int i = 0; i < 40; i++) {
		snprintf(tag, sizeof tag, "%02d%s", i, i < 39 ? "," : "");
		for (int k = 0; k < 60; k++)
			buf_str(&b, "\xf0\x9f\x98\x80");
		buf_str(&b, tag);
	}
	for (int i = 0; i < 40; i++) {
		snprintf(tag, sizeof tag, ",   %02d", i);
		buf_str(&b, tag);
	}
	buf_str(&b, "\nRRULE:FREQ=DAILY\n");
	buf_char(&b, '\0');
	text = calendar("", b.data, "");
	t = kept_columns(text, strlen(text), &zones);
	tap_ok(t->title.len == 199 * 4, "lengths: a title of 200 characters, trimmed");
	tap_ok(t->description.len == 40000, "lengths: a description of 10,000");
	tap_ok(t->ntags == 32 && t->tag[0].len == 200 && t->tag[1].len == 2 && t->tag[31].len == 2,
	    "lengths: 32 tags of 50");
	tap_ok(t->pattern.len == 10, "lengths: and the rule");
	free(t);
	free(text);
	free(b.data);
}

/* Not completed, as long as nobody looked at all of them. */
static void
check_many(void)
{
	struct buf	 b = memory();
	char		*text, date[DATE_TEXT_MAX];

	buf_str(&b, "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY\n");
	for (int i = 0; i < 2000; i++) {
		date_format_basic(date, (date_day(2026, 1, 1) + i) * DATE_USEC_PER_DAY, true);
		buf_str(&b, i % 100 == 0 ? "\nEXDATE:" : ",");
		buf_str(&b, date);
	}
	buf_str(&b, "\n");
	buf_char(&b, '\0');
	text = calendar("", b.data, "");
	check_meaning(text, "Untitled due=20280926 r=FREQ=DAILY", "1,000 times that are left out");
	free(text);
	free(b.data);
}

int
main(void)
{
	check_faults();
	check_sizes();
	check_clean();
	check_meanings();
	check_folds();
	check_lengths();
	check_many();
	zones_free(&zones);
	return tap_done();
}
