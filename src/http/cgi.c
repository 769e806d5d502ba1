/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/cgi.h"

#define DRAIN_MAX	(1024 * 1024)

extern char	**environ;

/* The body's length; SIZE_MAX: until its end; 0: there is none. */
static size_t
promised(void)
{
	const char	*length = getenv("CONTENT_LENGTH");

	if (length != NULL && *length != '\0')
		return strtoul(length, NULL, 10);
	return getenv("HTTP_TRANSFER_ENCODING") != NULL ? SIZE_MAX : 0;
}

void
cgi_read(struct cgi *c, struct bytes *body, size_t max)
{
	size_t	want = promised();

	c->variables = environ;
	if (want > max)
		want = max;
	if (want == 0 || !bytes_reserve(body, want + 1, want + 1))
		return;
	body->len = c->was_read = fread(body->data, 1, want, stdin);
	body->data[body->len] = '\0';
}

bool
cgi_param(const struct cgi *c, size_t *at, struct fastcgi_param *p)
{
	const char	*name, *value;

	for (; (name = c->variables[*at]) != NULL; (*at)++)
		if ((value = strchr(name, '=')) != NULL) {
			*p = (struct fastcgi_param){ name, (size_t)(value - name), value + 1,
			    strlen(value + 1) };
			(*at)++;
			return true;
		}
	return false;
}

bool
cgi_write(const struct iovec *parts, int n)
{
	for (int i = 0; i < n; i++)
		if (fwrite(parts[i].iov_base, 1, parts[i].iov_len, stdout) != parts[i].iov_len)
			return false;
	return true;
}

void
cgi_end(struct cgi *c)
{
	char	trash[4096];
	size_t	want = promised(), n = 1;

	fflush(stdout);
	if (want > DRAIN_MAX)
		want = DRAIN_MAX;
	for (; n > 0 && c->was_read < want; c->was_read += n)
		n = fread(trash, 1, want - c->was_read < sizeof trash ?
		    want - c->was_read : sizeof trash, stdin);
}
