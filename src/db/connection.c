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
#define TURN_USEC	INT64_C(100000)
#define LOCKED_USEC	INT64_C(250000)	/* as long as a write waits for a lock */

/* Lets the next one send that waits for its turn, if nothing is under way. */
static void
call_next(struct connection *c)
{
	if (c->queue != NULL && c->flights.n == 0)
		loop_wake(&c->queue->sleeper);
}

void
connection_drop(struct connection *c)
{
	struct flight	*f;

	if (c->up && c->loop != NULL)
		loop_forget(c->loop, c->wire.fd, &c->watch);
	c->stats.ended += c->pg != NULL;
	wire_close(&c->wire);
	PQfinish(c->pg);
	c->pg = NULL;
	c->up = c->broken = false;
	prepared_end(&c->prepared);
	while (c->flights.n > 0)
		if ((f = flights_take(&c->flights)) != NULL) {
			f->lost = true;
			loop_wake(&f->budget->sleeper);
		}
	call_next(c);
}

void
connection_free(struct connection *c)
{
	connection_drop(c);
	flights_free(&c->flights);
	prepared_free(&c->prepared);
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
		budget_spend(b, begin);		/* it may look up the next host's name */
		if (state == PGRES_POLLING_OK || state == PGRES_POLLING_FAILED)
			return state == PGRES_POLLING_OK;
	}
	return false;
}

/* libpq would print notices, which nobody needs. */
static void
ignore_notice(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

/* Edge-triggered: a fiber waits only after a read or a write that would have blocked. */
static void
watch(struct connection *c)
{
	if (c->loop != NULL && loop_watch(c->loop, c->wire.fd,
	    EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &c->watch) == -1)
		c->broken = true;
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
	c->up = true;
	watch(c);
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

static bool
wait_for_wire(struct connection *c, struct budget *b)
{
	return c->loop != NULL ? budget_await(b) : budget_wait(b, c->wire.fd, c->wire.events);
}

/* The oldest answer has ended. */
static void
end_first(struct connection *c)
{
	flights_take(&c->flights);
	call_next(c);
}

/*
 * Reads the next message of an answer that somebody waits for; of a connection on which nothing
 * is under way, any.  What answers say of the connection counts even if nobody waits for them.
 */
static enum wire_state
next_message(struct connection *c, struct wire_message *m)
{
	enum wire_state	 state;
	struct place	*first;

	while ((state = wire_next(&c->wire, m)) == WIRE_OK &&
	    (first = flights_first(&c->flights)) != NULL) {
		if (!prepared_note(&c->prepared, first->id, &first->parses, m))
			return WIRE_LOST;
		if (first->flight != NULL)
			break;
		if (m->type == 'Z')
			end_first(c);
	}
	return state;
}

void
connection_answered(struct connection *c)
{
	struct flight	*next;

	end_first(c);
	if ((next = flights_reader(&c->flights)) != NULL)
		loop_wake(&next->budget->sleeper);
}

bool
connection_next(struct connection *c, struct flight *f, struct wire_message *m)
{
	enum wire_state	state = WIRE_LOST;

	while (!f->lost && !c->broken && (state = next_message(c, m)) == WIRE_WAIT)
		if (!wait_for_wire(c, f->budget))
			break;
	return state == WIRE_OK || (!f->lost && lost(c, f->budget));
}

bool
connection_send(struct connection *c, struct budget *b)
{
	enum wire_state	state;

	/* The reader notices a loss; here it would free the row that another may be reading. */
	if (c->loop != NULL)
		return true;
	while ((state = wire_send(&c->wire)) == WIRE_WAIT)
		if (!wait_for_wire(c, b))
			return lost(c, b);
	return state == WIRE_OK || lost(c, b);
}

/*
 * Reads messages for which nobody waits: answers that were given up; on an idle connection a
 * notice, or an error before its end (Neon suspends).  False if it has ended or will.
 */
static bool
is_alive(struct connection *c)
{
	struct wire_message	m;
	enum wire_state		state;

	while ((state = next_message(c, &m)) == WIRE_OK)
		if (strchr("NSA", m.type) == NULL)
			return false;
	return state == WIRE_WAIT;
}

static void
on_ready(struct watch *w, uint32_t events)
{
	struct connection	*c = LOOP_WHOLE(w, struct connection, watch);
	struct flight		*reader = flights_reader(&c->flights);

	if (reader != NULL)
		loop_wake(&reader->budget->sleeper);
	else if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0 && !is_alive(c))
		connection_drop(c);
}

/* Sends the messages of all fibers in one write. */
static void
send_all(void *arg)
{
	struct connection	*c = arg;
	struct flight		*reader;

	if (!c->up || c->broken || wire_send(&c->wire) != WIRE_LOST)
		return;
	/* The reader's row may still lie in the wire: so the reader drops the connection. */
	c->broken = true;
	if ((reader = flights_reader(&c->flights)) != NULL)
		loop_wake(&reader->budget->sleeper);
	else
		connection_drop(c);
}

void
connection_share(struct connection *c, struct loop *loop)
{
	c->loop = loop;
	c->watch.ready = on_ready;
	loop->before_wait = send_all;
	loop->before_wait_arg = c;
	if (c->up)
		watch(c);
}

void
connection_mind_pooler(struct connection *c)
{
	if (!c->one_by_one)
		log_line("database: the pooler keeps no prepared statements; "
		    "they are sent unnamed, one at a time");
	c->unnamed = c->one_by_one = true;
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
	log_line("database: can't connect; %s: %s", error_help(c->error), c->error);
}

/* Waits until another fiber has connected; false if the time ran out. */
static bool
wait_for_connector(struct connection *c, struct budget *b)
{
	bool	in_time;

	budget_join(&c->waiting, b);
	in_time = budget_await(b);
	budget_leave(&c->waiting, b);
	return in_time;
}

static void
wake_locked(struct connection *c)
{
	if (c->locked != NULL)
		loop_wake(&c->locked->sleeper);
}

void
connection_await_lock(struct connection *c, struct budget *b)
{
	if (clock_usec() + LOCKED_USEC > c->next_locked)
		c->next_locked = clock_usec() + LOCKED_USEC;
	budget_join(&c->locked, b);
	while (b->left_usec > 0 && (c->locked != b || clock_usec() < c->next_locked))
		budget_sleep(b, c->locked == b ? c->next_locked : INT64_MAX);
	budget_leave(&c->locked, b);
	if (b->left_usec > 0)
		c->next_locked = clock_usec() + 2 * LOCKED_USEC;
	wake_locked(c);
}

void
connection_unlocked(struct connection *c)
{
	c->next_locked = 0;
	wake_locked(c);
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

/* True if there is a live connection; makes one if needed. */
static bool
is_up(struct connection *c, struct budget *b)
{
	bool	made;

	if (c->up && c->loop == NULL && !is_alive(c))
		connection_drop(c);
	while (!c->up && c->connecting)
		if (!wait_for_connector(c, b))
			return false;
	if (c->up)
		return true;
	c->connecting = true;
	made = make_again(c, b);
	c->connecting = false;
	for (struct budget *w = c->waiting; w != NULL; w = w->next)
		loop_wake(&w->sleeper);
	return made;
}

static bool
has_turn(struct connection *c, const struct budget *b)
{
	/* Answers that were given up may have come with the last one that was read. */
	if (c->up && c->flights.n > 0 && flights_reader(&c->flights) == NULL && !is_alive(c))
		connection_drop(c);
	return c->queue == b && c->flights.n == 0;
}

/*
 * Waits until nothing is under way and all that came before have been sent.  False if then too
 * little time is left: who waits for an answer in vain ends the connection for all.
 */
static bool
await_turn(struct connection *c, struct budget *b)
{
	budget_join(&c->queue, b);
	while (!has_turn(c, b) && budget_await(b))
		;
	budget_leave(&c->queue, b);
	return b->left_usec > TURN_USEC;
}

bool
connection_ready(struct connection *c, struct budget *b)
{
	bool	is_ready = is_up(c, b), is_next = c->queue == NULL;

	while (is_ready && c->one_by_one && (!is_next || c->flights.n > 0)) {
		is_next = await_turn(c, b);
		is_ready = is_next && is_up(c, b);
	}
	if (!is_ready)
		call_next(c);
	return is_ready;
}
