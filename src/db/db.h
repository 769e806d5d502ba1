/* SPDX-License-Identifier: ISC */
/*
 * The worker's one connection to the database.  Each wait has its end; a
 * connection that was lost is made anew by the next statement.
 */
#ifndef DB_H
#define DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/answer.h"
#include "db/row.h"
#include "db/stmt.h"
#include "db/value.h"

/*
 * Takes the settings; returns NULL or what is wrong with them (one line).  The
 * timeout is what a request may wait for the database in all, in seconds.
 */
const char	*db_configure(const char *url, const char *hosts, int timeout);

/*
 * Says where the data goes, without the password (static); NULL before
 * db_configure() found the settings good.
 */
const char	*db_target(void);

/*
 * Connects, and creates or checks the schema, within five seconds in all.
 * Returns NULL, or what is wrong (one line) with *status set to EX_CONFIG
 * where the settings or the database must be mended, else to EX_UNAVAILABLE.
 * Where the schema has to be made or added to, that takes as long as it takes.
 * A name lookup that hangs ends the process with EX_UNAVAILABLE.
 */
const char	*db_start(int *status);

/* Before the first statement of each request: its time begins. */
void		db_begin_request(void);

/* For a request that waits for less: this long in all, from now. */
void		db_limit_request(int64_t usec);

/*
 * Runs a statement with the values it names, again where its connection was
 * lost.  ANS_OK: it is committed, or is a list; db_next() gives its rows, and
 * after a list db_end() must follow.  ANS_AGAIN: this write was made before.
 * Otherwise nothing was written, unless db_is_in_doubt().
 */
enum answer	db_exec(enum stmt_id id, const struct value value[PARAM__MAX]);

/*
 * True where a connection was lost in this request, while a write ran that may have
 * been carried out, or may yet be.
 */
bool		db_is_in_doubt(void);

/*
 * The next row, valid until the next call; NULL in *row after the last.
 * Anything but ANS_OK means that the rest of the rows was lost.
 */
enum answer	db_next(const struct row **row);

/*
 * Drops what is unread of the statement and waits for its end.  ANS_OK where
 * nothing runs.  The connection is idle afterwards.
 */
enum answer	db_end(void);

void		db_close(void);

/* Counted since the start. */
struct db_stats {
	int64_t		attempts;	/* to connect */
	int64_t		connects;	/* of them, those that succeeded */
	int64_t		ended;		/* attempts and connections */
	int64_t		waited_usec;	/* for the database, connecting included */
};
struct db_stats	db_stats(void);

/* For the start: what follows may take a day. */
void		db_take_time(void);

/*
 * For the start, before any statement: runs SQL without parameters.  Returns
 * NULL, or the error (static); the first column of each row is collected in
 * list, separated by ", ".
 */
const char	*db_run(const char *sql, char *list, size_t size);

/* Whether its last error is one that passes by itself. */
bool		db_failure_passes(void);

#endif
