/* SPDX-License-Identifier: ISC */
/*
 * The web server's side: FastCGI on the listening socket that is descriptor
 * 0, else one request by plain CGI (RFC 3875).  The only file that knows
 * libfcgi.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

/* True where descriptor 0 is a listening socket. */
bool	gateway_is_fastcgi(void);

/*
 * SIGTERM, SIGQUIT (multiwatch's), SIGINT, SIGHUP and SIGUSR1 wait until the request
 * in hand is done, and then make gateway_accept() return NULL.  Before the first call
 * of that, with FastCGI, they end the process at once: nobody waits for it yet.
 */
void	gateway_catch_signals(void);

/*
 * Before the first gateway_accept() of FastCGI.  Returns NULL, or one line (static) that
 * says what is wrong with libfcgi.
 */
const char	*gateway_open(void);

/*
 * Waits for the next request; its parameters ("NAME=value", NULL at the end)
 * are valid until gateway_end().  NULL: there is none any more, after a signal
 * or after the one request of plain CGI.  Connections over TCP are closed
 * unless conf.web_servers has their address.
 */
char	**gateway_accept(void);

/* Reads up to len bytes of the request's body; fewer only at its end. */
size_t	gateway_read(void *data, size_t len);

/* True where that end was the connection's, and not the body's. */
bool	gateway_is_cut(void);

/* Sends a part of the answer; false where the web server is gone. */
bool	gateway_write(const void *data, size_t len);

/*
 * False by CGI, by which what breaks off looks whole: an answer has to be there before
 * any of it is sent.
 */
bool	gateway_can_break(void);

/*
 * Ends the request.  Where the answer is not complete, the web server is left
 * to see a connection that breaks off, so that the client does too.
 */
void	gateway_end(bool complete);

#endif
