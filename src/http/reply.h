/* SPDX-License-Identifier: ISC */
/* Answers to HTTP: the only writer, and the only place with status numbers. */
#ifndef REPLY_H
#define REPLY_H

#include "http/request.h"

/* Gives r an empty body to write into; called before anything is written. */
void	reply_init(struct req *r);

/* True once a part of the answer has left: its head can't change any more. */
bool	reply_has_begun(void);

/* Drops what was written; false where a part of it has left already. */
bool	reply_restart(struct req *r);

/*
 * Ends the request with the answer, and returns the one that was sent: ANS_INTERNAL
 * if the head of it would have been too long.  A successful one has its body in r->out;
 * an error's is written here, unless a part of another body has left already:
 * then the connection is broken off, so that nobody takes it for complete.
 */
enum answer	reply_end(struct req *r, enum answer answer);

/* The answer's status code and reason phrase, as in "404 Not Found". */
const char	*reply_status(enum answer answer);

#endif
