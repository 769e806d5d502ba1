/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/netlist.h"
#include "http/cgi.h"
#include "http/gateway.h"

#define READING_MAX	256		/* connections of which a part of a request is here */
#define STALL_SEC	20		/* then a request is given up, in either direction */
#define STOP_SEC	5		/* once the worker was told to stop */
#define LINGER_SEC	5		/* for as long what comes after the answer is passed over */

/* Set by signals; of the process, as those are. */
static volatile sig_atomic_t	serving;	/* after the start */
static volatile sig_atomic_t	stopping;

bool
gateway_is_fastcgi(void)
{
	return !FCGX_IsCGI();
}

static void
stop(int sig)
{
	(void)sig;
	if (!serving)
		_exit(EXIT_SUCCESS);
	stopping = 1;
}

static const int	stop_signals[] = { SIGTERM, SIGQUIT, SIGINT, SIGHUP, SIGUSR1 };

static void
block_signals(void)
{
	sigset_t	set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof stop_signals / sizeof stop_signals[0]; i++)
		sigaddset(&set, stop_signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void
gateway_catch_signals(void)
{
	struct sigaction	sa = { .sa_handler = stop };

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof stop_signals / sizeof stop_signals[0]; i++)
		sigaction(stop_signals[i], &sa, NULL);
	/* By CGI there is a request in hand from the beginning. */
	if (!gateway_is_fastcgi())
		block_signals();
	signal(SIGPIPE, SIG_IGN);
}

/*
 * A connection wakes one worker of those that wait for it, which must not find that another
 * one was quicker, and wait in accept().
 */
static bool
watch_socket(struct gateway *g)
{
	struct epoll_event	event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int			flags = fcntl(STDIN_FILENO, F_GETFL);

	return flags != -1 && fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK) == 0 &&
	    (g->epoll = epoll_create1(EPOLL_CLOEXEC)) != -1 &&
	    epoll_ctl(g->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event) == 0;
}

const char *
gateway_open(struct gateway *g, const char *web_servers)
{
	g->fastcgi = gateway_is_fastcgi();
	g->web_servers = web_servers;
	if (!g->fastcgi)
		return NULL;
	if (FCGX_Init() != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, g->pair) == -1 ||
	    !watch_socket(g))
		return "descriptor 0: this socket can't be used";
	return NULL;
}

/* FastCGI knows no password: over TCP the address has to do. */
static bool
may_connect(const struct gateway *g, const struct sockaddr_storage *peer)
{
	struct in6_addr	address = { .s6_addr = { [10] = 0xff, 0xff } };
	char		text[INET6_ADDRSTRLEN];

	if (peer->ss_family == AF_INET)
		memcpy(&address.s6_addr[12], &((const struct sockaddr_in *)peer)->sin_addr, 4);
	else if (peer->ss_family == AF_INET6)
		address = ((const struct sockaddr_in6 *)peer)->sin6_addr;
	else
		return true;
	if (netlist_has(g->web_servers, &address))
		return true;
	log_line("FCGI_WEB_SERVER_ADDRS does not have %s: connection closed",
	    inet_ntop(AF_INET6, &address, text, sizeof text));
	return false;
}

/* True if accept() may succeed the next time: accept(2) on errors of the network. */
static bool
is_passing(int error)
{
	static const int	passing[] = { EAGAIN, EINTR, ECONNABORTED, EPROTO, EPERM,
				    ENOPROTOOPT, ENETDOWN, ENETUNREACH, EHOSTDOWN,
				    EHOSTUNREACH, ENONET, ETIMEDOUT };

	for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
		if (error == passing[i])
			return true;
	return false;
}

/* NULL without memory. */
static struct exchange *
new_exchange(struct gateway *g, int fd)
{
	struct exchange	*e = malloc(sizeof *e);

	if (e != NULL)
		*e = (struct exchange){ .gateway = g, .fd = fd, .in.body_max = EXCHANGE_BODY_MAX };
	return e;
}

/* Ends with an exchange of which nothing is to come any more. */
static void
drop(struct exchange *e)
{
	if (e->fd != -1)
		close(e->fd);
	fastcgi_free(&e->in);
	free(e);
}

/* Takes the one that p points to out of those that are watched. */
static struct exchange *
unwatch(struct gateway *g, struct exchange **p)
{
	struct exchange	*e = *p;

	*p = e->next;
	g->nreading--;
	epoll_ctl(g->epoll, EPOLL_CTL_DEL, e->fd, NULL);
	return e;
}

/*
 * Waits for what is still to come by it, for so many seconds at most; the one that has waited
 * for longest goes if there are too many.
 */
static void
watch(struct exchange *e, int seconds)
{
	struct gateway		*g = e->gateway;
	struct exchange		**last = &g->reading;
	struct epoll_event	 event = { .events = EPOLLIN, .data.ptr = e };

	if (epoll_ctl(g->epoll, EPOLL_CTL_ADD, e->fd, &event) == -1) {
		drop(e);
		return;
	}
	e->deadline = clock_usec() + seconds * INT64_C(1000000);
	while (*last != NULL)
		last = &(*last)->next;
	*last = e;
	e->next = NULL;
	if (++g->nreading > READING_MAX)
		drop(unwatch(g, &g->reading));
}

/* One connection, if there is one; false if there can't be any more. */
static bool
take_connection(struct gateway *g, struct exchange **e)
{
	static const int		on = 1;
	static const struct timeval	stall = { .tv_sec = STALL_SEC };
	struct sockaddr_storage		peer = { .ss_family = AF_UNSPEC };
	socklen_t			len = sizeof peer;
	int				fd;

	*e = NULL;
	if ((fd = accept4(STDIN_FILENO, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC)) == -1)
		return is_passing(errno);
	if (peer.ss_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
	if (!may_connect(g, &peer) || (*e = new_exchange(g, fd)) == NULL)
		close(fd);
	return true;
}

/* Takes what has come; false if that ends the exchange. */
static bool
take_input(struct exchange *e)
{
	unsigned char	data[16 * 1024];
	ssize_t		n;
	bool		goes_on = true;

	while (goes_on && e->in.due != FASTCGI_END) {
		n = recv(e->fd, data, sizeof data, MSG_DONTWAIT);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return true;
		/* Who goes on for ever does so between other requests. */
		if (e->lingers)
			return n > 0;
		goes_on = n > 0 ? fastcgi_read(&e->in, data, (size_t)n) : fastcgi_cut(&e->in);
		if (n > 0)
			explicit_bzero(data, (size_t)n);
	}
	return goes_on;
}

/*
 * False if the web server has gone, as it does with requests that waited for too long.
 * Known of unix sockets; one of TCP may be closed in one direction only.
 */
static bool
is_awaited(const struct exchange *e)
{
	struct pollfd	p = { .fd = e->fd };

	if (poll(&p, 1, 0) == 0)
		return true;
	log_line("the web server did not wait: a request is dropped");
	return false;
}

enum progress { PROGRESS_DONE, PROGRESS_PART, PROGRESS_NONE };

/* DONE once the request is there; NONE if it is no request, or nobody's any more. */
static enum progress
read_on(struct exchange *e)
{
	if (!take_input(e))
		return PROGRESS_NONE;
	if (e->in.due != FASTCGI_END)
		return PROGRESS_PART;
	return is_awaited(e) ? PROGRESS_DONE : PROGRESS_NONE;
}

/* Drops those that waited for too long; returns for how many milliseconds none will. */
static int
drop_stalled(struct gateway *g)
{
	int64_t	now = clock_usec(), next = INT64_MAX;

	for (struct exchange **p = &g->reading; *p != NULL;) {
		if ((*p)->deadline <= now) {
			drop(unwatch(g, p));
			continue;
		}
		if ((*p)->deadline < next)
			next = (*p)->deadline;
		p = &(*p)->next;
	}
	return next == INT64_MAX ? -1 : (int)((next - now + 999) / 1000);
}

/* Waits for something to do: a connection (NULL), or what comes by one; -1: without end. */
static bool
wait_for_input(struct gateway *g, int milliseconds, struct exchange **e)
{
	struct epoll_event	event;
	sigset_t		none;

	sigemptyset(&none);
	if (epoll_pwait(g->epoll, &event, 1, milliseconds, &none) != 1)
		return false;
	*e = event.data.ptr;
	return true;
}

/* Requests that have begun to come are still answered, if they come soon. */
static void
stop_listening(struct gateway *g)
{
	int64_t	soon = clock_usec() + STOP_SEC * INT64_C(1000000);

	if (epoll_ctl(g->epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL) == -1)
		return;			/* it was done before */
	for (struct exchange *e = g->reading; e != NULL; e = e->next)
		if (e->deadline > soon)
			e->deadline = soon;
}

/* Goes on with one of which something has come: true once its request is there. */
static bool
go_on(struct exchange *e, bool is_new)
{
	struct exchange	**p = &e->gateway->reading;
	enum progress	  progress = read_on(e);

	if (!is_new && progress != PROGRESS_PART) {
		while (*p != e)
			p = &(*p)->next;
		unwatch(e->gateway, p);
	}
	if (progress == PROGRESS_NONE)
		drop(e);
	else if (progress == PROGRESS_PART && is_new)
		watch(e, STALL_SEC);
	return progress == PROGRESS_DONE;
}

static struct exchange *
accept_fastcgi(struct gateway *g)
{
	struct exchange	*e;
	bool		 is_new;
	int		 milliseconds;

	if (!serving)
		block_signals();
	serving = 1;
	for (;;) {
		if (stopping)
			stop_listening(g);
		milliseconds = drop_stalled(g);
		if (stopping && g->reading == NULL)
			return NULL;
		if (!wait_for_input(g, milliseconds, &e))
			continue;
		is_new = e == NULL;
		if (is_new && !stopping && !take_connection(g, &e))
			return NULL;
		if (e != NULL && go_on(e, is_new))
			return e;
	}
}

struct exchange *
gateway_accept(struct gateway *g)
{
	struct exchange	*e;

	if (g->fastcgi)
		return accept_fastcgi(g);
	if (g->served || (e = new_exchange(g, -1)) == NULL)
		return NULL;
	g->served = true;
	cgi_read(e);
	return e;
}

bool
exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p)
{
	return e->fd == -1 ? cgi_param(e, at, p) : fastcgi_param(&e->in, at, p);
}

/*
 * libfcgi writes to the web server after it was given a request of the same id, and without
 * any parameters, by a socket of ours.
 */
static bool
open_out(struct exchange *e)
{
	unsigned char	empty[] = { 1, 1, 0, 0, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
			    1, 4, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0, 0, 0, 0 };
	FCGX_Request	*out = malloc(sizeof *out);

	for (size_t at = 0; at < sizeof empty; at += at == 0 ? 16 : 8) {
		empty[at + 2] = (unsigned char)(e->in.id >> 8);
		empty[at + 3] = (unsigned char)e->in.id;
	}
	if (out == NULL || FCGX_InitRequest(out, e->gateway->pair[0], 0) != 0 ||
	    write(e->gateway->pair[1], empty, sizeof empty) != sizeof empty) {
		free(out);
		return false;
	}
	out->ipcFd = e->gateway->pair[0];
	out->keepConnection = 1;	/* or FCGX_Accept_r() closes it before */
	FCGX_Detach(out);
	if (FCGX_Accept_r(out) != 0) {
		free(out);
		return false;
	}
	out->ipcFd = e->fd;
	e->out = out;
	return true;
}

bool
exchange_write(struct exchange *e, const void *data, size_t len)
{
	if (e->fd == -1)
		return cgi_write(data, len);
	if (e->out == NULL && !open_out(e))
		return false;
	return FCGX_PutStr(data, (int)len, e->out->out) == (int)len;
}

bool
exchange_can_break(const struct exchange *e)
{
	return e->fd != -1;
}

/*
 * While the web server is still sending the body it may lose the answer if we go: what still
 * comes is read, between other requests.
 */
static void
linger(struct exchange *e)
{
	fastcgi_free(&e->in);
	e->lingers = true;
	if (shutdown(e->fd, SHUT_WR) == 0)
		watch(e, LINGER_SEC);
	else
		drop(e);
}

void
exchange_end(struct exchange *e, bool complete)
{
	bool	whole = e->in.whole;

	if (e->fd == -1)
		cgi_end(e);
	if (e->out != NULL) {
		if (complete) {
			FCGX_FClose(e->out->err);
			FCGX_FClose(e->out->out);
		}
		FCGX_Free(e->out, 0);
		free(e->out);
	}
	if (e->fd == -1 || whole)
		drop(e);
	else
		linger(e);
}
