/* SPDX-License-Identifier: ISC */
/*
 * The web server's side: FastCGI if descriptor 0 is a listening socket, else one request by
 * plain CGI (RFC 3875).  Requests are read whole, many at a time, before they are served, each
 * by a fiber of its own.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/loop.h"
#include "http/exchange.h"

struct gateway {
	struct loop	*loop;		/* by FastCGI; NULL by CGI */
	const char	*web_servers;	/* that may connect over TCP (base/netlist.h) */
	int		 most;		/* requests that are served at the same time */
	/* Serves a request, up to exchange_end(). */
	void		 (*serve)(void *arg, struct exchange *e);
	/* True while this worker should leave connections to others for longer. */
	bool		 (*is_late)(void *arg);
	void		*arg;

	struct watch	 watch;		/* of the listening socket */
	bool		 listens;	/* it is watched */
	struct timer	 pause;		/* set while none are accepted */
	int64_t		 silent_until;	/* clock_usec(): no other line about that before */
	struct watch	 signals;	/* of signal_fd: signalfd(2) */
	int		 signal_fd;
	bool		 ended;		/* by a signal, or accept(2) failed for good */
	int64_t		 looked;	/* clock_usec() of the last look for connections, or of
					 * the end of the last request if that was later */
	int		 nended;	/* requests since then */
	int		 nserved;	/* requests being served */
	struct exchanges exchanges;
};

/* True if descriptor 0 is a listening socket. */
bool	gateway_is_fastcgi(void);

/*
 * SIGTERM, SIGQUIT (multiwatch's), SIGINT, SIGHUP and SIGUSR1 make gateway_run() return after
 * the requests being served are done.  Before gateway_open(), with FastCGI, they end the
 * process at once, as no request waits for it.
 */
void	gateway_catch_signals(void);

/*
 * Must precede gateway_run(), with the first part of the struct set.  NULL, or an error of one
 * line (static).
 */
const char	*gateway_open(struct gateway *g);

/*
 * Serves requests until a signal, or the one request of CGI.  Closes TCP connections whose
 * address is not in g->web_servers.  Drops invalid requests, and those that are not whole after
 * 20 seconds.
 */
void	gateway_run(struct gateway *g);

#endif
