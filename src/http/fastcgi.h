/* SPDX-License-Identifier: ISC */
/*
 * FastCGI (specification 1.0, the responder's role): parses one request from bytes as they
 * come, keeps its parameters and its body, and makes the records of its answer.
 */
#ifndef FASTCGI_H
#define FASTCGI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

#define FASTCGI_PARAMS_MAX	(1024 * 1024)
#define FASTCGI_HEAD_LEN	8
#define FASTCGI_LAST_LEN	24

/* A connection with one request; before its first byte all is zero but body_max. */
struct fastcgi {
	enum { FASTCGI_BEGIN, FASTCGI_PARAMS, FASTCGI_BODY, FASTCGI_END } due;
	unsigned char	head[8];		/* of the record that is being read */
	size_t		nhead;
	size_t		content, padding;	/* of that record, still to come */
	unsigned	id;
	size_t		body_max;		/* bytes of a body that are kept; not 0 */
	bool		keep;			/* another request may come after the answer */
	bool		cut;			/* the connection ended in the body */
	bool		whole;			/* its end was read */
	bool		more;			/* more bytes came after it */
	struct bytes	params, body;		/* whole, and NUL-terminated unless empty */
};

struct fastcgi_param {
	const char	*name;			/* name_len bytes, without a NUL */
	size_t		 name_len;
	const char	*value;			/* NUL-terminated; a NUL inside cuts it */
	size_t		 value_len;
};

/*
 * Takes the next len bytes.  False if they are not a responder's request (begin, at most
 * FASTCGI_PARAMS_MAX bytes of parameters, body) or memory runs out: then only fastcgi_free()
 * may follow.  After FASTCGI_END bytes are skipped.  A body also ends when it has as many
 * bytes as CONTENT_LENGTH says, or as are kept.
 */
bool	fastcgi_read(struct fastcgi *f, const void *data, size_t len);

/* The connection has ended.  True if it did so in a body: this ends the request, too. */
bool	fastcgi_cut(struct fastcgi *f);

/*
 * The next parameter; *at is 0 before the first.  False after the last.  Valid until
 * fastcgi_free().  Only one pass is possible, as NULs overwrite the lengths.
 */
bool	fastcgi_param(struct fastcgi *f, size_t *at, struct fastcgi_param *p);

/* Wipes and frees parameters and body. */
void	fastcgi_free(struct fastcgi *f);

/* The same, then prepares for the connection's next request. */
void	fastcgi_reset(struct fastcgi *f, size_t body_max);

/* Writes the header of a STDOUT record of len bytes, at most 65535. */
void	fastcgi_output(unsigned char head[FASTCGI_HEAD_LEN], unsigned id, size_t len);

/* Writes the records that end the answer: the end of STDOUT, and END_REQUEST. */
void	fastcgi_last(unsigned char last[FASTCGI_LAST_LEN], unsigned id);

#endif
