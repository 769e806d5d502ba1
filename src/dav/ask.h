/* SPDX-License-Identifier: ISC */
/* What a PROPFIND asks for (RFC 4918, section 9.1). */
#ifndef ASK_H
#define ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/answer.h"

struct request;

#define ASK_PROPS_MAX	100		/* in one request */
#define ASK_NAMES_MAX	(16 * 1024)	/* bytes of their names, which come again with each task */

/* Each name once, as those of xml.h. */
struct ask {
	enum { ASK_ALL, ASK_NAMES, ASK_THESE } what;
	int		 n;		/* with ASK_ALL: of what is asked for besides */
	size_t		 len;		/* of all names */
	const char	*name[ASK_PROPS_MAX];
};

/*
 * Reads r's body; *ask lives as long as r.  ANS_OK, ANS_INTERNAL, ANS_NOT_XML also if it is no
 * propfind, ANS_XML_LARGE, ANS_BODY_SHORT.
 */
enum answer	ask_read(struct request *r, struct ask **ask);

/* Reads r's Depth: 0, 1, or -1 for infinity or none.  ANS_OK or ANS_BAD_DEPTH. */
enum answer	ask_depth(const struct request *r, int *depth);

/* Notes a copy of the name, unless it is there.  ANS_OK, ANS_XML_LARGE or ANS_INTERNAL. */
enum answer	ask_add(struct request *r, struct ask *ask, const char *name);

/* request_body() for XML: ANS_XML_LARGE if it is too long. */
enum answer	ask_body(struct request *r, char **text, size_t *len);

#endif
