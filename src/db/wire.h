/* SPDX-License-Identifier: ISC */
/*
 * The messages of PostgreSQL's extended query protocol (its documentation, "Message Formats"),
 * on a connection that libpq has opened.  libpq itself would ask for the columns at each
 * execution, copy each row, and keep secrets in its output buffer.  Nothing here waits.
 */
#ifndef WIRE_H
#define WIRE_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "db/row.h"
#include "db/value.h"

enum wire_state {
	WIRE_OK,
	WIRE_WAIT,	/* until the socket is ready for wire.events */
	WIRE_LOST	/* the connection ended, or the server's message was invalid */
};

struct wire {
	int		fd;
	SSL		*ssl;		/* libpq's; NULL: no TLS */
	short		events;		/* for poll(2), after WIRE_WAIT */
	bool		failed;		/* memory ran out for a message */
	struct bytes	in, out;
	size_t		piece;		/* of out's bytes, those that go next, together */
	/* The byte after the last row, which a NUL replaced until the next call. */
	unsigned char	*nul_at, nul_was;
};

/* A message of the server; valid until the next wire_next(). */
struct wire_message {
	char		 type;		/* its first byte */
	unsigned char	*data;
	size_t		 len;
};

/* Takes over a connection on which nothing is under way.  Neither fd nor ssl is owned. */
void	wire_open(struct wire *w, int fd, SSL *ssl);

/*
 * Whether OpenSSL reads all that has come at once: not while libpq reads, as that would wait on
 * the socket for data that OpenSSL has already.
 */
void	wire_read_ahead(struct wire *w, bool ahead);

/* Wipes and frees the buffers. */
void	wire_close(struct wire *w);

/* Each of these appends a message, which wire_send() sends. */
void	wire_parse(struct wire *w, const char *name, const char *sql, const enum type *types,
	    int n);
void	wire_describe(struct wire *w, const char *name);	/* a statement's columns */
void	wire_bind(struct wire *w, const char *name, const struct value *const *values, int n);
void	wire_execute(struct wire *w);				/* the last wire_bind() */
void	wire_sync(struct wire *w);

/* Sends the appended messages, as far as the socket takes them; WIRE_OK: all, and wiped. */
enum wire_state	wire_send(struct wire *w);

/* The server's next message. */
enum wire_state	wire_next(struct wire *w, struct wire_message *m);

/*
 * Fills the row's cells from a DataRow ('D') of as many columns; they are valid until the next
 * wire_next().  False if it is no such row.
 */
bool	wire_row(struct wire *w, const struct wire_message *m, struct row *row);

/* Fills the columns of a RowDescription ('T'); false if it is none. */
bool	wire_columns(const struct wire_message *m, struct columns *columns);

/* Why it was lost, after WIRE_LOST (static). */
const char	*wire_error(const struct wire *w);

/* A field of an error or a notice ('E', 'N') by its letter; NULL if there is none. */
const char	*wire_field(const struct wire_message *m, char letter);

#endif
