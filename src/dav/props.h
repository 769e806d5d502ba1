/* SPDX-License-Identifier: ISC */
/* The properties of CalDAV's resources, and the responses that have them. */
#ifndef PROPS_H
#define PROPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/answer.h"
#include "dav/ask.h"
#include "base/span.h"
#include "dav/path.h"
#include "dav/xml.h"
#include "db/row.h"

#define PROPS_TEXT	XML_CALDAV "calendar-data"
#define PROPS_TOKEN	"urn:x-neon-todo:"	/* and the version of the list */
#define PROPS_LIST_NAME	"Tasks"		/* until a client gives it another */

/* Whose resources are described, and which of them; lives as long as its request. */
struct props {
	const struct request	*r;
	int64_t			 user;
	const char		*username, *email;
	int64_t			 changed;	/* the version of the list */
	int			 nkept;
	struct kept {				/* that clients gave them: */
		const char	*key;		/* kind, blank, name */
		const char	*xml;		/* the element */
	}			*kept;
	enum dav_kind		 kind;
	/* Of a task: */
	const struct cell	*name;		/* NULL: it has its own */
	int64_t			 task, created, updated;
	struct span		 text;		/* none: nobody asks for it */
};

/* Takes whose they are alone, for tasks; as props_account(), but without ANS_INTERNAL. */
enum answer	props_owner(struct props *p, struct request *r, const struct row *row);

/*
 * Takes what the account's row says.  ANS_OK, ANS_INTERNAL; ANS_FORBIDDEN if it is not the user of
 * r's path, as far as that has one.
 */
enum answer	props_account(struct props *p, struct request *r, const struct row *row);

/* Takes what a task's row says, until the next one is asked for. */
void		props_task(struct props *p, const struct row *row);

/* Writes the response of the resource that *p is of. */
void		props_response(const struct props *p, const struct ask *ask, struct buf *b);

/* Writes the sync-token of the list as it is. */
void		props_token(const struct props *p, struct buf *b);

/* Begins a response: its address. */
void		props_begin(const struct props *p, struct buf *b);

/* Writes what kept->key begins with for this kind: NULL if nothing is kept of it. */
const char	*props_key(enum dav_kind kind);

/* True if clients can't give the property to a resource of that kind. */
bool		props_is_live(enum dav_kind kind, const char *name);

#endif
