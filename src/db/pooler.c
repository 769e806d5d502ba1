/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "db/pooler.h"

#define UNKNOWN	"neon-todo, prepared by nobody"

/*
 * A pooler tells its clients process numbers of its own, as it sees to their cancelling.  PgBouncer
 * ends a connection that names an unknown statement if it keeps statements, by 08P01.  What hands
 * the name on to PostgreSQL may give each statement to another of its connections.
 */
const char *
pooler_look(struct simple *s)
{
	struct connection	*c = s->connection;
	char			 text[32];
	const char		*wrong, *host = PQhost(c->pg);

	/* Neon's is known: it keeps them.  So a start there takes no longer. */
	if (host != NULL && url_host_is_among(host, URL_NEON))
		return NULL;
	if ((wrong = simple_run(s, "SELECT pg_backend_pid()", text, sizeof text)) != NULL ||
	    atoi(text) == PQbackendPID(c->pg))
		return wrong;
	wrong = simple_execute(s, UNKNOWN, text, sizeof text);
	if (PQstatus(c->pg) == CONNECTION_OK) {
		c->error[0] = '\0';
		connection_mind_pooler(c);
		return NULL;
	}
	s->transient = true;
	if (strcmp(s->state, "08P01") != 0)
		return wrong;
	connection_drop(c);
	return connection_make(c, &s->budget);
}
