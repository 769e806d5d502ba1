/* SPDX-License-Identifier: ISC */
/* What every target shares. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The target: libFuzzer calls it, or replay.c. */
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is to be true whatever the input. */
#define HOLDS(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
			abort(); \
		} \
	} while (0)

/* A copy with a NUL behind it and nothing else, so that AddressSanitizer sees
 * who reads on. */
static inline char *
fuzz_text(const void *data, size_t size)
{
	char	*text = malloc(size + 1);

	HOLDS(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/*
 * gateway.c, in place of src/http/exchange.c: an exchange whose parameters are params
 * ("NAME=value", NULL at the end), with this body; and its answer, NUL-terminated, once that
 * is complete.
 */
struct exchange	*fuzz_exchange(char **params, const void *body, size_t len);
const char	*fuzz_answer(void);

#endif
