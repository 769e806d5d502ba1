/* SPDX-License-Identifier: ISC */
/*
 * What a server of PostgreSQL may send, in pieces that are as long as the first byte says
 * (in steps of 64); the second is how many columns a row has.  The functions of OpenSSL are
 * ours here.
 */
#include "db/wire.h"
#include "fuzz.h"

static const uint8_t	*stream;	/* what the server sends */
static size_t		 sent, done, piece;

int
SSL_read(SSL *ssl, void *buf, int size)
{
	size_t	n = sent - done < piece ? sent - done : piece;

	(void)ssl;
	n = n < (size_t)size ? n : (size_t)size;
	memcpy(buf, stream + done, n);
	done += n;
	return n > 0 ? (int)n : -1;
}

int
SSL_get_error(const SSL *ssl, int n)
{
	(void)ssl;
	return n > 0 ? SSL_ERROR_NONE : SSL_ERROR_WANT_READ;
}

/* The row that begins at p; false if the message is none. */
static bool
is_row(const uint8_t *p, const uint8_t *end, const struct columns *columns)
{
	int32_t	len;

	if (end - p < 2 || p[0] * 256 + p[1] != columns->n)
		return false;
	p += 2;
	for (int i = 0; i < columns->n; i++, p += len) {
		if (end - p < 4 || (len = (int32_t)get_be32(p)) < -1)
			return false;
		p += 4;
		len = len == -1 ? 0 : len;
		if (end - p < len)
			return false;
	}
	return p == end;
}

/* Its cells, each a copy with a NUL after it. */
static void
check_cells(const uint8_t *p, const struct row *row)
{
	p += 2;
	for (int i = 0; i < row->columns->n; i++) {
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

/* Fields of an error, and a description, stay inside their message. */
static void
look_inside(const struct wire_message *m)
{
	struct columns	 columns = { 0 };
	const char	*text = wire_field(m, 'C');

	HOLDS(text == NULL || text + strlen(text) < (const char *)m->data + m->len);
	if (wire_columns(m, &columns))
		HOLDS(m->len >= 2 && columns.n == m->data[0] * 256 + m->data[1]);
}

/* The message that begins at at: WIRE_OK if it is all there, WIRE_LOST if it can be none. */
static enum wire_state
expect(size_t at)
{
	size_t	left = sent - at, len;

	if (left < 5)
		return WIRE_WAIT;
	len = get_be32(stream + at + 1);
	return len < 4 || len > 1 << 30 ? WIRE_LOST : left < 1 + len ? WIRE_WAIT : WIRE_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int		 ssl;		/* never looked at */
	struct columns		 columns = { 0 };
	struct row		 row = { .columns = &columns };
	struct wire		 w = { .fd = -1, .ssl = (SSL *)&ssl };
	struct wire_message	 m;
	enum wire_state		 state;
	size_t			 at = 0;
	bool			 is;

	if (size < 2)
		return 0;
	piece = 1U + data[0] * 64U;
	columns.n = data[1] % (ROW_COLUMNS_MAX + 1);
	stream = data + 2;
	sent = size - 2;
	done = 0;
	while ((state = wire_next(&w, &m)) == WIRE_OK) {
		HOLDS(expect(at) == WIRE_OK && m.type == (char)stream[at]);
		HOLDS(m.len == get_be32(stream + at + 1) - 4);
		HOLDS(memcmp(m.data, stream + at + 5, m.len) == 0);
		look_inside(&m);
		is = wire_row(&w, &m, &row);
		HOLDS(is == is_row(stream + at + 5, stream + at + 5 + m.len, &columns));
		if (is)
			check_cells(stream + at + 5, &row);
		at += 5 + m.len;
	}
	HOLDS(state == expect(at));
	wire_close(&w);
	return 0;
}
