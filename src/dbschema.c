/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "db.h"
#include "dbschema.h"
#include "stmt.h"

#define LOCK	"7236829460123"	/* any number, the same for all workers */

/*
 * An index of a large table takes minutes, and nobody else waits for a lock behind us for
 * long.  Where the worker ends meanwhile, what it began does, too.
 */
static const char	patience_sql[] = "SET LOCAL statement_timeout = 0; "
			    "SET LOCAL lock_timeout = '2s'; "
			    "SET LOCAL client_connection_check_interval = '1s'";

const char *
dbschema_fit(void)
{
	static char	 text[800];
	char		 missing[300], ignored[300];
	const char	*wrong;

	if ((wrong = db_run(schema_check_sql, missing, sizeof missing)) != NULL ||
	    missing[0] == '\0')
		return wrong;
	if ((wrong = db_run("BEGIN; SELECT pg_advisory_xact_lock(" LOCK ")",
	    ignored, sizeof ignored)) != NULL ||
	    (wrong = db_run(schema_check_sql, missing, sizeof missing)) != NULL)
		return wrong;
	if (missing[0] != '\0') {
		db_take_time();
		if ((wrong = db_run(patience_sql, ignored, sizeof ignored)) == NULL &&
		    (wrong = db_run(schema_sql, ignored, sizeof ignored)) == NULL)
			wrong = db_run(schema_check_sql, missing, sizeof missing);
		if (wrong != NULL || missing[0] != '\0') {
			snprintf(text, sizeof text, "the database's tables do not fit, "
			    "missing: %s%s%s", missing,
			    wrong != NULL ? "; their owner can run schema.sql, we can't: " : "",
			    wrong != NULL ? wrong : "");
			db_run("ROLLBACK", ignored, sizeof ignored);
			return text;
		}
	}
	return db_run("COMMIT", ignored, sizeof ignored);
}
