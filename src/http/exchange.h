/* SPDX-License-Identifier: ISC */
/*
 * A request of the web server, and the way back.  By FastCGI it is also the connection by
 * which it came, and by which the next one may.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/loop.h"
#include "http/cgi.h"
#include "http/fastcgi.h"

/* Bytes of a body that are kept: one more than may be used shows that it is too large. */
#define EXCHANGE_BODY_MAX	(1024 * 1024 + 1)

/* All of a worker. */
struct exchanges {
	struct loop	*loop;
	int64_t		 over_at;	/* clock_usec() from when on not even then; 0: the worker goes on */
	int		 nwaiting;
	struct exchange	*waiting, **last_waiting;	/* without a whole request, in the order in
							 * which they came to that */
	struct exchange	*whole, **last_whole;	/* requests that are not begun yet */
	size_t		 held;		/* bytes of answers that wait for slow readers */
	size_t		 bodies;	/* bytes of those of requests that are not begun yet */
	int64_t		 hurry_ends;	/* clock_usec(): for as long others waited for those */
};

struct exchange {
	struct exchanges	*all;
	struct fastcgi		 in;		/* its parameters and body; by CGI the body alone */
	struct cgi		 cgi;
	/* By FastCGI: */
	int			 fd;		/* -1 by CGI */
	struct exchange		*next, **at_prev;	/* among those that wait for a request */
	struct exchange		*next_whole;	/* among the requests that are not begun yet */
	struct watch		 watch;
	struct timer		 timer;		/* when it is given up */
	bool			 quiet;		/* that is a quiet connection, not a part of a request */
	size_t			 counted;	/* of its body, in all->bodies */
	bool			 watched;
	bool			 was_used;	/* for a request before */
	bool			 may_read;	/* something has come, or its end */
	bool			 closes;	/* its end has come, after what is to be read */
	bool			 gone;		/* the web server is, or was too slow */
	enum exchange_state {
		EXCHANGE_READS,		/* a request is awaited, or a part of it */
		EXCHANGE_SERVES,	/* it is in hand */
		EXCHANGE_SENDS,		/* it is answered; the rest of the answer leaves */
		EXCHANGE_LINGERS	/* the rest of the request is passed over */
	}			 state;
	struct {			/* of the answer, what the socket did not take */
		unsigned char	*data;
		size_t		 first, end, size;
	}			 out;
	struct sleeper		 sleeper;	/* waits until there is less of that */
};

/*
 * The next parameter of the request, in one pass that begins at *at = 0: fastcgi_param().
 */
bool	exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p);

/*
 * Sends n parts of the answer, one after the other; false if the web server is gone.  What it
 * does not take at once is kept; only of an answer of megabytes the fiber waits for it.
 */
bool	exchange_write(struct exchange *e, const struct iovec *parts, int n);

/*
 * False by CGI, by which what breaks off looks whole: an answer has to be there before any of
 * it is sent.
 */
bool	exchange_can_break(const struct exchange *e);

/*
 * Sends n last parts, and ends the request; its parameters and body are gone.  If the answer
 * is not complete, the web server is left to see a connection that breaks off, so that the
 * client does too.
 */
void	exchange_end(struct exchange *e, const struct iovec *parts, int n, bool complete);

/* For the gateway: begins with none. */
void	exchanges_init(struct exchanges *all, struct loop *loop);

/* For the gateway: a connection that was accepted (-1: by CGI); NULL without memory. */
struct exchange	*exchange_new(struct exchanges *all, int fd);

/* For the gateway: reads the request of CGI. */
void	exchange_read_cgi(struct exchange *e);

/*
 * For the gateway: reads what has come.  Once the request is whole it is one of all->whole.
 * There is room for so many bytes of bodies: the oldest that is not whole goes if that is
 * exceeded, or else this one.
 */
void	exchange_read(struct exchange *e);

/* For the gateway: takes the first out of all->whole; NULL: there is none. */
struct exchange	*exchange_next(struct exchanges *all);

/*
 * For the gateway: the worker stops.  Kept connections end when they have been quiet for a while,
 * or after their answer once that takes too long; parts of requests have five seconds to be whole.
 */
void	exchanges_stop(struct exchanges *all);

/* For the gateway: closes it. */
void	exchange_drop(struct exchange *e);

#endif
