/* SPDX-License-Identifier: ISC */
/*
 * Views of a user's tasks: what of them is listed, in which order, from where on.  A
 * page ends with a link to the next (RFC 8288), which begins at a key of the order, not
 * at a number of tasks: what comes or goes meanwhile moves no other task.
 */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>

#include "http/field.h"
#include "db/row.h"
#include "db/stmt.h"

struct request;

extern const struct field	view_query[];

/* Sets where the view begins and ends.  A cursor of another order is r's problem. */
void		view_rule(struct request *r);

/* The statement of the view's order. */
enum stmt_id	view_stmt(const struct request *r);

/* Makes r->link of the task that the next page begins with; false: no memory. */
bool		view_link(struct request *r, const struct row *next);

#endif
