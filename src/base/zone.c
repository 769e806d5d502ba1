/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/date.h"
#include "base/tzif.h"
#include "base/zone.h"

#define FILE_MAX	(64 * 1024)	/* tzdata's have 4 KiB at most */
#define DAY		INT64_C(86400)
#define USEC		INT64_C(1000000)
#define AHEAD_MAX	(26 * 3600)	/* no clock is further from UTC */
#define TYPES_MAX	256

struct zone {
	struct zone	*next;
	char		 name[ZONE_NAME_MAX];
	struct tzif	 tz;
};

static const char *
directory(void)
{
	const char	*dir = getenv("TZDIR");

	return dir != NULL && *dir != '\0' ? dir : "/usr/share/zoneinfo";
}

bool
zone_has_data(void)
{
	struct zones	zones = { NULL };
	bool		has = zone_find(&zones, "Europe/London", 13) != NULL;

	zones_free(&zones);
	return has;
}

/*
 * Names begin with a capital letter; other files there (posix/, right/, localtime, tzdata.zi)
 * do not.  No part begins with a dot.
 */
static bool
is_name(const char *name, size_t len)
{
	static const char	chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_+-/";

	if (len == 0 || len >= ZONE_NAME_MAX || *name < 'A' || *name > 'Z' || name[len - 1] == '/')
		return false;
	for (size_t i = 0; i < len; i++)
		if (name[i] == '\0' || strchr(chars, name[i]) == NULL ||
		    (name[i] == '/' && name[i + 1] == '/'))
			return false;
	return true;
}

/* Reads all of a file, up to FILE_MAX bytes; false if it can't. */
static bool
read_file(struct tzif *tz, const char *path)
{
	unsigned char	*data = malloc(FILE_MAX);
	int		 fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t		 len = 0;
	ssize_t		 n = 1;
	bool		 ok = fd != -1 && data != NULL;

	while (ok && n > 0 && len < FILE_MAX) {
		n = read(fd, data + len, FILE_MAX - len);
		if (n == -1 && errno != EINTR)
			ok = false;
		if (n > 0)
			len += (size_t)n;
	}
	if (fd != -1)
		close(fd);
	ok = ok && tzif_read(tz, data, len);
	free(data);
	return ok;
}

const struct zone *
zone_utc(void)
{
	static const struct zone	utc = { .name = "UTC" };

	return &utc;
}

void
zone_free(struct zone *z)
{
	if (z != NULL)
		tzif_free(&z->tz);
	free(z);
}

void
zones_free(struct zones *zones)
{
	struct zone	*z;

	while ((z = zones->first) != NULL) {
		zones->first = z->next;
		zone_free(z);
	}
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

/* --- in seconds of Unix time ---------------------------------------------------- */

/* A day of a year, as date.h counts them. */
static int64_t
day_of(const struct tzif_day *d, int year)
{
	int64_t	first = date_day(year, 1, 1), month, day;

	switch (d->kind) {
	case TZIF_NO_LEAP_DAY:
		/* This kind never counts 29 February. */
		return first + d->day - 1 + (d->day >= 60 && date_day(year, 3, 1) - first == 60);
	case TZIF_DAY:
		return first + d->day;
	case TZIF_WEEKDAY:
		break;
	}
	month = date_day(year, d->month, 1);
	/* 2000-01-01 was a Saturday. */
	day = month + ((d->day - (month + 6)) % 7 + 7) % 7 + 7 * (d->week - 1);
	if (day >= date_day(year + d->month / 12, d->month % 12 + 1, 1))
		day -= 7;
	return day;
}

/* When summer begins, or ends, in that year. */
static int64_t
turn(const struct tzif *tz, int year, bool begin)
{
	const struct tzif_day	*d = begin ? &tz->begin : &tz->end;

	return date_to_unix(day_of(d, year) * DATE_USEC_PER_DAY) + d->second -
	    (begin ? tz->standard.offset : tz->summer.offset);
}

struct change {
	int64_t				 at;
	const struct tzif_type		*type;
};

/* The rule's last change up to t; if after is set, its first one after t. */
static struct change
rule_change(const struct tzif *tz, int64_t t, bool after)
{
	struct change	best = { after ? INT64_MAX : INT64_MIN, &tz->standard };
	int		year, m, d;

	date_civil(date_from_unix(t) / DATE_USEC_PER_DAY, &year, &m, &d);
	for (int y = year - 1; y <= year + 1; y++)
		for (int begin = 0; begin < 2; begin++) {
			struct change	c = { turn(tz, y, begin),
					    begin ? &tz->summer : &tz->standard };

			/* If summer has no end, one begins when the other ends. */
			if (after ? c.at > t && c.at < best.at : c.at <= t &&
			    (c.at > best.at || (c.at == best.at && begin)))
				best = c;
		}
	return best;
}

/* How many of the file's changes are not after t. */
static int
count_until(const struct tzif *tz, int64_t t)
{
	int	low = 0, high = tz->n;

	while (low < high) {
		int	middle = (low + high) / 2;

		if (tz->at[middle] <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct tzif_type *
type_at(const struct tzif *tz, int64_t t)
{
	static const struct tzif_type	utc = { 0, false, "UTC" };
	int				n = count_until(tz, t);

	if (tz->ntypes == 0)
		return &utc;
	if (n == tz->n && tz->goes_on)
		return tz->has_dst ? rule_change(tz, t, false).type : &tz->standard;
	return &tz->type[n == 0 ? 0 : tz->of[n - 1]];
}

/* Some files have changes that change nothing, for old programs. */
static bool
is_same(const struct tzif_type *a, const struct tzif_type *b)
{
	return a->offset == b->offset && a->dst == b->dst && strcmp(a->name, b->name) == 0;
}

/* The first change after t; false if there is none. */
static bool
change_after(const struct tzif *tz, int64_t t, struct change *c)
{
	const struct tzif_type	*before = type_at(tz, t);

	for (int n = count_until(tz, t); n < tz->n; n++) {
		*c = (struct change){ tz->at[n], type_at(tz, tz->at[n]) };
		if (!is_same(before, c->type))
			return true;
	}
	if (!tz->goes_on || !tz->has_dst)
		return false;
	*c = rule_change(tz, tz->n > 0 && tz->at[tz->n - 1] > t ? tz->at[tz->n - 1] : t, true);
	return c->at != INT64_MAX;
}

/* The number of the type that is so far ahead of UTC; -1 if there can't be one more. */
static int
type_of(struct tzif *tz, int32_t offset)
{
	for (int i = 0; i < tz->ntypes; i++)
		if (tz->type[i].offset == offset)
			return i;
	if (tz->ntypes == TYPES_MAX)
		return -1;
	tz->type[tz->ntypes] = (struct tzif_type){ .offset = offset };
	return tz->ntypes++;
}

/* --- for others ------------------------------------------------------------------ */

/*
 * Files for old programs tell what their rule says, too, up to 2037: it is forgotten, from the
 * end on, as long as the rule has the same changes.
 */
static void
make_slim(struct tzif *tz)
{
	while (tz->goes_on && tz->has_dst && tz->n > 1) {
		int64_t		before = tz->at[tz->n - 2], at = tz->at[tz->n - 1];
		struct change	first = rule_change(tz, before, false);
		struct change	last = rule_change(tz, at, false);

		if (first.at != before || !is_same(first.type, &tz->type[tz->of[tz->n - 2]]) ||
		    last.at != at || !is_same(last.type, &tz->type[tz->of[tz->n - 1]]) ||
		    rule_change(tz, before, true).at != at)
			return;
		tz->n--;
	}
}

static bool
load(struct zone *z)
{
	char	path[4096];

	if (snprintf(path, sizeof path, "%s/%s", directory(), z->name) >= (int)sizeof path ||
	    !read_file(&z->tz, path))
		return false;
	make_slim(&z->tz);
	return true;
}

const struct zone *
zone_find(struct zones *zones, const char *name, size_t len)
{
	struct zone	*z;

	if (!is_name(name, len))
		return NULL;
	if (len == 3 && memcmp(name, "UTC", 3) == 0)
		return zone_utc();
	for (z = zones->first; z != NULL; z = z->next)
		if (strlen(z->name) == len && memcmp(z->name, name, len) == 0)
			return z;
	if ((z = calloc(1, sizeof *z)) == NULL)
		return NULL;
	memcpy(z->name, name, len);
	if (!load(z)) {
		free(z);
		return NULL;
	}
	z->next = zones->first;
	zones->first = z;
	return z;
}

/* The second that a microsecond is in. */
static int64_t
second_of(int64_t usec)
{
	return floor_div(usec, USEC) + date_to_unix(0);
}

static int64_t
usec_of(int64_t second)
{
	return (second - date_to_unix(0)) * USEC;
}

int64_t
zone_clock(const struct zone *z, int64_t instant)
{
	return instant + type_at(&z->tz, second_of(instant))->offset * USEC;
}

int64_t
zone_instant(const struct zone *z, int64_t clock)
{
	int64_t		second = second_of(clock), t = second - AHEAD_MAX, then;
	struct change	next;

	/* From change to change, to the first instant at which the clock shows that or later. */
	for (;;) {
		then = second - type_at(&z->tz, t)->offset;
		if (then < t)
			return usec_of(t);
		if (!change_after(&z->tz, t, &next) || then < next.at)
			return usec_of(then) + clock - usec_of(second);
		t = next.at;
	}
}

static void
go_on(struct tzif *tz, const struct zone_yearly *y)
{
	tz->goes_on = tz->has_dst = true;
	tz->standard.offset = y[0].before;
	tz->summer.offset = y[0].after;
	for (int i = 0; i < 2; i++)
		*(i == 0 ? &tz->begin : &tz->end) = (struct tzif_day){ TZIF_WEEKDAY, y[i].month,
		    y[i].week, y[i].weekday, y[i].second };
}

struct zone *
zone_make(const struct zone_change *changes, int n, int32_t first, const struct zone_yearly *yearly)
{
	struct zone	*z = calloc(1, sizeof *z);
	struct tzif	*tz;
	int		 type;

	if (z == NULL)
		return NULL;
	tz = &z->tz;
	tz->at = calloc((size_t)n + 1, sizeof *tz->at);
	tz->of = calloc((size_t)n + 1, sizeof *tz->of);
	tz->type = calloc((size_t)least(n + 1, TYPES_MAX), sizeof *tz->type);
	type = tz->at == NULL || tz->of == NULL || tz->type == NULL ? -1 : type_of(tz, first);
	for (; type >= 0 && tz->n < n; tz->n++) {
		tz->at[tz->n] = second_of(changes[tz->n].at);
		if ((type = type_of(tz, changes[tz->n].after)) >= 0)
			tz->of[tz->n] = (unsigned char)type;
	}
	if (type >= 0) {
		if (yearly != NULL)
			go_on(tz, yearly);
		return z;
	}
	zone_free(z);
	return NULL;
}

bool
zone_yearly(const struct zone *z, int64_t from, struct zone_yearly yearly[2])
{
	const struct tzif	*tz = &z->tz;

	if (!tz->goes_on || !tz->has_dst || (tz->n > 0 && tz->at[tz->n - 1] > second_of(from)))
		return false;
	for (int i = 0; i < 2; i++) {
		const struct tzif_day	*d = i == 0 ? &tz->begin : &tz->end;
		const struct tzif_type	*before = i == 0 ? &tz->standard : &tz->summer;

		if (d->kind != TZIF_WEEKDAY || d->second < 0 || d->second >= DAY)
			return false;
		yearly[i] = (struct zone_yearly){ d->month, d->week, d->day, d->second,
		    before->offset, i == 0 ? tz->summer.offset : tz->standard.offset };
	}
	return true;
}

bool
zone_next_change(const struct zone *z, int64_t instant, struct zone_change *c)
{
	struct change	next;
	int64_t		second = second_of(instant);

	if (!change_after(&z->tz, second, &next))
		return false;
	*c = (struct zone_change){ usec_of(next.at), type_at(&z->tz, next.at - 1)->offset,
	    next.type->offset, next.type->dst, next.type->name };
	return true;
}
