/* SPDX-License-Identifier: ISC */
/* The tasks that are due in a range of days. */
#ifndef AGENDA_H
#define AGENDA_H

#include "base/answer.h"
#include "http/field.h"
#include "http/request.h"

extern const struct field	agenda_query[];

/*
 * The user's tasks that are due in a range of at most 366 days, and the occurrences in it
 * of open recurring tasks, as an array; with an ETag, as lists have.
 */
enum answer	agenda_list(struct request *r);
void		agenda_rule(struct request *r);

#endif
