/* SPDX-License-Identifier: ISC */
/* What a text means: the columns of its task, and what the merge needs besides. */
#ifndef MEANING_H
#define MEANING_H

#include <stdbool.h>

#include "base/span.h"
#include "base/zone.h"
#include "dav/clocks.h"
#include "dav/series.h"
#include "task/vtodo.h"

/* Room for the texts of columns, as long as they may be, and for what is trimmed. */
#define MEANING_STORE	(64 * 1024)

struct meaning {
	struct vtodo	todo;
	struct span	master;		/* as of series_master() */
	struct clocks	clocks;
	struct series	series;		/* of the master */
	size_t		used;
	char		store[MEANING_STORE];
};

/* The columns of a text that was checked; NULL without memory. */
struct meaning	*meaning_read(struct span text, struct zones *zones);

/* NULL is fine. */
void		 meaning_free(struct meaning *c);

/* Whether two patterns are the same rule, or the same text, or none. */
bool		 meaning_same_rule(struct span a, struct span b);

#endif
