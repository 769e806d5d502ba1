/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/bytes.h"
#include "base/wipe.h"

bool
bytes_make_room(struct bytes *b, size_t more, size_t least)
{
	size_t		 size = b->size > 0 ? b->size : least;
	unsigned char	*grown;

	while (size - b->len < more)
		size *= 2;
	if (size == b->size) {
		memmove(b->data, bytes_first(b), b->len);
		explicit_bzero(b->data + b->len, b->first);
	} else {
		if ((grown = malloc(size)) == NULL)
			return false;
		if (b->len > 0)
			memcpy(grown, bytes_first(b), b->len);
		wipe_free(b->data);
		b->data = grown;
		b->size = size;
	}
	b->first = 0;
	return true;
}

void
bytes_take(struct bytes *b, size_t n)
{
	explicit_bzero(bytes_first(b), n);
	b->len -= n;
	b->first = b->len > 0 ? b->first + n : 0;
}

void
bytes_free(struct bytes *b)
{
	wipe_free(b->data);
	*b = (struct bytes){ 0 };
}
