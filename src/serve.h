/* SPDX-License-Identifier: ISC */
/* The life of a request, from the web server's side and back, with its line in the log. */
#ifndef SERVE_H
#define SERVE_H

#include "http/gateway.h"
#include "http/worker.h"

/* Answers a request for a struct worker.  Nothing of it stays behind. */
void	serve(void *worker, struct exchange *e);

/* The same while the worker can't do anything: the answer is worker->broken. */
void	serve_error(void *worker, struct exchange *e);

/* True if the database is so late with an answer that others had better take new requests. */
bool	serve_is_late(void *worker);

#endif
