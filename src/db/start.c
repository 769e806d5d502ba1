/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#include "db/pooler.h"
#include "db/schema.h"
#include "db/start.h"

#define START_USEC	INT64_C(4500000)

static void
time_is_over(int sig)
{
	static const char	text[] = "neon-todo: DATABASE_URL: can't connect to the database; "
				    "check host and network: no answer in time\n";

	(void)sig;
	if (write(STDERR_FILENO, text, sizeof text - 1) == -1)
		_exit(EX_UNAVAILABLE);
	_exit(EX_UNAVAILABLE);
}

/* NULL, or why there is no connection. */
static const char *
make(struct simple *s, char *text, size_t size, int *status)
{
	const char	*wrong = connection_make(s->connection, &s->budget), *encoding;

	if (wrong != NULL) {
		*status = error_retry(wrong) == RETRY_NEVER ? EX_CONFIG : EX_UNAVAILABLE;
		snprintf(text, size, "DATABASE_URL: can't connect to the database; %s: %s",
		    error_help(wrong), wrong);
		return text;
	}
	encoding = PQparameterStatus(s->connection->pg, "server_encoding");
	*status = EX_CONFIG;
	return encoding == NULL || strcmp(encoding, "UTF8") == 0 ? NULL :
	    "DATABASE_URL: the database's encoding must be UTF8; create one with "
	    "CREATE DATABASE todo ENCODING 'UTF8' TEMPLATE template0";
}

/* What is in the database, and what is before it. */
static const char *
fit(struct simple *s, bool serves, const struct itimerval *limit)
{
	const char	*wrong = schema_fit(s);

	if (wrong != NULL || !serves)
		return wrong;
	if (s->changed) {		/* which had no limit */
		s->budget.left_usec = START_USEC;
		setitimer(ITIMER_REAL, limit, NULL);
	}
	return pooler_look(s);
}

const char *
start_database(struct connection *c, bool serves, int *status, bool *changed)
{
	static const struct itimerval	 limit =
	    { .it_value = { .tv_sec = START_USEC / 1000000, .tv_usec = 800000 } };
	static char			 text[900];
	struct simple			 s = { .connection = c, .budget.left_usec = START_USEC };
	const char			*wrong;

	/* libpq's look-up of a name has no time limit. */
	signal(SIGALRM, time_is_over);
	setitimer(ITIMER_REAL, &limit, NULL);
	wrong = make(&s, text, sizeof text, status);
	if (wrong == NULL && (wrong = fit(&s, serves, &limit)) != NULL) {
		*status = s.transient ? EX_UNAVAILABLE : EX_CONFIG;
		snprintf(text, sizeof text, "DATABASE_URL: %s", wrong);
		wrong = text;
	}
	*changed = s.changed;
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	signal(SIGALRM, SIG_DFL);
	if (wrong != NULL)
		connection_drop(c);
	return wrong;
}
