/* SPDX-License-Identifier: ISC */
/* Work on the tables after an upgrade, done in parts between requests. */
#ifndef FILL_H
#define FILL_H

#include "http/worker.h"

/*
 * At the start: sets completed_at of tasks that an earlier version completed, for at most two
 * seconds, in which other workers serve.  Not for fibers.
 */
void	fill_begin(struct worker *w);

/*
 * After a request: does the next part, if it is time for it and no other fiber does it.  It also
 * looks now and then, as workers of an earlier version may still complete tasks.
 */
void	fill_go_on(struct worker *w);

#endif
