/* SPDX-License-Identifier: ISC */
/* Bytes of a text that is someone else's. */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char	*at;		/* NULL: none, which is not the empty text */
	size_t		 len;
};

static inline struct span
span_of(const char *text)
{
	return (struct span){ text, text == NULL ? 0 : strlen(text) };
}

static inline bool
span_same(struct span a, struct span b)
{
	if (a.at == NULL || b.at == NULL)
		return a.at == b.at;
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

#endif
