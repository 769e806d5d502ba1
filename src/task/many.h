/* SPDX-License-Identifier: ISC */
/* Many tasks at once: handlers, each with its answer. */
#ifndef MANY_H
#define MANY_H

#include <stdbool.h>

#include "base/answer.h"

struct request;

enum answer	tasks_complete(struct request *r);	/* how many of the ids exist */
enum answer	tasks_delete(struct request *r);	/* how many there were */
enum answer	tasks_update(struct request *r);	/* how many there are */
enum answer	tasks_create(struct request *r);	/* the ids, in the order of the tasks */
enum answer	tags_rename(struct request *r);		/* how many had the tag */

/* For the table of fields: adds the task of r's values to the new ones. */
bool		many_take(struct request *r);

#endif
