/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "task/next.h"
#include "base/date.h"
#include "db/statement.h"
#include "http/gate.h"
#include "http/once.h"
#include "http/etag.h"
#include "http/precond.h"
#include "http/tojson.h"
#include "http/route.h"
#include "db/row.h"
#include "task/task.h"
#include "task/view.h"
#include "task/when.h"

/* Takes the task's zone and clock for another try, if the write failed because of them. */
static void
note_when(struct request *r, const struct row *row)
{
	const struct cell	*own = row_cell(row, "_zone");
	char			*name;

	if (own != NULL && (name = request_printf(r, "%.*s", own->len, own->data)) != NULL)
		value_bytes(&r->value[PARAM_TIME_ZONE], name, strlen(name));
	if (row_cell(row, "_due_clock") != NULL)
		value_int64(&r->value[PARAM_DUE_CLOCK], row_int64(row, "_due_clock"));
}

/* The answer to a write, by its row. */
static enum answer
outcome(struct request *r, const struct row *row)
{
	const struct cell	*found = row_cell(row, "_found");

	if (found == NULL)
		return ANS_OK;
	note_when(r, row);
	if (!*found->data)
		return ANS_NO_TASK;
	/* The task is another version, or was deleted while the statement waited for it. */
	return precond_is_set(r) || value_is_true(&r->value[PARAM_NEXT]) ? ANS_OTHER_VERSION :
	    ANS_NO_TASK;
}

/* Reads the task. */
static enum answer
get_row(struct request *r, const struct row **row)
{
	enum answer	answer = request_row(r, STMT_TASK_GET, row);

	if (answer == ANS_OK && *row == NULL)
		return ANS_BAD_TOKEN;
	return answer == ANS_OK && row_cell(*row, "id") == NULL ? ANS_NO_TASK : answer;
}

/* Writes the task; if that was done before, the row is the task as it is now. */
static enum answer
write_once(struct request *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;

	if (!precond_values(r))
		return ANS_INTERNAL;
	if ((answer = once_run(r, stmt, outcome, row)) != ANS_DONE_BEFORE)
		return answer;
	value_int64(&r->value[PARAM_TASK_ID], r->once.row);
	return stmt == STMT_TASK_DELETE ? ANS_OK : get_row(r, row);
}

/* Writes one task as the answer, with its ETag, and the next one if that was asked for. */
static void
write_task(struct request *r, const struct row *row)
{
	precond_tag(r, row_int64(row, "updated_at"));
	buf_char(&r->out, '{');
	tojson_members(&r->out, row, r->worker->tags_string);
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
task_create(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = write_once(r, r->route->stmt, &row)) != ANS_OK)
		return answer;
	write_task(r, row);
	/* A prefix that is no plain text could forge header fields. */
	for (const char *p = r->script; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return ANS_OK;
	if (snprintf(r->location, sizeof r->location, "%s/api/%" PRId64 "/tasks/%" PRId64,
	    r->script, r->who.user_id, row_int64(row, "id")) >= (int)sizeof r->location)
		r->location[0] = '\0';
	return ANS_OK;
}

/* Runs a list's statement, up to the row that has its version. */
static enum answer
first_row(struct request *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;

	if (!precond_values(r))
		return ANS_INTERNAL;
	answer = request_row(r, stmt, row);
	return answer == ANS_OK && *row == NULL ? ANS_BAD_TOKEN : answer;
}

enum answer
task_rows(struct request *r, enum answer nobody)
{
	const struct row	*row;
	enum answer		 answer = first_row(r, r->route->stmt, &row);

	if (answer == ANS_BAD_TOKEN)
		return nobody;
	return answer != ANS_OK ? answer :
	    precond_check(r, row_int64(row, "_changed"), ANS_NOT_MODIFIED);
}

enum answer
task_list(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;
	const char		*before = "";

	if ((answer = first_row(r, r->any_field ? view_stmt(r) : r->route->stmt, &row)) != ANS_OK ||
	    (answer = precond_check(r, row_int64(row, "_changed"), ANS_NOT_MODIFIED)) != ANS_OK)
		return answer;
	if (row_cell(row, "id") != NULL && !view_link(r, row))
		return ANS_INTERNAL;
	buf_char(&r->out, '[');
	for (; (answer = request_next(r, &row)) == ANS_OK && row != NULL; before = ",") {
		buf_str(&r->out, before);
		tojson_row(&r->out, row, r->worker->tags_string);
	}
	buf_char(&r->out, ']');
	return answer;
}

/* Columns of a row, each written after its text; the last has no text. */
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

/* With a zone a day ends at its midnight, not at that of UTC. */
void
task_counts_rule(struct request *r)
{
	const struct value	*now = &r->value[PARAM_NOW], *clock = &r->value[PARAM_NOW_CLOCK];
	int64_t			 usec = now->data != NULL ? value_get_int64(now) :
				    date_from_unix(time(NULL));

	value_bool(&r->value[PARAM_NOW_IS_DAY], clock->data != NULL && now->data == NULL);
	if (r->value[PARAM_TZ].data != NULL && !value_is_true(&r->value[PARAM_NOW_IS_DAY]))
		value_int64(&r->value[PARAM_NOW_CLOCK], when_day(zone_clock(when_zone(r), usec)));
}

enum answer
task_counts(struct request *r)
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
	bool				 of_now = r->value[PARAM_NOW].data == NULL &&
					    !value_is_true(&r->value[PARAM_NOW_IS_DAY]);

	/* Tasks become overdue without a write, so that has no version. */
	if (of_now)
		r->if_match = r->if_none_match = NULL;
	if ((answer = first_row(r, r->route->stmt, &row)) != ANS_OK ||
	    (answer = precond_check(r, row_int64(row, "_changed"), ANS_NOT_MODIFIED)) != ANS_OK)
		return answer;
	if (of_now)
		r->etag[0] = '\0';
	write_parts(&r->out, all, row);
	buf_str(&r->out, "},\"tags\":[");
	while ((answer = request_next(r, &row)) == ANS_OK && row != NULL) {
		tag = row_cell(row, "tag");
		buf_str(&r->out, before);
		tojson_string(&r->out, tag == NULL ? "" : tag->data,
		    tag == NULL ? 0 : (size_t)tag->len);
		write_parts(&r->out, one, row);
		buf_char(&r->out, '}');
		before = ",{\"tag\":";
	}
	buf_str(&r->out, "]}");
	return answer;
}

/* Reads the task under the request's preconditions. */
static enum answer
read_task(struct request *r, enum answer unchanged)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = get_row(r, &row)) != ANS_OK ||
	    (answer = precond_check(r, row_int64(row, "updated_at"), unchanged)) != ANS_OK)
		return answer;
	write_task(r, row);
	return ANS_OK;
}

enum answer
task_get(struct request *r)
{
	return read_task(r, ANS_NOT_MODIFIED);
}

/*
 * Writes the task by the route's statement.  "If-None-Match: *" allows that only if
 * there is no task, and then there is nothing to write.
 */
static enum answer
write_row(struct request *r, enum stmt_id stmt, const struct row **row)
{
	enum answer	answer;

	if (r->if_none_match == NULL || !etag_is_any(r->if_none_match))
		return write_once(r, stmt, row);
	answer = read_task(r, ANS_OTHER_VERSION);
	return answer == ANS_OK ? ANS_OTHER_VERSION : answer;
}

/* A body without a known field changes nothing, not even the version. */
enum answer
task_update(struct request *r)
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
task_complete_rule(struct request *r)
{
	const struct value	*completed = &r->value[PARAM_COMPLETED];

	if (value_is_true(&r->value[PARAM_NEXT]) && completed->data != NULL &&
	    !value_is_true(completed))
		request_problem(r, "body", "next", "value_error",
		    "Only a task that is completed has a next one");
}

/* Completes the task, and makes the next one as if the task had that zone. */
static enum answer
complete_in(struct request *r, const char *zone, const struct row **row)
{
	const struct zone	*z = zone_find(&r->worker->zones, zone, strlen(zone));

	value_bytes(&r->value[PARAM_NEXT_ZONE], zone, strlen(zone));
	return next_work_out(r, z != NULL ? z : zone_utc()) ?
	    write_row(r, STMT_TASK_COMPLETE_NEXT, row) : ANS_INTERNAL;
}

/*
 * Tries the request's zone first, as most tasks that have a zone have this one, and no clock, as
 * clocks seldom leave out a time.
 */
static enum answer
complete_next(struct request *r, const struct row **row)
{
	const struct value	*own = &r->value[PARAM_TIME_ZONE];
	const char		*zone = zone_name(when_zone(r));
	enum answer		 answer = complete_in(r, zone, row);

	if (own->data != NULL && strcmp(own->data, zone) != 0)
		zone = own->data;
	else if (r->value[PARAM_DUE_CLOCK].data == NULL)
		return answer;
	return answer == ANS_OTHER_VERSION ? complete_in(r, zone, row) : answer;
}

enum answer
task_complete(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = value_is_true(&r->value[PARAM_NEXT]) ?
				    complete_next(r, &row) :
				    write_row(r, r->route->stmt, &row);

	if (answer != ANS_OK)
		return answer;
	if (row_cell(row, "_next") != NULL)
		r->next_id = row_int64(row, "_next");
	write_task(r, row);
	return ANS_OK;
}

enum answer
task_delete(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = write_row(r, r->route->stmt, &row)) != ANS_OK)
		return answer;
	buf_str(&r->out, "{\"message\":\"Task deleted\"}");
	return ANS_OK;
}

enum answer
task_path_id(struct request *r, const char *text, size_t len)
{
	return gate_take_id(r, "task_id", PARAM_TASK_ID, text, len);
}
