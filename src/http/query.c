/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "http/field.h"
#include "base/form.h"
#include "base/number.h"
#include "http/query.h"
#include "http/request.h"
#include "http/route.h"

static void
check_flag(struct request *r, const struct field *f, char *text)
{
	field_flag(r, f, text);
}

static void
check_count(struct request *r, const struct field *f, char *text)
{
	int64_t	n = 0;

	if (number_id(text, strlen(text), &n) == NUMBER_BAD || n < (int64_t)f->min ||
	    n > (int64_t)f->max)
		field_problem(r, f, "int_parsing", request_printf(r,
		    "Input should be an integer from %zu to %zu", f->min, f->max));
	else
		value_int64(&r->value[f->param], n);
}

/* Removes digits of no value: links repeat the parameter. */
static void
check_date(struct request *r, const struct field *f, char *text)
{
	field_date(r, f, text);
	date_shorten(text);
}

static void	(*const check[])(struct request *, const struct field *, char *) = {
	[FIELD_TEXT] = field_text,
	[FIELD_CHOICE] = field_choice,
	[FIELD_BOOL] = check_flag,
	[FIELD_DATE] = check_date,
	[FIELD_ZONE] = field_zone,
	[FIELD_COUNT] = check_count,
};

enum answer
query_read(struct request *r)
{
	int		 times[REQUEST_QUERY_MAX] = { 0 }, i;
	char		*value[REQUEST_QUERY_MAX] = { NULL }, *text, *name, *found;
	const struct field	*table = r->route->query;

	r->in = "query";
	text = request_printf(r, "%s", r->query_string == NULL ? "" : r->query_string);
	if (text == NULL)
		return ANS_INTERNAL;
	while (*text != '\0') {
		form_next(&text, &name, &found);
		if (!form_decode(name))
			continue;
		for (i = 0; table[i].name != NULL && strcmp(table[i].name, name) != 0; i++)
			continue;
		if (table[i].name != NULL && times[i]++ == 0 && form_decode(found))
			value[i] = found;
	}
	for (i = 0; table[i].name != NULL; i++) {
		r->query[i] = value[i];
		r->any_field = r->any_field || times[i] > 0;
		if (times[i] > 1)
			field_problem(r, &table[i], "value_error", "Given more than once");
		else if (times[i] == 1 && value[i] == NULL)
			field_problem(r, &table[i], "value_error",
			    "Input should be percent-encoded UTF-8 without NUL");
		else if (times[i] == 1)
			check[table[i].type](r, &table[i], value[i]);
		else if (table[i].required)
			field_problem(r, &table[i], "missing", "Field required");
	}
	return ANS_OK;
}

const char *
query_without(struct request *r, const char *name)
{
	static const char	 plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";
	const struct field	*table = r->route->query;
	size_t			 size = 1;
	char			*text, *p;

	for (int i = 0; table[i].name != NULL; i++)
		if (r->query[i] != NULL)
			size += strlen(table[i].name) + 2 + 3 * strlen(r->query[i]);
	if ((p = text = request_alloc(r, size)) == NULL)
		return NULL;
	for (int i = 0; table[i].name != NULL; i++) {
		if (r->query[i] == NULL || strcmp(table[i].name, name) == 0)
			continue;
		p += sprintf(p, "%s=", table[i].name);
		for (const char *s = r->query[i]; *s != '\0'; s++)
			p += sprintf(p, strchr(plain, *s) != NULL ? "%c" : "%%%02X",
			    (unsigned char)*s);
		*p++ = '&';
	}
	return text;
}
