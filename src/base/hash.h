/* SPDX-License-Identifier: ISC */
/* FNV-1a: to tell texts apart, not against somebody who wants them to look alike. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START	UINT64_C(0xcbf29ce484222325)

/* Adds data to the hash h, which begins as HASH_START. */
static inline uint64_t
hash(uint64_t h, const void *data, size_t len)
{
	for (const unsigned char *p = data; len > 0; len--)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

#endif
