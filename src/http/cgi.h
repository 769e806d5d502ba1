/* SPDX-License-Identifier: ISC */
/* One request by plain CGI (RFC 3875): the environment, standard input and output. */
#ifndef CGI_H
#define CGI_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/uio.h>

#include "http/fastcgi.h"

struct cgi {
	char	**variables;		/* the environment */
	size_t	  was_read;		/* bytes of the body */
};

/* Reads the body, and keeps at most max bytes. */
void	cgi_read(struct cgi *c, struct bytes *body, size_t max);

/* As fastcgi_param(). */
bool	cgi_param(const struct cgi *c, size_t *at, struct fastcgi_param *p);

/* Writes n parts; false if that fails. */
bool	cgi_write(const struct iovec *parts, int n);

/* Ends the output, and reads the rest of the body, without which the answer may get lost. */
void	cgi_end(struct cgi *c);

#endif
