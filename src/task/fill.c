/* SPDX-License-Identifier: ISC */
#include "base/clock.h"
#include "db/statement.h"
#include "task/fill.h"

#define BEGIN_USEC	INT64_C(2000000)
#define PAUSE_USEC	INT64_C(100000)		/* for requests; a part takes some 100 ms */
#define TURN_USEC	INT64_C(2000000)	/* while another worker does it */
#define LATER_USEC	INT64_C(600000000)	/* workers of 0.1 may have completed more by then */

/* Does one part; returns how long to wait before the next. */
static int64_t
fill(struct worker *w)
{
	static const struct value	none[PARAM__MAX];
	struct statement		s;
	const struct row		*row;
	int64_t				pause = LATER_USEC;

	statement_init(&s, &w->connection, w->database_usec);
	if (statement_run(&s, STMT_TASKS_FILL, none) == ANS_OK &&
	    statement_next(&s, &row) == ANS_OK && row != NULL)
		pause = !*row_cell(row, "mine")->data ? TURN_USEC :
		    row_int64(row, "filled") > 0 ? PAUSE_USEC : LATER_USEC;
	statement_end(&s);
	return pause;
}

void
fill_begin(struct worker *w)
{
	int64_t	end = clock_usec() + BEGIN_USEC, pause;

	do
		pause = fill(w);
	while (pause == PAUSE_USEC && clock_usec() < end);
	w->fill_at = clock_usec() + pause;
}

void
fill_go_on(struct worker *w)
{
	int64_t	pause;

	if (w->fill_at == 0 || clock_usec() < w->fill_at)
		return;
	w->fill_at = INT64_MAX;	/* other requests may end before this part does */
	pause = fill(w);
	w->fill_at = clock_usec() + pause;
}
