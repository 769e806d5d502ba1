/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define WRITE_MAX	4096	/* bytes that a pipe keeps together (PIPE_BUF) */

/* One per process, as standard error is. */
static struct {
	const char	*request_id;
	char		 line[WRITE_MAX];	/* that wait */
	size_t		 len;
	bool		 gathers;
} logged;

const char *
log_request(const char *id)
{
	const char	*before = logged.request_id;

	logged.request_id = id;
	return before;
}

/* With one write, so that lines of several workers never mix. */
static void
flush(void)
{
	size_t	len = logged.len;

	logged.len = 0;
	if (len > 0 && write(STDERR_FILENO, logged.line, len) == -1)
		return;
}

void
log_gather(void)
{
	logged.gathers = true;
}

void
log_flush(void)
{
	flush();
	logged.gathers = false;
}

static void
put(const char *line, size_t len)
{
	if (len > sizeof logged.line - logged.len)
		flush();
	memcpy(logged.line + logged.len, line, len);
	logged.len += len;
}

static void __attribute__((format(printf, 1, 0)))
vlog(const char *fmt, va_list ap)
{
	static long	 pid;
	const char	*id = logged.request_id;
	char		 line[1024];
	int		 n, max = (int)sizeof line - 1;

	if (pid == 0)
		pid = getpid();
	n = snprintf(line, sizeof line, "neon-todo[%ld]: %s%s", pid, id == NULL ? "" : id,
	    id == NULL ? "" : ": ");
	if (n < max)
		n += vsnprintf(line + n, (size_t)(max - n), fmt, ap);
	if (n > max - 1)
		n = max - 1;
	while (n > 0 && line[n - 1] == '\n')
		n--;
	for (int i = 0; i < n; i++) {
		if (line[i] == '\n' || line[i] == '\t')
			line[i] = ' ';
		else if ((unsigned char)line[i] < ' ' || line[i] == 127)
			line[i] = '?';
	}
	line[n++] = '\n';
	put(line, (size_t)n);
}

void
log_line(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
	flush();
}

void
log_soon(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
	if (!logged.gathers)
		flush();
}

void
log_exit(int status, const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
	flush();
	exit(status);
}
