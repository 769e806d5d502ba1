/* SPDX-License-Identifier: ISC */
/* free(3) for memory that may have held a secret. */
#ifndef WIPE_H
#define WIPE_H

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static inline void
wipe_free(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

#endif
