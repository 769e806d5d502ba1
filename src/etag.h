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

#define ETAG_VERSIONS_MAX	64	/* that a client may list */

/* Writes the tag with its quotes; 24 bytes are enough. */
void	etag_format(char *out, size_t size, int64_t version);

/*
 * Reads an If-Match or If-None-Match field: "*", or tags separated by commas.
 * Returns true for "*"; otherwise *n versions are stored, those of tags that
 * are ours.  Weak tags count where weak is set (section 8.8.3.2).
 */
bool	etag_parse(const char *text, bool weak, int64_t version[ETAG_VERSIONS_MAX], size_t *n);

#endif
