/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/wipe.h"
#include "db/statement.h"

#define LOST_MAX	4

/*
 * The name holds a hash of the text: behind a pooler that lets sessions share statements, one
 * of the same name is the same statement.
 */
static const char *
name_of(struct connection *c, enum stmt_id id)
{
	const char	*sql = stmts[id].sql;

	if (c->name[id][0] == '\0')
		snprintf(c->name[id], sizeof c->name[id], "todo_%016" PRIx64,
		    hash(HASH_START, sql, strlen(sql)));
	return c->name[id];
}

static bool
send_statement(struct statement *s, const struct value *value)
{
	struct connection	*c = s->connection;
	const struct stmt	*stmt = &stmts[s->id];
	const struct value	*values[STMT_PARAMS_MAX];
	enum type		 types[STMT_PARAMS_MAX];
	const char		*name = c->unnamed ? "" : name_of(c, s->id);
	bool			 preparing = c->unnamed || !c->prepared[s->id];

	for (int i = 0; i < stmt->nparam; i++) {
		types[i] = param_types[stmt->param[i]];
		values[i] = &value[stmt->param[i]];
	}
	if (preparing) {
		wire_parse(&c->wire, name, stmt->sql, types, stmt->nparam);
		if (!c->unnamed || c->columns[s->id] == NULL)
			wire_describe(&c->wire, name);
	}
	wire_bind(&c->wire, name, values, stmt->nparam);
	wire_execute(&c->wire);
	wire_sync(&c->wire);
	c->current = s;
	return connection_send(c, &s->budget);
}

/* The columns are described with the statement, before its first row. */
static bool
describe(struct statement *s, const struct wire_message *m)
{
	struct columns	*columns = calloc(1, sizeof *columns);

	if (columns == NULL || !wire_columns(m, columns)) {
		free(columns);
		return false;
	}
	free(s->connection->columns[s->id]);
	s->connection->columns[s->id] = columns;
	return true;
}

/* A row that outlives its message, as the end of the statement is read before it is used. */
static bool
keep_row(struct statement *s, const struct wire_message *m)
{
	if (s->kept != NULL)			/* only a list has more than one */
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
	/* PgBouncer sends the translated form only, and does not translate it. */
	const char		*severity = wire_field(m, 'V');

	if (severity == NULL)
		severity = wire_field(m, 'S');
	copy_field(e->state, sizeof e->state, m, 'C');
	copy_field(e->constraint, sizeof e->constraint, m, 'n');
	copy_field(e->text, sizeof e->text, m, 'M');
	if (severity != NULL && *severity == 'E')
		return true;
	s->refused = error_is_refusal(e->state, e->text);
	snprintf(s->connection->error, sizeof s->connection->error, "%s", e->text);
	return false;
}

enum step { STEP_ON, STEP_ROW, STEP_END, STEP_LOST };

/* Reads one message of the answer. */
static enum step
step(struct statement *s)
{
	struct connection	*c = s->connection;
	struct wire_message	 m;
	bool			 is_list = stmts[s->id].kind == STMT_KIND_LIST;

	if (!connection_next(c, &s->budget, &m))
		return STEP_LOST;
	switch (m.type) {
	case '1':				/* ParseComplete */
		c->prepared[s->id] = !c->unnamed;
		return STEP_ON;
	case 'T':				/* RowDescription */
		return describe(s, &m) ? STEP_ON : STEP_LOST;
	case 'D':				/* DataRow */
		if ((s->row.columns = c->columns[s->id]) == NULL)
			return STEP_LOST;
		if (!is_list)
			return keep_row(s, &m) ? STEP_ON : STEP_LOST;
		return wire_row(&c->wire, &m, &s->row) ? STEP_ROW : STEP_LOST;
	case 'E':
		return note_error(s, &m) ? STEP_ON : STEP_LOST;
	case 'Z':				/* ReadyForQuery */
		c->current = NULL;
		return STEP_END;
	default:				/* what is complete, notices, settings */
		return STEP_ON;
	}
}

/* Reads on to a list's next row, or to the end: only then is a write committed. */
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

/* True if the connection went before the answer was there. */
static bool
is_lost(struct statement *s, const struct value *value)
{
	enum step	at = STEP_LOST;

	s->refused = false;
	s->error = (struct statement_error){ 0 };
	if (send_statement(s, value))
		at = read_on(s);
	s->has_row = s->has_row || at == STEP_ROW;
	if (at != STEP_LOST)
		return false;
	log_line("database: %s: %s", stmts[s->id].name, s->connection->error);
	if (!s->refused && stmts[s->id].kind == STMT_KIND_WRITE)
		s->in_doubt = true;
	forget_row(s);
	connection_drop(s->connection);
	return true;
}

/*
 * True if the server did not run the statement because it does not have it (any more); what
 * to do about that is done.
 */
static bool
was_not_prepared(struct statement *s)
{
	struct connection	*c = s->connection;
	const char		*state = s->error.state;

	if (c->unnamed)
		return false;
	if (strcmp(state, "26000") == 0 || strcmp(state, "42P05") == 0) {
		/* A pooler that shares connections but knows no statements. */
		log_line("database: the pooler keeps no prepared statements; they are sent unnamed");
		c->unnamed = true;
		return true;
	}
	/*
	 * "cached plan must not change result type": the tables were altered.  A pooler may keep
	 * the old plan for others of the same name and text.
	 */
	if (strcmp(state, "0A000") == 0) {
		log_line("database: the tables were altered; statements are sent unnamed");
		c->unnamed = true;
		connection_drop(c);
		free(c->columns[s->id]);
		c->columns[s->id] = NULL;
		return true;
	}
	return false;
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

enum answer
statement_run(struct statement *s, enum stmt_id id, const struct value value[PARAM__MAX])
{
	int	nlost = 0;

	statement_end(s);	/* of the request's statement before this one */
	s->id = id;
	for (int i = 0; nlost < LOST_MAX && s->budget.left_usec > 0 &&
	    connection_ready(s->connection, &s->budget); i++) {
		if (is_lost(s, value)) {
			nlost += !s->refused;
			if (i > 0)
				budget_sleep(&s->budget, connection_next_attempt(RETRY_SOON));
			continue;
		}
		if (s->error.state[0] == '\0')
			return ANS_OK;
		forget_row(s);
		if (!was_not_prepared(s))
			return failure(s);
	}
	return ANS_UNAVAILABLE;
}

static enum answer
lost_within(struct statement *s)
{
	log_line("database: lost within an answer: %s", s->connection->error);
	connection_drop(s->connection);
	return ANS_UNAVAILABLE;
}

enum answer
statement_next(struct statement *s, const struct row **row)
{
	*row = NULL;
	if (!s->has_row && s->connection->current == s)
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
		log_line("database: within an answer: %s", s->error.state);
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
	while (s->connection->current == s)
		if (read_on(s) == STEP_LOST)
			return lost_within(s);
	return ANS_OK;
}
