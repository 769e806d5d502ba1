/* SPDX-License-Identifier: ISC */
/* The settings: from the environment, then from a .env file. */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stdio.h>

struct conf {
	const char	*database_url;
	const char	*database_hosts;	/* comma-separated */
	int		 database_timeout;	/* seconds */
	int		 requests;		/* that a worker serves at the same time */
	const char	*secret_key;
	int		 token_minutes;
	int		 remember_days;		/* 0: none is remembered */
	bool		 tags_string;		/* answer tags as "a, b" */
	const char	*cors_origins;		/* comma-separated, NULL: none */
	const char	*web_servers;		/* that may connect over TCP (netlist.h) */
	bool		 log_requests;
	bool		 sandbox;
	const char	*metrics_file;		/* NULL: nothing is counted */
	const char	*metrics_allow;		/* who may read them (netlist.h) */
	char		*file;			/* the .env text that these point into */
};

/* Valid after conf_load(), for the life of the process. */
extern struct conf	conf;

/*
 * Reads and checks every setting.  Returns NULL, or one line (static) that
 * names the setting and the remedy, and shows no secret.
 */
const char	*conf_load(void);

/*
 * Prints each setting, its value and its source, without secrets: database is the part of
 * DATABASE_URL that may be shown (NULL: nothing).  Also if a setting is wrong, but prints
 * nothing if a file can't be read.
 */
void		conf_print(FILE *out, const char *database);

/*
 * Names in the file that are no settings go to out: it may be shared with other programs.
 * Those that look like misspelled settings, there or in the environment, go to warnings.
 */
void		conf_print_strangers(FILE *out, FILE *warnings);

#endif
