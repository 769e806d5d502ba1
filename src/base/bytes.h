/* SPDX-License-Identifier: ISC */
/*
 * Bytes in memory, appended at the end and taken at the front.  What moves, is taken or is freed
 * is wiped, as it may be a secret.  All zero is empty.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct bytes {
	unsigned char	*data;		/* size bytes; NULL if that is 0 */
	size_t		 first, len;	/* those in use */
	size_t		 size;
};

/* bytes_reserve() if there is no room. */
bool	bytes_make_room(struct bytes *b, size_t more, size_t least);

/*
 * Makes sure that there is room for so many more; false if memory runs out.  The first time it
 * takes at least so much.
 */
static inline bool
bytes_reserve(struct bytes *b, size_t more, size_t least)
{
	return b->size - b->first - b->len >= more || bytes_make_room(b, more, least);
}

/* The first of those in use. */
static inline unsigned char *
bytes_first(const struct bytes *b)
{
	return b->data + b->first;
}

/* The place for the next. */
static inline unsigned char *
bytes_end(const struct bytes *b)
{
	return b->data + b->first + b->len;
}

/* Appends len > 0 bytes; false if memory runs out.  least: as bytes_reserve(). */
static inline bool
bytes_put(struct bytes *b, const void *data, size_t len, size_t least)
{
	if (!bytes_reserve(b, len, least))
		return false;
	memcpy(bytes_end(b), data, len);
	b->len += len;
	return true;
}

/* Takes the first n, and wipes them. */
void	bytes_take(struct bytes *b, size_t n);

/* Wipes and frees them; it is empty then. */
void	bytes_free(struct bytes *b);

#endif
