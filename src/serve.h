/* SPDX-License-Identifier: ISC */
/* The life of a request, from the web server and back, with its line in the log. */
#ifndef SERVE_H
#define SERVE_H

#include "http/gateway.h"
#include "http/worker.h"

/* Answers a request for a struct worker, and frees it. */
void	serve(void *worker, struct exchange *e);

/* Answers each request with worker->broken. */
void	serve_error(void *worker, struct exchange *e);

/* True if the database is so late that other workers should take new requests. */
bool	serve_is_late(void *worker);

#endif
