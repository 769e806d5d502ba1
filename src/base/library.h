/* SPDX-License-Identifier: ISC */
/* Libraries that a worker loads at their first use, as many workers never use them. */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_function {
	const char	*name;
	void		*pointer;	/* to the pointer to the function */
};

/*
 * Loads the library of that name for good, and sets the pointers to its n functions.  False if
 * it or one of them is missing: then a line of the log says so, and what it is for.
 */
bool	library_load(const char *name, const char *purpose,
	    const struct library_function *functions, size_t n);

#endif
