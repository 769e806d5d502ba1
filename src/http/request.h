/* SPDX-License-Identifier: ISC */
/* A request, from its parameters to its answer, and the memory it uses. */
#ifndef REQ_H
#define REQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/buf.h"
#include "http/once.h"
#include "db/stmt.h"
#include "account/token.h"
#include "db/value.h"

#define REQ_BODY_MAX		(64 * 1024)
#define REQ_PROBLEMS_MAX	32
#define REQ_QUERY_MAX		16

struct route;
struct cJSON;

struct req {
	/* As the web server says; NULL where it does not. */
	const char	*method;
	const char	*path;			/* PATH_INFO, decoded */
	const char	*script;		/* SCRIPT_NAME: the prefix */
	const char	*query_string;
	const char	*content_type;
	const char	*content_length;
	const char	*authorization;
	const char	*origin;
	const char	*preflight;		/* Access-Control-Request-Method */
	const char	*if_match;
	const char	*if_none_match;
	const char	*idempotency_key;
	const char	*remote_addr;
	const char	*forwarded;		/* a proxy stands before the web server */
	const char	*id;			/* for the log; plain characters only */
	const char	*other_id[2];		/* in its place, by falling rank */
	int		 authorizations;	/* how many there were */
	int		 idempotency_keys;	/* the same, empty ones too */

	const struct route	*route;
	bool			 head;		/* no body is wanted */
	struct token		 token;		/* valid where the route asks for it */
	struct value		 value[PARAM__MAX];
	bool			 any_field;	/* body or query have one that we know */
	const char		*query[REQ_QUERY_MAX];	/* decoded, as in route->query */

	int64_t		 next_id;	/* the task that a completion made, 0 for none */

	/* The fields that break a rule; all of them go into one 422. */
	const char	*in;			/* the part that is being read */
	struct problem {
		const char	*in;		/* "body", "path", "query", "header" */
		const char	*field;		/* NULL: all of it */
		const char	*type;
		const char	*msg;
	}		 problem[REQ_PROBLEMS_MAX];
	int		 nproblems;

	/* What once.c makes of the client's key. */
	unsigned char	 once_key[ONCE_HASH_LEN];
	unsigned char	 once_request[ONCE_HASH_LEN];

	struct cJSON	*body;			/* freed by field.c */
	const char	*json;			/* its text, where it is JSON */
	struct chunk	*memory;

	/* The answer: what reply.c sends besides the body in out. */
	struct buf	 out;
	char		 etag[24];		/* with its quotes, "" for none */
	char		 location[256];		/* "" for none */
	const char	*link;			/* to the next page; NULL: none */
	char		 allow[64];
};

/* Makes r of the request's parameters ("NAME=value"). */
void	 req_init(struct req *r, char **params);

/* Memory that lives as long as the request, zeroed; NULL when there is none. */
void	*req_alloc(struct req *r, size_t size);

/* The same with a printf-like text. */
char	*req_printf(struct req *r, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * Reads the whole body, NUL-terminated, into memory of req.c that is valid
 * until the next request.  ANS_OK, ANS_BODY_LARGE, or ANS_BODY_SHORT where the
 * client promised more.
 */
enum answer	 req_body(struct req *r, char **text, size_t *len);

/* Notes a field that breaks a rule; the strings live as long as the request. */
void	 req_problem(struct req *r, const char *in, const char *field,
	    const char *type, const char *msg);

void	 req_free(struct req *r);

#endif
