/* SPDX-License-Identifier: ISC */
#ifndef NUMBER_H
#define NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum number {
	NUMBER_OK,
	NUMBER_NONE,		/* digits, but no 64-bit id: 0 or too large */
	NUMBER_BAD		/* anything else, leading zeros and signs too */
};

/* Reads the len bytes at s as an id: a positive 64-bit integer in decimal. */
static inline enum number
number_id(const char *s, size_t len, int64_t *id)
{
	uint64_t	n = 0;
	int		large = 0;

	if (len == 0 || (s[0] == '0' && len > 1))
		return NUMBER_BAD;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return NUMBER_BAD;
		if (n > (INT64_MAX - (uint64_t)(s[i] - '0')) / 10)
			large = 1;
		else
			n = n * 10 + (uint64_t)(s[i] - '0');
	}
	*id = large ? 0 : (int64_t)n;
	return *id == 0 ? NUMBER_NONE : NUMBER_OK;
}

#endif
