/* SPDX-License-Identifier: ISC */
/*
 * A query and its parameters; what links to the next page say is what was asked.  The
 * first byte says of which route, and which task the next page begins with.
 */
#include "base/date.h"
#include "fuzz.h"
#include "base/jsoncheck.h"
#include "http/query.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/gate.h"
#include "routes.h"
#include "task/fields.h"
#include "task/task.h"
#include "db/value.h"
#include "task/view.h"

static const char *const	paths[] = { "PATH_INFO=/api/1/tasks", "PATH_INFO=/api/1/counts" };

static void
check_time(const struct value *v)
{
	HOLDS(v->len == 8);
	HOLDS((int64_t)get_be64(v->data) >= (DATE_DAY_MIN - 1) * DATE_USEC_PER_DAY);
	HOLDS((int64_t)get_be64(v->data) < (DATE_DAY_MAX + 2) * DATE_USEC_PER_DAY);
}

static void
check_value(const struct request *r, const struct field *f, const struct value *v)
{
	const char	*text = v->data;
	size_t		 n = 0;
	bool		 known = false;

	switch (f->type) {
	case FIELD_BOOL:
		HOLDS(v->len == 1 && (unsigned char)*text <= 1);
		break;
	case FIELD_CHOICE:
		for (const char *const *c = f->choices; *c != NULL; c++)
			known = known || strcmp(text, *c) == 0;
		HOLDS(known);
		break;
	case FIELD_COUNT:
		HOLDS(v->len == 8 && get_be64(text) >= f->min && get_be64(text) <= f->max);
		break;
	case FIELD_DATE:
		check_time(v);
		check_time(&r->value[f->clock]);
		break;
	case FIELD_ZONE:
		HOLDS(strlen(text) == (size_t)v->len && v->len < ZONE_NAME_MAX);
		break;
	case FIELD_TEXT:
		HOLDS(strlen(text) == (size_t)v->len);
		for (const char *p = text; *p != '\0'; p++)
			n += (*p & 0xc0) != 0x80;
		HOLDS(n >= f->min && n <= f->max);
		break;
	default:
		HOLDS(false);
	}
}

/* A row of the one task, whose due date may be none, a date or a time. */
static const struct row *
next_task(unsigned how)
{
	static struct columns	columns = { .n = 5, .column = { { .name = "id" },
				    { .name = "due_date" }, { .name = "priority" }, { .name = "_clock" },
				    { .name = "completed_at" } } };
	static struct row	row;
	static char		id[8], due[8], clock[8], zero[8];
	static const int	lengths[] = { 0, 4, 8, 8 };
	const char		*priority = task_priorities[how / 4 % 3];

	put_be64(id, UINT64_C(1) << how % 63);
	memset(due, (int)how % 5, sizeof due);
	if (how % 4 == 3)
		put_be64(due, (uint64_t)-INT64_C(1000000) * how);
	row = (struct row){ .columns = &columns };
	row.cell[0].data = id;
	row.cell[0].len = 8;
	row.cell[1].data = lengths[how % 4] == 0 ? NULL : due;
	row.cell[1].len = lengths[how % 4];
	if (row.cell[1].len > 0)
		due[0] = how % 4 == 3 ? (char)0xff : 0;
	row.cell[2].data = fuzz_text(priority, strlen(priority));
	row.cell[2].len = (int)strlen(priority);
	put_be64(clock, lengths[how % 4] == 0 ? INT64_MAX : lengths[how % 4] == 4 ?
	    (uint64_t)((int32_t)get_be32(due) * DATE_USEC_PER_DAY) : get_be64(due));
	row.cell[3] = (struct cell){ clock, 8 };
	row.cell[4] = (struct cell){ lengths[how % 4] == 8 ? due : zero, 8 };
	return &row;
}

static struct worker	worker = { .routes = routes, .parts = path_parts };

/* The request by path and query, read; true where all of it holds its rules. */
static bool
read_query(struct request *r, char *path, char *query)
{
	static char	method[] = "REQUEST_METHOD=GET";
	char		*params[] = { method, path, query, NULL };

	request_init(r, &worker, fuzz_exchange(params, "", 0));
	reply_init(r);
	HOLDS(gate_find(r) == ANS_OK);
	HOLDS(query_read(r) == ANS_OK);
	for (const struct field *f = r->route->query; f->name != NULL; f++)
		if (r->value[f->param].data != NULL)
			check_value(r, f, &r->value[f->param]);
	if (r->nproblems == 0 && r->route->rule != NULL)
		r->route->rule(r);
	return r->nproblems == 0;
}

/* The link's own query means the same, and its cursor is taken. */
static void
check_link(struct request *r, char *path, unsigned how)
{
	static struct request	 again;
	static const char	 head[] = "</api/0/tasks?", tail[] = ">; rel=\"next\"";
	const struct row	*next = next_task(how);
	char			*query;
	size_t			 len;

	HOLDS(view_link(r, next));
	free(next->cell[2].data);
	len = strlen(r->link);
	HOLDS(len < 3000 && len > sizeof head + sizeof tail);
	HOLDS(memcmp(r->link, head, sizeof head - 1) == 0);
	HOLDS(strcmp(r->link + len - sizeof tail + 1, tail) == 0);
	len -= sizeof head + sizeof tail - 2;
	for (size_t i = 0; i < len; i++)
		HOLDS(strchr("<>\" ,;", r->link[sizeof head - 1 + i]) == NULL &&
		    r->link[sizeof head - 1 + i] > ' ');
	query = malloc(len + sizeof "QUERY_STRING=");
	HOLDS(query != NULL);
	sprintf(query, "QUERY_STRING=%.*s", (int)len, r->link + sizeof head - 1);
	HOLDS(read_query(&again, path, query));
	HOLDS(view_stmt(&again) == view_stmt(r));
	for (const struct field *f = r->route->query; f->name != NULL; f++) {
		const struct value	*a = &r->value[f->param], *b = &again.value[f->param];

		if (f->param == PARAM_CURSOR)
			continue;
		HOLDS((a->data == NULL) == (b->data == NULL) && a->len == b->len);
		HOLDS(a->data == NULL || memcmp(a->data, b->data, (size_t)a->len) == 0);
	}
	HOLDS(get_be64(again.value[PARAM_FROM_ID].data) == UINT64_C(1) << how % 63);
	request_free(&again);
	free(query);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct request	 r;
	unsigned		 how;
	char			*path, *query;
	const char		*body;
	enum answer		 answer = ANS_OK;

	if (size == 0 || memchr(data, '\0', size) != NULL)
		return 0;
	how = *data;
	path = fuzz_text(paths[how >> 7], strlen(paths[how >> 7]));
	query = malloc(size + sizeof "QUERY_STRING=");
	HOLDS(query != NULL);
	sprintf(query, "QUERY_STRING=%.*s", (int)size - 1, (const char *)data + 1);
	if (!read_query(&r, path, query))
		answer = ANS_BAD_FIELDS;
	else if (r.route->handler == task_list)
		check_link(&r, path, how);
	reply_end(&r, answer);
	body = strstr(fuzz_answer(), "\r\n\r\n");
	HOLDS(body != NULL);
	HOLDS(answer == ANS_OK || jsoncheck(body + 4, strlen(body + 4)));
	request_free(&r);
	free(path);
	free(query);
	return 0;
}
