/* SPDX-License-Identifier: ISC */
#include "base/clock.h"
#include "db/statement.h"
#include "task/fill.h"

#define BEGIN_USEC	INT64_C(2000000)
#define PAUSE_USEC	INT64_C(100000)		/* for requests; a part takes some 20 ms */

/* Does one part; false if nothing is left, or if another worker does it. */
static bool
fill(struct worker *w)
{
	static const struct value	none[PARAM__MAX];
	struct statement		s;
	const struct row		*row;
	bool				more;

	statement_init(&s, &w->connection, w->database_usec);
	more = statement_run(&s, STMT_TASKS_FILL, none) == ANS_OK &&
	    statement_next(&s, &row) == ANS_OK && row != NULL && row_int64(row, "filled") > 0;
	statement_end(&s);
	return more;
}

void
fill_begin(struct worker *w)
{
	int64_t	end = clock_usec() + BEGIN_USEC;

	w->fills = true;
	while (w->fills && clock_usec() < end)
		w->fills = fill(w);
}

void
fill_go_on(struct worker *w)
{
	if (!w->fills || clock_usec() < w->fill_at)
		return;
	w->fills = false;	/* other requests may end before this part does */
	w->fills = fill(w);
	w->fill_at = clock_usec() + PAUSE_USEC;
}
