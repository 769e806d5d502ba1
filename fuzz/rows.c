/* SPDX-License-Identifier: ISC */
/*
 * Messages of PostgreSQL's protocol, in TLS records that are as long as the first byte says
 * (in steps of 64); the second is how many columns a row has.  The functions of OpenSSL are
 * ours here.
 */
#include "fuzz.h"
#include "db/rows.h"
#include "db/value.h"

static const uint8_t	*stream;	/* what the server sends */
static size_t		 sent, done, record;

int
SSL_peek(SSL *ssl, void *buf, int size)
{
	size_t	n = sent - done < record ? sent - done : record;

	(void)ssl;
	n = n < (size_t)size ? n : (size_t)size;
	memcpy(buf, stream + done, n);
	return n > 0 ? (int)n : -1;
}

int
SSL_read(SSL *ssl, void *buf, int size)
{
	int	n = SSL_peek(ssl, buf, size);

	done += n > 0 ? (size_t)n : 0;
	return n;
}

int
SSL_get_error(const SSL *ssl, int n)
{
	(void)ssl;
	return n > 0 ? SSL_ERROR_NONE : SSL_ERROR_WANT_READ;
}

/* The row that begins at p; false where the message is none. */
static bool
is_row(const uint8_t *p, const uint8_t *end, const struct row *row)
{
	int32_t	len;

	if (end - p < 2 || p[0] * 256 + p[1] != row->n)
		return false;
	p += 2;
	for (int i = 0; i < row->n; i++, p += len) {
		if (end - p < 4 || (len = (int32_t)get_be32(p)) < -1)
			return false;
		p += 4;
		len = len == -1 ? 0 : len;
		if (end - p < len)
			return false;
	}
	return p == end;
}

/* Its cells, each a copy with a NUL behind it. */
static void
check_cells(const uint8_t *p, const struct row *row)
{
	p += 2;
	for (int i = 0; i < row->n; i++) {
		const struct cell	*c = &row->cell[i];
		int32_t			 len = (int32_t)get_be32(p);

		p += 4;
		HOLDS((c->data == NULL) == (len == -1));
		HOLDS(c->len == (len == -1 ? 0 : len));
		if (c->data != NULL) {
			HOLDS(memcmp(c->data, p, (size_t)len) == 0 && c->data[len] == '\0');
			p += len;
		}
	}
}

/* The same with all of the bytes at hand: at what each call must stop, and where. */
static enum rows_state
expect(size_t *at, bool *bound, const struct row *row, const uint8_t **found)
{
	for (;;) {
		const uint8_t	*p = stream + *at;
		size_t		 left = sent - *at, len;

		if (left > 0 && (*p == '\0' || strchr(*bound ? "2DTNSA" : "2TNSA", *p) == NULL))
			return ROWS_END;
		if (left < 5)
			return ROWS_WAIT;
		len = get_be32(p + 1);
		if (!*bound && len > 64 * 1024)
			return ROWS_END;
		if (len < 4 || len > 1 << 30)
			return ROWS_BAD;
		*bound = *bound || *p == '2';
		if (left < 1 + len)
			return ROWS_WAIT;
		*at += 1 + len;
		if (*p == 'D') {
			*found = p + 5;
			return is_row(p + 5, stream + *at, row) ? ROWS_ROW : ROWS_BAD;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct row	 row = { 0 };
	const uint8_t	*found = NULL;
	enum rows_state	 is, must;
	size_t		 at = 0;
	bool		 bound = false;

	if (size < 2)
		return 0;
	record = 1U + data[0] * 64U;
	row.n = data[1] % (ROW_COLUMNS_MAX + 1);
	stream = data + 2;
	sent = size - 2;
	done = 0;
	rows_begin();
	do {
		is = rows_next(NULL, &row);
		must = expect(&at, &bound, &row, &found);
		/* What is no protocol may be seen before the rows in front of it are used. */
		while (is == ROWS_BAD && must == ROWS_ROW)
			must = expect(&at, &bound, &row, &found);
		/* Of what can't be ours a part was taken as the begin of a message. */
		HOLDS(is == must || (is == ROWS_BAD && must == ROWS_END && !bound && done > at));
		if (is == ROWS_ROW)
			check_cells(found, &row);
	} while (is == ROWS_ROW);
	/* libpq finds what is not ours, from its first byte on. */
	HOLDS(is != ROWS_END || done == at);
	return 0;
}
