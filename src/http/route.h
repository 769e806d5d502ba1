/* SPDX-License-Identifier: ISC */
/* What is true of a route.  The table of them is the program's (routes.c). */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/answer.h"
#include "db/stmt.h"

struct field;
struct request;

enum access {
	ACCESS_SELF,		/* the token's user is the one in the path */
	ACCESS_TOKEN,		/* a valid token */
	ACCESS_APP,		/* an app password, which the route's statement looks up */
	ACCESS_OPTIONAL,	/* the handler looks whether there is one */
	ACCESS_ANY
};

/* What a route's other columns do not say of it, for the API's description. */
struct route_doc {
	const char	*id, *tag, *summary;
	const char	*schema;		/* of success */
	const char	*body;			/* name of the body's schema */
	const char	*example;		/* of the body */
	enum answer	 error[2];		/* besides those of every such route */
	bool		 etag, location, link;	/* header fields of success */
	bool		 etag_of_now;		/* only if the parameter now is there */
};

struct route {
	/* "*": all that the rows of this path above it do not have, which are those that Allow
	 * names. */
	const char		*method;
	/* With parts like ":user", by the table of them.  A slash at its end may be missing. */
	const char		*path;
	enum access		 access;
	const struct field	*fields;	/* NULL: a body is ignored */
	const struct field	*query;		/* NULL: so are parameters */
	/* Notes what is wrong of several fields together, if each holds its own rules. */
	void			 (*rule)(struct request *);
	bool			 partial;	/* absent fields are no error */
	bool			 body_optional;
	size_t			 body_max;	/* bytes; 0: 64 KiB */
	bool			 form;		/* the body may be an HTML form */
	bool			 dav;		/* for programs that speak WebDAV, not for pages */
	bool			 ends_token;	/* its write makes the token no good */
	enum stmt_id		 stmt;		/* STMT_NONE: the database is not asked */
	const char		*media;		/* type of the answer; NULL: JSON */
	const char		*file;		/* to be saved under that name; NULL: shown */
	enum answer		 answer;	/* of success */
	/* Writes the answer's body; returns route->answer's ANS_OK or an error. */
	enum answer		 (*handler)(struct request *);
	struct route_doc	 doc;		/* without an id: not described */
};

/* A part of a path that stands for a value. */
struct path_part {
	const char		*name;		/* as in a route's path, with its ':' */
	const char		*parameter;	/* its name for clients */
	bool			 rest;		/* all of the path from there on, slashes too */
	/* Takes it; ANS_OK, also with a problem of r's, or the answer that ends the request. */
	enum answer		 (*take)(struct request *r, const char *text, size_t len);
};

/* True if the route's statement is a write that is made once (once.h). */
bool	route_writes(const struct route *route);

#endif
