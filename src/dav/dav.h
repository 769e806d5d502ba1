/* SPDX-License-Identifier: ISC */
/*
 * CalDAV (RFC 4791, over WebDAV, RFC 4918): the handlers, each named with its answers.  Those
 * that need to know whose it is answer ANS_BAD_TOKEN if the app password is none, and
 * ANS_FORBIDDEN on another user's path; all of them ANS_NO_LOCK if the request has an If field.
 */
#ifndef DAV_H
#define DAV_H

#include "base/answer.h"

struct request;

#define DAV_MEDIA	"application/xml; charset=utf-8"

/* ANS_MOVED, from where a host says that it has CalDAV (RFC 6764), to where that is. */
enum answer	dav_moved(struct request *r);

/* ANS_OPTIONS, with what there is of WebDAV. */
enum answer	dav_options(struct request *r);

/* The properties asked for; ANS_DEEP, ANS_NO_TASK, or those of ask_read() and ask_depth(). */
enum answer	dav_propfind(struct request *r);

/* What became of each property; errors as of dav_propfind(). */
enum answer	dav_proppatch(struct request *r);

/*
 * The task's text, with its ETag.  ANS_OK, ANS_NOT_MODIFIED, ANS_OTHER_VERSION or ANS_NO_TASK.
 */
enum answer	dav_get(struct request *r);

/*
 * Keeps the body as the task's text.  ANS_CREATED or ANS_CHANGED, with the ETag if all of it is
 * kept as it came; ANS_OTHER_VERSION, ANS_UID_TAKEN, or what is wrong with the text
 * (ANS_NOT_CALENDAR, ANS_TEXT_LARGE, ANS_BAD_CALENDAR, ANS_BAD_OBJECT, ANS_NOT_TODO).
 */
enum answer	dav_put(struct request *r);

/* ANS_CHANGED, ANS_OTHER_VERSION or ANS_NO_TASK. */
enum answer	dav_delete(struct request *r);

/*
 * What a report finds; ANS_NO_REPORT, ANS_BAD_FILTER, ANS_NO_COLLATION, ANS_BAD_SYNC_TOKEN,
 * ANS_TOO_MANY, or those of ask_read().
 */
enum answer	dav_report(struct request *r);

/* What is not done: ANS_NO_METHOD, ANS_NO_PATH, ANS_NO_PLACE or ANS_KEPT. */
enum answer	dav_refuse(struct request *r);

/* For handlers: ANS_NO_LOCK if r has an If field, else ANS_OK. */
enum answer	dav_begin(const struct request *r);

#endif
