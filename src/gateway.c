/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway.h"

extern char	**environ;

static FCGX_Request		request;
static bool			fastcgi, opened;
static int			null_fd = -1;
static volatile sig_atomic_t	stopping;

bool
gateway_is_fastcgi(void)
{
	return fastcgi = !FCGX_IsCGI();
}

/* libfcgi never accepts a connection itself: its listening socket is none. */
static bool
open_fastcgi(void)
{
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return null_fd != -1 && FCGX_Init() == 0 &&
	    FCGX_InitRequest(&request, null_fd, FCGI_FAIL_ACCEPT_ON_INTR) == 0;
}

/*
 * The next connection, -1 when there is none any more.  Not libfcgi's accept,
 * which loses a connection, and itself, to a signal that comes with it.
 */
static int
next_connection(void)
{
	static const int	on = 1;
	int			fd;

	while (!stopping) {
		if ((fd = accept4(STDIN_FILENO, NULL, NULL, SOCK_CLOEXEC)) == -1) {
			if (errno == ECONNABORTED || errno == EINTR || errno == EAGAIN)
				continue;
			return -1;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		return fd;
	}
	return -1;
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
		request.keepConnection = 1;	/* or FCGX_Accept_r closes it at once */
	} while (FCGX_Accept_r(&request) != 0);
	request.keepConnection = 0;	/* an idle connection would hold a worker */
	return request.envp;
}

void
gateway_stop(void)
{
	stopping = 1;
	/*
	 * Between the look at that flag and accept() a signal would go
	 * unnoticed; what is no socket can't be waited on.
	 */
	if (null_fd != -1)
		dup2(null_fd, STDIN_FILENO);
}

size_t
gateway_read(void *data, size_t len)
{
	int	n;

	if (!fastcgi)
		return fread(data, 1, len, stdin);
	n = FCGX_GetStr(data, (int)len, request.in);
	return n < 0 ? 0 : (size_t)n;
}

bool
gateway_write(const void *data, size_t len)
{
	if (!fastcgi)
		return fwrite(data, 1, len, stdout) == len;
	return FCGX_PutStr(data, (int)len, request.out) == (int)len;
}

void
gateway_end(bool complete)
{
	if (!fastcgi)
		fflush(stdout);
	else if (complete)
		FCGX_Finish_r(&request);
	else
		FCGX_Free(&request, 1);
}
