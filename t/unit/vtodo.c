/* SPDX-License-Identifier: ISC */
/* What is written of tasks, and of zones: which are read again, and have to be the same. */
#include <dirent.h>
#include <sys/stat.h>

#include "dav/vzone.h"
#include "task/fold.h"
#include "task/line.h"
#include "task/vtimezone.h"
#include "todo.h"

#define NOW	(INT64_C(9700) * DATE_USEC_PER_DAY)	/* in 2026 */
#define HOUR	(INT64_C(3600) * 1000000)

static const char	head[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//neon-todo//";

static char *
made(struct vtodo *t)
{
	struct buf	b = memory();

	t->id = 7;
	t->created = 0xabc;
	t->updated = NOW;
	kept_put(&b, t, &zones);
	buf_char(&b, '\0');
	return b.data;
}

static const struct {
	const char	*what;
	struct vtodo	 t;
	const char	*lines;
} todos[] = {
	{ "a title", { .title = { "x", 1 } }, "SUMMARY:x\nSTATUS:NEEDS-ACTION\n" },
	{ "a UID of its own", { .title = { "x", 1 }, .uid = { "a,b", 3 } }, "SUMMARY:x\nSTATUS:NEEDS-ACTION\n" },
	{ "all", { .title = { "a;b", 3 }, .description = { "c\r\nd\x01\x7f", 6 }, .has_due = true, .of_days = true,
	  .due = NOW, .priority = VTODO_HIGH, .ntags = 4, .tag = { { "t,1", 3 }, { "", 0 }, { "u", 1 }, { "v", 1 } },
	  .completed = true, .completed_at = NOW + HOUR },
	  "SUMMARY:a\\;b\nDESCRIPTION:c\\nd\nDUE;VALUE=DATE:20260723\nPRIORITY:1\nCATEGORIES:t\\,1\nCATEGORIES:u,v\nSTATUS:COMPLETED\n"
	  "COMPLETED:20260723T010000Z\n" },
	{ "a rule", { .title = { "x", 1 }, .has_due = true, .due = NOW, .pattern = { "daily", 5 } },
	  "SUMMARY:x\nRRULE:FREQ=DAILY\nDTSTART:20260723T000000Z\nDUE:20260723T000000Z\nSTATUS:NEEDS-ACTION\n" },
	{ "a rule of what is completed", { .title = { "x", 1 }, .has_due = true, .due = NOW, .pattern = { "daily", 5 },
	  .completed = true, .completed_at = INT64_MIN },
	  "SUMMARY:x\nDUE:20260723T000000Z\nSTATUS:COMPLETED\nCOMPLETED:20260723T000000Z\n" },
	{ "a rule without a date", { .title = { "x", 1 }, .pattern = { "daily", 5 }, .priority = VTODO_LOW },
	  "SUMMARY:x\nX-NEON-TODO-PATTERN:daily\nPRIORITY:9\nSTATUS:NEEDS-ACTION\n" },
	{ "a rule that is none", { .title = { "x", 1 }, .has_due = true, .of_days = true, .due = NOW, .pattern = { "now,", 4 } },
	  "SUMMARY:x\nX-NEON-TODO-PATTERN:now\\,\nDUE;VALUE=DATE:20260723\nSTATUS:NEEDS-ACTION\n" },
	{ "a zone that is not known", { .title = { "x", 1 }, .has_due = true, .due = NOW, .zone = { "No/Such", 7 } },
	  "SUMMARY:x\nDUE:20260723T000000Z\nSTATUS:NEEDS-ACTION\n" },
	{ "UTC", { .title = { "x", 1 }, .has_due = true, .due = NOW, .zone = { "UTC", 3 } },
	  "SUMMARY:x\nDUE:20260723T000000Z\nSTATUS:NEEDS-ACTION\n" },
};

static void
check_todos(void)
{
	for (size_t i = 0; i < sizeof todos / sizeof todos[0]; i++) {
		struct vtodo	 t = todos[i].t;
		char		*text = made(&t), *lines = crlf(todos[i].lines), want[1024];

		snprintf(want, sizeof want, "BEGIN:VTODO\r\nUID:%s\r\nDTSTAMP:20260723T000000Z\r\n"
		    "CREATED:20000101T000000Z\r\nLAST-MODIFIED:20260723T000000Z\r\n%sEND:VTODO\r\nEND:VCALENDAR\r\n",
		    t.uid.at == NULL ? "7-abc@neon-todo" : "a\\,b", lines);
		tap_ok(strncmp(text, head, strlen(head)) == 0 && strstr(text, want) != NULL &&
		    kept_check(text, strlen(text)) == KEPT_OK, "made: %s", todos[i].what);
		if (strstr(text, want) == NULL)
			printf("# %s\n", text);
		free(lines);
		free(text);
	}
}

static void
check_zone_of_todo(void)
{
	struct vtodo	 t = { .title = { "x", 1 }, .has_due = true, .due = NOW, .zone = { "Europe/Berlin", 13 } };
	char		*text = made(&t);

	tap_ok(strstr(text, "\r\nDUE;TZID=Europe/Berlin:20260723T020000\r\n") != NULL, "zone: DUE by it");
	tap_ok(strstr(text, "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n"
	    "BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n"
	    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
	    "BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n"
	    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n") != NULL,
	    "zone: and its VTIMEZONE");
	if (strstr(text, "BYDAY") == NULL)
		printf("# %s\n", text);
	free(text);
}

/* --- all zones there are ------------------------------------------------------------------ */

struct counts {
	int	zones, wrong;
	size_t	longest;
};

static bool
reads_the_same(const struct zone *zone, int64_t from, struct counts *n)
{
	struct buf		 b = memory();
	const struct zone	*again;
	bool			 same = true;
	struct zone_change	 c = { .at = from };

	vtimezone_put(&b, zone, from);
	if (b.len > n->longest)
		n->longest = b.len;
	again = vzone_read((struct span){ b.data, b.len });
	while (again != NULL && same && c.at < from + 14000 * DATE_USEC_PER_DAY) {
		same = zone_clock(zone, c.at) == zone_clock(again, c.at) &&
		    zone_clock(zone, c.at + HOUR) == zone_clock(again, c.at + HOUR);
		if (!zone_next_change(zone, c.at, &c))
			break;
	}
	same = same && again != NULL;
	if (!same)
		printf("# %s at %lld\n%.*s", zone_name(zone), (long long)(c.at / DATE_USEC_PER_DAY), (int)b.len, b.data);
	vzone_free(again);
	free(b.data);
	return same;
}

static void
check_directory(const char *dir, const char *name, struct counts *n)
{
	char		 path[512], inner[256];
	struct dirent	**list;
	struct stat	 st;
	int		 found;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	found = scandir(path, &list, NULL, alphasort);
	for (int i = 0; i < found; i++) {
		const char		*its = list[i]->d_name;
		const struct zone	*zone;

		snprintf(inner, sizeof inner, "%.100s%s%.100s", name, *name == '\0' ? "" : "/", its);
		snprintf(path, sizeof path, "%s/%s", dir, inner);
		if (*its >= 'A' && *its <= 'Z' && stat(path, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				check_directory(dir, inner, n);
			else if ((zone = zone_find(&zones, inner, strlen(inner))) != NULL) {
				n->zones++;
				n->wrong += !reads_the_same(zone, NOW, n) ||
				    !reads_the_same(zone, NOW - 20000 * DATE_USEC_PER_DAY, n);
			}
		}
		free(list[i]);
	}
	if (found >= 0)
		free(list);
}

static void
check_zones(void)
{
	const char	*dir = getenv("TZDIR");
	struct counts	 n = { 0 };

	check_directory(dir != NULL ? dir : "/usr/share/zoneinfo", "", &n);
	tap_ok(n.zones > 300 && n.wrong == 0, "zones: %d of tzdata, as VTIMEZONE and read again", n.zones);
	printf("# the longest has %zu bytes\n", n.longest);
}

/* --- lines -------------------------------------------------------------------------------- */

static void
check_fold(void)
{
	struct buf	 b = memory();
	char		 text[400], again[400];
	struct lines	 in;
	struct line	 line;
	size_t		 longest = 0, n = 0;

	while (n < 390) {
		memcpy(text + n, "\xf0\x9f\x98\x80,\xc3\xa4;\\a\n", 11);
		n += 11;
	}
	fold_text_line(&b, "SUMMARY:", (struct span){ text, n });
	for (const char *p = b.data, *end; p < b.data + b.len; p = end) {
		end = (const char *)memchr(p, '\n', (size_t)(b.data + b.len - p)) + 1;
		if ((size_t)(end - p) - 2 > longest)
			longest = (size_t)(end - p) - 2;
		if ((p[p > b.data] & 0xc0) == 0x80)
			longest = 1000;		/* within a character */
	}
	tap_ok(longest <= 75, "fold: lines of 75 bytes, between characters");
	in = lines_of((struct span){ b.data, b.len });
	tap_ok(line_next(&in, &line) && line_text(line.value, again, sizeof again) == n &&
	    memcmp(again, text, n) == 0, "fold: read again it is the same");
	tap_ok(line_text(line.value, again, 4) == 0 && line_text(line.value, again, 5) == 4 &&
	    line_text(line.value, again, 7) == 5, "fold: cut between characters");
	free(b.data);
}

static void
check_lines(void)
{
	struct line	line;
	struct span	value, params, name;
	struct lines	in = lines_of(span_of("A;B=\"c;d:e\";F=g,\"h\";I:j:k;l\n\n\r\nM\n\"N:o\nP;Q=\"r:s\n"));

	tap_ok(line_next(&in, &line) && line_is(line.name, "a") && line_is(line.value, "j:k;l"), "line: name and value");
	tap_ok(line_find_param(&line, "b", &value) && line_is(value, "c;d:e"), "line: quotes");
	tap_ok(line_find_param(&line, "F", &value) && line_is(value, "g,\"h\""), "line: two values");
	params = line.params;
	tap_ok(line_param(&params, &name, &value) && line_param(&params, &name, &value) &&
	    line_param(&params, &name, &value) && line_is(name, "I") && value.len == 0 &&
	    !line_param(&params, &name, &value), "line: three parameters");
	tap_ok(line_next(&in, &line) && line_is(line.name, "M") && line.value.at == NULL, "line: no colon");
	tap_ok(line_next(&in, &line) && line_is(line.value, "o"), "line: a quote that doesn't end, in the name");
	tap_ok(line_next(&in, &line) && line_is(line.name, "P") && line_is(line.value, "s"), "line: in a parameter");
	tap_ok(!line_next(&in, &line), "line: no more");
}

int
main(void)
{
	check_lines();
	check_fold();
	check_todos();
	check_zone_of_todo();
	check_zones();
	zones_free(&zones);
	return tap_done();
}
