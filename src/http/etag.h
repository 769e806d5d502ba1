/* SPDX-License-Identifier: ISC */
/*
 * Versions of a task or a list as entity tags (RFC 9110, section 8.8.3): the time of
 * the last write in hexadecimal, and the form of the answer, as the same version is
 * written in another way after a change of the settings or of the program.
 */
#ifndef ETAG_H
#define ETAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the tag with its quotes; 24 bytes are enough for a form of two letters. */
void	etag_format(char *out, size_t size, int64_t version, const char *form);

/* True where an If-Match or If-None-Match field is "*". */
bool	etag_is_any(const char *field);

/*
 * Reads the next tag of such a field that is ours, and moves *field behind it; false
 * after the last.  For If-None-Match, with the form of answers: weak tags count (section
 * 8.8.3.2), and other forms do not, as the client would keep them.  For If-Match with
 * NULL: what is stored has the version in any form, also in none.
 */
bool	etag_next(const char **field, const char *form, int64_t *version);

#endif
