/* SPDX-License-Identifier: ISC */
/* FNV-1a, for what only has to differ when its source does. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START	UINT64_C(0xcbf29ce484222325)

/* Goes on from h, HASH_START at first. */
static inline uint64_t
hash(uint64_t h, const void *data, size_t len)
{
	for (const unsigned char *p = data; len > 0; len--)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

#endif
