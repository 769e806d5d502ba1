/* SPDX-License-Identifier: ISC */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads one code point (RFC 3629: no overlong form, surrogate or value above
 * U+10FFFF) of the len bytes at s.  Returns how many bytes it takes, 0 if they
 * are not UTF-8 or len is 0.
 */
size_t	utf8_read(const char *s, size_t len, uint32_t *code);

/* True if all of them are; none at all are, too. */
bool	utf8_is_valid(const char *s, size_t len);

#define UTF8_MAX	4	/* bytes */

/* Writes a code point; returns how many bytes it takes. */
size_t	utf8_write(char *out, uint32_t code);

#endif
