/* SPDX-License-Identifier: ISC */
/* Preconditions (RFC 9110, section 13): If-Match and If-None-Match, by the versions of etag.h. */
#ifndef PRECOND_H
#define PRECOND_H

#include "http/request.h"

/* Sets the statement's if_match and if_none_match to the versions that r's fields name; false
 * if memory runs out. */
bool		precond_values(struct request *r);

/* True if the statement has versions to compare with. */
bool		precond_is_set(const struct request *r);

/*
 * Compares r's fields with the version that was read, which becomes the answer's ETag.
 * ANS_OK; ANS_OTHER_VERSION if If-Match does not name it; unchanged if If-None-Match does.
 */
enum answer	precond_check(struct request *r, int64_t version, enum answer unchanged);

/* Sets the ETag of the answer. */
void		precond_tag(struct request *r, int64_t version);

/* Writes the ETag of a version, with its quotes; it needs as much room as r->etag. */
void		precond_format(const struct request *r, int64_t version, char *out, size_t size);

#endif
