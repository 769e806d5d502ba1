/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcgiapp.h>
#include <fcgios.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf.h"
#include "http/gateway.h"
#include "base/log.h"
#include "base/netlist.h"
#include "http/records.h"

/* A web server that stands still for longer loses the request, not us the worker. */
#define STALL_SEC	20
#define DRAIN_MAX	(1024 * 1024)
/* What comes after the answer: for how long in all, and without a pause of more. */
#define LINGER_USEC	5000000
#define LINGER_PAUSE	2000	/* milliseconds */

extern char	**environ;

static FCGX_Request		request;
static struct records		records;	/* of the request */
static bool			fastcgi;
static int			null_fd = -1;
static size_t			was_read;	/* of the body, by CGI */
static volatile sig_atomic_t	serving;	/* after the start */
static volatile sig_atomic_t	stopping;
static sigset_t			stop_signals;

bool
gateway_is_fastcgi(void)
{
	return fastcgi = !FCGX_IsCGI();
}

static void
stop(int sig)
{
	(void)sig;
	if (!serving)
		_exit(EXIT_SUCCESS);
	stopping = 1;
	/*
	 * Between the look at that flag and accept() a signal would go
	 * unnoticed; what is no socket can't be waited on.
	 */
	if (null_fd != -1)
		dup2(null_fd, STDIN_FILENO);
}

void
gateway_catch_signals(void)
{
	static const int	signals[] = { SIGTERM, SIGQUIT, SIGINT, SIGHUP, SIGUSR1 };
	struct sigaction	sa = { .sa_handler = stop };

	sigemptyset(&sa.sa_mask);
	sigemptyset(&stop_signals);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		sigaddset(&stop_signals, signals[i]);
		sigaction(signals[i], &sa, NULL);
	}
	/* By CGI there is a request in hand from the beginning. */
	if (!gateway_is_fastcgi())
		sigprocmask(SIG_BLOCK, &stop_signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/*
 * libfcgi begins the request that comes by the connection, which it closes if that
 * fails: at once, as it would otherwise wait as long as anything comes.
 */
static bool
begin_request(int fd)
{
	memset(&records, 0, sizeof records);
	request.ipcFd = fd;
	request.keepConnection = 1;	/* or FCGX_Accept_r closes it before */
	FCGX_Detach(&request);
	return FCGX_Accept_r(&request) == 0;
}

/*
 * True if libfcgi reads by our OS_Read(), with a request of our own: one that is
 * linked with -Bsymbolic-functions has another, and nothing would guard it.
 */
static bool
is_guarded(void)
{
	static const char	empty[] = "\1\1\0\1\0\10\0\0" "\0\1\0\0\0\0\0\0"
				    "\1\4\0\1\0\0\0\0" "\1\5\0\1\0\0\0\0";
	int			pair[2];
	bool			guarded;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		return false;
	guarded = write(pair[1], empty, sizeof empty - 1) == sizeof empty - 1 &&
	    begin_request(pair[0]) && records.due != RECORDS_BEGIN;
	FCGX_Free(&request, 1);
	close(pair[1]);
	return guarded;
}

/* libfcgi never accepts a connection itself: its listening socket is none. */
const char *
gateway_open(void)
{
	if (!fastcgi)
		return NULL;
	null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null_fd == -1 || FCGX_Init() != 0 ||
	    FCGX_InitRequest(&request, null_fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		return "libfcgi can't be used: no memory, or no /dev/null";
	return is_guarded() ? NULL : "libfcgi does not read by our OS_Read(), which protects "
	    "it: use one that is not linked with -Bsymbolic-functions";
}

/* FastCGI knows no password: over TCP the address has to do. */
static bool
may_connect(const struct sockaddr_storage *peer)
{
	struct in6_addr	address = { .s6_addr = { [10] = 0xff, 0xff } };
	char		text[INET6_ADDRSTRLEN];

	if (peer->ss_family == AF_INET)
		memcpy(&address.s6_addr[12], &((const struct sockaddr_in *)peer)->sin_addr, 4);
	else if (peer->ss_family == AF_INET6)
		address = ((const struct sockaddr_in6 *)peer)->sin6_addr;
	else
		return true;
	if (netlist_has(conf.web_servers, &address))
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

/*
 * The next connection, -1 when there is none any more.  Not libfcgi's accept,
 * which loses a connection, and itself, to a signal that comes with it.
 */
static int
next_connection(void)
{
	static const int		on = 1;
	static const struct timeval	stall = { .tv_sec = STALL_SEC };
	struct sockaddr_storage		peer;
	struct pollfd			listening = { .fd = STDIN_FILENO, .events = POLLIN };
	socklen_t			len;
	int				fd = -1;

	sigprocmask(SIG_UNBLOCK, &stop_signals, NULL);
	while (!stopping) {
		peer.ss_family = AF_UNSPEC;
		len = sizeof peer;
		fd = accept4(STDIN_FILENO, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
		if (fd == -1) {
			if (!is_passing(errno))
				break;
			/* Whoever made the socket may have made it non-blocking. */
			if (errno == EAGAIN)
				poll(&listening, 1, -1);
			continue;
		}
		if (!may_connect(&peer)) {
			close(fd);
			fd = -1;
			continue;
		}
		if (peer.ss_family != AF_UNIX)
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
		break;
	}
	sigprocmask(SIG_BLOCK, &stop_signals, NULL);
	return fd;
}

/*
 * In place of libfcgi's function of this name, by which it reads: what it can't
 * cope with is the end of the connection.
 */
__attribute__((visibility("default"))) int
OS_Read(int fd, char *data, size_t len)
{
	ssize_t	n = read(fd, data, len);

	return n > 0 && !records_accept(&records, data, (size_t)n) ? 0 : (int)n;
}

/*
 * While the server is still sending the body it may lose the answer if we go.
 */
static void
close_connection(int fd)
{
	struct pollfd	p = { .fd = fd, .events = POLLIN };
	int64_t		until = clock_usec() + LINGER_USEC;
	char		trash[4096];

	if (records.due != RECORDS_END && shutdown(fd, SHUT_WR) == 0)
		while (clock_usec() < until && poll(&p, 1, LINGER_PAUSE) > 0 &&
		    read(fd, trash, sizeof trash) > 0)
			;
	close(fd);
}

/*
 * False where the server has gone, as it does with requests that waited for too long.
 * Known of unix sockets; one of TCP may be closed in one direction only.
 */
static bool
is_awaited(void)
{
	struct pollfd	p = { .fd = request.ipcFd };

	if (poll(&p, 1, 0) == 0)
		return true;
	log_line("the web server did not wait: a request is dropped");
	return false;
}

/* False where that is no request, only a part of one, or nobody's any more. */
static bool
read_request(int fd)
{
	if (!begin_request(fd))
		return false;
	if (FCGX_GetError(request.in) == 0 && is_awaited())
		return true;
	FCGX_Free(&request, 1);
	return false;
}

char **
gateway_accept(void)
{
	bool	first = !serving;
	int	fd;

	if (first)
		sigprocmask(SIG_BLOCK, &stop_signals, NULL);
	serving = 1;
	if (!fastcgi)
		return first ? environ : NULL;
	/* What sends no request is dropped. */
	do {
		if ((fd = next_connection()) == -1)
			return NULL;
	} while (!read_request(fd));
	return request.envp;
}

size_t
gateway_read(void *data, size_t len)
{
	FCGX_Stream	*in = request.in;
	char		*p = data;
	size_t		 n, got = 0;
	int		 c;

	if (!fastcgi) {
		got = fread(data, 1, len, stdin);
		was_read += got;
		return got;
	}
	/* FCGX_GetStr would leave a password behind in libfcgi's buffer. */
	while (got < len && (c = FCGX_GetChar(in)) != EOF) {
		p[got++] = (char)c;
		n = (size_t)(in->stop - in->rdNext);
		if (n > len - got)
			n = len - got;
		memcpy(p + got, in->rdNext, n);
		got += n;
		in->rdNext += n;
		explicit_bzero(in->rdNext - n - 1, n + 1);
	}
	return got;
}

bool
gateway_is_cut(void)
{
	return fastcgi && FCGX_GetError(request.in) != 0;
}

bool
gateway_write(const void *data, size_t len)
{
	if (!fastcgi)
		return fwrite(data, 1, len, stdout) == len;
	return FCGX_PutStr(data, (int)len, request.out) == (int)len;
}

bool
gateway_can_break(void)
{
	return fastcgi;
}

/* By CGI too the server may still be sending the body; see close_connection(). */
static void
end_cgi(void)
{
	const char	*length = getenv("CONTENT_LENGTH");
	char		 trash[4096];
	size_t		 want = DRAIN_MAX;

	fflush(stdout);
	if (length != NULL && *length != '\0')
		want = strtoul(length, NULL, 10);
	else if (getenv("HTTP_TRANSFER_ENCODING") == NULL)
		return;
	if (want > DRAIN_MAX)
		want = DRAIN_MAX;
	while (was_read < want && gateway_read(trash, want - was_read < sizeof trash ?
	    want - was_read : sizeof trash) > 0)
		;
}

/* libfcgi writes the end; the connection, closed by us, ends after one request. */
static void
end_fastcgi(bool complete)
{
	int	fd = request.ipcFd;

	if (complete) {
		FCGX_FClose(request.err);
		FCGX_FClose(request.out);
	}
	FCGX_Free(&request, 0);
	request.ipcFd = -1;
	close_connection(fd);
}

void
gateway_end(bool complete)
{
	if (fastcgi)
		end_fastcgi(complete);
	else
		end_cgi();
}
