/* SPDX-License-Identifier: ISC */
/* A request, from its parameters to its answer, and the memory it uses. */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/buf.h"
#include "db/statement.h"
#include "http/exchange.h"
#include "http/identity.h"
#include "http/worker.h"

#define REQUEST_BODY_MAX		(64 * 1024)	/* unless the route takes more */
#define REQUEST_PROBLEMS_MAX	32
#define REQUEST_QUERY_MAX		16
#define ONCE_HASH_LEN		32	/* SHA-256 */

struct route;
struct cJSON;

struct request {
	struct worker	*worker;
	struct exchange	*exchange;		/* NULL once it was answered */

	/* From the web server; NULL if it does not tell. */
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
	const char	*depth;
	const char	*if_locked;		/* If (RFC 4918, section 10.4) */
	const char	*uri;			/* REQUEST_URI: as the client sent it */
	const char	*remote_addr;
	const char	*forwarded;		/* there is a proxy before the web server */
	const char	*id;			/* for the log; plain characters only */
	const char	*other_id[2];		/* used if there is no id; the first is preferred */
	int		 authorizations;	/* how many there were */
	int		 idempotency_keys;	/* the same, empty ones too */

	const struct route	*route;
	bool			 head;		/* no body is wanted */
	struct identity		 who;		/* valid if the route asks for a token */
	struct value		 value[PARAM__MAX];
	struct buf		 objects;		/* collected by field.take() */
	bool			 any_field;	/* the request has a field of its route */
	const char		*query[REQUEST_QUERY_MAX];	/* decoded, as in route->query */

	int64_t		 next_id;	/* the task that a completion made; 0: none */

	/* The fields that break a rule; all of them go into one 422. */
	const char	*in;			/* the part that is being read */
	const char	*within;		/* its field that has fields of its own, or NULL */
	int		 index;			/* of the object in that field, or -1 */
	struct problem {
		const char	*in;		/* "body", "path", "query", "header" */
		const char	*within;
		int		 index;
		const char	*field;		/* NULL: all of it */
		const char	*type;
		const char	*msg;
	}		 problem[REQUEST_PROBLEMS_MAX];
	int		 nproblems;

	/* The key of once.c for its write, and a hash of the request. */
	struct once {
		unsigned char	key[ONCE_HASH_LEN];
		unsigned char	request[ONCE_HASH_LEN];
		int64_t		row;		/* the id of the row it wrote, if made before */
		struct once_key	*own;		/* of the worker; NULL: the key is the client's */
	}		 once;

	struct statement statement;

	struct cJSON	*body;			/* freed by body.c */
	const char	*json;			/* its text, if it is JSON */
	struct chunk	*memory;

	/* The answer being sent. */
	struct buf	 out;			/* its body */
	struct output {
		bool		started;	/* its head has left, so its status can't change */
		bool		broken;		/* the web server is gone */
		bool		no_memory;
		enum answer	failed;		/* the error whose body is in out; ANS_OK: none */
		size_t		sent;		/* bytes of the body that have left */
	}		 output;
	char		 etag[24];		/* with its quotes; "": none */
	char		 location[256];		/* "": none */
	const char	*link;			/* to the next page; NULL: none */
	const char	*dav;			/* what of WebDAV there is; NULL: not said */
	const char	*condition;		/* WebDAV's, for an error; NULL: see http/reply.c */
	char		 allow[96];
};

/* Fills r from the exchange's parameters. */
void	 request_init(struct request *r, struct worker *w, struct exchange *e);

/* Memory that lives as long as the request, zeroed; NULL if it runs out. */
void	*request_alloc(struct request *r, size_t size);

/* The same with a printf-like text. */
char	*request_printf(struct request *r, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * The whole body, NUL-terminated.  ANS_OK, ANS_BODY_LARGE, or ANS_BODY_SHORT if the client
 * promised more.
 */
enum answer	 request_body(struct request *r, char **text, size_t *len);

/* True if the body's media type has that name, whatever its parameters. */
bool		 request_is_type(const struct request *r, const char *name);

/* Notes a field that breaks a rule, within r->within; the strings live as long as the request. */
void	 request_problem(struct request *r, const char *in, const char *field,
	    const char *type, const char *msg);

/*
 * Runs a statement with r's values, up to its first row: NULL in *row if it has none.
 * Otherwise statement_run()'s error.
 */
enum answer	 request_row(struct request *r, enum stmt_id id, const struct row **row);

/* The next row; NULL in *row after the last. */
enum answer	 request_next(struct request *r, const struct row **row);

/* Wipes and frees its memory. */
void	 request_free(struct request *r);

#endif
