/* SPDX-License-Identifier: ISC */
/* Answers to HTTP: the only writer, and the only place with status numbers. */
#ifndef REPLY_H
#define REPLY_H

#include "http/request.h"

/* Gives r an empty body to write into, before anything is written; false without memory. */
bool	reply_init(struct request *r);

/* Drops what was written; false where a part of it has left already. */
bool	reply_restart(struct request *r);

/*
 * Ends the request with the answer, and returns the one that was sent: ANS_INTERNAL
 * if the head of it would have been too long.  A successful one has its body in r->out;
 * an error's is written here, unless a part of another body has left already:
 * then the connection is broken off, so that nobody takes it for complete.
 */
enum answer	reply_end(struct request *r, enum answer answer);

/* The answer's status code and reason phrase, as in "404 Not Found". */
const char	*reply_status(enum answer answer);

#endif
