/* SPDX-License-Identifier: ISC */
/*
 * The parameters behind the "?" of a request: to a statement's values, by its route's
 * table of fields.  Those that the table does not have are ignored.
 */
#ifndef QUERY_H
#define QUERY_H

#include "base/answer.h"

struct request;

/*
 * Reads r's query as its route says, into r's values.  ANS_OK also where parameters
 * break their rules: then they are r's problems.  Otherwise ANS_INTERNAL.
 */
enum answer	query_read(struct request *r);

/*
 * The parameters that query_read() found, encoded again, each with a '&' behind it, but
 * for the one called so.  In memory of r's; NULL when there is none.
 */
const char	*query_without(struct request *r, const char *name);

#endif
