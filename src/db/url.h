/* SPDX-License-Identifier: ISC */
/* What DATABASE_URL may say, as libpq's connection parameters. */
#ifndef DBURL_H
#define DBURL_H

#define DBURL_PARAMS_MAX	64

struct dburl {
	/* For PQconnectStartParams: both end with NULL. */
	const char	*keyword[DBURL_PARAMS_MAX];
	const char	*value[DBURL_PARAMS_MAX];
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
const char	*dburl_parse(struct dburl *u, const char *url, const char *hosts);

/* Says where data goes, for people, without the password (static). */
const char	*dburl_target(const struct dburl *u);

#endif
