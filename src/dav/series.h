/* SPDX-License-Identifier: ISC */
/* A VTODO's times, and those at which it comes again (RFC 5545, section 3.8.5). */
#ifndef SERIES_H
#define SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "dav/clocks.h"
#include "task/walk.h"

#define SERIES_LOOKS	1000	/* at occurrences, for the first one that is open */

/* Starts that are left out, in order: instants, and days as the series' clock shows them. */
struct series_set {
	int	 n;
	int64_t	*of;
};

struct series {
	struct span		 text, todo;		/* all of it, and the VTODO */
	struct clocks		*clocks;
	struct moment		 start;			/* DTSTART, else DUE if it comes again */
	struct moment		 due;			/* DUE, else DTSTART and DURATION, else
							 * DTSTART if there is a rule */
	bool			 has_start;		/* there is a DTSTART, */
	bool			 has_due;		/* a DUE, */
	bool			 has_duration;		/* or a DURATION from DTSTART */
	bool			 has_rule;		/* one that is understood */
	struct rrule		 rule;
	struct series_set	 dates;			/* RDATE: instants of other starts */
	struct series_set	 times, days;		/* left out */

	/* Where a walk is. */
	struct walk		 walk;
	int			 count, date;
	bool			 first, rule_ended;
	int64_t			 rule_next;
	int64_t			 last;
};

/* Which occurrences are left out besides those of EXDATE. */
enum series_parts {
	SERIES_NONE,		/* it doesn't come again: a part, or one too many */
	SERIES_CLOSED,		/* those whose part is completed or cancelled */
	SERIES_PARTS		/* all that have a part of their own */
};

/* Reads a VTODO of the text; false without memory. */
bool	series_read(struct series *s, struct clocks *clocks, struct span todo,
	    enum series_parts parts);
void	series_free(struct series *s);

/* Whether it comes again: has a rule that is understood, or other dates. */
bool	series_repeats(const struct series *s);

/* Begins with the starts from the instant on. */
void	series_begin(struct series *s, int64_t from);

/* The next start that is not left out, or is; false after the last. */
bool	series_next(struct series *s, struct moment *start, bool *left_out);

/* When it is due, if it starts then; false if that is out of the years. */
bool	series_due(const struct series *s, const struct moment *start, struct moment *due);

/* The VTODO of a text that is not a part of a series, else the first. */
struct span	series_master(struct span text);

/* Whether a VTODO says that it is completed, or cancelled. */
bool	series_closed(struct span todo);

/* Whether it is a part of a series: one occurrence. */
bool	series_is_part(struct span todo);

#endif
