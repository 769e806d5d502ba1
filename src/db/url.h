/* SPDX-License-Identifier: ISC */
/* What DATABASE_URL may say, as libpq's connection parameters. */
#ifndef URL_H
#define URL_H

#define URL_PARAMS_MAX	64

struct url {
	/* For PQconnectStartParams: both end with NULL. */
	const char	*keyword[URL_PARAMS_MAX];
	const char	*value[URL_PARAMS_MAX];
	void		*kept;		/* what they point into */
};

/*
 * Takes url apart and checks it: hosts and addresses against the suffixes and
 * names in hosts (comma-separated), TLS with verification, nothing that makes
 * a file or a variable say where data goes.  Also clears the environment of
 * what libpq would read from it.  Returns NULL, or what is wrong (static, one
 * line, naming the setting, without any part of the password).  The strings in
 * *u stay for the life of the process.
 */
const char	*url_parse(struct url *u, const char *url, const char *hosts);

/* Says where data goes, for people, without the password (static). */
const char	*url_target(const struct url *u);

#endif
