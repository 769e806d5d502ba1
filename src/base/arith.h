/* SPDX-License-Identifier: ISC */
#ifndef ARITH_H
#define ARITH_H

#include <stdint.h>

/* a / b rounded down, also below 0; b is positive. */
static inline int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The greatest multiple of unit that is not above a. */
static inline int64_t
floor_to(int64_t a, int64_t unit)
{
	return floor_div(a, unit) * unit;
}

static inline int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t
most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
