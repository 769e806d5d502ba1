/* SPDX-License-Identifier: ISC */
/* The answers to reports: tasks as the database gives them, one at a time. */
#include <stdlib.h>

#include "dav/kept.h"
#include "dav/report.h"
#include "dav/xml.h"
#include "db/row.h"
#include "http/field.h"
#include "http/request.h"
#include "task/libical.h"
#include "task/vtodo.h"

#define NOT_THERE	"<D:status>HTTP/1.1 404 Not Found</D:status></D:response>\n"

/* Runs the statement up to its first row, which says whose it is. */
static enum answer
begin(struct report *p, enum stmt_id stmt, bool with_text, const struct row **row)
{
	enum answer	answer;

	value_bool(&p->r->value[PARAM_WITH_TEXT], with_text);
	if (with_text && libical_load() == NULL)
		return ANS_INTERNAL;
	if ((answer = request_row(p->r, stmt, row)) != ANS_OK)
		return answer;
	return *row == NULL ? ANS_BAD_TOKEN : props_owner(&p->props, p->r, *row);
}

/* The text of the row's task, until the next one; false without memory. */
static bool
take_text(struct report *p, const struct row *row)
{
	struct vtodo	t;

	vtodo_of_row(&t, row);
	if (t.ical.at != NULL && t.ical_at == t.updated) {
		p->props.text = t.ical;
		return true;
	}
	membuf_clear(&p->text);
	if (!kept_put(&p->text.b, &t, &p->r->worker->zones) || p->text.failed)
		return false;
	p->props.text = (struct span){ p->text.b.data, p->text.b.len };
	return true;
}

/* Writes a task, with its text if that is asked for. */
static enum answer
put_task(struct report *p, const struct row *row)
{
	if (p->wants_text && !take_text(p, row))
		return ANS_INTERNAL;
	props_task(&p->props, row);
	props_response(&p->props, p->ask, &p->r->out);
	return ANS_OK;
}

enum answer
report_nothing(struct report *p)
{
	const struct row	*row;
	enum answer		 answer = begin(p, STMT_DAV_ACCOUNT, false, &row);

	if (answer != ANS_OK)
		return answer;
	xml_begin(&p->r->out);
	xml_end(&p->r->out);
	return ANS_OK;
}

/* --- calendar-query --------------------------------------------------------------------- */

/* Writes the task if it fits. */
static enum answer
put_if_fits(struct report *p, const struct row *row)
{
	enum filter_result	result;

	if (p->query.root == NULL)
		return put_task(p, row);
	if (!take_text(p, row))
		return ANS_INTERNAL;
	result = filter_match(p->query.root, p->props.text, &p->r->worker->zones);
	if (result == FILTER_NO_MEMORY)
		return ANS_INTERNAL;
	if (!p->wants_text)
		p->props.text = (struct span){ NULL, 0 };
	if (result == FILTER_NO)
		return ANS_OK;
	props_task(&p->props, row);
	props_response(&p->props, p->ask, &p->r->out);
	return ANS_OK;
}

enum answer
report_query(struct report *p)
{
	const struct row	*row;
	bool			 with_text = p->wants_text || p->query.root != NULL;
	enum answer		 answer = begin(p, STMT_DAV_QUERY, with_text, &row);

	if (answer != ANS_OK)
		return answer;
	xml_begin(&p->r->out);
	while ((answer = request_next(p->r, &row)) == ANS_OK && row != NULL)
		if ((answer = put_if_fits(p, row)) != ANS_OK)
			return answer;
	xml_end(&p->r->out);
	return answer;
}

/* --- calendar-multiget -------------------------------------------------------------------- */

/* The parameter becomes an array of these numbers of 64 bits. */
static bool
set_numbers(struct request *r, enum param param, enum type type, const int64_t *numbers, size_t n)
{
	unsigned char	*array = request_alloc(r, VALUE_ARRAY_HEAD + 12 * n), *to;

	if (array == NULL)
		return false;
	to = value_array_head(array, type, n);
	for (size_t i = 0; i < n; i++, to += 12) {
		put_be32(to, 8);
		put_be64(to + 4, (uint64_t)numbers[i]);
	}
	value_bytes(&r->value[param], array, (size_t)(to - array));
	return true;
}

/* What it names: an address of ours may be written in many ways. */
static struct span
named(const struct report_href *href)
{
	return href->ours ? href->name.text : span_of(href->text);
}

static bool
same_href(const struct report_href *a, const struct report_href *b)
{
	return a->ours == b->ours && span_same(named(a), named(b));
}

/* In any order in which those that are the same are together, by their place. */
static int
by_name(const void *a, const void *b)
{
	const struct report_href	*one = *(struct report_href *const *)a;
	const struct report_href	*other = *(struct report_href *const *)b;
	struct span			 x = named(one), y = named(other);
	int				 order;

	if (one->ours != other->ours)
		return one->ours ? -1 : 1;
	if (x.len != y.len)
		return x.len < y.len ? -1 : 1;
	order = memcmp(x.at, y.at, x.len);
	return order != 0 ? order : (one > other) - (one < other);
}

/* No address may be answered twice (RFC 4918, section 14.24); false without memory. */
static bool
find_repeated(struct report *p)
{
	size_t			  n = (size_t)p->nhrefs;
	struct report_href	**sorted = request_alloc(p->r, (n + 1) * sizeof *sorted);

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &p->href[i];
	qsort(sorted, n, sizeof *sorted, by_name);
	for (size_t i = 1; i < n; i++)
		sorted[i]->is_repeated = same_href(sorted[i - 1], sorted[i]);
	return true;
}

/* The names that are asked for, of those that may be any. */
static bool
set_names(struct report *p)
{
	size_t			 n = 0, all = (size_t)p->nhrefs + 1;
	struct span	*names = request_alloc(p->r, all * sizeof *names);
	int64_t			*ids = request_alloc(p->r, all * sizeof *ids);
	int64_t			*times = request_alloc(p->r, all * sizeof *times);

	if (names == NULL || ids == NULL || times == NULL)
		return false;
	for (int i = 0; i < p->nhrefs; i++) {
		const struct dav_name	*name = &p->href[i].name;

		if (!p->href[i].ours || p->href[i].is_repeated)
			continue;
		names[n] = name->text;
		ids[n] = name->id;
		times[n++] = name->created;
	}
	return field_texts(p->r, PARAM_NAMES, names, n) &&
	    set_numbers(p->r, PARAM_NAME_IDS, TYPE_INT8, ids, n) &&
	    set_numbers(p->r, PARAM_NAME_TIMES, TYPE_TIMESTAMPTZ, times, n);
}

static void
put_missing(struct buf *b, const char *href)
{
	buf_str(b, "<D:response><D:href>");
	xml_text(b, href, strlen(href));
	buf_str(b, "</D:href>" NOT_THERE);
}

/* Writes what is at an address; *place is that of the last one among the statement's rows. */
static enum answer
put_href(struct report *p, const struct report_href *href, int64_t *place)
{
	const struct row	*row;
	enum answer		 answer;

	if (href->is_repeated)
		return ANS_OK;
	if (href->ours) {
		if ((answer = request_next(p->r, &row)) != ANS_OK)
			return answer;
		if (row == NULL || row_int64(row, "_place") != ++*place)
			return ANS_INTERNAL;
		if (row_cell(row, "id") != NULL)
			return put_task(p, row);
	}
	put_missing(&p->r->out, href->text);
	return ANS_OK;
}

enum answer
report_multiget(struct report *p)
{
	const struct row	*row;
	enum answer		 answer;
	int64_t			 place = 0;

	if (!find_repeated(p) || !set_names(p))
		return ANS_INTERNAL;
	if ((answer = begin(p, STMT_DAV_MULTIGET, p->wants_text, &row)) != ANS_OK)
		return answer;
	xml_begin(&p->r->out);
	for (int i = 0; i < p->nhrefs && answer == ANS_OK; i++)
		answer = put_href(p, &p->href[i], &place);
	xml_end(&p->r->out);
	return answer;
}

/* --- sync-collection ------------------------------------------------------------------------ */

static enum answer
put_news(struct report *p, const struct row *row)
{
	if (row_cell(row, "id") != NULL)
		return put_task(p, row);
	props_task(&p->props, row);
	props_begin(&p->props, &p->r->out);
	buf_str(&p->r->out, NOT_THERE);
	return ANS_OK;
}

enum answer
report_sync(struct report *p)
{
	const struct row	*row;
	const struct cell	*known;
	enum answer		 answer;

	if (p->has_token)
		value_int64(&p->r->value[PARAM_SINCE], p->since);
	if (p->limit > 0)
		value_int64(&p->r->value[PARAM_LIMIT], p->limit);
	if ((answer = begin(p, STMT_DAV_SYNC, p->wants_text, &row)) != ANS_OK)
		return answer;
	if ((known = row_cell(row, "_known")) == NULL || !*known->data)
		return ANS_BAD_SYNC_TOKEN;
	if (p->limit > 0 && row_int64(row, "_count") > p->limit)
		return ANS_TOO_MANY;
	xml_begin(&p->r->out);
	while ((answer = request_next(p->r, &row)) == ANS_OK && row != NULL)
		if ((answer = put_news(p, row)) != ANS_OK)
			return answer;
	buf_str(&p->r->out, "<D:sync-token>");
	props_token(&p->props, &p->r->out);
	buf_str(&p->r->out, "</D:sync-token>\n");
	xml_end(&p->r->out);
	return answer;
}
