/* SPDX-License-Identifier: ISC */
/* A buffer that grows in memory, and is used again. */
#ifndef MEMBUF_H
#define MEMBUF_H

#include <stdbool.h>

#include "base/buf.h"

#define MEMBUF_FIRST	256

struct membuf {
	struct buf	b;
	bool		failed;		/* memory was lacking: not all is there */
	char		first[MEMBUF_FIRST];
};

/* Begins empty; it stays where it is until membuf_free(). */
void	membuf_init(struct membuf *m);

/* Empties it, for the next text, which most often needs as much memory. */
void	membuf_clear(struct membuf *m);

/* Wipes it and frees its memory. */
void	membuf_free(struct membuf *m);

#endif
