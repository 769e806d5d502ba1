/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/date.h"
#include "db/statement.h"
#include "http/field.h"
#include "http/once.h"
#include "http/route.h"
#include "http/tojson.h"
#include "task/many.h"

#define OBJECTS_FIRST	4096

static void
put_count(struct request *r, int64_t n)
{
	buf_str(&r->out, "{\"count\":");
	tojson_int64(&r->out, n);
	buf_char(&r->out, '}');
}

/* Writes many tasks; answers how many.  If it was made before, how many it was then. */
static enum answer
write_tasks(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = once_run(r, r->route->stmt, NULL, &row);

	if (answer != ANS_OK && answer != ANS_DONE_BEFORE)
		return answer;
	put_count(r, answer == ANS_OK ? row_int64(row, "count") : r->once.row);
	return ANS_OK;
}

enum answer
tasks_complete(struct request *r)
{
	return write_tasks(r);
}

enum answer
tasks_delete(struct request *r)
{
	return write_tasks(r);
}

enum answer
tags_rename(struct request *r)
{
	return write_tasks(r);
}

/* True if the object of the body's last field has a member. */
static bool
sets_any(const struct request *r)
{
	const struct field	*f = r->route->fields;

	while (f->type != FIELD_OBJECT)
		f++;
	for (f = f->fields; f->name != NULL; f++)
		if (r->value[f->param].data != NULL || value_is_true(&r->value[f->has]))
			return true;
	return false;
}

/* As with PUT, a change of nothing keeps the version. */
enum answer
tasks_update(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;

	if (!sets_any(r)) {
		answer = request_row(r, STMT_TASKS_COUNT, &row);
		if (answer == ANS_OK && row != NULL)
			put_count(r, row_int64(row, "count"));
		return answer == ANS_OK && row == NULL ? ANS_BAD_TOKEN : answer;
	}
	if ((answer = write_tasks(r)) != ANS_TOO_MANY_TAGS)
		return answer;
	r->within = "set";
	r->index = -1;
	request_problem(r, "body", "add_tags", "too_long", "There should be at most 32 tags");
	return ANS_BAD_FIELDS;
}

/* --- new ones ------------------------------------------------------------------ */

/* Takes more memory; the old block is freed with the request. */
static void
enlarge(struct buf *b)
{
	struct request	*r = b->owner;
	size_t		 size = b->size > 0 ? 2 * b->size : OBJECTS_FIRST;
	char		*data = request_alloc(r, size);

	if (data == NULL) {
		r->output.no_memory = true;
		b->len = 0;
		return;
	}
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	b->data = data;
	b->size = size;
}

/* Writes a member's value by its type. */
static void
put_value(struct buf *b, const struct value *v, enum type type)
{
	const struct cell	 cell = { (char *)(uintptr_t)v->data, v->len };
	char			 text[DATE_TEXT_MAX];

	if (v->data == NULL)
		buf_str(b, "null");
	else if (type == TYPE_TIMESTAMPTZ)
		tojson_string(b, text, date_format_time(text, value_get_int64(v)));
	else if (type == TYPE_DATE)
		tojson_string(b, text, date_format_day(text, (int32_t)get_be32(v->data)));
	else if (type == TYPE_TEXT_ARRAY)
		tojson_texts(b, &cell);
	else if (type == TYPE_BOOL)
		buf_str(b, value_is_true(v) ? "true" : "false");
	else
		tojson_string(b, v->data, (size_t)v->len);
}

/* As the statement reads it. */
static const struct {
	const char	*before;
	enum param	 param;
} members[] = {
	{ "{\"title\":", PARAM_TITLE }, { ",\"description\":", PARAM_DESCRIPTION },
	{ ",\"due_date\":", PARAM_DUE_DATE }, { ",\"due_day\":", PARAM_DUE_DAY },
	{ ",\"priority\":", PARAM_PRIORITY }, { ",\"tags\":", PARAM_TAGS },
	{ ",\"recursion_pattern\":", PARAM_RECURSION_PATTERN },
	{ ",\"completed\":", PARAM_COMPLETED }, { ",\"time_zone\":", PARAM_TIME_ZONE },
};

bool
many_take(struct request *r)
{
	struct buf	*b = &r->objects;

	b->drain = enlarge;
	b->owner = r;
	if (b->size == 0)
		enlarge(b);
	if (r->output.no_memory)
		return false;
	buf_char(b, b->len == 0 ? '[' : ',');
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		buf_str(b, members[i].before);
		put_value(b, &r->value[members[i].param], param_types[members[i].param]);
	}
	buf_char(b, '}');
	return !r->output.no_memory;
}

enum answer
tasks_create(struct request *r)
{
	const struct row	*row;
	const struct cell	*ids;
	enum answer		 answer;

	buf_char(&r->objects, ']');
	if (r->output.no_memory)
		return ANS_INTERNAL;
	value_bytes(&r->value[PARAM_TASKS], r->objects.data, r->objects.len);
	answer = once_run(r, r->route->stmt, NULL, &row);
	if (answer == ANS_DONE_BEFORE)
		answer = request_row(r, STMT_TASKS_CREATED, &row);
	if (answer != ANS_OK)
		return answer;
	if (row == NULL || (ids = row_cell(row, "_ids")) == NULL)
		return ANS_INTERNAL;
	buf_str(&r->out, "{\"ids\":[");
	buf_put(&r->out, ids->data, (size_t)ids->len);
	buf_str(&r->out, "]}");
	return ANS_OK;
}
