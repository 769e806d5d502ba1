/* SPDX-License-Identifier: ISC */
/*
 * The web server's side: FastCGI on the listening socket that is descriptor 0, else one
 * request by plain CGI (RFC 3875).  Requests are read whole before anybody sees them, without
 * waiting for any one of them.  The only file that knows libfcgi, which writes the answers and
 * sees nothing of what comes from the network.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "http/exchange.h"

struct gateway {
	bool		 fastcgi;
	bool		 served;	/* the one request by CGI */
	const char	*web_servers;	/* that may connect over TCP (base/netlist.h) */
	int		 epoll;
	int		 pair[2];	/* where libfcgi gets its empty requests */
	int		 nreading;
	struct exchange	*reading;	/* in the order in which they came */
};

/* True if descriptor 0 is a listening socket. */
bool	gateway_is_fastcgi(void);

/*
 * SIGTERM, SIGQUIT (multiwatch's), SIGINT, SIGHUP and SIGUSR1 wait until the requests in hand
 * are done, and then make gateway_accept() return NULL.  Before gateway_open(), with FastCGI,
 * they end the process at once: nobody waits for it yet.
 */
void	gateway_catch_signals(void);

/* Before the first gateway_accept().  NULL, or one line (static) that says what is wrong. */
const char	*gateway_open(struct gateway *g, const char *web_servers);

/*
 * Waits for the next request that is there as a whole.  NULL: there is none any more, after a
 * signal or after the one request of CGI.  Connections over TCP are closed unless
 * g->web_servers has their address; what is no request, or does not go on for 20 seconds, is
 * dropped.
 */
struct exchange	*gateway_accept(struct gateway *g);

#endif
