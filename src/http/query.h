/* SPDX-License-Identifier: ISC */
/*
 * The parameters after the "?" of a request: to a statement's values, by its route's
 * table of fields.  Those that the table does not have are ignored.
 */
#ifndef QUERY_H
#define QUERY_H

#include "base/answer.h"

struct request;

/*
 * Reads r's query as its route says, into r's values.  Parameters that break their rules
 * become r's problems, and the result is ANS_OK.  Otherwise ANS_INTERNAL.
 */
enum answer	query_read(struct request *r);

/*
 * The parameters that query_read() found, encoded again, without the one of that name; each
 * ends with '&'.  In r's memory; NULL if that runs out.
 */
const char	*query_without(struct request *r, const char *name);

#endif
