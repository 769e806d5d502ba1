/* SPDX-License-Identifier: ISC */
/*
 * A row of the database, made of the input, as JSON.  What a column of text
 * gives is what a reader of the JSON gets.
 */
#include <cjson/cJSON.h>

#include "fuzz.h"
#include "base/jsoncheck.h"
#include "http/tojson.h"
#include "base/utf8.h"
#include "db/value.h"

static const uint8_t	*next;
static size_t		 left;

static unsigned
byte(void)
{
	if (left == 0)
		return 0;
	left--;
	return *next++;
}

/* Some of the input; where it is to be text, as the database would hold it. */
static char *
take(size_t want, bool text, int *len)
{
	size_t		 n = want < left ? want : left, used;
	char		*copy = fuzz_text(next, n);
	uint32_t	 code;

	next += n;
	left -= n;
	for (size_t i = 0; text && i < n; i += used)
		if ((used = utf8_read(copy + i, n - i, &code)) == 0 || code == 0) {
			copy[i] = '?';
			used = 1;
		}
	*len = (int)n;
	return copy;
}

/* An array of texts, well-formed, with elements that are NULL and with any dimensions. */
static char *
take_texts(int *len)
{
	unsigned how = byte();
	size_t	 n = how % 8, size = 0;
	char	*array = malloc(VALUE_ARRAY_HEAD + 8 * 3 + 8 * (4 + 32)), *text, *p;
	int	 one;

	HOLDS(array != NULL);
	p = (char *)value_array_head((unsigned char *)array, TYPE_TEXT, n);
	for (unsigned more = n > 0 ? how >> 3 & 3 : 0; more > 0; more--, p += 8) {
		put_be32(array, get_be32(array) + 1);
		put_be64(p, (uint64_t)1 << 32 | 1);
	}
	for (; n > 0; n--, p += size) {
		how = byte();
		if (how & 0x80) {
			put_be32(p, UINT32_MAX);
			size = 4;
			continue;
		}
		text = take(how % 33, true, &one);
		put_be32(p, (uint32_t)one);
		memcpy(p + 4, text, (size_t)one);
		size = 4 + (size_t)one;
		free(text);
	}
	*len = (int)(p - array);
	text = fuzz_text(array, (size_t)*len);
	free(array);
	return text;
}

static char	out[64 * 1024];
static size_t	out_len;

static void
drain(struct buf *b)
{
	HOLDS(b->len <= b->size && out_len + b->len < sizeof out);
	memcpy(out + out_len, b->data, b->len);
	out_len += b->len;
	b->len = 0;
}

static const char *
skip_null(const char *p, const struct cell *c)
{
	while (p < c->data + c->len && get_be32(p) == UINT32_MAX)
		p += 4;
	return p;
}

static void
check_cell(const cJSON *item, enum column_type type, const struct cell *c, bool tags_string)
{
	const char	*p = c->data + 12 + 8 * (type == COLUMN_TEXTS ? get_be32(c->data) : 0);
	const cJSON	*part;

	if (type == COLUMN_TEXT)
		HOLDS(cJSON_IsString(item) && strlen(item->valuestring) == (size_t)c->len &&
		    memcmp(item->valuestring, c->data, (size_t)c->len) == 0);
	else if (type == COLUMN_INT8)
		HOLDS(cJSON_IsNumber(item));
	else if (type == COLUMN_BOOL)
		HOLDS(cJSON_IsBool(item) && cJSON_IsTrue(item) == (*c->data != 0));
	else if (type == COLUMN_DAY || type == COLUMN_TIME)
		HOLDS(cJSON_IsString(item));
	else if (tags_string)
		HOLDS(skip_null(p, c) == c->data + c->len ? cJSON_IsNull(item) : cJSON_IsString(item));
	else {
		HOLDS(cJSON_IsArray(item));
		cJSON_ArrayForEach(part, item) {
			p = skip_null(p, c);
			HOLDS(p < c->data + c->len && cJSON_IsString(part) &&
			    strlen(part->valuestring) == get_be32(p) &&
			    memcmp(part->valuestring, p + 4, get_be32(p)) == 0);
			p += 4 + get_be32(p);
		}
		HOLDS(skip_null(p, c) == c->data + c->len);
	}
}

/* A name's first column that is not null, else its last. */
static void
check_row(const struct row *row, bool tags_string)
{
	cJSON		*json = cJSON_ParseWithLength(out, out_len);
	const cJSON	*item;

	HOLDS(cJSON_IsObject(json));
	item = json->child;
	for (int i = 0; i < row->columns->n; i++) {
		const char	*name = row->columns->column[i].name;
		bool		 again = i + 1 < row->columns->n &&
				    strcmp(name, row->columns->column[i + 1].name) == 0;

		if (*name == '_' || (again && row->cell[i].data == NULL))
			continue;
		HOLDS(item != NULL && strcmp(item->string, name) == 0);
		if (row->cell[i].data == NULL)
			HOLDS(cJSON_IsNull(item));
		else
			check_cell(item, row->columns->column[i].type, &row->cell[i], tags_string);
		item = item->next;
		i += again;
	}
	HOLDS(item == NULL);
	cJSON_Delete(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const	names[] = { "id", "due_date", "due_date", "_found",
					    "title", "tags" };
	static const size_t		sizes[] = { [COLUMN_INT8] = 8, [COLUMN_BOOL] = 1,
					    [COLUMN_DAY] = 4, [COLUMN_TIME] = 8 };
	struct columns			columns = { 0 };
	struct row			row = { .columns = &columns };
	struct buf			b = { .drain = drain };
	char				*cell[ROW_COLUMNS_MAX] = { NULL };
	bool				tags_string, formed = true;
	unsigned			how;

	next = data;
	left = size;
	how = byte();
	tags_string = how & 1;
	b.size = 1 + (how >> 1);
	b.data = malloc(b.size);
	HOLDS(b.data != NULL);
	for (; left > 0 && columns.n < ROW_COLUMNS_MAX; columns.n++) {
		enum column_type	 type = byte() % (COLUMN_TEXTS + 1);
		struct cell		*c = &row.cell[columns.n];
		bool			 raw;

		how = byte();
		raw = type == COLUMN_TEXTS && how & 0x40;
		columns.column[columns.n].type = type;
		strcpy(columns.column[columns.n].name, names[how % (sizeof names / sizeof names[0])]);
		if (how & 0x80)
			continue;
		if (type == COLUMN_TEXTS && !raw)
			cell[columns.n] = take_texts(&c->len);
		else if (type == COLUMN_TEXT || raw)
			cell[columns.n] = take(byte(), !raw, &c->len);
		else if (left >= sizes[type])
			cell[columns.n] = take(sizes[type], false, &c->len);
		c->data = cell[columns.n];
		formed = formed && !raw;
	}
	out_len = 0;
	tojson_row(&b, &row, tags_string);
	drain(&b);
	if (formed) {
		HOLDS(jsoncheck(out, out_len));
		check_row(&row, tags_string);
	}
	for (int i = 0; i < columns.n; i++)
		free(cell[i]);
	free(b.data);
	return 0;
}
