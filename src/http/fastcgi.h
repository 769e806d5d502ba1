/* SPDX-License-Identifier: ISC */
/*
 * FastCGI (specification 1.0, the responder's role): reads one request from bytes as they
 * come, keeps its parameters and its body, and makes the records of its answer.
 */
#ifndef FASTCGI_H
#define FASTCGI_H

#include <stdbool.h>
#include <stddef.h>

#define FASTCGI_PARAMS_MAX	(1024 * 1024)
#define FASTCGI_HEAD_LEN	8
#define FASTCGI_LAST_LEN	24

/* A connection with one request on it; zero before its first byte, but for body_max. */
struct fastcgi {
	enum { FASTCGI_BEGIN, FASTCGI_PARAMS, FASTCGI_BODY, FASTCGI_END } due;
	unsigned char	head[8];		/* of the record that is being read */
	size_t		nhead;
	size_t		content, padding;	/* of that record, still to come */
	unsigned	id;
	size_t		body_max;		/* bytes of a body that are kept; not 0 */
	bool		keep;			/* another request may come after the answer */
	bool		cut;			/* the connection ended within the body */
	bool		whole;			/* its end was read */
	bool		more;			/* and something after it */
	struct fastcgi_kept {
		unsigned char	*data;		/* size bytes, one more than are in use */
		size_t		 len, size;
	} params, body;
};

struct fastcgi_param {
	const char	*name;			/* name_len bytes, without a NUL */
	size_t		 name_len;
	const char	*value;			/* NUL-terminated; a NUL inside cuts it */
	size_t		 value_len;
};

/*
 * Takes the next len bytes.  False if they do not go on as one request of a responder
 * (its begin, its parameters, FASTCGI_PARAMS_MAX bytes of them at most, its body) or
 * if there is no memory: then f is only good for fastcgi_free().  After FASTCGI_END
 * bytes are passed over.  A body ends with FASTCGI_END as well once it has as many bytes as
 * CONTENT_LENGTH says, or as are kept, whatever follows.
 */
bool	fastcgi_read(struct fastcgi *f, const void *data, size_t len);

/* The connection has ended.  True if that is within a body: the request ends with it. */
bool	fastcgi_cut(struct fastcgi *f);

/*
 * The next parameter; *at is 0 before the first.  False after the last, or if the rest is
 * no parameter, which fastcgi_read() never lets through.  Valid until fastcgi_free();
 * only one pass over them is possible, as the NULs take the place of lengths.
 */
bool	fastcgi_param(struct fastcgi *f, size_t *at, struct fastcgi_param *p);

/* Wipes and frees what was kept. */
void	fastcgi_free(struct fastcgi *f);

/* The same, before the connection's next request, of which as much is kept. */
void	fastcgi_reset(struct fastcgi *f, size_t body_max);

/* The head of a record of the answer, before its len bytes, of at most 65535. */
void	fastcgi_output(unsigned char head[FASTCGI_HEAD_LEN], unsigned id, size_t len);

/* What ends the answer: all of it was sent, and the request is done. */
void	fastcgi_last(unsigned char last[FASTCGI_LAST_LEN], unsigned id);

#endif
