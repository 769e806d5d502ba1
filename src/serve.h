/* SPDX-License-Identifier: ISC */
/* The life of a request, from the web server's side and back, with its line in the log. */
#ifndef SERVE_H
#define SERVE_H

#include "http/gateway.h"
#include "http/worker.h"

/* Answers a request.  Nothing of it stays behind. */
void	serve(struct worker *w, struct exchange *e);

/* Answers a request with an error that has nothing to do with it. */
void	serve_error(struct worker *w, struct exchange *e, enum answer answer);

#endif
