/* SPDX-License-Identifier: ISC */
/*
 * Tasks as a calendar (RFC 5545), which vtodo.h writes: handlers, each named with its answers.
 */
#ifndef ICAL_H
#define ICAL_H

#include "base/answer.h"
#include "http/field.h"

struct request;

#define ICAL_MEDIA	"text/calendar; charset=utf-8"

enum answer	ical_tasks(struct request *r);	/* all tasks, or ANS_NOT_MODIFIED */
enum answer	ical_feed(struct request *r);	/* the same; ANS_NO_PATH: no such feed */

extern const struct field	ical_query[];	/* of the feed */

#endif
