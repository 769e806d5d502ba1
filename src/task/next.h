/* SPDX-License-Identifier: ISC */
/* When a task comes again. */
#ifndef NEXT_H
#define NEXT_H

#include "base/answer.h"
#include "base/zone.h"
#include "http/field.h"
#include "http/request.h"

extern const struct field	recurrence_query[];

/* Handler: what is understood of a pattern, and the next five dates. */
enum answer	next_describe(struct request *r);

/*
 * Works out the task that follows the one which r's values describe, into r's values; none if
 * it does not come again.  In the zone the first that is not past is meant, or of days the
 * first that is not before today.  False without memory.
 */
bool		next_work_out(struct request *r, const struct zone *zone);

/* Writes a due date as JSON: a microsecond, and whether it is a day. */
void		next_put_due(struct buf *b, int64_t usec, bool of_days);

#endif
