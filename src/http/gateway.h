/* SPDX-License-Identifier: ISC */
/*
 * The web server's side: FastCGI on the listening socket that is descriptor 0, else one
 * request by plain CGI (RFC 3875).  Requests are read whole before anybody sees them, without
 * waiting for any one of them, and each is served by a fiber of its own.
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
	/* True while this worker had better leave connections to others for longer. */
	bool		 (*is_late)(void *arg);
	void		*arg;

	struct watch	 watch;		/* of the listening socket */
	bool		 listens;	/* it is watched */
	bool		 ended;		/* nothing can be accepted any more */
	int64_t		 looked;	/* clock_usec(): for connections, while requests are in hand;
					 * then when the last of them ended */
	int		 nended;	/* requests since then */
	int		 nserved;	/* requests in hand */
	struct exchanges exchanges;
};

/* True if descriptor 0 is a listening socket. */
bool	gateway_is_fastcgi(void);

/*
 * SIGTERM, SIGQUIT (multiwatch's), SIGINT, SIGHUP and SIGUSR1 wait until the requests in hand
 * are done, and then make gateway_run() return.  Before gateway_open(), with FastCGI,
 * they end the process at once: nobody waits for it yet.
 */
void	gateway_catch_signals(void);

/*
 * Before gateway_run(); what the first part of the struct says is set.  NULL, or one line
 * (static) that says what is wrong.
 */
const char	*gateway_open(struct gateway *g);

/*
 * Serves requests until a signal, or the one request of CGI.  Connections over TCP are closed
 * unless g->web_servers has their address; what is no request, or is not whole after 20
 * seconds, is dropped.
 */
void	gateway_run(struct gateway *g);

#endif
