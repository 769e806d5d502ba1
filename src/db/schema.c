/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "base/date.h"
#include "db/schema.h"
#include "db/stmt.h"

#define LOCK	"7236829460123"	/* any number, the same for all workers */

/*
 * Building an index may take minutes: no statement timeout.  Waiting for a lock makes others
 * wait for us: 2 s.  If this worker is killed, the server notices within a second and rolls
 * back.
 */
static const char	patience_sql[] = "SET LOCAL statement_timeout = 0; "
			    "SET LOCAL lock_timeout = '2s'; "
			    "SET LOCAL client_connection_check_interval = '1s'";

/* Replaces the time limits of a start by one day. */
static void
take_time(struct simple *s)
{
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	s->budget.left_usec = DATE_USEC_PER_DAY;
}

/*
 * What does not fit, and what helps.  failed is why schema.sql did not run, or NULL.  Missing
 * rights are last in the list: if it begins with one, the tables fit.
 */
static const char *
explain(struct simple *s, const char *missing, const char *failed)
{
	static char	text[900];
	char		role[200], ignored[8];
	bool		tables_fit = strncmp(missing, "the right to ", 13) == 0;
	bool		denied = failed != NULL && !s->transient;
	size_t		n;

	n = (size_t)snprintf(text, sizeof text, "the database's tables do not fit, missing: %s%s%s",
	    missing, failed == NULL || tables_fit ? "" : "; we can't make it: ",
	    failed == NULL || tables_fit ? "" : failed);
	simple_run(s, "ROLLBACK", ignored, sizeof ignored);
	if (denied && n < sizeof text &&
	    simple_run(s, "SELECT quote_ident(current_user)", role, sizeof role) == NULL)
		snprintf(text + n, sizeof text - n, "; their owner has to run: %sGRANT SELECT, "
		    "INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %s",
		    tables_fit ? "" : "schema.sql, then ", role);
	else if (!tables_fit && n < sizeof text)
		snprintf(text + n, sizeof text - n, "%s", failed != NULL ? "; try again later" :
		    "; if they are another program's, let DATABASE_URL name an empty database");
	return text;
}

/* True if no table, column or constraint is missing: the list has them before indexes. */
static bool
only_indexes(const char *missing)
{
	return strncmp(missing, "index ", 6) == 0;
}

/*
 * Runs sql in a transaction, one worker at a time, if something is still missing; the list
 * tells what is missing after that.  NULL, or what does not fit: then nothing was changed.
 */
static const char *
add(struct simple *s, const char *sql, char *missing, size_t size)
{
	char		 ignored[300];
	const char	*wrong;

	if ((wrong = simple_run(s, "BEGIN; SELECT pg_advisory_xact_lock(" LOCK ")",
	    ignored, sizeof ignored)) != NULL ||
	    (wrong = simple_run(s, schema_check_sql, missing, size)) != NULL)
		return wrong;
	if (missing[0] != '\0') {
		s->changed = true;
		take_time(s);
		if ((wrong = simple_run(s, patience_sql, ignored, sizeof ignored)) == NULL &&
		    (wrong = simple_run(s, sql, ignored, sizeof ignored)) == NULL)
			wrong = simple_run(s, schema_check_sql, missing, size);
		if (wrong != NULL || (missing[0] != '\0' &&
		    (sql == schema_index_sql || !only_indexes(missing))))
			return explain(s, missing, wrong);
	}
	return simple_run(s, "COMMIT", ignored, sizeof ignored);
}

/* The tables first: they can be read while their indexes are built. */
const char *
schema_fit(struct simple *s)
{
	char		 missing[400];
	const char	*wrong;

	if ((wrong = simple_run(s, schema_check_sql, missing, sizeof missing)) != NULL ||
	    missing[0] == '\0' || (!only_indexes(missing) &&
	    (wrong = add(s, schema_sql, missing, sizeof missing)) != NULL) || missing[0] == '\0')
		return wrong;
	return add(s, schema_index_sql, missing, sizeof missing);
}
