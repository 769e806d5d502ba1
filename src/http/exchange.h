/* SPDX-License-Identifier: ISC */
/*
 * A request of the web server and its answer.  By FastCGI also the connection, on which the
 * next request may follow.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/bytes.h"
#include "base/loop.h"
#include "http/cgi.h"
#include "http/fastcgi.h"

/* Bytes of a body that are kept: one more than the limit shows that it is too large. */
#define EXCHANGE_BODY_MAX	(1024 * 1024 + 1)

/* All exchanges of a worker. */
struct exchanges {
	struct loop	*loop;
	int64_t		 over_at;	/* clock_usec(): a worker that stops closes all that are
					 * idle then; 0: it doesn't stop */
	int		 nwaiting;
	struct exchange	*waiting, **last_waiting;	/* for a whole request; the oldest first */
	struct exchange	*whole, **last_whole;	/* whole requests, not served yet */
	size_t		 held;		/* bytes of answers that wait for slow readers */
	size_t		 bodies;	/* bytes of the bodies of requests not served yet */
	int64_t		 hurry_ends;	/* clock_usec(): others wait for slow readers until then */
};

struct exchange {
	struct exchanges	*all;
	struct fastcgi		 in;		/* its parameters and body; by CGI the body alone */
	struct cgi		 cgi;
	/* By FastCGI: */
	int			 fd;		/* -1 by CGI */
	struct exchange		*next, **at_prev;	/* in all->waiting */
	struct exchange		*next_whole;	/* in all->whole */
	struct watch		 watch;
	struct timer		 timer;		/* gives it up */
	bool			 quiet;		/* the timer is for an idle connection */
	size_t			 counted;	/* of its body, in all->bodies */
	bool			 watched;
	bool			 was_used;	/* for a request before */
	bool			 may_read;	/* data may have come, or the end */
	bool			 closes;	/* the end has come, maybe after unread data */
	bool			 gone;		/* the web server closed it, or was too slow */
	enum exchange_state {
		EXCHANGE_READS,		/* waits for a request, or for the rest of one */
		EXCHANGE_SERVES,	/* the request is being served */
		EXCHANGE_SENDS,		/* sends the rest of the answer */
		EXCHANGE_LINGERS	/* skips the rest of the request */
	}			 state;
	struct bytes		 out;		/* of the answer, not taken by the socket yet */
	struct sleeper		 sleeper;	/* waits until out is shorter */
};

/* The next parameter of the request, in one pass that begins at *at = 0: fastcgi_param(). */
bool	exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p);

/*
 * Sends n parts of the answer; false if the web server is gone.  Keeps the bytes that it does
 * not take at once; if these are megabytes, the fiber waits.
 */
bool	exchange_write(struct exchange *e, const struct iovec *parts, int n);

/*
 * True if the client notices an answer that breaks off.  Not by CGI: there an answer must be
 * complete before any of it is sent.
 */
bool	exchange_can_break(const struct exchange *e);

/*
 * Sends the last n parts, ends the request, and frees its parameters and body.  If the answer
 * is not complete, breaks off the connection, so that the client notices.
 */
void	exchange_end(struct exchange *e, const struct iovec *parts, int n, bool complete);

/* The rest is for the gateway. */
void	exchanges_init(struct exchanges *all, struct loop *loop);

/* Makes one of an accepted connection (-1: by CGI); NULL if memory runs out. */
struct exchange	*exchange_new(struct exchanges *all, int fd);

/* Reads the request of CGI. */
void	exchange_read_cgi(struct exchange *e);

/*
 * Reads the data that has come.  Puts a whole request into all->whole.  If the bodies of all
 * take too much memory, drops the oldest requests that are not whole, or else this one.
 */
void	exchange_read(struct exchange *e);

/* Takes the first out of all->whole; NULL: there is none. */
struct exchange	*exchange_next(struct exchanges *all);

/*
 * The worker stops.  Connections are closed when they have been idle for a while, or, if that
 * takes too long, after their answer.  Incomplete requests have five seconds left.
 */
void	exchanges_stop(struct exchanges *all);

/* Closes and frees it. */
void	exchange_drop(struct exchange *e);

#endif
