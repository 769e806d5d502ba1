/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/text.h"
#include "base/zone.h"
#include "http/field.h"
#include "http/request.h"

void
field_problem(struct request *r, const struct field *f, const char *type, const char *msg)
{
	request_problem(r, r->in, f->name, type, msg != NULL ? msg : "Out of memory");
}

bool
field_slice(struct request *r, const struct field *f, struct field_slice *s)
{
	const char	*unit = f->bytes ? "bytes" : "characters", *wrong;
	size_t		 n;

	if (f->trim || f->type == FIELD_TAGS)
		text_trim(&s->text, &s->len);
	if (f->lower)
		for (size_t i = 0; i < s->len; i++)
			s->text[i] = (char)tolower((unsigned char)s->text[i]);
	n = f->bytes ? s->len : text_length(s->text, s->len);
	if (n < f->min)
		field_problem(r, f, "string_too_short", request_printf(r,
		    "String should have at least %zu %s", f->min, unit));
	else if (n > f->max)
		field_problem(r, f, "string_too_long", request_printf(r,
		    "String should have at most %zu %s", f->max, unit));
	else if (f->line && text_has_control(s->text, s->len))
		field_problem(r, f, "value_error", "Control characters are not allowed");
	else if (f->check != NULL && (wrong = f->check(s->text, s->len)) != NULL)
		field_problem(r, f, "value_error", wrong);
	else
		return true;
	return false;
}

bool
field_texts(struct request *r, enum param param, const struct span *s, size_t n)
{
	size_t		 size = VALUE_ARRAY_HEAD;
	unsigned char	*array, *p;

	for (size_t i = 0; i < n; i++)
		size += 4 + s[i].len;
	if ((array = request_alloc(r, size)) == NULL)
		return false;
	p = value_array_head(array, TYPE_TEXT, n);
	for (size_t i = 0; i < n; i++) {
		put_be32(p, (uint32_t)s[i].len);
		memcpy(p + 4, s[i].at, s[i].len);
		p += 4 + s[i].len;
	}
	value_bytes(&r->value[param], array, (size_t)(p - array));
	return true;
}

void
field_text(struct request *r, const struct field *f, char *text)
{
	struct field_slice	s = { text, strlen(text) };

	if (field_slice(r, f, &s))
		value_bytes(&r->value[f->param], s.text, s.len);
}

void
field_choice(struct request *r, const struct field *f, char *text)
{
	const char	*expected = "Input should be";

	for (const char *const *c = f->choices; *c != NULL; c++)
		if (text != NULL && strcmp(text, *c) == 0) {
			value_bytes(&r->value[f->param], *c, strlen(*c));
			return;
		}
	for (const char *const *c = f->choices; *c != NULL && expected != NULL; c++)
		expected = request_printf(r, "%s%s '%s'", expected, c == f->choices ? "" :
		    c[1] == NULL ? " or" : ",", *c);
	field_problem(r, f, "enum", expected);
}

void
field_date(struct request *r, const struct field *f, char *text)
{
	enum date_kind	kind = DATE_BAD;
	int64_t		n = 0, clock = 0;

	if (text != NULL)
		kind = date_parse_clock(text, strlen(text), &n, &clock);
	if (kind == DATE_BAD) {
		field_problem(r, f, "datetime_parsing", "Input should be a date (2026-02-15) or "
		    "a time with its offset (2026-02-15T09:30:00Z)");
		return;
	}
	if (f->clock == PARAM_NONE || kind == DATE_TIME)
		value_int64(&r->value[f->param], n);
	if (f->clock != PARAM_NONE)
		value_int64(&r->value[f->clock], clock);
	else if (kind == DATE_DAY)
		value_int32(&r->value[PARAM_DUE_DAY], (int32_t)(n / DATE_USEC_PER_DAY));
}

void
field_zone(struct request *r, const struct field *f, char *text)
{
	if (text == NULL || zone_find(&r->worker->zones, text, strlen(text)) == NULL)
		field_problem(r, f, "value_error", "Input should be the name of a time zone "
		    "(Europe/Berlin)");
	else
		value_bytes(&r->value[f->param], text, strlen(text));
}

/* The texts that pydantic takes for a boolean: clients of the old backend may send them. */
void
field_flag(struct request *r, const struct field *f, const char *text)
{
	static const char *const	words[2][7] = {
		{ "false", "0", "off", "no", "f", "n" }, { "true", "1", "on", "yes", "t", "y" },
	};

	for (int yes = 0; yes < 2; yes++)
		for (const char *const *w = words[yes]; *w != NULL; w++)
			if (strcasecmp(text, *w) == 0) {
				value_bool(&r->value[f->param], yes);
				return;
			}
	field_problem(r, f, "bool_parsing", "Input should be a valid boolean");
}
