/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>

#include "task/agenda.h"
#include "conf.h"
#include "base/date.h"
#include "db/db.h"
#include "http/etag.h"
#include "http/tojson.h"
#include "http/route.h"
#include "db/row.h"
#include "task/task.h"
#include "task/view.h"

const char *const	task_priorities[] = { "High", "Medium", "Low", NULL };

const struct field task_fields[] = {
	{ .name = "title", .type = FIELD_TEXT, .required = true, .trim = true, .line = true,
	  .min = 1, .max = 200, .param = PARAM_TITLE },
	{ .name = "description", .type = FIELD_TEXT, .null = true, .max = 10000,
	  .param = PARAM_DESCRIPTION, .has = PARAM_HAS_DESCRIPTION },
	{ .name = "due_date", .type = FIELD_DATE, .null = true,
	  .param = PARAM_DUE_DATE, .has = PARAM_HAS_DUE_DATE },
	{ .name = "priority", .type = FIELD_CHOICE, .choices = task_priorities,
	  .param = PARAM_PRIORITY },
	{ .name = "tags", .type = FIELD_TAGS, .null = true, .line = true,
	  .min = 1, .max = 50, .count = 32, .param = PARAM_TAGS },
	{ .name = "recursion_pattern", .type = FIELD_TEXT, .null = true, .line = true,
	  .max = 100, .param = PARAM_RECURSION_PATTERN,
	  .has = PARAM_HAS_RECURSION_PATTERN },
	{ .name = "completed", .type = FIELD_BOOL, .param = PARAM_COMPLETED },
	{ .name = NULL }
};

/* What the client has of the task, with which the next one is worked out. */
const struct field complete_fields[] = {
	{ .name = "completed", .type = FIELD_BOOL, .param = PARAM_COMPLETED },
	{ .name = "next", .type = FIELD_BOOL, .param = PARAM_NEXT },
	{ .name = "due_date", .type = FIELD_DATE, .required = true, .null = true,
	  .param = PARAM_DUE_DATE, .has = PARAM_HAS_DUE_DATE, .only = PARAM_NEXT },
	{ .name = "recursion_pattern", .type = FIELD_TEXT, .required = true, .null = true,
	  .line = true, .max = 100, .param = PARAM_RECURSION_PATTERN,
	  .has = PARAM_HAS_RECURSION_PATTERN, .only = PARAM_NEXT },
	{ .name = NULL }
};

#define IDS	.name = "ids", .type = FIELD_IDS, .required = true, .count = 1000, \
		.param = PARAM_IDS

const struct field tasks_complete_fields[] = {
	{ IDS },
	{ .name = "completed", .type = FIELD_BOOL, .param = PARAM_COMPLETED },
	{ .name = NULL }
};

const struct field tasks_delete_fields[] = {
	{ IDS },
	{ .name = NULL }
};

const struct field counts_query[] = {
	{ .name = "now", .type = FIELD_DATE, .param = PARAM_NOW, .clock = PARAM_NOW_CLOCK,
	  .about = "What is due before is overdue; compared as due_before of the list.  "
	  "Without it there is no ETag" },
	{ .name = NULL }
};

/* The form of answers, for their tags: the number rises with each change of what we write. */
static const char *
form(void)
{
	return conf.tags_string ? "1s" : "1a";
}

/* The versions that a field names, as an array for the statement. */
static bool
versions(struct req *r, const char *field, const char *of_form, struct value *v)
{
	const char	*p = field;
	size_t		 n = 0;
	int64_t		 version;
	unsigned char	*array, *to;

	while (etag_next(&p, of_form, &version))
		n++;
	if ((array = req_alloc(r, VALUE_ARRAY_HEAD + 12 * n)) == NULL)
		return false;
	to = value_array_head(array, TYPE_TIMESTAMPTZ, n);
	for (; n > 0 && etag_next(&field, of_form, &version); to += 12) {
		put_be32(to, 8);
		put_be64(to + 4, (uint64_t)version);
	}
	value_bytes(v, array, (size_t)(to - array));
	return true;
}

/* True where the field names the version. */
static bool
names(const char *field, const char *of_form, int64_t version)
{
	int64_t	other;

	if (etag_is_any(field))
		return true;
	while (etag_next(&field, of_form, &other))
		if (other == version)
			return true;
	return false;
}

/* The preconditions (RFC 9110, section 13) go into the statement. */
static bool
want_version(struct req *r)
{
	return (r->if_match == NULL || etag_is_any(r->if_match) ||
	    versions(r, r->if_match, NULL, &r->value[PARAM_IF_MATCH])) &&
	    (r->if_none_match == NULL ||
	    versions(r, r->if_none_match, form(), &r->value[PARAM_IF_NONE_MATCH]));
}

/*
 * Runs the statement; its row is of the task, or the answer says why not.
 * ANS_AGAIN also where the task went while the statement waited for it.
 */
static enum answer
try_row(struct req *r, enum stmt_id stmt, const struct row **row)
{
	const struct cell	*found;
	enum answer		 answer;

	if ((answer = db_exec(stmt, r->value)) != ANS_OK ||
	    (answer = db_next(row)) != ANS_OK)
		return answer;
	if (*row == NULL)
		return ANS_BAD_TOKEN;
	if (row_cell(*row, "id") != NULL)
		return ANS_OK;
	found = row_cell(*row, "_found");
	if (found == NULL || !*found->data)
		return ANS_NO_TASK;
	return stmt == STMT_TASK_COMPLETE_NEXT || r->value[PARAM_IF_MATCH].data != NULL ||
	    r->value[PARAM_IF_NONE_MATCH].data != NULL ? ANS_OTHER_VERSION : ANS_AGAIN;
}

/* The same; a write that was made before is answered with the task as it is now. */
static enum answer
one_row(struct req *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;
	int64_t		id;

	if (!want_version(r))
		return ANS_INTERNAL;
	answer = try_row(r, stmt, row);
	if (answer == ANS_OK || stmts[stmt].kind != STMT_KIND_WRITE)
		return answer;
	if ((answer = once_before(r, answer, &id)) == ANS_OK && stmt != STMT_TASK_DELETE) {
		value_int64(&r->value[PARAM_TASK_ID], id);
		return try_row(r, STMT_TASK_GET, row);
	}
	if (answer == ANS_AGAIN)
		answer = try_row(r, stmt, row);
	return answer == ANS_AGAIN ? ANS_NO_TASK : answer;
}

/* One task as the answer, with its ETag, and the one that follows it where asked for. */
static void
write_task(struct req *r, const struct row *row)
{
	etag_format(r->etag, sizeof r->etag, row_int64(row, "updated_at"), form());
	buf_char(&r->out, '{');
	tojson_members(&r->out, row, conf.tags_string);
	if (value_is_true(&r->value[PARAM_NEXT])) {
		buf_str(&r->out, ",\"next_id\":");
		if (r->next_id != 0)
			tojson_int64(&r->out, r->next_id);
		else
			buf_str(&r->out, "null");
	}
	buf_char(&r->out, '}');
}

enum answer
task_create(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = one_row(r, r->route->stmt, &row)) != ANS_OK)
		return answer;
	write_task(r, row);
	/* A prefix that is no plain text could forge header fields. */
	for (const char *p = r->script; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return ANS_OK;
	if (snprintf(r->location, sizeof r->location, "%s/api/%" PRId64 "/tasks/%" PRId64,
	    r->script, r->token.user_id, row_int64(row, "id")) >= (int)sizeof r->location)
		r->location[0] = '\0';
	return ANS_OK;
}

/*
 * Whether the request is for this version, which the answer gets as its ETag;
 * unchanged where If-None-Match does not hold.
 */
static enum answer
check_version(struct req *r, int64_t version, enum answer unchanged)
{
	if (r->if_match != NULL && !names(r->if_match, NULL, version))
		return ANS_OTHER_VERSION;
	etag_format(r->etag, sizeof r->etag, version, form());
	return r->if_none_match != NULL && names(r->if_none_match, form(), version) ?
	    unchanged : ANS_OK;
}

/* Runs a list's statement, up to the row that has its version. */
static enum answer
first_row(struct req *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;

	if (!want_version(r))
		return ANS_INTERNAL;
	if ((answer = db_exec(stmt, r->value)) != ANS_OK || (answer = db_next(row)) != ANS_OK)
		return answer;
	return *row == NULL ? ANS_BAD_TOKEN : ANS_OK;
}

enum answer
task_rows(struct req *r, enum answer nobody)
{
	const struct row	*row;
	enum answer		 answer = first_row(r, r->route->stmt, &row);

	if (answer == ANS_BAD_TOKEN)
		return nobody;
	return answer != ANS_OK ? answer :
	    check_version(r, row_int64(row, "_changed"), ANS_NOT_MODIFIED);
}

bool
task_due(const struct row *row, int64_t *usec, bool *of_days)
{
	const struct cell	*c = row_cell(row, "due_date");

	if (c == NULL)
		return false;
	*of_days = row->column[c - row->cell].type == COLUMN_DAY;
	*usec = *of_days ? (int32_t)get_be32(c->data) * DATE_USEC_PER_DAY :
	    (int64_t)get_be64(c->data);
	return true;
}

enum answer
task_list(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;
	const char		*before = "";

	if ((answer = first_row(r, r->any_field ? view_stmt(r) : r->route->stmt, &row)) != ANS_OK ||
	    (answer = check_version(r, row_int64(row, "_changed"), ANS_NOT_MODIFIED)) != ANS_OK)
		return answer;
	if (row_cell(row, "id") != NULL && !view_link(r, row))
		return ANS_INTERNAL;
	buf_char(&r->out, '[');
	for (; (answer = db_next(&row)) == ANS_OK && row != NULL; before = ",") {
		buf_str(&r->out, before);
		tojson_row(&r->out, row, conf.tags_string);
	}
	buf_char(&r->out, ']');
	return answer;
}

/* Writes columns of a row, each behind its text, up to the one that has no text. */
struct part {
	const char	*before, *column;
};

static void
write_parts(struct buf *b, const struct part *part, const struct row *row)
{
	for (; part->before != NULL; part++) {
		buf_str(b, part->before);
		tojson_int64(b, row_int64(row, part->column));
	}
}

enum answer
task_counts(struct req *r)
{
	static const struct part	all[] = {
		{ "{\"total\":", "total" }, { ",\"open\":", "open" },
		{ ",\"completed\":", "completed" }, { ",\"overdue\":", "overdue" },
		{ ",\"priority\":{\"High\":", "high" }, { ",\"Medium\":", "medium" },
		{ ",\"Low\":", "low" }, { NULL, NULL }
	}, one[] = {
		{ ",\"open\":", "open" }, { ",\"completed\":", "completed" }, { NULL, NULL }
	};
	const struct row		*row;
	const struct cell		*tag;
	const char			*before = "{\"tag\":";
	enum answer			 answer;

	/* What is overdue by now changes without a write: there is no version of that. */
	if (r->value[PARAM_NOW].data == NULL)
		r->if_match = r->if_none_match = NULL;
	if ((answer = first_row(r, r->route->stmt, &row)) != ANS_OK ||
	    (answer = check_version(r, row_int64(row, "_changed"), ANS_NOT_MODIFIED)) != ANS_OK)
		return answer;
	if (r->value[PARAM_NOW].data == NULL)
		r->etag[0] = '\0';
	write_parts(&r->out, all, row);
	buf_str(&r->out, "},\"tags\":[");
	while ((answer = db_next(&row)) == ANS_OK && row != NULL) {
		tag = row_cell(row, "tag");
		buf_str(&r->out, before);
		tojson_string(&r->out, tag == NULL ? "" : tag->data, tag == NULL ? 0 : (size_t)tag->len);
		write_parts(&r->out, one, row);
		buf_char(&r->out, '}');
		before = ",{\"tag\":";
	}
	buf_str(&r->out, "]}");
	return answer;
}

/* Reads the task under the request's preconditions. */
static enum answer
read_task(struct req *r, enum answer unchanged)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = one_row(r, STMT_TASK_GET, &row)) != ANS_OK ||
	    (answer = check_version(r, row_int64(row, "updated_at"), unchanged)) != ANS_OK)
		return answer;
	write_task(r, row);
	return ANS_OK;
}

enum answer
task_get(struct req *r)
{
	return read_task(r, ANS_NOT_MODIFIED);
}

/*
 * A write of the task by the route's statement.  "If-None-Match: *" allows one
 * only where there is no task, and then there is nothing to write.
 */
static enum answer
write_row(struct req *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;

	if (r->if_none_match == NULL || !etag_is_any(r->if_none_match))
		return one_row(r, stmt, row);
	answer = read_task(r, ANS_OTHER_VERSION);
	return answer == ANS_OK ? ANS_OTHER_VERSION : answer;
}

/* A body without a known field changes nothing, not even the version. */
enum answer
task_update(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;

	if (!r->any_field)
		return read_task(r, ANS_OTHER_VERSION);
	if ((answer = write_row(r, r->route->stmt, &row)) == ANS_OK)
		write_task(r, row);
	return answer;
}

void
task_complete_rule(struct req *r)
{
	const struct value	*completed = &r->value[PARAM_COMPLETED];

	if (value_is_true(&r->value[PARAM_NEXT]) && completed->data != NULL &&
	    !value_is_true(completed))
		req_problem(r, "body", "next", "value_error",
		    "Only a task that is completed has a next one");
}

enum answer
task_complete(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;
	bool			 next = value_is_true(&r->value[PARAM_NEXT]);

	if (next && !agenda_next(r))
		return ANS_INTERNAL;
	if ((answer = write_row(r, next ? STMT_TASK_COMPLETE_NEXT : r->route->stmt, &row)) != ANS_OK)
		return answer;
	if (row_cell(row, "_next") != NULL)
		r->next_id = row_int64(row, "_next");
	write_task(r, row);
	return ANS_OK;
}

enum answer
task_delete(struct req *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = write_row(r, r->route->stmt, &row)) != ANS_OK)
		return answer;
	buf_str(&r->out, "{\"message\":\"Task deleted\"}");
	return ANS_OK;
}

/* A write of many tasks.  One that was made before says how many it were then. */
static enum answer
write_tasks(struct req *r)
{
	const struct row	*row;
	enum answer		 answer = ANS_AGAIN;
	int64_t			 n = 0;

	for (int i = 0; i < 2 && answer == ANS_AGAIN; i++) {
		if ((answer = db_exec(r->route->stmt, r->value)) == ANS_OK &&
		    (answer = db_next(&row)) == ANS_OK) {
			if (row == NULL)
				return ANS_BAD_TOKEN;
			n = row_int64(row, "count");
		} else
			answer = once_before(r, answer, &n);
	}
	if (answer != ANS_OK)
		return answer;
	buf_str(&r->out, "{\"count\":");
	tojson_int64(&r->out, n);
	buf_char(&r->out, '}');
	return ANS_OK;
}

enum answer
tasks_complete(struct req *r)
{
	return write_tasks(r);
}

enum answer
tasks_delete(struct req *r)
{
	return write_tasks(r);
}
