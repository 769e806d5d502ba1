/* SPDX-License-Identifier: ISC */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/connection.h"

#define PATIENCE_USEC	INT64_C(5000000)
#define SILENCE_USEC	INT64_C(10000000)

void
connection_drop(struct connection *c)
{
	c->stats.ended += c->pg != NULL;
	wire_close(&c->wire);
	PQfinish(c->pg);
	c->pg = NULL;
	c->current = NULL;
	memset(c->prepared, 0, sizeof c->prepared);
}

void
connection_free(struct connection *c)
{
	connection_drop(c);
	for (int i = 0; i < STMT__MAX; i++)
		free(c->columns[i]);
}

/* libpq's text, on one line. */
static void
note_error(struct connection *c, const struct budget *b)
{
	snprintf(c->error, sizeof c->error, "%s", b->left_usec <= 0 ? "no answer in time" :
	    c->pg == NULL ? "out of memory" : *PQerrorMessage(c->pg) == '\0' ?
	    "the answer broke off, or is none" : PQerrorMessage(c->pg));
	for (char *p = c->error; *p != '\0'; p++)
		if (*p == '\n')
			*p = p[1] == '\0' ? '\0' : ' ';
}

/* True once libpq has logged in. */
static bool
log_in(struct connection *c, struct budget *b)
{
	PostgresPollingStatusType	state = PGRES_POLLING_WRITING;
	int64_t				begin;

	while (c->pg != NULL && PQstatus(c->pg) != CONNECTION_BAD) {
		if (!budget_wait(b, PQsocket(c->pg),
		    state == PGRES_POLLING_READING ? POLLIN : POLLOUT))
			return false;
		begin = clock_usec();
		state = PQconnectPoll(c->pg);
		budget_spend(b, begin);		/* it looks up the name of the next host */
		if (state == PGRES_POLLING_OK || state == PGRES_POLLING_FAILED)
			return state == PGRES_POLLING_OK;
	}
	return false;
}

/* Notices are of no use, and libpq would print them. */
static void
ignore_notice(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

const char *
connection_make(struct connection *c, struct budget *b)
{
	int64_t	begin = clock_usec();

	c->stats.attempts++;
	c->pg = PQconnectStartParams(c->url->keyword, c->url->value, 0);
	budget_spend(b, begin);		/* it looks names up */
	if (!log_in(c, b)) {
		note_error(c, b);
		connection_drop(c);
		return c->error;
	}
	PQsetNoticeReceiver(c->pg, ignore_notice, NULL);
	PQsetnonblocking(c->pg, 1);
	wire_open(&c->wire, PQsocket(c->pg), PQsslStruct(c->pg, "OpenSSL"));
	c->stats.connects++;
	return NULL;
}

/* Notes why the connection is lost. */
static bool
lost(struct connection *c, const struct budget *b)
{
	snprintf(c->error, sizeof c->error, "%s", b->left_usec <= 0 ? "no answer in time" :
	    wire_error(&c->wire));
	return false;
}

bool
connection_next(struct connection *c, struct budget *b, struct wire_message *m)
{
	enum wire_state	state;

	while ((state = wire_next(&c->wire, m)) == WIRE_WAIT)
		if (!budget_wait(b, c->wire.fd, c->wire.events))
			return lost(c, b);
	return state == WIRE_OK || lost(c, b);
}

bool
connection_send(struct connection *c, struct budget *b)
{
	enum wire_state	state;

	while ((state = wire_send(&c->wire)) == WIRE_WAIT)
		if (!budget_wait(b, c->wire.fd, c->wire.events))
			return lost(c, b);
	return state == WIRE_OK || lost(c, b);
}

/*
 * At no cost for a healthy connection: an idle one has nothing to read, unless the server
 * closed it (Neon suspends), says that it will, or sent a notice.
 */
static bool
is_alive(struct connection *c)
{
	struct wire_message	m;
	enum wire_state		state = WIRE_OK;

	while (state == WIRE_OK && wire_has_input(&c->wire)) {
		state = wire_next(&c->wire, &m);
		if (state == WIRE_OK && strchr("NSA", m.type) == NULL)
			return false;
	}
	return state != WIRE_LOST;
}

int64_t
connection_next_attempt(enum error_retry kind)
{
	static const int64_t	 most[] = {
		[RETRY_SOON] = 500000, [RETRY_LATER] = 2000000, [RETRY_NEVER] = 4000000,
	};
	uint32_t		 n = 0;

	if (getrandom(&n, sizeof n, GRND_NONBLOCK) == -1)
		n = (uint32_t)clock_usec();
	return clock_usec() + most[kind] / 4 + n % (most[kind] * 3 / 4);
}

/* Logs the same cause at most every ten seconds. */
static void
log_cause(struct connection *c)
{
	int64_t	now = clock_usec();

	if (now < c->said.until && strcmp(c->error, c->said.cause) == 0)
		return;
	snprintf(c->said.cause, sizeof c->said.cause, "%s", c->error);
	c->said.until = now + SILENCE_USEC;
	log_line("database: can't connect: %s", c->error);
}

static bool
make_again(struct connection *c, struct budget *b)
{
	struct retry	*r = &c->retry;
	int64_t		 now;

	for (;;) {
		now = clock_usec();
		if (now < r->next) {
			if (now > r->patience_ends || r->kind == RETRY_NEVER ||
			    r->next - now >= b->left_usec)
				return false;
			budget_sleep(b, r->next);
		}
		if (connection_make(c, b) == NULL) {
			*r = (struct retry){ 0 };
			return true;
		}
		log_cause(c);
		r->kind = error_retry(c->error);
		r->next = connection_next_attempt(r->kind);
		if (r->patience_ends == 0)
			r->patience_ends = clock_usec() + PATIENCE_USEC;
	}
}

bool
connection_ready(struct connection *c, struct budget *b)
{
	if (c->pg != NULL && !is_alive(c))
		connection_drop(c);
	return c->pg != NULL || make_again(c, b);
}
