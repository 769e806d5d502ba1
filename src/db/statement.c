/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/wipe.h"
#include "db/statement.h"

#define LOST_MAX	8
#define TRIES_MAX	100	/* many, as a server that shuts down may refuse often */

static bool
send_statement(struct statement *s, const struct value *value)
{
	struct connection	*c = s->connection;
	const struct stmt	*stmt = &stmts[s->id];
	const struct value	*values[STMT_PARAMS_MAX];
	enum type		 types[STMT_PARAMS_MAX];
	const char		*name = c->unnamed ? "" : prepared_name(&c->prepared, s->id);

	s->flight.budget = &s->budget;
	s->was_prepared = c->unnamed ? PREPARED_NOT : c->prepared.state[s->id];
	if (!flights_add(&c->flights, &s->flight, s->id,
	    s->was_prepared == PREPARED_NOT && !c->unnamed)) {
		s->flight.lost = true;		/* alone */
		return false;
	}
	s->under_way = true;
	for (int i = 0; i < stmt->nparam; i++) {
		types[i] = param_types[stmt->param[i]];
		values[i] = &value[stmt->param[i]];
	}
	if (s->was_prepared == PREPARED_NOT) {
		wire_parse(&c->wire, name, stmt->sql, types, stmt->nparam);
		if (!c->unnamed || c->prepared.columns[s->id] == NULL)
			wire_describe(&c->wire, name);
		c->prepared.state[s->id] = PREPARED_SENT;
	}
	wire_bind(&c->wire, name, values, stmt->nparam);
	wire_execute(&c->wire);
	wire_sync(&c->wire);
	return connection_send(c, &s->budget);
}

/* Copies a row, which must outlive its message: it is used after the statement's end. */
static bool
keep_row(struct statement *s, const struct wire_message *m)
{
	if (s->kept != NULL)			/* all but lists have one row */
		return true;
	if ((s->kept = malloc(m->len + 1)) == NULL)
		return false;
	memcpy(s->kept, m->data, m->len);
	return s->has_row = row_fill(&s->row, s->kept, m->len);
}

static void
copy_field(char *to, size_t size, const struct wire_message *m, char letter)
{
	const char	*text = wire_field(m, letter);

	snprintf(to, size, "%s", text == NULL ? "" : text);
}

/* Notes an error; false if it ends the session. */
static bool
note_error(struct statement *s, const struct wire_message *m)
{
	struct statement_error	*e = &s->error;
	/* PgBouncer sends 'S' but no 'V', and does not translate it. */
	const char		*severity = wire_field(m, 'V');

	if (severity == NULL)
		severity = wire_field(m, 'S');
	copy_field(e->state, sizeof e->state, m, 'C');
	copy_field(e->constraint, sizeof e->constraint, m, 'n');
	copy_field(e->text, sizeof e->text, m, 'M');
	if (severity != NULL && *severity == 'E')
		return true;
	s->not_run = error_is_refusal(e->state, e->text);
	snprintf(s->connection->error, sizeof s->connection->error, "%s", e->text);
	return false;
}

enum step { STEP_ON, STEP_ROW, STEP_END, STEP_LOST };

/* Gives it up: its answer may still come, and will be skipped. */
static void
give_up(struct statement *s)
{
	flights_leave(&s->connection->flights, &s->flight);
	s->flight.lost = true;
	log_line("database: %s: no answer in time", stmts[s->id].name);
}

/* Waits until s is the one that reads; false if it is lost. */
static bool
await_turn(struct statement *s)
{
	while (!s->flight.lost && flights_reader(&s->connection->flights) != &s->flight)
		if (!budget_await(&s->budget) && !s->flight.lost)
			give_up(s);
	return !s->flight.lost;
}

/* Reads one message of the answer. */
static enum step
take(struct statement *s, const struct wire_message *m)
{
	struct connection	*c = s->connection;
	bool			 is_list = stmts[s->id].kind == STMT_KIND_LIST;

	switch (m->type) {
	case 'D':				/* DataRow */
		if ((s->row.columns = c->prepared.columns[s->id]) == NULL)
			return STEP_LOST;
		if (!is_list)
			return keep_row(s, m) ? STEP_ON : STEP_LOST;
		return wire_row(&c->wire, m, &s->row) ? STEP_ROW : STEP_LOST;
	case 'E':
		return note_error(s, m) ? STEP_ON : STEP_LOST;
	case 'Z':				/* ReadyForQuery */
		connection_answered(c);
		s->under_way = false;
		return STEP_END;
	default:				/* what prepared_note() knows, notices, ... */
		return STEP_ON;
	}
}

static enum step
step(struct statement *s)
{
	struct wire_message	m;

	if (!await_turn(s) || !connection_next(s->connection, &s->flight, &m))
		return STEP_LOST;
	return take(s, &m);
}

/* Reads to a list's next row, or to the end: a write is committed only then. */
static enum step
read_on(struct statement *s)
{
	enum step	at;

	while ((at = step(s)) == STEP_ON)
		;
	return at;
}

static void
forget_row(struct statement *s)
{
	wipe_free(s->kept);
	s->kept = NULL;
	s->has_row = false;
}

/* The rest of the answer is lost.  Ends the connection, unless it had ended or s gave up. */
static void
lose(struct statement *s)
{
	forget_row(s);
	s->under_way = false;
	if (!s->flight.lost)
		connection_drop(s->connection);
}

/* True if the connection was lost before the answer came. */
static bool
is_lost(struct statement *s, const struct value *value)
{
	enum step	at = STEP_LOST;

	s->not_run = s->flight.lost = false;
	s->error = (struct statement_error){ 0 };
	if (send_statement(s, value))
		at = read_on(s);
	s->has_row = s->has_row || at == STEP_ROW;
	if (at != STEP_LOST)
		return false;
	if (!s->flight.lost)
		log_line("database: %s: %s", stmts[s->id].name, s->connection->error);
	if (!s->not_run && stmts[s->id].kind == STMT_KIND_WRITE)
		s->in_doubt = true;
	lose(s);
	return true;
}

/*
 * True if the server did not run the statement because it has not prepared it, or not any
 * more: it can be sent again.
 */
static bool
was_not_prepared(struct statement *s, bool was_unnamed)
{
	struct connection	*c = s->connection;
	const char		*state = s->error.state;

	if (was_unnamed)
		return false;
	/* Another statement was to prepare it, and may have failed for a reason of its own. */
	if (strcmp(state, "26000") == 0 && s->was_prepared == PREPARED_SENT)
		return true;
	/* A pooler shares connections but doesn't track prepared statements. */
	if (strcmp(state, "26000") == 0 || strcmp(state, "42P05") == 0) {
		connection_mind_pooler(c);
		return true;
	}
	/*
	 * "cached plan must not change result type": the tables were altered.  A pooler may keep
	 * the old plan for others of the same name and text.
	 */
	if (strcmp(state, "0A000") == 0) {
		if (!c->unnamed)
			log_line("database: the tables were altered; statements are sent unnamed");
		c->unnamed = true;
		connection_drop(c);
		prepared_retire(&c->prepared, s->id);
		return true;
	}
	return false;
}

/*
 * True if it was undone because it waited too long for a lock.  If that happened at its last try
 * but not at this one, the lock may be gone, and others go on that wait for it.
 */
static bool
was_locked(struct statement *s)
{
	bool	before = s->met_lock;

	s->met_lock = strcmp(s->error.state, "55P03") == 0;
	if (before && !s->met_lock)
		connection_unlocked(s->connection);
	return s->met_lock;
}

static enum answer
failure(const struct statement *s)
{
	const struct statement_error	*e = &s->error;
	enum answer			 answer = error_answer(e->state, e->constraint);

	if (answer == ANS_INTERNAL || answer == ANS_UNAVAILABLE)
		log_line("database: %s: %s %s", stmts[s->id].name, e->state, e->text);
	return answer;
}

void
statement_init(struct statement *s, struct connection *c, int64_t usec)
{
	*s = (struct statement){
		.connection = c, .budget = { .left_usec = usec, .loop = c->loop }
	};
}

enum answer
statement_run(struct statement *s, enum stmt_id id, const struct value value[PARAM__MAX])
{
	int	nlost = 0;
	bool	was_unnamed, locked;

	statement_end(s);	/* of the request's statement before this one */
	s->id = id;
	for (int i = 0; nlost < LOST_MAX && i < TRIES_MAX && s->budget.left_usec > 0 &&
	    connection_ready(s->connection, &s->budget); i++) {
		was_unnamed = s->connection->unnamed;
		if (is_lost(s, value)) {
			nlost += !s->not_run;
			if (i > 0)
				budget_sleep(&s->budget, connection_next_attempt(RETRY_SOON));
			continue;
		}
		locked = was_locked(s);
		if (s->error.state[0] == '\0')
			return ANS_OK;
		forget_row(s);
		if (locked)
			connection_await_lock(s->connection, &s->budget);
		else if (!was_not_prepared(s, was_unnamed))
			return failure(s);
	}
	return ANS_UNAVAILABLE;
}

static enum answer
lost_within(struct statement *s)
{
	if (!s->flight.lost)
		log_line("database: lost in the middle of an answer: %s", s->connection->error);
	lose(s);
	return ANS_UNAVAILABLE;
}

enum answer
statement_next(struct statement *s, const struct row **row)
{
	*row = NULL;
	if (!s->has_row && s->under_way)
		switch (read_on(s)) {
		case STEP_ROW:
			s->has_row = true;
			break;
		case STEP_LOST:
			return lost_within(s);
		default:
			break;
		}
	if (s->has_row)
		*row = &s->row;
	else if (s->error.state[0] != '\0') {
		log_line("database: error in the middle of an answer: %s", s->error.state);
		s->error.state[0] = '\0';
		return ANS_UNAVAILABLE;
	}
	s->has_row = false;
	return ANS_OK;
}

enum answer
statement_end(struct statement *s)
{
	forget_row(s);
	while (s->under_way)
		if (read_on(s) == STEP_LOST)
			return lost_within(s);
	return ANS_OK;
}
