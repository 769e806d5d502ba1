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

/* After a request: does the next part, if there is one and no other fiber does it. */
void	fill_go_on(struct worker *w);

#endif
