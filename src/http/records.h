/* SPDX-License-Identifier: ISC */
/*
 * Which FastCGI records may reach libfcgi.  It is at home where they are as a
 * web server sends them; others make it overrun a buffer, abort, or take a part
 * of a request for all of it.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORDS_PARAMS_MAX	(1024 * 1024)

/* A connection with one request on it; zero at its begin. */
struct records {
	enum { RECORDS_BEGIN, RECORDS_PARAMS, RECORDS_BODY, RECORDS_END } due;
	unsigned char	head[8];	/* of the record that is being read */
	size_t		nhead;
	size_t		content, padding;	/* of it, still to come */
	unsigned	id;
	/* Parameters: what there was of them, and of the one that is being read. */
	size_t		params;
	unsigned char	length[8];	/* of name and value */
	size_t		nlength;
	uint64_t	text;		/* of both, still to come */
};

/*
 * True where the bytes go on as one request of a responder: its begin, its
 * parameters, RECORDS_PARAMS_MAX bytes of them at most, its body.  What is
 * behind the end of the body does not matter.  After false r is of no use.
 */
bool	records_accept(struct records *r, const void *data, size_t len);

#endif
