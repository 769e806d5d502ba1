/* SPDX-License-Identifier: ISC */
/* One request by plain CGI (RFC 3875): the environment, standard input and output. */
#ifndef CGI_H
#define CGI_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;
struct fastcgi_param;

/* Reads the body, as much of it as an exchange keeps. */
void	cgi_read(struct exchange *e);

/* As exchange_param() and exchange_write(). */
bool	cgi_param(struct exchange *e, size_t *at, struct fastcgi_param *p);
bool	cgi_write(const void *data, size_t len);

/* Sends what is left, and reads what the web server still sends: it may lose the answer else. */
void	cgi_end(struct exchange *e);

#endif
