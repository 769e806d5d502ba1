/* SPDX-License-Identifier: ISC */
/*
 * Writes content lines of iCalendar, folded after 75 bytes at most, between characters (RFC
 * 5545, section 3.1).  Characters that it doesn't have, or XML, are left out.
 */
#ifndef FOLD_H
#define FOLD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

struct fold {
	struct buf	*b;
	int		 column;
};

/* Begins a line with its name, and parameters and colon if they are the same always. */
struct fold	fold_begin(struct buf *b, const char *head);

void	fold_put(struct fold *f, const char *text, size_t len);

/* A value, or a part of one, of type TEXT, escaped (section 3.3.11). */
void	fold_text(struct fold *f, struct span text);

void	fold_end(struct fold *f);

/* Lines of one kind of value each: head and what follows. */
void	fold_line(struct buf *b, const char *head, const char *text);
void	fold_text_line(struct buf *b, const char *head, struct span text);
void	fold_utc_line(struct buf *b, const char *head, int64_t usec);

#endif
