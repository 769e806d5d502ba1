/* SPDX-License-Identifier: ISC */
/*
 * A statement's parameter in PostgreSQL's binary format.  The zero value is
 * SQL's NULL.  Bytes are not owned: they live as long as the request.
 */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/be.h"

/* PostgreSQL's built-in types, by their fixed OIDs (pg_type.dat). */
enum type {
	TYPE_BY_PLACE = 0,		/* the server infers it */
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_INT8 = 20,
	TYPE_TEXT = 25,
	TYPE_TEXT_ARRAY = 1009,
	TYPE_INT8_ARRAY = 1016,
	TYPE_DATE = 1082,
	TYPE_TIMESTAMPTZ = 1184,
	TYPE_TIMESTAMPTZ_ARRAY = 1185
};

struct value {
	const void	*data;		/* NULL: SQL's NULL */
	int		 len;
	unsigned char	 number[8];	/* data of the fixed types */
};

static inline void
value_int64(struct value *v, int64_t n)
{
	put_be64(v->number, (uint64_t)n);
	v->data = v->number;
	v->len = 8;
}

static inline void
value_int32(struct value *v, int32_t n)
{
	put_be32(v->number, (uint32_t)n);
	v->data = v->number;
	v->len = 4;
}

static inline void
value_bool(struct value *v, bool b)
{
	v->number[0] = b;
	v->data = v->number;
	v->len = 1;
}

static inline bool
value_is_true(const struct value *v)
{
	return v->data != NULL && v->len == 1 && *(const unsigned char *)v->data != 0;
}

/* The number of a value that value_int64() made. */
static inline int64_t
value_get_int64(const struct value *v)
{
	return (int64_t)get_be64(v->number);
}

static inline void
value_bytes(struct value *v, const void *data, size_t len)
{
	v->data = data;
	v->len = (int)len;
}

/*
 * Begins a one-dimensional array of n elements at p, which has room for
 * VALUE_ARRAY_HEAD bytes: dimensions, flags, the elements' type, and, unless it
 * is empty, length and lower bound.  Returns where the elements go, each after
 * its 32-bit length.
 */
#define VALUE_ARRAY_HEAD	20

static inline unsigned char *
value_array_head(unsigned char *p, uint32_t type, size_t n)
{
	put_be32(p, n > 0);
	put_be32(p + 4, 0);
	put_be32(p + 8, type);
	if (n == 0)
		return p + 12;
	put_be32(p + 12, (uint32_t)n);
	put_be32(p + 16, 1);
	return p + VALUE_ARRAY_HEAD;
}

#endif
