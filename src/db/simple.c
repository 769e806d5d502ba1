/* SPDX-License-Identifier: ISC */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "db/simple.h"

/* Notes libpq's reason for the end of a connection. */
static const char *
lost(struct simple *s)
{
	struct connection	*c = s->connection;

	s->transient = true;
	snprintf(c->error, sizeof c->error, "%s", s->budget.left_usec <= 0 ? "no answer in time" :
	    PQerrorMessage(c->pg));
	c->error[strcspn(c->error, "\n")] = '\0';
	return c->error;
}

static bool
flush(struct simple *s)
{
	PGconn	*pg = s->connection->pg;
	int	 n;

	while ((n = PQflush(pg)) == 1)
		if (!budget_wait(&s->budget, PQsocket(pg), POLLIN | POLLOUT) ||
		    PQconsumeInput(pg) == 0)
			return false;
	return n == 0;
}

static bool
receive(struct simple *s, PGresult **result)
{
	PGconn	*pg = s->connection->pg;

	while (PQisBusy(pg))
		if (!budget_wait(&s->budget, PQsocket(pg), POLLIN) || PQconsumeInput(pg) == 0)
			return false;
	*result = PQgetResult(pg);
	return *result != NULL || PQstatus(pg) == CONNECTION_OK;
}

static void
note_error(struct simple *s, const PGresult *result)
{
	const char	*state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char	*text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	snprintf(s->connection->error, sizeof s->connection->error, "%s", text == NULL ? "" : text);
	snprintf(s->state, sizeof s->state, "%s", state == NULL ? "" : state);
	s->transient = error_answer(s->state, "") == ANS_UNAVAILABLE;
}

/* Sends what libpq took, and reads all results.  The values of the first column make the list. */
static const char *
run(struct simple *s, bool taken, char *list, size_t size)
{
	PGresult	*result;
	size_t		 len = 0;
	bool		 failed = false;

	list[0] = s->state[0] = '\0';
	if (!taken || !flush(s))
		return lost(s);
	for (;;) {
		if (!receive(s, &result))
			return lost(s);
		if (result == NULL)
			return failed ? s->connection->error : NULL;
		if (PQresultStatus(result) == PGRES_FATAL_ERROR && !failed) {
			failed = true;
			note_error(s, result);
		}
		for (int i = 0; i < PQntuples(result) && len < size; i++)
			len += (size_t)snprintf(list + len, size - len, "%s%s",
			    len > 0 ? ", " : "", PQgetvalue(result, i, 0));
		PQclear(result);
	}
}

/* libpq has freed what belongs to TLS if the connection is lost. */
static const char *
end(struct simple *s, const char *error)
{
	if (PQstatus(s->connection->pg) == CONNECTION_OK)
		wire_read_ahead(&s->connection->wire, true);
	return error;
}

const char *
simple_run(struct simple *s, const char *sql, char *list, size_t size)
{
	struct connection	*c = s->connection;

	wire_read_ahead(&c->wire, false);
	return end(s, run(s, PQsendQuery(c->pg, sql), list, size));
}

const char *
simple_execute(struct simple *s, const char *name, char *list, size_t size)
{
	struct connection	*c = s->connection;

	wire_read_ahead(&c->wire, false);
	return end(s, run(s, PQsendQueryPrepared(c->pg, name, 0, NULL, NULL, NULL, 0), list, size));
}
