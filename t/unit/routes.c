/* SPDX-License-Identifier: ISC */
/* Prints the table of routes, for tests that go through all of it. */
#include <stdbool.h>
#include <stdio.h>

#include "routes.h"

static const char *const	access_names[] = {
	[ACCESS_SELF] = "self",
	[ACCESS_TOKEN] = "token",
	[ACCESS_APP] = "app",
	[ACCESS_OPTIONAL] = "optional",
	[ACCESS_ANY] = "any",
};

int
main(void)
{
	for (const struct route *t = routes; t->method != NULL; t++)
		printf("%s\t%s\t%s\n", t->method, t->path, access_names[t->access]);
	return 0;
}
