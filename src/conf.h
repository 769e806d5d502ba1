/* SPDX-License-Identifier: ISC */
/* The settings: from the environment, then from a .env file. */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>

struct conf {
	const char	*database_url;
	const char	*database_hosts;	/* comma-separated */
	const char	*secret_key;
	int		 token_minutes;
	bool		 tags_string;		/* answer tags as "a, b" */
	const char	*cors_origins;		/* comma-separated, NULL: none */
	char		*file;			/* the .env text that they point into */
};

/* Valid after conf_load(), for the life of the process. */
extern struct conf	conf;

/*
 * Reads and checks every setting.  Returns NULL, or one line (static) that
 * names the setting and the mend and shows no secret.
 */
const char	*conf_load(void);

/*
 * The settings' rows by index, for documentation and its test.  Returns NULL
 * past the last; *alias and *def are NULL where there is none.
 */
const char	*conf_name(size_t i, const char **alias, const char **def);

#endif
