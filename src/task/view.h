/* SPDX-License-Identifier: ISC */
/*
 * Views of a user's tasks: filter, order and page.  A page has a link to the next (RFC
 * 8288), which begins at a key of the order, not at a number of tasks: new and deleted
 * tasks shift no others.
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

/* The statement of the view's order, and of open tasks alone if it is. */
enum stmt_id	view_stmt(const struct request *r);

/* Sets r->link to a next page that begins with the task; false if memory runs out. */
bool		view_link(struct request *r, const struct row *next);

#endif
