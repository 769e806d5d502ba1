/* SPDX-License-Identifier: ISC */
/* Patterns of recurrence in words: "daily", "every other week". */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

#define WORDS_PATTERN_MAX	400	/* bytes: 100 characters of UTF-8 */

/*
 * Writes the RRULE (RFC 5545, section 3.3.10) of the pattern.  A pattern of other words is
 * copied without "RRULE:"; rrule.h checks it.  It has WORDS_PATTERN_MAX bytes at most.
 */
void	words_rule(const char *pattern, char *out, size_t size);

#endif
