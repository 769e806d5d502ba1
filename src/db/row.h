/* SPDX-License-Identifier: ISC */
/* A row of a statement's answer, as the database sent it. */
#ifndef ROW_H
#define ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_COLUMNS_MAX	24
#define COLUMN_NAME_MAX	32	/* bytes, with its NUL: ours are shorter */

enum column_type {
	COLUMN_TEXT,		/* UTF-8; enums too */
	COLUMN_INT8,
	COLUMN_BOOL,
	COLUMN_DAY,		/* date */
	COLUMN_TIME,		/* timestamptz */
	COLUMN_TEXTS		/* text[] */
};

struct column {
	char			 name[COLUMN_NAME_MAX];
	enum column_type	 type;
	/* Set at the first use by http/tojson.c. */
	char			 member[COLUMN_NAME_MAX + 3];	/* ,"name": */
	unsigned char		 member_len;	/* 0: not for the client */
	bool			 fallback;	/* if this is NULL the client gets the next
						 * column, which has the same name */
};

/* The columns of a statement; the same for all of its rows. */
struct columns {
	struct columns	*next;		/* in prepared->old_columns */
	int		 n;
	bool		 has_members;
	struct column	 column[ROW_COLUMNS_MAX];
};

struct row {
	struct columns	*columns;
	struct cell {
		char	*data;		/* binary format, then a NUL; NULL: SQL's NULL */
		int	 len;
	} cell[ROW_COLUMNS_MAX];
};

/*
 * Points the cells at the content of a DataRow (PostgreSQL's documentation, "Message Formats")
 * with as many columns as row->columns.  Writes a NUL after each, also into the byte after the
 * data.  False if it is no such row.
 */
bool	row_fill(struct row *row, unsigned char *data, size_t len);

/* The cell of that name; NULL if it is SQL's NULL or if there is none. */
const struct cell	*row_cell(const struct row *row, const char *name);

/*
 * The next text of an array of texts; *at is 0 before the first.  False after the last.
 * Skips NULL elements, and reads several dimensions as one.
 */
bool	row_texts_next(const struct cell *c, int *at, const char **text, int *len);

/* The due date of a row: its microsecond, and whether it is a day; false if it has none. */
bool	row_due(const struct row *row, int64_t *usec, bool *of_days);

/* A cell as a 64-bit integer (an int8, or a time's microseconds); 0 if there is none. */
int64_t	row_int64(const struct row *row, const char *name);

#endif
