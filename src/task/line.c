/* SPDX-License-Identifier: ISC */
#include "task/line.h"

/* The length of a fold at the text's beginning; 0 if there is none. */
static size_t
fold_at(struct span s)
{
	size_t	n = s.len > 0 && *s.at == '\r';

	return s.len > n + 1 && s.at[n] == '\n' && (s.at[n + 1] == ' ' || s.at[n + 1] == '\t') ?
	    n + 2 : 0;
}

static void
skip(struct span *s, size_t n)
{
	s->at += n;
	s->len -= n;
}

/* The next byte of a text without its folds; -1 at its end. */
static int
next_byte(struct span *s)
{
	size_t	n;

	while (s->len > 0 && (*s->at == '\r' || *s->at == '\n') && (n = fold_at(*s)) > 0)
		skip(s, n);
	if (s->len == 0)
		return -1;
	skip(s, 1);
	return (unsigned char)s->at[-1];
}

static int
small(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* Where the line at p ends, together with those that go on with it. */
static const char *
line_end(const char *p, const char *end)
{
	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL)
		if (++p == end || (*p != ' ' && *p != '\t'))
			return p;
	return end;
}

/* The first of the two bytes that is not within quotes; NULL if there is none. */
static const char *
find_outside(struct span s, char one, char two)
{
	bool	quoted = false;

	for (const char *p = s.at; p < s.at + s.len; p++)
		if (*p == '"')
			quoted = !quoted;
		else if (!quoted && (*p == one || *p == two))
			return p;
	return NULL;
}

/* A quote that doesn't end is a character as any other. */
static void
split(struct line *line, struct span text)
{
	const char	*name_end = find_outside(text, ':', ';'), *colon = name_end;
	struct span	 rest;

	line->params = line->value = (struct span){ NULL, 0 };
	line->name = text;
	if (name_end == NULL && (name_end = colon = memchr(text.at, ':', text.len)) == NULL)
		return;
	line->name.len = (size_t)(name_end - text.at);
	rest = (struct span){ name_end, text.len - line->name.len };
	if (*name_end == ';' && (colon = find_outside(rest, ':', ':')) == NULL)
		colon = memchr(rest.at, ':', rest.len);
	line->params = (struct span){ rest.at,
	    colon == NULL ? rest.len : (size_t)(colon - rest.at) };
	if (colon != NULL)
		line->value = (struct span){ colon + 1, (size_t)(text.at + text.len - colon - 1) };
}

static void
know_kind(struct lines *in, struct line *line)
{
	line->kind = LINE_PROPERTY;
	line->depth = in->depth;
	if (line->params.len > 0 || line->value.at == NULL)
		return;
	if (line_is(line->name, "BEGIN")) {
		line->kind = LINE_BEGIN;
		in->depth++;
	} else if (line_is(line->name, "END")) {
		line->kind = LINE_END;
		line->depth = in->depth > 0 ? --in->depth : 0;
	}
}

bool
line_next(struct lines *in, struct line *line)
{
	struct span	text = { NULL, 0 };

	while (in->at < in->end) {
		const char	*end = line_end(in->at, in->end);

		line->all = text = (struct span){ in->at, (size_t)(end - in->at) };
		in->at = end;
		if (text.at[text.len - 1] == '\n')
			text.len -= 1 + (text.len > 1 && text.at[text.len - 2] == '\r');
		if (text.len > 0)
			break;
	}
	if (text.len == 0)
		return false;
	split(line, text);
	know_kind(in, line);
	return true;
}

bool
line_component(struct lines *in, const char *name, struct span *all)
{
	struct line	line;
	const char	*begin = NULL;

	while (line_next(in, &line)) {
		if (line.depth != 1 || line.kind == LINE_PROPERTY)
			continue;
		if (line.kind == LINE_BEGIN)
			begin = name == NULL || line_is(line.value, name) ? line.all.at : NULL;
		else if (begin != NULL) {
			*all = (struct span){ begin, (size_t)(in->at - begin) };
			return true;
		}
	}
	return false;
}

bool
line_property(struct lines *in, const char *name, struct line *line)
{
	while (line_next(in, line))
		if (line->kind == LINE_PROPERTY && line->depth == 1 && line->value.at != NULL &&
		    (name == NULL || line_is(line->name, name)))
			return true;
	return false;
}

bool
line_first(struct span component, const char *name, struct line *line)
{
	struct lines	in = lines_of(component);

	return line_property(&in, name, line);
}

bool
line_is(struct span text, const char *what)
{
	int	c;

	for (; (c = next_byte(&text)) >= 0; what++)
		if (*what == '\0' || small(c) != small((unsigned char)*what))
			return false;
	return *what == '\0';
}

static size_t
quoted_len(struct span s)
{
	const char	*end = s.len > 1 && *s.at == '"' ? memchr(s.at + 1, '"', s.len - 1) : NULL;

	return end == NULL ? 0 : (size_t)(end - s.at - 1);
}

bool
line_param(struct span *params, struct span *name, struct span *value)
{
	const char	*end, *equals;
	struct span	 one;
	size_t		 n;

	if (params->len == 0)
		return false;
	skip(params, 1);			/* the ";" */
	end = find_outside(*params, ';', ';');
	one = (struct span){ params->at, end == NULL ? params->len : (size_t)(end - params->at) };
	skip(params, one.len);
	equals = memchr(one.at, '=', one.len);
	*name = one;
	*value = (struct span){ "", 0 };
	if (equals == NULL)
		return true;
	name->len = (size_t)(equals - one.at);
	*value = (struct span){ equals + 1, one.len - name->len - 1 };
	while ((n = fold_at(*value)) > 0)
		skip(value, n);
	if ((n = quoted_len(*value)) > 0)
		*value = (struct span){ value->at + 1, n };
	return true;
}

bool
line_find_param(const struct line *line, const char *name, struct span *value)
{
	struct span	params = line->params, its;

	while (line_param(&params, &its, value))
		if (line_is(its, name))
			return true;
	return false;
}

size_t
line_copy(struct span text, char *out, size_t size)
{
	size_t	n = 0;
	int	c;

	while (n + 1 < size && (c = next_byte(&text)) >= 0)
		out[n++] = (char)c;
	out[n] = '\0';
	return n;
}

/* The next byte of a TEXT without its escapes; -1 at its end. */
static int
next_meant(struct span *s)
{
	int	c = next_byte(s), after;

	if (c != '\\' || (after = next_byte(s)) < 0)
		return c;
	return after == 'n' || after == 'N' ? '\n' : after;
}

size_t
line_text(struct span value, char *out, size_t size)
{
	size_t	n = 0;
	int	c = -1;

	while (n + 1 < size && (c = next_meant(&value)) >= 0)
		out[n++] = (char)c;
	/* The character of which there is more. */
	if (n > 0 && c >= 0 && ((c = next_meant(&value)) & 0xc0) == 0x80 && c >= 0) {
		while (n > 0 && (out[n - 1] & 0xc0) == 0x80)
			n--;
		n -= n > 0;
	}
	out[n] = '\0';
	return n;
}

bool
line_list(struct span *values, struct span *value)
{
	struct span	rest = *values;
	int		c;

	if (values->at == NULL)
		return false;
	*value = *values;
	while ((c = next_byte(&rest)) >= 0)
		if (c == '\\')
			next_byte(&rest);
		else if (c == ',') {
			value->len = (size_t)(rest.at - values->at - 1);
			*values = rest;
			return true;
		}
	*values = (struct span){ NULL, 0 };
	return true;
}
