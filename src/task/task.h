/* SPDX-License-Identifier: ISC */
/*
 * Tasks: the handlers, each with its answers.  All of them answer ANS_BAD_TOKEN
 * if the account is gone or the token was logged out; those of a single task
 * ANS_NO_TASK if the user has none of that id, and ANS_OTHER_VERSION if If-Match
 * names another version.
 */
#ifndef TASK_H
#define TASK_H

#include "base/answer.h"
#include "http/request.h"
#include "db/row.h"

enum answer	task_list(struct request *r);	/* an array, oldest id first, or view.c's */
enum answer	task_counts(struct request *r);	/* how many of each kind */
void		task_counts_rule(struct request *r);
enum answer	task_create(struct request *r);	/* the task, with Location and ETag */
enum answer	task_get(struct request *r);	/* the task, or ANS_NOT_MODIFIED */
enum answer	task_update(struct request *r);	/* the task after the change */
enum answer	task_complete(struct request *r);	/* the task after the change */
void		task_complete_rule(struct request *r);
enum answer	task_delete(struct request *r);	/* a message */

/*
 * Runs the route's statement, a list, up to its tasks, which request_next() gives.  Returns
 * nobody if there is no account, or ANS_NOT_MODIFIED.
 */
enum answer	task_rows(struct request *r, enum answer nobody);

/* For the table of a path's parts: a task's id. */
enum answer	task_path_id(struct request *r, const char *text, size_t len);

#endif
