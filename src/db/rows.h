/* SPDX-License-Identifier: ISC */
/*
 * The rows of a list, taken out of the TLS connection before libpq reads them: libpq makes
 * of each a result of its own, with the names of all columns, which is half of what a long
 * list costs a worker.  Messages of the protocol (PostgreSQL's documentation, "Message
 * Formats") that come between rows are passed over; what ends the rows stays for libpq.
 */
#ifndef ROWS_H
#define ROWS_H

#include <openssl/ssl.h>

#include "db/row.h"

enum rows_state {
	ROWS_ROW,	/* here is one */
	ROWS_WAIT,	/* the socket has nothing to read */
	ROWS_END,	/* libpq may go on: the end or an error */
	ROWS_BAD	/* no protocol, or the end of the connection: it is of no use */
};

/* Before the first row of a statement, of which libpq has read nothing yet. */
void		rows_begin(void);

/*
 * Fills the cells, as many as the row says it has columns, with the next row: valid until
 * the next call, each with a NUL behind it.
 */
enum rows_state	rows_next(SSL *ssl, struct row *row);

#endif
