/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "db/wire.h"

#define HEAD_LEN	5		/* type, and a length that counts itself but not the type */
#define MESSAGE_MAX	(1 << 30)	/* PostgreSQL's own limit */
#define RECORD_MAX	(16 * 1024)	/* SSL_read() gives no more */
#define OUT_FIRST	4096
#define PIECE_MAX	4096		/* PgBouncer's pkt_buf */
#define IDLE_MAX	(64 * 1024)	/* bytes of a buffer that an idle connection keeps */

void
wire_open(struct wire *w, int fd, SSL *ssl)
{
	*w = (struct wire){ .fd = fd, .ssl = ssl };
	if (ssl != NULL) {
		/* OpenSSL must not keep data that was read. */
		SSL_set_options(ssl, SSL_OP_CLEANSE_PLAINTEXT);
		SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
		    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	}
	wire_read_ahead(w, true);
}

/* Each answer comes in a TLS record of its own. */
void
wire_read_ahead(struct wire *w, bool ahead)
{
	if (w->ssl != NULL)
		SSL_set_read_ahead(w->ssl, ahead);
}

void
wire_close(struct wire *w)
{
	bytes_free(&w->in);
	bytes_free(&w->out);
	w->nul_at = NULL;
}

static void
put(struct wire *w, const void *data, size_t len)
{
	if (len > 0 && !w->failed)
		w->failed = !bytes_put(&w->out, data, len, OUT_FIRST);
}

static void
put_int16(struct wire *w, int n)
{
	put(w, (unsigned char[]){ (unsigned char)(n >> 8), (unsigned char)n }, 2);
}

static void
put_int32(struct wire *w, uint32_t n)
{
	unsigned char	bytes[4];

	put_be32(bytes, n);
	put(w, bytes, sizeof bytes);
}

static void
put_text(struct wire *w, const char *text)
{
	put(w, text, strlen(text) + 1);
}

/* Begins a message.  Returns its place, with which end_message() fills in the length. */
static size_t
begin_message(struct wire *w, char type)
{
	put(w, &type, 1);
	put_int32(w, 0);
	return w->out.len - 4;
}

static void
end_message(struct wire *w, size_t at)
{
	if (!w->failed)
		put_be32(bytes_first(&w->out) + at, (uint32_t)(w->out.len - at));
}

void
wire_parse(struct wire *w, const char *name, const char *sql, const enum type *types, int n)
{
	size_t	at = begin_message(w, 'P');

	put_text(w, name);
	put_text(w, sql);
	put_int16(w, n);
	for (int i = 0; i < n; i++)
		put_int32(w, types[i]);
	end_message(w, at);
}

void
wire_describe(struct wire *w, const char *name)
{
	size_t	at = begin_message(w, 'D');

	put(w, "S", 1);
	put_text(w, name);
	end_message(w, at);
}

/* All parameters and all columns are binary. */
void
wire_bind(struct wire *w, const char *name, const struct value *const *values, int n)
{
	size_t	at = begin_message(w, 'B');

	put_text(w, "");
	put_text(w, name);
	put_int16(w, 1);
	put_int16(w, 1);
	put_int16(w, n);
	for (int i = 0; i < n; i++) {
		bool	null = values[i]->data == NULL;

		put_int32(w, null ? UINT32_MAX : (uint32_t)values[i]->len);
		if (!null)
			put(w, values[i]->data, (size_t)values[i]->len);
	}
	put_int16(w, 1);
	put_int16(w, 1);
	end_message(w, at);
}

void
wire_execute(struct wire *w)
{
	size_t	at = begin_message(w, 'E');

	put_text(w, "");
	put_int32(w, 0);		/* all rows */
	end_message(w, at);
}

void
wire_sync(struct wire *w)
{
	end_message(w, begin_message(w, 'S'));
}

/* The state after a read or write that returned n, which is no number of bytes. */
static enum wire_state
not_now(struct wire *w, int n, short events)
{
	int	error;

	if (w->ssl == NULL) {
		w->events = events;
		return n < 0 && (errno == EAGAIN || errno == EINTR) ? WIRE_WAIT : WIRE_LOST;
	}
	error = SSL_get_error(w->ssl, n);
	w->events = error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ?
	    WIRE_WAIT : WIRE_LOST;
}

/*
 * How many of the bytes to send leave in one TLS record: whole messages, as many as fit.
 * PgBouncer, from 1.21 to 1.25, waits for the rest of a message that it has room for only in
 * part, and does not see that the rest came with the same record.
 */
static size_t
piece(const struct bytes *b)
{
	size_t	n = 0, len;

	while (n < b->len) {
		len = 1 + (size_t)get_be32(bytes_first(b) + n + 1);
		if (n > 0 && n + len > PIECE_MAX)
			break;
		n += len;
	}
	return n;
}

enum wire_state
wire_send(struct wire *w)
{
	struct bytes	*b = &w->out;
	int		 n;

	if (w->failed)
		return WIRE_LOST;
	while (b->len > 0) {
		if (w->piece == 0)
			w->piece = w->ssl != NULL ? piece(b) : b->len;
		ERR_clear_error();
		n = w->ssl != NULL ? SSL_write(w->ssl, bytes_first(b), (int)w->piece) :
		    (int)write(w->fd, bytes_first(b), w->piece);
		if (n <= 0)
			return not_now(w, n, POLLOUT);
		bytes_take(b, (size_t)n);
		w->piece -= (size_t)n;
	}
	if (b->size > IDLE_MAX)
		bytes_free(b);
	return WIRE_OK;
}

static enum wire_state
receive(struct wire *w)
{
	struct bytes	*b = &w->in;
	size_t		 room;
	int		 n;

	if (!bytes_reserve(b, RECORD_MAX, 2 * RECORD_MAX))
		return WIRE_LOST;
	room = b->size - b->first - b->len - 1;
	ERR_clear_error();
	n = w->ssl != NULL ? SSL_read(w->ssl, bytes_end(b), (int)room) :
	    (int)read(w->fd, bytes_end(b), room);
	if (n <= 0)
		return not_now(w, n, POLLIN);
	b->len += (size_t)n;
	return WIRE_OK;
}

static void
put_back(struct wire *w)
{
	if (w->nul_at != NULL)
		*w->nul_at = w->nul_was;
	w->nul_at = NULL;
}

enum wire_state
wire_next(struct wire *w, struct wire_message *m)
{
	struct bytes	*b = &w->in;
	enum wire_state	 state;
	size_t		 len;

	put_back(w);
	for (;;) {
		if (b->len >= HEAD_LEN) {
			len = get_be32(bytes_first(b) + 1);
			if (len < HEAD_LEN - 1 || len > MESSAGE_MAX)
				return WIRE_LOST;
			if (b->len > len)
				break;
		} else if (b->len == 0) {
			b->first = 0;
			if (b->size > IDLE_MAX)
				bytes_free(b);
		}
		if ((state = receive(w)) != WIRE_OK)
			return state;
	}
	*m = (struct wire_message){ (char)*bytes_first(b), bytes_first(b) + HEAD_LEN,
	    len + 1 - HEAD_LEN };
	b->first += len + 1;		/* not wiped: m stays valid */
	b->len -= len + 1;
	return WIRE_OK;
}

bool
wire_row(struct wire *w, const struct wire_message *m, struct row *row)
{
	/* The next message's first byte, or the byte that receive() leaves free. */
	unsigned char	*end = m->data + m->len, was = *end;

	if (!row_fill(row, m->data, m->len))
		return false;
	w->nul_at = end;
	w->nul_was = was;
	return true;
}

/* All others are read as text. */
static enum column_type
type_of(uint32_t oid)
{
	switch (oid) {
	case TYPE_INT8:
		return COLUMN_INT8;
	case TYPE_BOOL:
		return COLUMN_BOOL;
	case TYPE_DATE:
		return COLUMN_DAY;
	case TYPE_TIMESTAMPTZ:
		return COLUMN_TIME;
	case TYPE_TEXT_ARRAY:
		return COLUMN_TEXTS;
	default:
		return COLUMN_TEXT;
	}
}

bool
wire_columns(const struct wire_message *m, struct columns *columns)
{
	enum { REST = 18, TYPE = 6 };	/* bytes after a name; of these, before the type */
	const unsigned char	*p = m->data, *end = m->data + m->len, *nul;
	int			 n;

	if (m->len < 2 || (n = p[0] << 8 | p[1]) > ROW_COLUMNS_MAX)
		return false;
	p += 2;
	for (int i = 0; i < n; i++, p = nul + 1 + REST) {
		struct column	*c = &columns->column[i];

		if (p >= end || (nul = memchr(p, '\0', (size_t)(end - p))) == NULL ||
		    end - nul <= REST || nul - p >= COLUMN_NAME_MAX)
			return false;
		memcpy(c->name, p, (size_t)(nul - p) + 1);
		c->type = type_of(get_be32(nul + 1 + TYPE));
	}
	columns->n = n;
	return p == end;
}

const char *
wire_field(const struct wire_message *m, char letter)
{
	const char	*p = (const char *)m->data, *end = p + m->len;

	while (p < end && *p != '\0') {
		const char	*text = p + 1, *nul = memchr(text, '\0', (size_t)(end - text));

		if (nul == NULL)
			break;
		if (*p == letter)
			return text;
		p = nul + 1;
	}
	return NULL;
}

const char *
wire_error(const struct wire *w)
{
	unsigned long	 error = w->ssl != NULL ? ERR_peek_last_error() : 0;
	const char	*text = error != 0 ? ERR_reason_error_string(error) : NULL;

	return w->failed ? "out of memory" : text != NULL ? text : "the connection was closed";
}
