/* SPDX-License-Identifier: ISC */
/* Files of tzdata, as RFC 9636 describes them ("TZif"). */
#ifndef TZIF_H
#define TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TZIF_NAME_MAX	16	/* bytes of an abbreviation, with NUL; longer ones are cut */

struct tzif_type {
	int32_t	offset;		/* seconds ahead of UTC */
	bool	dst;
	char	name[TZIF_NAME_MAX];	/* "CEST", "+0330" */
};

/* A day of each year, and a second after its midnight, as in POSIX's TZ: on the clock as it
 * is before the change. */
struct tzif_day {
	enum { TZIF_NO_LEAP_DAY, TZIF_DAY, TZIF_WEEKDAY } kind;	/* "J60", "59", "M3.5.0" */
	int	month, week, day;	/* the first two of TZIF_WEEKDAY; week 5 is the last */
	int32_t	second;			/* may be before or after that day */
};

struct tzif {
	int			 n;
	int64_t			*at;		/* n Unix times, in order */
	unsigned char		*of;		/* the type that begins at each */
	int			 ntypes;
	struct tzif_type	*type;		/* the first is that of all times before at[0] */
	/* The rule for all times after the last one, if the file has one. */
	bool			 goes_on;
	bool			 has_dst;
	struct tzif_type	 standard, summer;
	struct tzif_day		 begin, end;	/* of summer, if has_dst */
};

/*
 * Reads a file's len bytes.  False if they are no such file or memory runs out: then there is
 * nothing to free.
 */
bool	tzif_read(struct tzif *z, const unsigned char *data, size_t len);

void	tzif_free(struct tzif *z);

#endif
