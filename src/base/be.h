/* SPDX-License-Identifier: ISC */
/* Big-endian integers at p, as networks and files have them. */
#ifndef BE_H
#define BE_H

#include <stdint.h>

static inline uint32_t
get_be32(const void *p)
{
	const unsigned char	*b = p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint64_t
get_be64(const void *p)
{
	return (uint64_t)get_be32(p) << 32 | get_be32((const unsigned char *)p + 4);
}

static inline void
put_be32(void *p, uint32_t v)
{
	unsigned char	*b = p;

	for (int i = 3; i >= 0; i--, v >>= 8)
		b[i] = (unsigned char)v;
}

static inline void
put_be64(void *p, uint64_t v)
{
	put_be32(p, (uint32_t)(v >> 32));
	put_be32((unsigned char *)p + 4, (uint32_t)v);
}

#endif
