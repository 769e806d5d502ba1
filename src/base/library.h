/* SPDX-License-Identifier: ISC */
/* Libraries that are loaded when they are first needed, so that not every worker has them. */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_function {
	const char	*name;
	void		*pointer;	/* to one to a function: dlsym() has them as objects */
};

/*
 * Loads the library of that name for good, and sets the pointers to its n functions.  False,
 * with a line in the log that begins with what it is for, if it or one of them is not there.
 */
bool	library_load(const char *name, const char *what_for, const struct library_function *functions,
	    size_t n);

#endif
