/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

static const char	*request_id;

const char *
log_request(const char *id)
{
	const char	*before = request_id;

	request_id = id;
	return before;
}

static void __attribute__((format(printf, 1, 0)))
vlog(const char *fmt, va_list ap)
{
	static long	pid;
	char		line[1024];
	int		n, max = (int)sizeof line - 1;

	if (pid == 0)
		pid = getpid();
	n = snprintf(line, sizeof line, "neon-todo[%ld]: %s%s", pid,
	    request_id == NULL ? "" : request_id, request_id == NULL ? "" : ": ");
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
	/* One write, so that lines of several workers never mix. */
	if (write(STDERR_FILENO, line, (size_t)n) == -1)
		return;
}

void
log_line(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
}

void
log_exit(int status, const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
	exit(status);
}
