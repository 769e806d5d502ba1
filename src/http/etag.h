/* SPDX-License-Identifier: ISC */
/*
 * Versions of a task or a list as entity tags (RFC 9110, section 8.8.3): the time of
 * the last write in hexadecimal, and the form of the answer, which changes with the
 * settings and the program.
 */
#ifndef ETAG_H
#define ETAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the tag with its quotes; 24 bytes are enough for a form of two letters. */
void	etag_format(char *out, size_t size, int64_t version, const char *form);

/* True if an If-Match or If-None-Match field is "*". */
bool	etag_is_any(const char *field);

/*
 * Reads the next tag of such a field that is ours, and moves *field after it; false after the
 * last.  For If-None-Match give the form of answers: weak tags count (section 8.8.3.2), other
 * forms do not, as the client would keep an old form.  For If-Match give NULL: any form
 * counts, also none, as only the version matters.
 */
bool	etag_next(const char **field, const char *form, int64_t *version);

#endif
