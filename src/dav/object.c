/* SPDX-License-Identifier: ISC */
/* One task as a resource, its text (a calendar object resource, RFC 4791, section 4.1). */
#include <stdlib.h>

#include "base/date.h"
#include "dav/dav.h"
#include "dav/kept.h"
#include "dav/path.h"
#include "db/row.h"
#include "http/etag.h"
#include "http/field.h"
#include "http/once.h"
#include "http/precond.h"
#include "http/request.h"
#include "task/libical.h"
#include "task/vtodo.h"

#define RACES_MAX	3
#define OWN_UID_END	"@neon-todo"
#define CONDITION_MAX	4096		/* bytes; a name has 255 characters */

enum answer
dav_get(struct request *r)
{
	const struct row	*row;
	struct vtodo		 t;
	enum answer		 answer;

	if ((answer = dav_begin(r)) != ANS_OK ||
	    (answer = request_row(r, STMT_DAV_GET, &row)) != ANS_OK)
		return answer;
	if (row == NULL)
		return ANS_BAD_TOKEN;
	if ((answer = dav_whose(r, row)) != ANS_OK)
		return answer;
	if (row_cell(row, "id") == NULL)
		return ANS_NO_TASK;
	if ((answer = precond_check(r, row_int64(row, "updated_at"), ANS_NOT_MODIFIED)) != ANS_OK)
		return answer;
	vtodo_of_row(&t, row);
	return libical_load() != NULL && kept_put(&r->out, &t, &r->worker->zones) ? ANS_OK :
	    ANS_INTERNAL;
}

/* What the client is told of a text that is refused. */
static const enum answer	faults[KEPT__MAX] = {
	[KEPT_OK] = ANS_OK,
	[KEPT_LARGE] = ANS_TEXT_LARGE,
	[KEPT_HAS_NUL] = ANS_BAD_CALENDAR,
	[KEPT_NOT_UTF8] = ANS_BAD_CALENDAR,
	[KEPT_NO_CALENDAR] = ANS_BAD_CALENDAR,
	[KEPT_UNBALANCED] = ANS_BAD_CALENDAR,
	[KEPT_DEEP] = ANS_BAD_CALENDAR,
	[KEPT_METHOD] = ANS_BAD_OBJECT,
	[KEPT_NO_TODO] = ANS_BAD_OBJECT,
	[KEPT_NO_UID] = ANS_BAD_OBJECT,
	[KEPT_TWO_UIDS] = ANS_BAD_OBJECT,
	[KEPT_LONG_UID] = ANS_BAD_OBJECT,
	[KEPT_TWO_MASTERS] = ANS_BAD_OBJECT,
	[KEPT_NOT_TODO] = ANS_NOT_TODO,
	[KEPT_NO_MEMORY] = ANS_INTERNAL,
};

/* Takes the body's text; *all is false if characters had to go. */
static enum answer
take_text(struct request *r, struct span *text, bool *all)
{
	enum answer	 answer;
	char		*body;
	size_t		 len, left;

	if (r->content_type != NULL && !request_is_type(r, "text/calendar"))
		return ANS_NOT_CALENDAR;
	if ((answer = dav_body(r, &body, &len)) != ANS_OK)
		return answer == ANS_BODY_LARGE ? ANS_TEXT_LARGE : answer;
	left = kept_clean(body, len);
	*all = left == len;
	*text = (struct span){ body, left };
	return faults[kept_check(body, left)];
}

static void
set_text(struct request *r, enum param param, struct span text)
{
	value_bytes(&r->value[param], text.at, text.len);
}

static void
set_times(struct request *r, const struct vtodo *t)
{
	if (t->has_due)
		value_int64(&r->value[PARAM_DUE_DATE], t->due);
	if (t->has_due && t->of_days)
		value_int32(&r->value[PARAM_DUE_DAY], (int32_t)(t->due / DATE_USEC_PER_DAY));
	if (t->completed_at != INT64_MIN)
		value_int64(&r->value[PARAM_COMPLETED_AT], t->completed_at);
}

/* The UID, and which task has it if no client gave that one. */
static void
set_uid(struct request *r, struct span uid)
{
	int64_t	id, created;

	set_text(r, PARAM_UID, uid);
	if (!dav_read_own(uid, OWN_UID_END, &id, &created))
		return;
	value_int64(&r->value[PARAM_UID_TASK], id);
	value_int64(&r->value[PARAM_UID_CREATED], created);
}

/* The columns that the text means, for the statement; false without memory. */
static bool
set_columns(struct request *r, const struct vtodo *t)
{
	const char	*priority = vtodo_priority_name(t->priority);

	set_text(r, PARAM_TITLE, t->title);
	set_text(r, PARAM_DESCRIPTION, t->description);
	set_text(r, PARAM_RECURSION_PATTERN, t->pattern);
	value_bool(&r->value[PARAM_PATTERN_IS_APART], t->pattern_is_apart);
	set_text(r, PARAM_TIME_ZONE, t->zone);
	set_text(r, PARAM_PRIORITY, span_of(priority));
	set_times(r, t);
	set_uid(r, t->uid);
	value_bool(&r->value[PARAM_COMPLETED], t->completed);
	return field_texts(r, PARAM_TAGS, t->tag, (size_t)t->ntags);
}

/* The versions that may be written, and whether there has to be one. */
static bool
set_preconditions(struct request *r)
{
	value_bool(&r->value[PARAM_MUST_EXIST], r->if_match != NULL);
	value_bool(&r->value[PARAM_MUST_NOT_EXIST], r->if_none_match != NULL &&
	    etag_is_any(r->if_none_match));
	return precond_values(r);
}

static bool
is_true(const struct row *row, const char *name)
{
	const struct cell	*c = row_cell(row, name);

	return c != NULL && *c->data != 0;
}

static void
drop(struct buf *b)
{
	b->len = 0;		/* there is room for all names */
}

/* The UID is that of the resource of this name. */
static enum answer
uid_taken(struct request *r, const char *name, size_t len)
{
	size_t		 size = CONDITION_MAX + 3 * strlen(r->script);
	struct buf	 b = { .data = request_alloc(r, size), .size = size - 1, .drain = drop };

	if (b.data == NULL)
		return ANS_INTERNAL;
	buf_str(&b, "<C:no-uid-conflict><D:href>");
	dav_path(&b, r->script, DAV_IS_TASK, r->who.user_id);
	dav_encoded(&b, name, len);
	buf_str(&b, "</D:href></C:no-uid-conflict>");
	r->condition = b.data;
	return ANS_UID_TAKEN;
}

/* What became of a PUT, by the statement's row. */
static enum answer
put_outcome(struct request *r, const struct row *row)
{
	const struct value	*name = &r->value[PARAM_NAME];
	const struct cell	*other = row_cell(row, "_other");
	enum answer		 answer = dav_whose(r, row);
	bool			 was = is_true(row, "_was");

	if (answer != ANS_OK || row_cell(row, "id") != NULL)
		return answer;
	if (was && (!is_true(row, "_fits") || value_is_true(&r->value[PARAM_MUST_NOT_EXIST])))
		return ANS_OTHER_VERSION;
	if (!was && is_true(row, "_seen"))
		return ANS_RACED;		/* it went */
	if (!was && value_is_true(&r->value[PARAM_MUST_EXIST]))
		return ANS_OTHER_VERSION;
	if (other != NULL)
		return uid_taken(r, other->data, (size_t)other->len);
	if (was && !is_true(row, "_same"))
		return uid_taken(r, name->data, (size_t)name->len);
	return ANS_RACED;
}

/* Writes it; who meets another write does so once more. */
static enum answer
put_once(struct request *r, const struct row **row)
{
	enum answer	answer = ANS_RACED;

	for (int i = 0; i < RACES_MAX && answer == ANS_RACED; i++) {
		answer = once_run(r, STMT_DAV_PUT, put_outcome, row);
		if (answer != ANS_NO_ZONE || r->value[PARAM_TIME_ZONE].data == NULL)
			continue;
		/* The database does not know the zone, though we do. */
		set_text(r, PARAM_TIME_ZONE, (struct span){ NULL, 0 });
		answer = ANS_RACED;
	}
	return answer;
}

/* *all becomes false if the version that is known is not that of this text. */
static enum answer
store(struct request *r, const struct row **row, bool *all)
{
	enum answer	answer = put_once(r, row);

	if (answer != ANS_DONE_BEFORE)
		return answer;
	r->who.user_id = value_get_int64(&r->value[PARAM_USER_ID]);
	value_int64(&r->value[PARAM_TASK_ID], r->once.row);
	if ((answer = request_row(r, STMT_DAV_PUT_AGAIN, row)) != ANS_OK)
		return answer;
	*all = *all && *row != NULL && is_true(*row, "_same");
	return ANS_OK;
}

static enum answer
put_text(struct request *r, struct span text, bool all)
{
	struct vtodo		*t = kept_columns(text.at, text.len, &r->worker->zones);
	const struct row	*row = NULL;
	enum answer		 answer = ANS_INTERNAL;

	set_text(r, PARAM_ICAL, text);
	if (t != NULL && set_columns(r, t) && set_preconditions(r))
		answer = store(r, &row, &all);
	free(t);
	if (answer != ANS_OK)
		return answer;
	/* Who gets a version takes it for that of the own bytes. */
	if (all && row != NULL)
		precond_tag(r, row_int64(row, "updated_at"));
	return row != NULL && is_true(row, "made") ? ANS_CREATED : ANS_CHANGED;
}

enum answer
dav_put(struct request *r)
{
	struct span	text;
	enum answer	answer;
	bool		all;

	if ((answer = dav_begin(r)) != ANS_OK || (answer = take_text(r, &text, &all)) != ANS_OK)
		return answer;
	return libical_load() != NULL ? put_text(r, text, all) : ANS_INTERNAL;
}

static enum answer
delete_outcome(struct request *r, const struct row *row)
{
	enum answer	answer = dav_whose(r, row);

	if (answer != ANS_OK || row_cell(row, "id") != NULL)
		return answer;
	return is_true(row, "_seen") && (precond_is_set(r) ||
	    value_is_true(&r->value[PARAM_MUST_NOT_EXIST])) ? ANS_OTHER_VERSION : ANS_NO_TASK;
}

enum answer
dav_delete(struct request *r)
{
	const struct row	*row;
	enum answer		 answer = dav_begin(r);

	if (answer != ANS_OK)
		return answer;
	if (!set_preconditions(r))
		return ANS_INTERNAL;
	answer = once_run(r, STMT_DAV_DELETE, delete_outcome, &row);
	if (answer == ANS_DONE_BEFORE)
		r->who.user_id = value_get_int64(&r->value[PARAM_USER_ID]);
	return answer == ANS_OK || answer == ANS_DONE_BEFORE ? ANS_CHANGED : answer;
}
