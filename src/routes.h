/* SPDX-License-Identifier: ISC */
/* The table of routes. */
#ifndef ROUTES_H
#define ROUTES_H

#include "http/route.h"

/* Each ends with a row without a method, or a name. */
extern const struct route	routes[];
extern const struct path_part	path_parts[];

#endif
