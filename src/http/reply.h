/* SPDX-License-Identifier: ISC */
/* HTTP answers: the only writer, and the only place with status numbers. */
#ifndef REPLY_H
#define REPLY_H

#include "http/request.h"

/* Gives r an empty body to write into; false if memory runs out. */
bool	reply_init(struct request *r);

/* Drops the body so far; false if a part of it has been sent. */
bool	reply_restart(struct request *r);

/*
 * Ends the request with the answer, and returns the one that was sent: ANS_INTERNAL if its
 * head would have been too long.  A success has its body in r->out.  An error's body is
 * written here; if a part of another body has been sent, the connection is broken off instead,
 * so that the client does not take that for complete.
 */
enum answer	reply_end(struct request *r, enum answer answer);

/* The answer's status code and reason phrase, as in "404 Not Found". */
const char	*reply_status(enum answer answer);

#endif
