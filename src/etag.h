/* SPDX-License-Identifier: ISC */
/*
 * Versions of a task as entity tags (RFC 9110, section 8.8.3): the time of
 * its last write in hexadecimal.
 */
#ifndef ETAG_H
#define ETAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the tag with its quotes; 24 bytes are enough. */
void	etag_format(char *out, size_t size, int64_t version);

/* True where an If-Match or If-None-Match field is "*". */
bool	etag_is_any(const char *field);

/*
 * Reads the next tag of such a field that is ours, and moves *field behind it;
 * false after the last.  Weak tags count where weak is set (section 8.8.3.2).
 */
bool	etag_next(const char **field, bool weak, int64_t *version);

#endif
