/* SPDX-License-Identifier: ISC */
/* Patterns of recurrence in words: "daily", "every other week". */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

#define WORDS_PATTERN_MAX	400	/* bytes: 100 characters of UTF-8 */

/*
 * Writes the RRULE (RFC 5545, section 3.3.10) that the pattern stands for.  One that is not
 * of these words is written as it is, without "RRULE:": whether it is a rule is for rrule.h
 * to say.  The pattern has WORDS_PATTERN_MAX bytes at most.
 */
void	words_rule(const char *pattern, char *out, size_t size);

#endif
