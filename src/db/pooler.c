/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "db/pooler.h"

#define UNKNOWN	"neon-todo, prepared by nobody"

/* Neon's pooler is known: it keeps them.  So a start there takes no longer. */
static bool
is_neons(const struct connection *c)
{
	static const char	 neons[] = ".neon.tech";
	const char		*host = PQhost(c->pg);
	size_t			 len = host == NULL ? 0 : strlen(host);

	return len >= sizeof neons && strcasecmp(host + len - (sizeof neons - 1), neons) == 0;
}

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
	const char		*wrong;

	if (is_neons(c))
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
