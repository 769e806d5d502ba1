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
	/* What the writer of JSON makes of the name at its first use (http/rowjson.h). */
	char			 member[COLUMN_NAME_MAX + 3];	/* ,"name": */
	unsigned char		 member_len;	/* 0: not for the client */
	bool			 fallback;	/* if this is NULL, the next column, of the same
						 * name, takes its place */
};

/* The columns of a statement; the same for all of its rows. */
struct columns {
	struct columns	*next;		/* among those that are no statement's any more */
	int		 n;
	bool		 has_members;
	struct column	 column[ROW_COLUMNS_MAX];
};

struct row {
	struct columns	*columns;
	struct cell {
		char	*data;		/* PostgreSQL's binary format, with a NUL after it; NULL: NULL */
		int	 len;
	} cell[ROW_COLUMNS_MAX];
};

/*
 * Fills the cells, as many as row->columns says, with the content of a DataRow (PostgreSQL's
 * documentation, "Message Formats"), into which they point; a NUL is written into the byte
 * after it too.  False if it is no such row.
 */
bool	row_fill(struct row *row, unsigned char *data, size_t len);

/* The cell of that name; NULL if it is SQL's NULL or if there is none. */
const struct cell	*row_cell(const struct row *row, const char *name);

/*
 * The next text of an array of texts; *at is 0 before the first.  False after the last.
 * Elements that are NULL are passed over, and all dimensions read as one: nothing in the
 * format keeps an array from having such.
 */
bool	row_texts_next(const struct cell *c, int *at, const char **text, int *len);

/* The due date of a row: its microsecond, and whether it is a day; false for none. */
bool	row_due(const struct row *row, int64_t *usec, bool *of_days);

/* A cell as a 64-bit integer (an int8, or a time's microseconds); 0 for none. */
int64_t	row_int64(const struct row *row, const char *name);

#endif
