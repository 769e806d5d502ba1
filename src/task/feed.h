/* SPDX-License-Identifier: ISC */
/*
 * The address of a user's calendar, which everyone who knows it can read: handlers, each with
 * its answers.
 */
#ifndef FEED_H
#define FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/answer.h"

struct request;

enum answer	feed_get(struct request *r);	/* the address, or null */
enum answer	feed_make(struct request *r);	/* a new address, in place of any other */
enum answer	feed_end(struct request *r);	/* a message; there is none any more */

/* For the table of a path's parts: reads a feed's secret into r's values. */
enum answer	feed_path_secret(struct request *r, const char *text, size_t len);

#endif
