/* SPDX-License-Identifier: ISC */
/* What an upgrade leaves to be done in the tables, a part at a time beside the requests. */
#ifndef FILL_H
#define FILL_H

#include "http/worker.h"

/*
 * At the start: notes when tasks that an earlier version completed were, as far as two seconds
 * go, in which others serve.  Not for fibers.
 */
void	fill_begin(struct worker *w);

/* After a request: goes on with it, if there is more and no other fiber is at it. */
void	fill_go_on(struct worker *w);

#endif
