/* SPDX-License-Identifier: ISC */
/* A request of the web server, and the way back. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/fastcgi.h"

/* Bytes of a body that are kept: one more than may be used shows that it is too large. */
#define EXCHANGE_BODY_MAX	(64 * 1024 + 1)

struct FCGX_Request;

struct exchange {
	struct gateway		*gateway;
	struct exchange		*next;		/* among those that are being read */
	int			 fd;		/* -1 by CGI */
	struct fastcgi		 in;		/* its parameters and body; by CGI the body alone */
	char			**cgi;		/* the next variable of the environment */
	size_t			 was_read;	/* by CGI */
	struct FCGX_Request	*out;		/* NULL: nothing was written yet */
	int64_t			 deadline;	/* clock_usec(): when it is given up */
	bool			 lingers;	/* it is answered; what still comes is passed over */
};

/*
 * The next parameter of the request, in one pass that begins at *at = 0: fastcgi_param().
 */
bool	exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p);

/* Sends a part of the answer; false if the web server is gone. */
bool	exchange_write(struct exchange *e, const void *data, size_t len);

/*
 * False by CGI, by which what breaks off looks whole: an answer has to be there before any of
 * it is sent.
 */
bool	exchange_can_break(const struct exchange *e);

/*
 * Ends the request and frees it.  If the answer is not complete, the web server is left to see
 * a connection that breaks off, so that the client does too.
 */
void	exchange_end(struct exchange *e, bool complete);

#endif
