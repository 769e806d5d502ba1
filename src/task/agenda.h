/* SPDX-License-Identifier: ISC */
/* What comes again: handlers, each named with its answers, and the next task. */
#ifndef AGENDA_H
#define AGENDA_H

#include "base/answer.h"
#include "http/field.h"
#include "http/request.h"

extern const struct field	agenda_query[];
extern const struct field	recurrence_query[];

/*
 * The user's tasks that are due in a range of at most 366 days, and when the open
 * ones come again in it, as an array; as lists, with an ETag.
 */
enum answer	agenda_list(struct req *r);
void		agenda_rule(struct req *r);

/* What is understood of a pattern, and the next five dates. */
enum answer	agenda_recurrence(struct req *r);

/*
 * Works out the task that follows the one which r's values describe, into r's
 * values; none where it does not come again.  False where there is no memory.
 */
bool		agenda_next(struct req *r);

#endif
