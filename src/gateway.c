/* SPDX-License-Identifier: ISC */
#include <fcgiapp.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "gateway.h"

extern char	**environ;

static FCGX_Request	request;
static bool		fastcgi, opened;
static int		null_fd = -1;

bool
gateway_is_fastcgi(void)
{
	return fastcgi = !FCGX_IsCGI();
}

static bool
open_fastcgi(void)
{
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return null_fd != -1 && FCGX_Init() == 0 &&
	    FCGX_InitRequest(&request, STDIN_FILENO, FCGI_FAIL_ACCEPT_ON_INTR) == 0;
}

char **
gateway_accept(void)
{
	bool	first = !opened;

	opened = true;
	if (!fastcgi)
		return first ? environ : NULL;
	if ((first && !open_fastcgi()) || FCGX_Accept_r(&request) != 0)
		return NULL;
	return request.envp;
}

void
gateway_stop(void)
{
	FCGX_ShutdownPending();
	/*
	 * A signal between libfcgi's look at that flag and its accept() would
	 * go unnoticed.  What is no socket can't be waited on.
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
	if (!fastcgi) {
		fflush(stdout);
		return;
	}
	if (complete)
		FCGX_Finish_r(&request);
	else
		FCGX_Free(&request, 1);
}
