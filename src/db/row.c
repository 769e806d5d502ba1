/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/date.h"
#include "db/row.h"
#include "db/value.h"

#define ARRAY_HEAD	12	/* before the dimensions */

bool
row_fill(struct row *row, unsigned char *p, size_t len)
{
	unsigned char	*end = p + len;
	int		 n = row->columns->n;

	if (len < 2 || (p[0] << 8 | p[1]) != n)
		return false;
	p += 2;
	for (int i = 0; i < n; i++) {
		int32_t	size;

		if (end - p < 4 || (size = (int32_t)get_be32(p)) < -1 || size > end - p - 4)
			return false;
		p += 4;
		row->cell[i].data = size < 0 ? NULL : (char *)p;
		row->cell[i].len = size < 0 ? 0 : size;
		p += row->cell[i].len;
	}
	if (p != end)
		return false;
	/* The lengths have been read: NULs replace them, and the last goes after the row. */
	for (int i = 0; i < n; i++)
		if (row->cell[i].data != NULL)
			row->cell[i].data[row->cell[i].len] = '\0';
	return true;
}

const struct cell *
row_cell(const struct row *row, const char *name)
{
	for (int i = 0; i < row->columns->n; i++)
		if (row->cell[i].data != NULL && strcmp(row->columns->column[i].name, name) == 0)
			return &row->cell[i];
	return NULL;
}

int64_t
row_int64(const struct row *row, const char *name)
{
	const struct cell	*c = row_cell(row, name);

	return c == NULL || c->len != 8 ? 0 : (int64_t)get_be64(c->data);
}

bool
row_due(const struct row *row, int64_t *usec, bool *of_days)
{
	const struct cell	*c = row_cell(row, "due_date");

	if (c == NULL)
		return false;
	*of_days = c->len == 4;
	*usec = *of_days ? (int32_t)get_be32(c->data) * DATE_USEC_PER_DAY :
	    (int64_t)get_be64(c->data);
	return true;
}

/*
 * An array: the number of dimensions, flags, the elements' type, each dimension's length and
 * lower bound, then each element after its length, which is -1 for NULL.
 */
bool
row_texts_next(const struct cell *c, int *at, const char **text, int *len)
{
	uint32_t	dimensions;

	if (*at == 0) {
		if (c->len < ARRAY_HEAD ||
		    (dimensions = get_be32(c->data)) > (uint32_t)(c->len - ARRAY_HEAD) / 8)
			return false;
		*at = ARRAY_HEAD + 8 * (int)dimensions;
	}
	while (c->len - *at >= 4) {
		*len = (int32_t)get_be32(c->data + *at);
		*text = c->data + *at + 4;
		*at += 4;
		if (*len > c->len - *at)
			break;
		if (*len < 0)
			continue;
		*at += *len;
		return true;
	}
	*at = c->len;
	return false;
}
