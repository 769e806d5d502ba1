/* SPDX-License-Identifier: ISC */
/* The next task of a recurring one. */
#ifndef NEXT_H
#define NEXT_H

#include "base/answer.h"
#include "base/zone.h"
#include "http/field.h"
#include "http/request.h"

extern const struct field	recurrence_query[];

/* Handler: the rule that a pattern stands for, and the next five dates. */
enum answer	next_describe(struct request *r);

/*
 * Computes the task that follows the one of r's values, into r's values; none if it does not
 * recur.  This is the first in the zone that is not past; of dates, the first not before today.
 * r's values may have the local time that its due date stands for.
 * False if memory runs out.
 */
bool		next_work_out(struct request *r, const struct zone *zone);

/* Writes a due date as JSON: a microsecond, and whether it is a day. */
void		next_put_due(struct buf *b, int64_t usec, bool of_days);

#endif
