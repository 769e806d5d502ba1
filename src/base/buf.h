/* SPDX-License-Identifier: ISC */
/*
 * A buffer that JSON is written into.  Its owner's function makes room when it is full, so
 * that the writer need not know whether the answer is streamed.
 */
#ifndef BUF_H
#define BUF_H

#include <string.h>

struct buf {
	char	*data;
	size_t	 len;
	size_t	 size;
	/* Makes room: sends or drops the content, or takes more memory. */
	void	(*drain)(struct buf *);
	void	*owner;		/* for drain() */
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
