/* SPDX-License-Identifier: ISC */
/* Clocks of zones: the changes of 2026 and 2027, and what of a day is twice there or left out. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/zone.h"
#include "tap.h"

static struct zones	zones;

static const struct zone *
find(const char *name)
{
	return zone_find(&zones, name, strlen(name));
}

/* One that must be there. */
static const struct zone *
known(const char *name)
{
	const struct zone	*z = find(name);

	if (z == NULL) {
		printf("Bail out!  There is no zone %s: install tzdata, and tzdata-legacy since "
		    "Debian 13\n", name);
		exit(EXIT_FAILURE);
	}
	return z;
}

static int64_t
usec(const char *text)
{
	int64_t	n = 0;

	date_parse(text, strlen(text), &n);
	return n;
}

/* Instants, and what the clock shows then. */
static const struct {
	const char	*zone, *instant, *clock;
} clocks[] = {
	{ "Europe/Berlin", "2026-03-29T00:59:59.999999Z", "2026-03-29T01:59:59.999999Z" },
	{ "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z" },
	{ "Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59Z" },
	{ "Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z" },
	{ "Europe/Berlin", "2027-03-28T01:00:00Z", "2027-03-28T03:00:00Z" },
	{ "Europe/Berlin", "2027-10-31T01:00:00Z", "2027-10-31T02:00:00Z" },
	{ "Europe/Berlin", "2150-07-01T12:00:00Z", "2150-07-01T14:00:00Z" },
	{ "Europe/Berlin", "9999-12-31T12:00:00Z", "9999-12-31T13:00:00Z" },
	{ "Europe/Berlin", "0001-01-02T00:00:00Z", "0001-01-02T00:53:28Z" },
	{ "America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00Z" },
	{ "America/New_York", "2026-11-01T06:00:00Z", "2026-11-01T01:00:00Z" },
	{ "America/New_York", "2027-03-14T06:59:59Z", "2027-03-14T01:59:59Z" },
	{ "America/New_York", "2027-11-07T05:59:59Z", "2027-11-07T01:59:59Z" },
	{ "Pacific/Auckland", "2026-04-04T14:00:00Z", "2026-04-05T02:00:00Z" },
	{ "Pacific/Auckland", "2026-09-26T14:00:00Z", "2026-09-27T03:00:00Z" },
	{ "Pacific/Auckland", "2027-04-03T13:59:59Z", "2027-04-04T02:59:59Z" },
	{ "Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05T01:59:59Z" },
	{ "Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30:00Z" },
	{ "Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T02:30:00Z" },
	/* Ramadan of 2025 and 2026: back to UTC for a month.  There is no later one. */
	{ "Africa/Casablanca", "2025-02-23T02:00:00Z", "2025-02-23T02:00:00Z" },
	{ "Africa/Casablanca", "2025-04-06T02:00:00Z", "2025-04-06T03:00:00Z" },
	{ "Africa/Casablanca", "2026-02-15T01:59:59Z", "2026-02-15T02:59:59Z" },
	{ "Africa/Casablanca", "2026-02-15T02:00:00Z", "2026-02-15T02:00:00Z" },
	{ "Africa/Casablanca", "2026-03-22T02:00:00Z", "2026-03-22T03:00:00Z" },
	{ "Asia/Tehran", "2026-03-22T12:00:00Z", "2026-03-22T15:30:00Z" },
	{ "Asia/Tehran", "2027-07-01T12:00:00Z", "2027-07-01T15:30:00Z" },
	{ "Asia/Tehran", "2022-07-01T12:00:00Z", "2022-07-01T16:30:00Z" },
	{ "Asia/Kathmandu", "2026-07-01T18:15:00Z", "2026-07-02T00:00:00Z" },
	{ "Asia/Kathmandu", "1985-12-31T18:29:59Z", "1985-12-31T23:59:59Z" },
	/* It went to the other side of the date line. */
	{ "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59Z" },
	{ "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00Z" },
	{ "Pacific/Apia", "2026-10-01T12:00:00Z", "2026-10-02T01:00:00Z" },
	/* Winter is the one that is set back. */
	{ "Europe/Dublin", "2026-07-01T12:00:00Z", "2026-07-01T13:00:00Z" },
	{ "Europe/Dublin", "2126-01-01T12:00:00Z", "2126-01-01T12:00:00Z" },
	{ "America/Nuuk", "2150-07-01T12:00:00Z", "2150-07-01T11:00:00Z" },
	{ "UTC", "2026-07-01T12:00:00.000001Z", "2026-07-01T12:00:00.000001Z" },
	{ "Etc/GMT+12", "2026-07-01T12:00:00Z", "2026-07-01T00:00:00Z" },
	{ "Asia/Calcutta", "2026-07-01T12:00:00Z", "2026-07-01T17:30:00Z" },
};

/* What a clock shows, and when that is. */
static const struct {
	const char	*zone, *clock, *instant, *what;
} instants[] = {
	{ "Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z", "before the gap" },
	{ "Europe/Berlin", "2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z", "the gap begins" },
	{ "Europe/Berlin", "2026-03-29T02:30:00.5Z", "2026-03-29T01:00:00Z", "in the gap" },
	{ "Europe/Berlin", "2026-03-29T02:59:59.999999Z", "2026-03-29T01:00:00Z", "in the gap" },
	{ "Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z", "after the gap" },
	{ "Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z", "twice" },
	{ "Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T00:00:00Z", "twice" },
	{ "Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z", "once again" },
	{ "Europe/Berlin", "2126-03-31T02:30:00.25Z", "2126-03-31T01:00:00Z", "a gap of the rule" },
	{ "America/New_York", "2026-03-08T02:30:00Z", "2026-03-08T07:00:00Z", "in the gap" },
	{ "America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z", "twice" },
	{ "Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:30:00Z", "half an hour is left out" },
	{ "Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z", "half an hour is twice" },
	{ "Africa/Casablanca", "2026-02-15T02:30:00Z", "2026-02-15T01:30:00Z", "twice" },
	{ "Africa/Casablanca", "2026-03-22T02:30:00Z", "2026-03-22T02:00:00Z", "in the gap" },
	{ "Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z", "a day is left out" },
	{ "Africa/Cairo", "2026-04-24T00:00:00Z", "2026-04-23T22:00:00Z", "a midnight is left out" },
	{ "Asia/Kathmandu", "2026-07-02T00:00:00Z", "2026-07-01T18:15:00Z", "no change" },
	{ "UTC", "2026-07-02T00:00:00Z", "2026-07-02T00:00:00Z", "no change" },
};

static const char *const	none[] = {
	"", "Europe", "Europe/", "Europe/Atlantis", "europe/berlin", "posix/Europe/Berlin",
	"right/Europe/Berlin", "/usr/share/zoneinfo/UTC", "../zoneinfo/UTC", "Europe/../UTC",
	"Europe//Berlin", "localtime", "tzdata.zi", "Europe/Berlin ", "CET-1CEST", "UTC+3",
	"Europe/Berlin/Mitte", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

/* The first changes after an instant. */
static const struct {
	const char	*zone, *from, *at;
	int		 before, after;
	bool		 dst;
	const char	*name;
} changes[] = {
	{ "Europe/Berlin", "2026-01-01T00:00:00Z", "2026-03-29T01:00:00Z", 3600, 7200, true, "CEST" },
	{ "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", 7200, 3600, false, "CET" },
	{ "Europe/Berlin", "2100-01-01T00:00:00Z", "2100-03-28T01:00:00Z", 3600, 7200, true, "CEST" },
	{ "Australia/Lord_Howe", "2026-07-01T00:00:00Z", "2026-10-03T15:30:00Z", 37800, 39600, true, "+11" },
	{ "Africa/Casablanca", "2026-01-01T00:00:00Z", "2026-02-15T02:00:00Z", 3600, 0, true, "+00" },
};

static void
check_changes(void)
{
	struct zone_change	c;

	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
		tap_ok(zone_next_change(known(changes[i].zone), usec(changes[i].from), &c) &&
		    c.at == usec(changes[i].at) && c.before == changes[i].before &&
		    c.after == changes[i].after && c.dst == changes[i].dst &&
		    strcmp(c.name, changes[i].name) == 0,
		    "%s: the change after %s", changes[i].zone, changes[i].from);
	tap_ok(!zone_next_change(known("UTC"), 0, &c), "UTC has no change");
	tap_ok(!zone_next_change(known("Asia/Tehran"), usec("2026-01-01T00:00:00Z"), &c),
	    "Tehran has none any more");
}

/* A zone of the same rules is the same from then on. */
static void
check_made(void)
{
	const struct zone	*berlin = known("Europe/Berlin");
	struct zone_change	 change[2];
	struct zone_yearly	 yearly[2];
	struct zone		*made;
	int64_t			 from = usec("2000-01-01T00:00:00Z"), at;
	bool			 same;

	tap_ok(zone_yearly(berlin, from, yearly) && yearly[0].month == 3 && yearly[0].week == 5 &&
	    yearly[0].weekday == 0 && yearly[0].second == 7200 && yearly[0].before == 3600 &&
	    yearly[0].after == 7200 && yearly[1].month == 10 && yearly[1].second == 10800,
	    "rules: Berlin's, the same since 1996, whatever its file has");
	tap_ok(!zone_yearly(berlin, usec("1990-01-01T00:00:00Z"), yearly), "rules: others before");
	tap_ok(!zone_yearly(known("Asia/Tehran"), from, yearly) && !zone_yearly(zone_utc(), from, yearly),
	    "rules: none");
	zone_yearly(berlin, from, yearly);
	zone_next_change(berlin, from, &change[0]);
	zone_next_change(berlin, change[0].at, &change[1]);
	made = zone_make(change, 2, 3600, yearly);
	same = made != NULL;
	for (at = from; same && at < usec("2150-01-01T00:00:00Z"); at += INT64_C(3601) * 1000000 * 11)
		same = zone_clock(made, at) == zone_clock(berlin, at);
	tap_ok(same, "made: by two changes and the rules");
	zone_free(made);
	made = zone_make(change, 2, 3600, NULL);
	tap_ok(made != NULL && zone_clock(made, at) == at + INT64_C(3600000000) &&
	    !zone_next_change(made, change[1].at, &change[0]), "made: without, nothing follows");
	zone_free(made);
}

static void
check_without_data(void)
{
	struct zones	empty = { NULL };

	setenv("TZDIR", "/nonexistent", 1);
	tap_ok(!zone_has_data(), "no tzdata, and it says so");
	tap_ok(zone_find(&empty, "UTC", 3) != NULL, "UTC is known all the same");
	tap_ok(zone_find(&empty, "Europe/Berlin", 13) == NULL, "and nothing else");
	tap_ok(zone_clock(zone_find(&empty, "UTC", 3), 5) == 5, "UTC is UTC");
	tap_ok(zone_find(&empty, "UTC", 3) == zone_utc(), "the one that needs no file");
	zones_free(&empty);
}

int
main(void)
{
	char	text[DATE_TEXT_MAX];

	unsetenv("TZDIR");
	if (!zone_has_data()) {
		puts("1..0 # SKIP no tzdata");
		return 0;
	}
	for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		date_format_time(text, zone_clock(known(clocks[i].zone), usec(clocks[i].instant)));
		tap_ok(strncmp(text, clocks[i].clock, strlen(clocks[i].clock) - 1) == 0,
		    "%s at %s: %s", clocks[i].zone, clocks[i].instant, text);
	}
	for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
		date_format_time(text, zone_instant(known(instants[i].zone), usec(instants[i].clock)));
		tap_ok(strcmp(text, instants[i].instant) == 0, "%s, clock %s, %s: %s",
		    instants[i].zone, instants[i].clock, instants[i].what, text);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		tap_ok(find(none[i]) == NULL, "no zone: %s", none[i]);
	tap_ok(zone_find(&zones, "Europe/Berlinx", 13) == known("Europe/Berlin"),
	    "a name may be a part of a text, and a zone is read once");
	check_changes();
	check_made();
	check_without_data();
	return tap_done();
}
