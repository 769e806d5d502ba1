/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "db/prepared.h"

/*
 * The name has a hash of the text: a pooler may let sessions share statements, so the same
 * name must mean the same text.
 */
const char *
prepared_name(struct prepared *p, enum stmt_id id)
{
	const char	*sql = stmts[id].sql;

	if (p->name[id][0] == '\0')
		snprintf(p->name[id], sizeof p->name[id], "todo_%016" PRIx64,
		    hash(HASH_START, sql, strlen(sql)));
	return p->name[id];
}

static bool
are_same(const struct columns *a, const struct columns *b)
{
	for (int i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->column[i].name, b->column[i].name) != 0 ||
		    a->column[i].type != b->column[i].type)
			return false;
	return a->n == b->n;
}

void
prepared_retire(struct prepared *p, enum stmt_id id)
{
	if (p->columns[id] == NULL)
		return;
	p->columns[id]->next = p->old_columns;
	p->old_columns = p->columns[id];
	p->columns[id] = NULL;
}

/* Reads the columns, which come before a statement's first row. */
static bool
describe(struct prepared *p, enum stmt_id id, const struct wire_message *m)
{
	struct columns	*columns = calloc(1, sizeof *columns);

	if (columns == NULL || !wire_columns(m, columns)) {
		free(columns);
		return false;
	}
	if (p->columns[id] != NULL && are_same(p->columns[id], columns)) {
		free(columns);
		return true;
	}
	prepared_retire(p, id);
	p->columns[id] = columns;
	return true;
}

bool
prepared_note(struct prepared *p, enum stmt_id id, bool *parses, const struct wire_message *m)
{
	bool	parsed = m->type == '1';	/* ParseComplete */

	if (m->type == 'T')			/* RowDescription */
		return describe(p, id, m);
	if (*parses && (parsed || m->type == 'E')) {
		p->state[id] = parsed ? PREPARED_DONE : PREPARED_NOT;
		*parses = false;
	}
	return true;
}

void
prepared_end(struct prepared *p)
{
	memset(p->state, 0, sizeof p->state);
}

void
prepared_free(struct prepared *p)
{
	struct columns	*next;

	for (int i = 0; i < STMT__MAX; i++)
		free(p->columns[i]);
	for (; p->old_columns != NULL; p->old_columns = next) {
		next = p->old_columns->next;
		free(p->old_columns);
	}
	*p = (struct prepared){ 0 };
}
