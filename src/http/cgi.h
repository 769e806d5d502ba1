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

/* Reads the body, of which so many bytes are kept. */
void	cgi_read(struct cgi *c, struct fastcgi_kept *body, size_t max);

/* As fastcgi_param(). */
bool	cgi_param(const struct cgi *c, size_t *at, struct fastcgi_param *p);

/* Writes n parts; false if nobody reads them. */
bool	cgi_write(const struct iovec *parts, int n);

/* Sends what is left, and reads what the web server still sends: it may lose the answer else. */
void	cgi_end(struct cgi *c);

#endif
