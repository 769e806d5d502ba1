/* SPDX-License-Identifier: ISC */
/*
 * A fixed buffer that is emptied by its owner's function when it is full: what
 * JSON is written into, whether it ends as one answer or as a stream.
 */
#ifndef BUF_H
#define BUF_H

#include <string.h>

struct buf {
	char	*data;
	size_t	 len;
	size_t	 size;
	/* Makes room, by sending or dropping what is there, or with more memory. */
	void	(*drain)(struct buf *);
	void	*owner;		/* drain()'s own */
};

static inline void
buf_put(struct buf *b, const void *data, size_t len)
{
	const char	*p = data;
	size_t		 n;

	while (len > b->size - b->len) {
		n = b->size - b->len;
		memcpy(b->data + b->len, p, n);
		b->len += n;
		p += n;
		len -= n;
		b->drain(b);
	}
	if (len > 0)
		memcpy(b->data + b->len, p, len);
	b->len += len;
}

static inline void
buf_char(struct buf *b, char c)
{
	if (b->len == b->size)
		b->drain(b);
	b->data[b->len++] = c;
}

static inline void
buf_str(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

#endif
