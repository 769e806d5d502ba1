/* SPDX-License-Identifier: ISC */
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "db/rows.h"
#include "db/value.h"

#define HEAD_BYTES	5			/* a message's type, and its length but for that */
#define MESSAGE_MAX	(1 << 30)		/* PostgreSQL makes none that is longer */
#define EARLY_MAX	(64 * 1024)		/* no description of columns is */
#define RECORD_MAX	(16 * 1024)		/* SSL_peek() gives no more */
#define BIND_COMPLETE	'2'
#define DATA_ROW	'D'

/* Parameters are bound, columns described; notices, settings, notifications. */
static const char	passed_over[] = "2TNSA";

/* What was taken and not used yet: whole messages, and the begin of one. */
static unsigned char	*buf;
static size_t		 size, first, end;
static unsigned char	*cut, behind;		/* where a NUL ends the last row, and what was there */
static bool		 bound;			/* BindComplete was seen: rows may come */

void
rows_begin(void)
{
	first = end = 0;
	cut = NULL;
	bound = false;
}

static bool
is_ours(unsigned char type)
{
	return type == DATA_ROW ? bound : type != '\0' && strchr(passed_over, type) != NULL;
}

/*
 * How many of the n bytes behind the end are of rows; -1: none can be.  What comes before
 * BindComplete may be the rest of a message that libpq has the begin of.
 */
static ssize_t
ours(size_t n)
{
	const size_t	all = end + n;
	size_t		p = first, len;

	while (p < all && is_ours(buf[p])) {
		if (all - p < HEAD_BYTES)
			return (ssize_t)n;
		len = get_be32(buf + p + 1);
		if (!bound && len > EARLY_MAX)
			break;
		if (len < HEAD_BYTES - 1 || len > MESSAGE_MAX)
			return -1;
		bound = bound || buf[p] == BIND_COMPLETE;
		if (all - p <= len)
			return (ssize_t)n;
		p += 1 + len;
	}
	return p < end ? -1 : (ssize_t)(p - end);
}

/* Takes what a record has of rows.  The buffer holds no whole message. */
static enum rows_state
take(SSL *ssl)
{
	unsigned char	*grown;
	ssize_t		 n;
	int		 got;

	if (first > 0) {
		end -= first;
		memmove(buf, buf + first, end);
		first = 0;
	}
	if (size - end <= RECORD_MAX) {
		if ((grown = realloc(buf, end + 2 * RECORD_MAX)) == NULL)
			return ROWS_BAD;
		buf = grown;
		size = end + 2 * RECORD_MAX;
	}
	ERR_clear_error();
	if ((got = SSL_peek(ssl, buf + end, RECORD_MAX)) <= 0)
		return SSL_get_error(ssl, got) == SSL_ERROR_WANT_READ ? ROWS_WAIT : ROWS_BAD;
	if ((n = ours((size_t)got)) == 0)
		return ROWS_END;
	if (n < 0 || SSL_read(ssl, buf + end, (int)n) != n)
		return ROWS_BAD;
	end += (size_t)n;
	return ROWS_ROW;
}

/* Where a field is, for each column. */
static enum rows_state
parse(unsigned char *p, const unsigned char *limit, struct row *row)
{
	if (limit - p < 2 || (p[0] << 8 | p[1]) != row->n)
		return ROWS_BAD;
	p += 2;
	for (int i = 0; i < row->n; i++) {
		int32_t	len;

		if (limit - p < 4)
			return ROWS_BAD;
		len = (int32_t)get_be32(p);
		p += 4;
		if (len < -1 || len > limit - p)
			return ROWS_BAD;
		row->cell[i].data = len < 0 ? NULL : (char *)p;
		row->cell[i].len = len < 0 ? 0 : len;
		p += row->cell[i].len;
	}
	if (p != limit)
		return ROWS_BAD;
	/* Lengths are where the NULs go, and behind the last the next message. */
	cut = p;
	behind = *p;
	for (int i = 0; i < row->n; i++)
		if (row->cell[i].data != NULL)
			row->cell[i].data[row->cell[i].len] = '\0';
	return ROWS_ROW;
}

enum rows_state
rows_next(SSL *ssl, struct row *row)
{
	enum rows_state	 state;
	unsigned char	*message;
	size_t		 len;

	if (cut != NULL)
		*cut = behind;
	cut = NULL;
	for (;;) {
		while (end - first >= HEAD_BYTES &&
		    end - first > (len = get_be32(buf + first + 1))) {
			message = buf + first;
			first += 1 + len;
			if (*message == DATA_ROW)
				return parse(message + HEAD_BYTES, buf + first, row);
		}
		if ((state = take(ssl)) != ROWS_ROW)
			return state;
	}
}
