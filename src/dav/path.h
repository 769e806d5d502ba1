/* SPDX-License-Identifier: ISC */
/* The resources of CalDAV, and their addresses. */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/buf.h"
#include "base/span.h"

struct request;
struct row;

/* As in the table of routes. */
#define DAV_ROOT	"/"			/* where clients begin that know only a host */
#define DAV_CONTEXT	"/dav/"
#define DAV_HOME	"/dav/:owner/"
#define DAV_LIST	"/dav/:owner/tasks/"
#define DAV_TASK	"/dav/:owner/tasks/:name"
#define DAV_OTHER	"/dav/:owner/:nothing"

/* The media type of a task's text. */
#define DAV_TASK_MEDIA	"text/calendar; charset=utf-8; component=VTODO"

/* As a set they are bits. */
enum dav_kind {
	DAV_IS_ROOT = 1,
	DAV_IS_CONTEXT = 2,
	DAV_IS_HOME = 4,	/* of a user, who is this principal, too */
	DAV_IS_LIST = 8,
	DAV_IS_TASK = 16,
	DAV_IS_NOTHING = 32
};

/* What r's path leads to. */
enum dav_kind	dav_kind_of(const struct request *r);

/* Writes text with all but A-Z a-z 0-9 - . _ ~ and the slashes percent-encoded. */
void		dav_encoded(struct buf *b, const char *text, size_t len);

/* Writes the path of a user's resource up to its kind; of a task the list's. */
void		dav_path(struct buf *b, const char *script, enum dav_kind kind, int64_t user);

/* The name of a task, as a path has it. */
struct dav_name {
	struct span	text;
	/* Of the task that has this name because no program has given it one; 0: of none. */
	int64_t		id, created;
};

/* Reads the name; false if no task can have it. */
bool		dav_read_name(struct dav_name *name, const char *text, size_t len);

/*
 * Reads the address of a task of the user's list, with a host or without.  False if it is no
 * such address; else the name lives as long as r.
 */
bool		dav_read_href(struct request *r, struct dav_name *name, const char *href,
		    int64_t user);

/*
 * Reads what is made of a task's id and of when it was made, with this at its end; false if
 * that is not what it is, to the letter.
 */
bool		dav_read_own(struct span text, const char *end, int64_t *id, int64_t *created);

/*
 * Whose the app password is, by the statement's first row.  ANS_OK; ANS_FORBIDDEN if r's path has
 * another user.
 */
enum answer	dav_whose(struct request *r, const struct row *row);

/*
 * As request_body().  Reading a large one is work, so that its sender is looked up before, in a
 * flight of its own: then ANS_BAD_TOKEN, ANS_FORBIDDEN, or what the database says, too.
 */
enum answer	dav_body(struct request *r, char **text, size_t *len);

/* Writes the name of a task that no client gave one, from its id and when it was made. */
void		dav_own_name(struct buf *b, int64_t id, int64_t created);

/* For the table of a path's parts. */
enum answer	dav_path_owner(struct request *r, const char *text, size_t len);
enum answer	dav_path_name(struct request *r, const char *text, size_t len);
enum answer	dav_path_nothing(struct request *r, const char *text, size_t len);

#endif
