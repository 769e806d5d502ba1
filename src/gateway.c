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

#include "clock.h"
#include "conf.h"
#include "gateway.h"
#include "log.h"
#include "netlist.h"
#include "records.h"

/* A web server that stands still for longer loses the request, not us the worker. */
#define STALL_SEC	20
#define DRAIN_MAX	(1024 * 1024)
/* What comes behind the answer: for how long in all, and without a pause of more. */
#define LINGER_USEC	5000000
#define LINGER_PAUSE	2000	/* milliseconds */

extern char	**environ;

static FCGX_Request		request;
static struct records		records;	/* of the request */
static bool			fastcgi, opened;
static int			null_fd = -1;
static size_t			was_read;	/* of the body, by CGI */
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
	sigprocmask(SIG_BLOCK, &stop_signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* libfcgi never accepts a connection itself: its listening socket is none. */
static bool
open_fastcgi(void)
{
	null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return null_fd != -1 && FCGX_Init() == 0 &&
	    FCGX_InitRequest(&request, null_fd, FCGI_FAIL_ACCEPT_ON_INTR) == 0;
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
	socklen_t			len;
	int				fd = -1;

	sigprocmask(SIG_UNBLOCK, &stop_signals, NULL);
	while (!stopping) {
		peer.ss_family = AF_UNSPEC;
		len = sizeof peer;
		fd = accept4(STDIN_FILENO, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
		if (fd == -1) {
			if (errno == ECONNABORTED || errno == EINTR || errno == EAGAIN)
				continue;
			break;
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
 * In place of libfcgi's too, by which it closes: while the server is still sending
 * the body it may lose the answer if we go.  libfcgi would wait in any case, and for
 * as long as anything comes.
 */
__attribute__((visibility("default"))) int
OS_IpcClose(int fd, int wait)
{
	struct pollfd	p = { .fd = fd, .events = POLLIN };
	int64_t		until = clock_usec() + LINGER_USEC;
	char		trash[4096];

	if (wait && records.due != RECORDS_END && shutdown(fd, SHUT_WR) == 0)
		while (clock_usec() < until && poll(&p, 1, LINGER_PAUSE) > 0 &&
		    read(fd, trash, sizeof trash) > 0)
			;
	return close(fd);
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
read_request(void)
{
	memset(&records, 0, sizeof records);
	request.keepConnection = 1;	/* or FCGX_Accept_r closes it at once */
	if (FCGX_Accept_r(&request) != 0)
		return false;
	request.keepConnection = 0;	/* an idle connection would hold a worker */
	if (FCGX_GetError(request.in) == 0 && is_awaited())
		return true;
	FCGX_Free(&request, 1);
	return false;
}

char **
gateway_accept(void)
{
	bool	first = !opened;

	opened = true;
	if (!fastcgi)
		return first ? environ : NULL;
	if (first && !open_fastcgi())
		return NULL;
	/* What sends no request is dropped. */
	do {
		if ((request.ipcFd = next_connection()) == -1)
			return NULL;
	} while (!read_request());
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

/* By CGI too the server may still be sending the body; see OS_IpcClose(). */
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

void
gateway_end(bool complete)
{
	if (!fastcgi)
		end_cgi();
	else if (complete)
		FCGX_Finish_r(&request);
	else
		FCGX_Free(&request, 1);
}
