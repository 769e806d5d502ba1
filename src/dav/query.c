/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "dav/query.h"
#include "dav/xml.h"
#include "http/request.h"

/* An element of filters. */
struct element {
	const char	*name;
	/* Takes it, below that part, and makes it the part at its depth. */
	enum answer	(*take)(struct request *r, const struct query_part *above,
			    struct query_part *p, const char **attributes);
};

static const char *
attribute(const char **attributes, const char *name)
{
	for (; *attributes != NULL; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

/* The name of what is filtered, which it must have; NULL without one, or without memory. */
static const char *
name_of(struct request *r, const char **attributes)
{
	const char	*name = attribute(attributes, "name");

	return name == NULL ? NULL : request_printf(r, "%s", name);
}

static enum answer
take_filter(struct request *r, const struct query_part *above, struct query_part *p,
    const char **attributes)
{
	(void)r;
	(void)above;
	(void)attributes;
	p->kind = QUERY_FILTER;
	return ANS_OK;
}

static enum answer
take_comp(struct request *r, const struct query_part *above, struct query_part *p,
    const char **attributes)
{
	struct comp_filter	*f = request_alloc(r, sizeof *f);

	if (f == NULL)
		return ANS_INTERNAL;
	if ((f->name = name_of(r, attributes)) == NULL)
		return ANS_BAD_FILTER;
	if (above->kind == QUERY_COMP) {
		f->next = above->comp->comps;
		above->comp->comps = f;
	} else if (above->kind != QUERY_FILTER)
		return ANS_BAD_FILTER;
	p->kind = QUERY_COMP;
	p->comp = f;
	return ANS_OK;
}

static enum answer
take_prop(struct request *r, const struct query_part *above, struct query_part *p,
    const char **attributes)
{
	struct prop_filter	*f = request_alloc(r, sizeof *f);

	if (f == NULL)
		return ANS_INTERNAL;
	if (above->kind != QUERY_COMP || (f->name = name_of(r, attributes)) == NULL)
		return ANS_BAD_FILTER;
	f->next = above->comp->props;
	above->comp->props = f;
	p->kind = QUERY_PROP;
	p->prop = f;
	return ANS_OK;
}

static enum answer
take_param(struct request *r, const struct query_part *above, struct query_part *p,
    const char **attributes)
{
	struct param_filter	*f = request_alloc(r, sizeof *f);

	if (f == NULL)
		return ANS_INTERNAL;
	if (above->kind != QUERY_PROP || (f->name = name_of(r, attributes)) == NULL)
		return ANS_BAD_FILTER;
	f->next = above->prop->params;
	above->prop->params = f;
	p->kind = QUERY_PARAM;
	p->param = f;
	return ANS_OK;
}

static enum answer
take_not_defined(struct request *r, const struct query_part *above, struct query_part *p,
    const char **attributes)
{
	(void)r;
	(void)p;
	(void)attributes;
	switch (above->kind) {
	case QUERY_COMP:
		above->comp->not_defined = true;
		return ANS_OK;
	case QUERY_PROP:
		above->prop->not_defined = true;
		return ANS_OK;
	case QUERY_PARAM:
		above->param->not_defined = true;
		return ANS_OK;
	default:
		return ANS_BAD_FILTER;
	}
}

/* True if the attribute says when, or is not there. */
static bool
take_time(const char **attributes, const char *name, int64_t *usec)
{
	const char	*text = attribute(attributes, name);

	return text == NULL || filter_time(text, usec);
}

static enum answer
take_range(struct request *r, const struct query_part *above, struct query_part *p,
    const char **attributes)
{
	struct time_range	*range = request_alloc(r, sizeof *range);

	(void)p;
	if (range == NULL)
		return ANS_INTERNAL;
	*range = (struct time_range){ INT64_MIN, INT64_MAX };
	if (!take_time(attributes, "start", &range->start) ||
	    !take_time(attributes, "end", &range->end) || range->start >= range->end)
		return ANS_BAD_FILTER;
	if (above->kind == QUERY_COMP)
		above->comp->range = range;
	else if (above->kind == QUERY_PROP)
		above->prop->range = range;
	else
		return ANS_BAD_FILTER;
	return ANS_OK;
}

static enum answer
take_match(struct request *r, const struct query_part *above, struct query_part *p,
    const char **attributes)
{
	const char		*negate = attribute(attributes, "negate-condition");
	struct text_match	*match = request_alloc(r, sizeof *match);

	if (match == NULL)
		return ANS_INTERNAL;
	match->text = span_of("");
	match->negate = negate != NULL && strcmp(negate, "yes") == 0;
	match->collation = filter_collation(attribute(attributes, "collation"));
	if (match->collation == FILTER_NONE)
		return ANS_NO_COLLATION;
	if (above->kind == QUERY_PROP)
		above->prop->match = match;
	else if (above->kind == QUERY_PARAM)
		above->param->match = match;
	else
		return ANS_BAD_FILTER;
	p->kind = QUERY_MATCH;
	p->match = match;
	return ANS_OK;
}

static const struct element	elements[] = {
	{ XML_CALDAV "filter", take_filter },
	{ XML_CALDAV "comp-filter", take_comp },
	{ XML_CALDAV "prop-filter", take_prop },
	{ XML_CALDAV "param-filter", take_param },
	{ XML_CALDAV "is-not-defined", take_not_defined },
	{ XML_CALDAV "time-range", take_range },
	{ XML_CALDAV "text-match", take_match },
};

enum answer
query_start(struct query *q, struct request *r, int depth, const char *name,
    const char **attributes)
{
	static const struct query_part	 none;
	struct query_part		*p = &q->part[depth];
	const struct query_part		*above = depth > 1 ? p - 1 : &none;
	enum answer			 answer = ANS_BAD_FILTER;

	*p = none;
	if (++q->n > FILTERS_MAX + 1)
		return ANS_XML_LARGE;
	for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
		if (strcmp(name, elements[i].name) == 0 && (depth > 1) == (i > 0))
			answer = elements[i].take(r, above, p, attributes);
	if (answer != ANS_OK || p->kind != QUERY_COMP || above->kind != QUERY_FILTER)
		return answer;
	if (q->root != NULL)
		return ANS_BAD_FILTER;
	q->root = p->comp;
	return ANS_OK;
}

enum answer
query_end(struct query *q, struct request *r, int depth, const struct buf *text)
{
	struct query_part	*p = &q->part[depth];
	char			*copy;

	if (p->kind != QUERY_MATCH)
		return ANS_OK;
	if ((copy = request_alloc(r, text->len + 1)) == NULL)
		return ANS_INTERNAL;
	memcpy(copy, text->data, text->len);
	p->match->text = (struct span){ copy, text->len };
	return ANS_OK;
}

/* True if it asks of a component that it is there, and nothing of it but such components. */
static bool
asks_little(const struct comp_filter *f, const char *name)
{
	return strcmp(f->name, name) == 0 && !f->not_defined && f->range == NULL &&
	    f->props == NULL;
}

enum answer
query_finish(struct query *q)
{
	const struct comp_filter	*root = q->root, *in;

	if (root == NULL)
		return ANS_OK;
	if (!filter_supported(root))
		return ANS_BAD_FILTER;
	in = root->comps;
	if (asks_little(root, "VCALENDAR") && (in == NULL || (in->next == NULL &&
	    in->comps == NULL && asks_little(in, "VTODO"))))
		q->root = NULL;
	return ANS_OK;
}
