/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/be.h"
#include "base/tzif.h"

#define HEADER_LEN	44
#define OFFSET_MAX	(26 * 3600)	/* RFC 9636: more than 25 hours should not be */
#define HOURS_MAX	167		/* of a rule's time: a week */

/* A header's counts, and the block of data that follows it. */
struct block {
	uint32_t		 nut, nstd, nleap, ntimes, ntypes, nchars;
	unsigned		 time_len;	/* bytes of a time: 4, or 8 in the second block */
	const unsigned char	*data;
	size_t			 len;
};

static int64_t
get_time(const struct block *b, uint32_t i)
{
	const unsigned char	*p = b->data + (size_t)i * b->time_len;

	if (b->time_len == 4)
		return (int32_t)get_be32(p);
	return (int64_t)get_be64(p);
}

/* A header at p, and its block.  False if the data ends before them. */
static bool
read_block(struct block *b, const unsigned char *p, size_t len, unsigned time_len)
{
	if (len < HEADER_LEN || memcmp(p, "TZif", 4) != 0)
		return false;
	*b = (struct block){ get_be32(p + 20), get_be32(p + 24), get_be32(p + 28),
	    get_be32(p + 32), get_be32(p + 36), get_be32(p + 40), time_len, p + HEADER_LEN, 0 };
	if (b->ntypes < 1 || b->ntypes > 256 || b->ntimes > len || b->nleap > len ||
	    b->nchars > len || b->nstd > len || b->nut > len)
		return false;
	b->len = (size_t)b->ntimes * (time_len + 1) + (size_t)b->ntypes * 6 + b->nchars +
	    (size_t)b->nleap * (time_len + 4) + b->nstd + b->nut;
	return b->len <= len - HEADER_LEN;
}

static bool
read_types(struct tzif *z, const struct block *b)
{
	const unsigned char	*p = b->data + (size_t)b->ntimes * (b->time_len + 1);
	const unsigned char	*names = p + (size_t)b->ntypes * 6;

	for (int i = 0; i < z->ntypes; i++, p += 6) {
		struct tzif_type	*t = &z->type[i];

		t->offset = (int32_t)get_be32(p);
		t->dst = p[4] != 0;
		if (t->offset > OFFSET_MAX || t->offset < -OFFSET_MAX || p[5] >= b->nchars)
			return false;
		for (size_t c = 0; c < TZIF_NAME_MAX - 1 && p[5] + c < b->nchars; c++)
			t->name[c] = (char)names[p[5] + c];
		t->name[strlen(t->name)] = '\0';
	}
	return true;
}

static bool
read_times(struct tzif *z, const struct block *b)
{
	const unsigned char	*types = b->data + (size_t)b->ntimes * b->time_len;

	for (int i = 0; i < z->n; i++) {
		z->at[i] = get_time(b, (uint32_t)i);
		z->of[i] = types[i];
		if (z->of[i] >= z->ntypes || (i > 0 && z->at[i] <= z->at[i - 1]))
			return false;
	}
	return true;
}

/* --- the footer: POSIX's TZ ---------------------------------------------------- */

/* Digits, of a value up to max. */
static bool
number(const char **p, int max, int *n)
{
	if (!isdigit((unsigned char)**p))
		return false;
	for (*n = 0; isdigit((unsigned char)**p); (*p)++)
		if ((*n = *n * 10 + (**p - '0')) > max)
			return false;
	return true;
}

/* "-3", "10:30", "+02:00:00", in seconds. */
static bool
seconds(const char **p, int32_t *s)
{
	int	sign = 1, part, unit = 3600;

	if (**p == '-' || **p == '+')
		sign = *(*p)++ == '-' ? -1 : 1;
	if (!number(p, HOURS_MAX, &part))
		return false;
	*s = part * unit;
	while (**p == ':' && unit > 1) {
		(*p)++;
		unit /= 60;
		if (!number(p, 59, &part))
			return false;
		*s += part * unit;
	}
	*s *= sign;
	return true;
}

/* "CET" or "<+0330>". */
static bool
abbreviation(const char **p, char name[TZIF_NAME_MAX])
{
	bool	quoted = **p == '<';
	size_t	n = 0;

	*p += quoted;
	while (quoted ? **p != '\0' && **p != '>' : isalpha((unsigned char)**p) != 0) {
		if (n < TZIF_NAME_MAX - 1)
			name[n++] = **p;
		(*p)++;
	}
	name[n] = '\0';
	if (quoted && *(*p)++ != '>')
		return false;
	return n > 0;
}

/* ",M3.5.0/2": without a time it is two o'clock. */
static bool
day(const char **p, struct tzif_day *d)
{
	*d = (struct tzif_day){ .second = 2 * 3600 };
	if (*(*p)++ != ',')
		return false;
	if (**p == 'M') {
		(*p)++;
		d->kind = TZIF_WEEKDAY;
		if (!number(p, 12, &d->month) || d->month < 1 || *(*p)++ != '.' ||
		    !number(p, 5, &d->week) || d->week < 1 || *(*p)++ != '.' ||
		    !number(p, 6, &d->day))
			return false;
	} else {
		d->kind = **p == 'J' ? TZIF_NO_LEAP_DAY : TZIF_DAY;
		*p += **p == 'J';
		if (!number(p, 365, &d->day) || (d->kind == TZIF_NO_LEAP_DAY && d->day < 1))
			return false;
	}
	if (**p != '/')
		return true;
	(*p)++;
	return seconds(p, &d->second);
}

/* POSIX's offsets count to the west.  An empty text is valid, and says nothing. */
static bool
read_rule(struct tzif *z, const char *p)
{
	int32_t	west;

	if (*p == '\0')
		return true;
	z->goes_on = true;
	z->summer.dst = true;
	if (!abbreviation(&p, z->standard.name) || !seconds(&p, &west))
		return false;
	z->standard.offset = -west;
	if (*p == '\0')
		return true;
	z->has_dst = true;
	west -= 3600;
	if (!abbreviation(&p, z->summer.name) || (*p != ',' && !seconds(&p, &west)))
		return false;
	z->summer.offset = -west;
	return day(&p, &z->begin) && day(&p, &z->end) && *p == '\0';
}

static bool
read_footer(struct tzif *z, const unsigned char *p, size_t len)
{
	char			 text[64];
	const unsigned char	*end;

	if (len < 2 || *p++ != '\n' || (end = memchr(p, '\n', len - 1)) == NULL ||
	    (size_t)(end - p) >= sizeof text)
		return false;
	memcpy(text, p, (size_t)(end - p));
	text[end - p] = '\0';
	return read_rule(z, text) && z->standard.offset <= OFFSET_MAX &&
	    z->standard.offset >= -OFFSET_MAX && z->summer.offset <= OFFSET_MAX &&
	    z->summer.offset >= -OFFSET_MAX;
}

static bool
read_all(struct tzif *z, const struct block *b)
{
	z->n = (int)b->ntimes;
	z->ntypes = (int)b->ntypes;
	z->at = calloc(b->ntimes + 1, sizeof *z->at);
	z->of = calloc(b->ntimes + 1, sizeof *z->of);
	z->type = calloc(b->ntypes, sizeof *z->type);
	return z->at != NULL && z->of != NULL && z->type != NULL && read_types(z, b) &&
	    read_times(z, b);
}

bool
tzif_read(struct tzif *z, const unsigned char *data, size_t len)
{
	struct block	b;
	size_t		at;
	bool		ok;

	*z = (struct tzif){ 0 };
	if (!read_block(&b, data, len, 4))
		return false;
	/* Since version 2 the same data follows with 64-bit times, and a footer. */
	at = HEADER_LEN + b.len;
	ok = data[4] < '2' ? read_all(z, &b) : read_block(&b, data + at, len - at, 8) &&
	    read_all(z, &b) && read_footer(z, b.data + b.len, len - at - HEADER_LEN - b.len);
	if (!ok)
		tzif_free(z);
	return ok;
}

void
tzif_free(struct tzif *z)
{
	free(z->at);
	free(z->of);
	free(z->type);
	*z = (struct tzif){ 0 };
}
