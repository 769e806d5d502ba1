/* SPDX-License-Identifier: ISC */
/* DATABASE_URL, checked, as libpq's connection parameters. */
#ifndef URL_H
#define URL_H

#include <stdbool.h>

#define URL_PARAMS_MAX	64
#define URL_NEON	".neon.tech"	/* its hosts */

struct url {
	/* For PQconnectStartParams: both end with NULL. */
	const char	*keyword[URL_PARAMS_MAX];
	const char	*value[URL_PARAMS_MAX];
	void		*kept;		/* the memory of their strings */
	char		 error[640];
};

/*
 * Parses and checks url: its hosts must be among the suffixes and names in
 * hosts (comma-separated), TLS must verify, and no file or variable may decide
 * where data goes.  Also unsets the variables that libpq would read.  Returns
 * NULL, or an error (in *u, one line, names the setting, has no part of the
 * password).  The strings in *u stay for the life of the process.
 */
const char	*url_parse(struct url *u, const char *url, const char *hosts);

/* Whether the host is among the suffixes and names in hosts, as url_parse() has them. */
bool		 url_host_is_among(const char *host, const char *hosts);

/* Says where data goes, for people, without the password (static). */
const char	*url_target(const struct url *u);

#endif
