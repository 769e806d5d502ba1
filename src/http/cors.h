/* SPDX-License-Identifier: ISC */
/* Cross-origin requests (the Fetch standard's CORS protocol). */
#ifndef CORS_H
#define CORS_H

#include "http/request.h"

/* Writes the header fields for r's origin; none if CORS_ORIGINS is not set. */
void	cors_headers(struct buf *b, const struct request *r);

#endif
