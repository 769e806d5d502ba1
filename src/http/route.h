/* SPDX-License-Identifier: ISC */
/* The properties of a route.  The table of routes is in routes.c. */
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
	ACCESS_OPTIONAL,	/* the handler checks if there is a token */
	ACCESS_ANY
};

/* More of a route, for the API's description. */
struct route_doc {
	const char	*id, *tag, *summary;
	const char	*schema;		/* of success */
	const char	*body;			/* name of the body's schema */
	const char	*example;		/* of the body */
	enum answer	 error[2];		/* besides those that such routes share */
	bool		 etag, location, link;	/* header fields of success */
	bool		 etag_of_now;		/* only if the parameter now is there */
};

struct route {
	/* "*": all methods but those in earlier rows of this path, which Allow names. */
	const char		*method;
	/* With parts like ":user" (struct path_part).  A slash at its end may be missing. */
	const char		*path;
	enum access		 access;
	const struct field	*fields;	/* NULL: a body is ignored */
	const struct field	*query;		/* NULL: so are parameters */
	/* Checks rules between fields, and notes problems, if each field is valid by itself. */
	void			 (*rule)(struct request *);
	bool			 partial;	/* absent fields are no error */
	bool			 body_optional;
	size_t			 body_max;	/* bytes; 0: 64 KiB */
	bool			 form;		/* the body may be an HTML form */
	bool			 dav;		/* for programs that speak WebDAV, not for pages */
	bool			 ends_token;	/* its write ends the token */
	enum stmt_id		 stmt;		/* STMT_NONE: the database is not asked */
	const char		*media;		/* type of the answer; NULL: JSON */
	const char		*file;		/* to be saved under that name; NULL: shown */
	enum answer		 answer;	/* of success */
	/* Writes the answer's body; returns route->answer's ANS_OK or an error. */
	enum answer		 (*handler)(struct request *);
	struct route_doc	 doc;		/* without an id: not described */
};

/* A part of a path that is a value. */
struct path_part {
	const char		*name;		/* as in a route's path, with its ':' */
	const char		*parameter;	/* its name for clients */
	bool			 rest;		/* the rest of the path, with its slashes */
	/* Takes it.  ANS_OK, also if it notes a problem, or the answer that ends the request. */
	enum answer		 (*take)(struct request *r, const char *text, size_t len);
};

/* True if the route's statement is a write that is made once (once.h). */
bool	route_writes(const struct route *route);

#endif
