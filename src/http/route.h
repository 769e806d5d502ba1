/* SPDX-License-Identifier: ISC */
/* The table of routes, and the gate that every request passes. */
#ifndef ROUTE_H
#define ROUTE_H

#include "base/answer.h"
#include "db/stmt.h"

struct req;
struct field;

enum access {
	ACCESS_SELF,		/* the token's user is the one in the path */
	ACCESS_TOKEN,		/* a valid token */
	ACCESS_OPTIONAL,	/* the handler looks whether there is one */
	ACCESS_ANY
};

struct route {
	const char		*method;
	const char		*path;		/* ":user", ":task" stand for ids, ":feed" for a secret */
	enum access		 access;
	const struct field	*fields;	/* NULL: a body is ignored */
	const struct field	*query;		/* NULL: so are parameters */
	/* Where each field holds its own rules: notes what is wrong of several together. */
	void			 (*rule)(struct req *);
	bool			 partial;	/* absent fields are no error */
	bool			 body_optional;
	bool			 form;		/* the body may be an HTML form */
	enum stmt_id		 stmt;		/* STMT_NONE: the database is not asked */
	const char		*media;		/* type of the answer; NULL: JSON */
	const char		*file;		/* to be saved under that name; NULL: shown */
	enum answer		 answer;	/* of success */
	/* Writes the answer's body; returns route->answer's ANS_OK or an error. */
	enum answer		 (*handler)(struct req *);
};

/* Ends with a row without a method. */
extern const struct route	routes[];

/*
 * Answers one request: route, token, user, query, body, fields, handler.  Nothing of
 * it stays behind.
 */
void	route_request(char **params);

/* Answers one request with an error that has nothing to do with it. */
void	route_refuse(char **params, enum answer answer);

/* The route that method and path lead to, for tests too.  ANS_OK with r->route
 * set, ANS_NO_PATH, ANS_NO_METHOD or (OPTIONS) ANS_NO_CONTENT with r->allow. */
enum answer	route_find(struct req *r);

/* True where the route's statement is a write that is made once (once.h). */
bool		route_writes(const struct route *route);

#endif
