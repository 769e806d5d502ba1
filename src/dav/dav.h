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

/* What is not done: ANS_NO_METHOD, ANS_NO_PATH, ANS_NO_PLACE or ANS_KEPT. */
enum answer	dav_refuse(struct request *r);

/* For handlers: ANS_NO_LOCK if r has an If field, else ANS_OK. */
enum answer	dav_begin(const struct request *r);

#endif
