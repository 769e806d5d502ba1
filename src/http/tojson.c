/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/date.h"
#include "http/tojson.h"
#include "db/value.h"

static void
escape(struct buf *b, unsigned char c)
{
	static const char	hex[] = "0123456789abcdef", plain[] = "\"\\\b\f\n\r\t",
				letter[] = "\"\\bfnrt";
	const char		*p = strchr(plain, c);

	buf_char(b, '\\');
	if (p != NULL && c != '\0')
		buf_char(b, letter[p - plain]);
	else {
		buf_put(b, "u00", 3);
		buf_char(b, hex[c >> 4]);
		buf_char(b, hex[c & 15]);
	}
}

/* How many bytes at the beginning stand in JSON as they are: most texts have no others, so
 * eight are looked at together. */
static size_t
as_they_are(const char *s, size_t len)
{
	const uint64_t	each = UINT64_MAX / 255, high = each << 7;
	uint64_t	word, quote, backslash;
	size_t		i;

	for (i = 0; len - i >= sizeof word; i += sizeof word) {
		memcpy(&word, s + i, sizeof word);
		quote = word ^ each * '"';
		backslash = word ^ each * '\\';
		if ((((word - each * ' ') & ~word) | ((quote - each) & ~quote) |
		    ((backslash - each) & ~backslash)) & high)
			break;
	}
	while (i < len && (unsigned char)s[i] >= ' ' && s[i] != '"' && s[i] != '\\')
		i++;
	return i;
}

static void
escaped(struct buf *b, const char *s, size_t len)
{
	size_t	n;

	while ((n = as_they_are(s, len)) < len) {
		buf_put(b, s, n);
		escape(b, (unsigned char)s[n]);
		s += n + 1;
		len -= n + 1;
	}
	buf_put(b, s, n);
}

void
tojson_string(struct buf *b, const char *s, size_t len)
{
	buf_char(b, '"');
	escaped(b, s, len);
	buf_char(b, '"');
}

void
tojson_int64(struct buf *b, int64_t n)
{
	char		 text[20], *p = text + sizeof text;
	uint64_t	 u = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) > 0);
	if (n < 0)
		buf_char(b, '-');
	buf_put(b, p, (size_t)(text + sizeof text - p));
}

static void
texts(struct buf *b, const struct cell *c, bool as_string)
{
	const char	*text, *between = as_string ? ", " : ",", *before = "";
	int		 at = 0, len;
	bool		 any = row_texts_next(c, &at, &text, &len);

	if (as_string && !any) {
		buf_put(b, "null", 4);
		return;
	}
	buf_char(b, as_string ? '"' : '[');
	for (; any; any = row_texts_next(c, &at, &text, &len)) {
		buf_str(b, before);
		before = between;
		if (as_string)
			escaped(b, text, (size_t)len);
		else
			tojson_string(b, text, (size_t)len);
	}
	buf_char(b, as_string ? '"' : ']');
}

void
tojson_texts(struct buf *b, const struct cell *c)
{
	texts(b, c, false);
}

static void
cell(struct buf *b, enum column_type type, const struct cell *c, bool tags_string)
{
	char	text[DATE_TEXT_MAX + 2];
	size_t	n;

	switch (type) {
	case COLUMN_TEXT:
		tojson_string(b, c->data, (size_t)c->len);
		break;
	case COLUMN_INT8:
		tojson_int64(b, (int64_t)get_be64(c->data));
		break;
	case COLUMN_BOOL:
		buf_str(b, *c->data ? "true" : "false");
		break;
	case COLUMN_DAY:
	case COLUMN_TIME:
		n = type == COLUMN_DAY ?
		    date_format_day(text + 1, (int32_t)get_be32(c->data)) :
		    date_format_time(text + 1, (int64_t)get_be64(c->data));
		text[0] = text[n + 1] = '"';
		buf_put(b, text, n + 2);
		break;
	case COLUMN_TEXTS:
		texts(b, c, tags_string);
		break;
	}
}

/* Makes members of an object of the names, once for all rows of a statement. */
static void
make_members(struct columns *columns)
{
	for (int i = 0; i < columns->n; i++) {
		struct column	*c = &columns->column[i];
		size_t		 len = strlen(c->name);

		c->fallback = i + 1 < columns->n && strcmp(c->name, c[1].name) == 0;
		c->member_len = 0;
		if (*c->name == '_')
			continue;
		c->member_len = (unsigned char)(len + 4);
		memcpy(c->member, ",\"", 2);
		memcpy(c->member + 2, c->name, len);
		memcpy(c->member + 2 + len, "\":", 2);
	}
	columns->has_members = true;
}

void
tojson_members(struct buf *b, const struct row *row, bool tags_string)
{
	struct columns	*columns = row->columns;
	size_t		 comma = 0;

	if (!columns->has_members)
		make_members(columns);
	for (int i = 0; i < columns->n; i++) {
		const struct column	*c = &columns->column[i];
		const char		*data = row->cell[i].data;

		if (c->member_len == 0 || (c->fallback && data == NULL))
			continue;
		buf_put(b, c->member + 1 - comma, c->member_len - 1 + comma);
		comma = 1;
		if (data == NULL)
			buf_put(b, "null", 4);
		else
			cell(b, c->type, &row->cell[i], tags_string);
		i += c->fallback;
	}
}

void
tojson_row(struct buf *b, const struct row *row, bool tags_string)
{
	buf_char(b, '{');
	tojson_members(b, row, tags_string);
	buf_char(b, '}');
}
