/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "dav/ask.h"
#include "dav/dav.h"
#include "dav/path.h"
#include "dav/props.h"
#include "dav/xml.h"
#include "http/request.h"
#include "http/route.h"

enum answer
dav_begin(const struct request *r)
{
	return r->if_locked != NULL ? ANS_NO_LOCK : ANS_OK;
}

enum answer
dav_moved(struct request *r)
{
	struct buf	b = { .data = r->location, .size = sizeof r->location - 1 };

	/* Encoded, it is three times as long at most. */
	if (3 * strlen(r->script) + sizeof DAV_CONTEXT > b.size)
		return ANS_NO_PATH;
	dav_path(&b, r->script, DAV_IS_CONTEXT, 0);
	r->location[b.len] = '\0';
	return ANS_OK;
}

enum answer
dav_options(struct request *r)
{
	r->dav = "1, 3, calendar-access";
	return ANS_OK;
}

enum answer
dav_refuse(struct request *r)
{
	enum dav_kind	kind = dav_kind_of(r);
	bool		is_new = strcmp(r->method, "MKCALENDAR") == 0 ||
			    strcmp(r->method, "MKCOL") == 0;

	if (is_new && (kind == DAV_IS_NOTHING || kind == DAV_IS_TASK))
		return ANS_NO_PLACE;
	if (kind == DAV_IS_NOTHING || kind == DAV_IS_ROOT)
		return ANS_NO_PATH;
	return strcmp(r->method, "DELETE") == 0 && kind != DAV_IS_TASK ? ANS_KEPT : ANS_NO_METHOD;
}

/* The statement that reads what is asked for of a resource, with its members or without. */
static enum stmt_id
statement_for(enum dav_kind kind, bool members)
{
	switch (kind) {
	case DAV_IS_LIST:
		return members ? STMT_DAV_TASKS : STMT_DAV_LIST;
	case DAV_IS_TASK:
		return STMT_DAV_TASK;
	default:
		return STMT_DAV_ACCOUNT;
	}
}

/* The members of the collection: of the list those that the statement gives. */
static enum answer
put_members(struct request *r, struct props *p, const struct ask *ask)
{
	const struct row	*row;
	enum answer		 answer = ANS_OK;

	switch (p->kind) {
	case DAV_IS_CONTEXT:
	case DAV_IS_HOME:
		p->kind = p->kind == DAV_IS_CONTEXT ? DAV_IS_HOME : DAV_IS_LIST;
		props_response(p, ask, &r->out);
		break;
	case DAV_IS_LIST:
		while ((answer = request_next(r, &row)) == ANS_OK && row != NULL) {
			props_task(p, row);
			props_response(p, ask, &r->out);
		}
		break;
	default:
		break;
	}
	return answer;
}

/* Reads what the resource is; ANS_OK or what is wrong with it. */
static enum answer
open_resource(struct request *r, struct props *p, enum dav_kind kind, bool members)
{
	const struct row	*row;
	enum answer		 answer;

	if ((answer = request_row(r, statement_for(kind, members), &row)) != ANS_OK)
		return answer;
	if (row == NULL)
		return ANS_BAD_TOKEN;
	if ((answer = props_account(p, r, row)) != ANS_OK)
		return answer;
	p->kind = kind;
	if (kind != DAV_IS_TASK)
		return ANS_OK;
	if (row_cell(row, "id") == NULL)
		return ANS_NO_TASK;
	props_task(p, row);
	return ANS_OK;
}

/* The depth to which a resource is described; ANS_DEEP if that is not done. */
static enum answer
depth_of(const struct request *r, enum dav_kind kind, int *depth)
{
	enum answer	answer = ask_depth(r, depth);

	if (answer != ANS_OK || *depth != -1)
		return answer;
	*depth = kind == DAV_IS_LIST;
	return kind == DAV_IS_LIST || kind == DAV_IS_TASK ? ANS_OK : ANS_DEEP;
}

enum answer
dav_propfind(struct request *r)
{
	enum dav_kind	 kind = dav_kind_of(r);
	struct ask	*ask;
	struct props	 p;
	enum answer	 answer;
	int		 depth;

	if ((answer = dav_begin(r)) != ANS_OK || (answer = depth_of(r, kind, &depth)) != ANS_OK ||
	    (answer = ask_read(r, &ask)) != ANS_OK ||
	    (answer = open_resource(r, &p, kind, depth > 0)) != ANS_OK)
		return answer;
	xml_begin(&r->out);
	props_response(&p, ask, &r->out);
	if (depth > 0)
		answer = put_members(r, &p, ask);
	xml_end(&r->out);
	return answer;
}
