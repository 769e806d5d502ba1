/* SPDX-License-Identifier: ISC */
/* A buffer for tests, which end if there is no memory. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdlib.h>

#include "base/buf.h"

static void
grow(struct buf *b)
{
	b->size *= 2;
	if ((b->data = realloc(b->data, b->size)) == NULL)
		abort();
}

/* One that grows; its data is the caller's to free(). */
static inline struct buf
memory(void)
{
	struct buf	b = { .data = malloc(4096), .size = 4096, .drain = grow };

	if (b.data == NULL)
		abort();
	return b;
}

#endif
