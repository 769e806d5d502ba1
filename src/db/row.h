/* SPDX-License-Identifier: ISC */
/* A row of a statement's result, as the database sent it. */
#ifndef ROW_H
#define ROW_H

#include <stdbool.h>
#include <stdint.h>

#define ROW_COLUMNS_MAX	16

enum column_type {
	COLUMN_TEXT,		/* UTF-8; enums too */
	COLUMN_INT8,
	COLUMN_BOOL,
	COLUMN_DAY,		/* date */
	COLUMN_TIME,		/* timestamptz */
	COLUMN_TEXTS		/* text[] */
};

struct row {
	int	 n;
	struct column {
		const char		*name;
		enum column_type	 type;
		/* What tojson_describe() makes of the names. */
		char			 member[32];	/* ,"name": */
		unsigned char		 member_len;	/* 0: not for the client */
		bool			 again;		/* the next has the same name */
	} column[ROW_COLUMNS_MAX];
	struct cell {
		char		*data;	/* PostgreSQL's binary format; NULL: NULL */
		int		 len;
	} cell[ROW_COLUMNS_MAX];
};

/* The cell of that name, NULL where it is SQL's NULL or there is none. */
const struct cell	*row_cell(const struct row *row, const char *name);

/*
 * The next text of an array of texts; *at is 0 before the first.  False after the last.
 * Elements that are NULL are passed over, and all dimensions read as one: nothing in the
 * format keeps an array from having such.
 */
bool	row_texts_next(const struct cell *c, int *at, const char **text, int *len);

/* A cell as a 64-bit integer (an int8, or a time's microseconds); 0 for none. */
int64_t	row_int64(const struct row *row, const char *name);

#endif
