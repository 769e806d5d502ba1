/* SPDX-License-Identifier: ISC */
/*
 * The address of a user's calendar, which opens it to everyone who knows it: handlers,
 * each named with its answers.
 */
#ifndef FEED_H
#define FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/answer.h"

struct req;

enum answer	feed_get(struct req *r);	/* the address, null for none */
enum answer	feed_make(struct req *r);	/* a new address, in place of any other */
enum answer	feed_end(struct req *r);	/* a message; there is none any more */

/* True where the text may be the secret part of one: then it is in r's values. */
bool	feed_is_secret(struct req *r, const char *text, size_t len);

#endif
