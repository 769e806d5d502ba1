/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fiber.h"
#include "base/log.h"
#include "base/netlist.h"
#include "http/gateway.h"

/* A busy worker leaves new connections to idle workers for so long. */
#define LOOK_USEC	INT64_C(2000)	/* while its requests come to an end */
#define LOOK_SLOW_USEC	INT64_C(20000)	/* while they wait */
#define LOOK_LATE_USEC	INT64_C(100000)	/* while they wait for long */
#define TRIM_USEC	INT64_C(1000000)	/* idle time before memory is given back */
#define LOOK_MOST	16		/* connections, at a time */
#define PAUSE_USEC	INT64_C(100000)	/* between tries to accept while the system lacks means */
#define SILENCE_USEC	INT64_C(10000000)	/* between two log lines of that */

bool
gateway_is_fastcgi(void)
{
	return !FCGX_IsCGI();
}

/* Before gateway_run(). */
static void
stop(int sig)
{
	(void)sig;
	_exit(EXIT_SUCCESS);
}

static const int	stop_signals[] = { SIGTERM, SIGQUIT, SIGINT, SIGHUP, SIGUSR1 };

static void
fill_stop_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof stop_signals / sizeof stop_signals[0]; i++)
		sigaddset(set, stop_signals[i]);
}

static void
block_signals(void)
{
	sigset_t	set;

	fill_stop_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void
gateway_catch_signals(void)
{
	struct sigaction	sa = { .sa_handler = stop };

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof stop_signals / sizeof stop_signals[0]; i++)
		sigaction(stop_signals[i], &sa, NULL);
	/* By CGI a request waits from the beginning. */
	if (!gateway_is_fastcgi())
		block_signals();
	signal(SIGPIPE, SIG_IGN);
}

/* FastCGI has no authentication: over TCP the address decides. */
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
	log_line("FCGI_WEB_SERVER_ADDRS does not have %s: connection closed; if that is your web "
	    "server, add it", inet_ntop(AF_INET6, &address, text, sizeof text));
	return false;
}

/* True if accept() may succeed the next time (accept(2), "Error handling"). */
static bool
is_transient(int error)
{
	static const int	transient[] = { EAGAIN, EINTR, ECONNABORTED, EPROTO, EPERM,
				    ENOPROTOOPT, ENETDOWN, ENETUNREACH, EHOSTDOWN,
				    EHOSTUNREACH, ENONET, ETIMEDOUT };

	for (size_t i = 0; i < sizeof transient / sizeof transient[0]; i++)
		if (error == transient[i])
			return true;
	return false;
}

/* True if there were too few descriptors or too little memory: there may be more later. */
static bool
is_lack(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

static void
end_pause(struct timer *t)
{
	(void)t;	/* the next round finds that it has ended */
}

/* The system lacks means: no connection is looked for or listened to for a while. */
static void
pause_for(struct gateway *g, int error)
{
	int64_t	now = clock_usec();

	loop_set_timer(g->loop, &g->pause, now + PAUSE_USEC);
	if (now < g->silent_until)
		return;
	g->silent_until = now + SILENCE_USEC;
	log_line("connections have to wait: %s%s", strerror(error),
	    error == EMFILE ? "; raise the limit of descriptors (LimitNOFILE)" : "");
}

static bool
pauses(const struct gateway *g)
{
	return g->pause.at_prev != NULL;
}

/*
 * Accepts a connection.  False if there is none that can be taken now; sets g->ended if
 * accept(2) failed for good.
 */
static bool
take_connection(struct gateway *g)
{
	static const int	 on = 1;
	struct sockaddr_storage	 peer = { .ss_family = AF_UNSPEC };
	socklen_t		 len = sizeof peer;
	struct exchange		*e;
	int			 fd;

	if ((fd = accept4(STDIN_FILENO, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC)) == -1) {
		if ((errno == EMFILE || errno == ENFILE) && g->exchanges.waiting != NULL) {
			exchange_drop(g->exchanges.waiting);
			return true;		/* makes room for it */
		}
		if (is_lack(errno))
			pause_for(g, errno);
		else if (!is_transient(errno))
			g->ended = true;
		return false;
	}
	if (peer.ss_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (may_connect(g, &peer) && (e = exchange_new(&g->exchanges, fd)) != NULL)
		exchange_read(e);
	else
		close(fd);
	return true;
}

/* Accepts one, so that each of several connections wakes another worker. */
static void
on_connection(struct watch *w, uint32_t events)
{
	struct gateway	*g = LOOP_WHOLE(w, struct gateway, watch);

	(void)events;
	take_connection(g);
}

/* The signal stays pending: one is enough. */
static void
on_signal(struct watch *w, uint32_t events)
{
	struct gateway	*g = LOOP_WHOLE(w, struct gateway, signals);

	(void)events;
	g->ended = true;
	loop_forget(g->loop, g->signal_fd, &g->signals);
}

/*
 * Signals come as an event: epoll_pwait(2) with a mask lets them through only if it has to wait,
 * so never to a worker that always has something to do.
 */
static int
watch_signals(struct gateway *g)
{
	sigset_t	set;

	fill_stop_set(&set);
	g->signals.ready = on_signal;
	g->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return g->signal_fd == -1 ? -1 : loop_watch(g->loop, g->signal_fd, EPOLLIN, &g->signals);
}

const char *
gateway_open(struct gateway *g)
{
	static char	error[100];
	int		flags = fcntl(STDIN_FILENO, F_GETFL);

	exchanges_init(&g->exchanges, g->loop);
	g->pause.fire = end_pause;
	g->watch.ready = on_connection;
	if (!gateway_is_fastcgi()) {
		g->loop = NULL;
		return NULL;
	}
	/* Another worker may accept a connection first: then accept() must not block. */
	if (flags == -1 || fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    loop_open(g->loop) == -1 || watch_signals(g) == -1) {
		snprintf(error, sizeof error, "descriptor 0: this socket can't be used: %s",
		    strerror(errno));
		return error;
	}
	return NULL;
}

static void
serve_one(void *arg)
{
	struct gateway	*g = arg;
	struct exchange	*e = exchange_next(&g->exchanges);

	if (e == NULL)
		return;
	g->nserved++;
	g->serve(g->arg, e);
	g->nended++;
	/* Idle from now on, even if the request began and ended in one round. */
	if (--g->nserved == 0)
		g->looked = clock_usec();
}

/* Begins whole requests, up to g->most. */
static void
serve_whole(struct gateway *g)
{
	struct exchange	*e;

	while (g->exchanges.whole != NULL && g->nserved < g->most)
		if (fiber_start(serve_one, g) == -1 && (e = exchange_next(&g->exchanges)) != NULL)
			exchange_drop(e);
}

/*
 * Connections wake only idle workers, the one first that has been idle longest.  A busy worker
 * looks for connections that nobody took.
 */
static void
listen_if(struct gateway *g, bool idle)
{
	if (g->listens == idle)
		return;
	g->looked = clock_usec();
	if (idle) {
		g->listens = loop_watch(g->loop, STDIN_FILENO, EPOLLIN | EPOLLEXCLUSIVE,
		    &g->watch) == 0;
		if (!g->listens)
			pause_for(g, errno);
	} else {
		loop_forget(g->loop, STDIN_FILENO, &g->watch);
		g->listens = false;
		g->nended = 0;
	}
}

/* When a busy worker looks for connections. */
static int64_t
next_look(const struct gateway *g)
{
	if (g->nserved == g->most || pauses(g))
		return INT64_MAX;
	return g->looked + (g->nended > 0 ? LOOK_USEC :
	    g->is_late(g->arg) ? LOOK_LATE_USEC : LOOK_SLOW_USEC);
}

static void
look_for_connections(struct gateway *g)
{
	g->looked = clock_usec();
	g->nended = 0;
	/* Takes no more than it can begin: another worker may become idle. */
	for (int i = 0; i < LOOK_MOST && g->nserved < g->most && take_connection(g); i++)
		serve_whole(g);
}

/* When an idle worker gives back the memory that many requests took. */
static int64_t
next_trim(const struct gateway *g)
{
	return g->nended > 0 ? g->looked + TRIM_USEC : INT64_MAX;
}

static void
trim(struct gateway *g)
{
	g->nended = 0;
	fiber_trim();
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

static bool
stops(const struct gateway *g)
{
	return g->exchanges.over_at != 0;
}

static bool
is_done(const struct gateway *g)
{
	return g->nserved == 0 && g->exchanges.waiting == NULL && g->exchanges.whole == NULL &&
	    g->exchanges.held == 0;
}

/* When it gives back memory, if it is idle, or looks for connections. */
static int64_t
next_chore(const struct gateway *g)
{
	return g->nserved == 0 ? next_trim(g) : stops(g) ? INT64_MAX : next_look(g);
}

static void
run_fastcgi(struct gateway *g)
{
	block_signals();
	for (;;) {
		if (g->ended && !stops(g))
			exchanges_stop(&g->exchanges);
		if (stops(g) && is_done(g))
			return;
		listen_if(g, !stops(g) && g->nserved == 0 && !pauses(g));
		loop_run(g->loop, next_chore(g));
		/* Computed again: the last request may have ended, or the first begun. */
		if (clock_usec() >= next_chore(g))
			(g->nserved == 0 ? trim : look_for_connections)(g);
		serve_whole(g);
	}
}

void
gateway_run(struct gateway *g)
{
	struct exchange	*e;

	if (g->loop != NULL)
		run_fastcgi(g);
	else if ((e = exchange_new(&g->exchanges, -1)) != NULL) {
		exchange_read_cgi(e);
		g->serve(g->arg, e);
	}
}
