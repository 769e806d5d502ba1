/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/membuf.h"
#include "base/wipe.h"

static void
release(struct membuf *m)
{
	if (m->b.data == m->first)
		explicit_bzero(m->first, sizeof m->first);
	else
		wipe_free(m->b.data);
}

static void
enlarge(struct buf *b)
{
	struct membuf	*m = b->owner;
	char		*data = malloc(2 * b->size);

	if (data == NULL) {
		m->failed = true;
		b->len = 0;
		return;
	}
	memcpy(data, b->data, b->len);
	release(m);
	b->data = data;
	b->size *= 2;
}

void
membuf_init(struct membuf *m)
{
	m->b = (struct buf){
		.data = m->first, .size = sizeof m->first, .drain = enlarge, .owner = m
	};
	m->failed = false;
}

void
membuf_clear(struct membuf *m)
{
	m->b.len = 0;
	m->failed = false;
}

void
membuf_free(struct membuf *m)
{
	release(m);
	membuf_init(m);
}
