/* SPDX-License-Identifier: ISC */
/*
 * Tasks: the handlers, each named with its answers.  All of them answer
 * ANS_BAD_TOKEN where the account is gone or the token was logged out; those
 * of a single task ANS_NO_TASK where the user has none of that id, and
 * ANS_OTHER_VERSION where If-Match names another version.
 */
#ifndef TASK_H
#define TASK_H

#include "base/answer.h"
#include "http/field.h"
#include "http/request.h"
#include "db/row.h"

extern const struct field	task_fields[];
extern const struct field	complete_fields[];
extern const struct field	tasks_complete_fields[];
extern const struct field	tasks_delete_fields[];
extern const struct field	counts_query[];
extern const char *const	task_priorities[];	/* High first; ends with NULL */

enum answer	task_list(struct req *r);	/* an array, oldest id first, or view.c's */
enum answer	task_counts(struct req *r);	/* how many of each kind */
enum answer	task_create(struct req *r);	/* the task, with Location and ETag */
enum answer	task_get(struct req *r);	/* the task, or ANS_NOT_MODIFIED */
enum answer	task_update(struct req *r);	/* the task after the change */
enum answer	task_complete(struct req *r);	/* the task after the change */
void		task_complete_rule(struct req *r);
enum answer	task_delete(struct req *r);	/* a message */
enum answer	tasks_complete(struct req *r);	/* how many there are of the ids */
enum answer	tasks_delete(struct req *r);	/* how many there were */

/*
 * Runs the route's statement, a list's, up to its tasks, which db_next() gives.
 * nobody where there is no account, or ANS_NOT_MODIFIED.
 */
enum answer	task_rows(struct req *r, enum answer nobody);

/* The due date of a row: its microsecond, and whether it is a day; false for none. */
bool		task_due(const struct row *row, int64_t *usec, bool *of_days);

#endif
