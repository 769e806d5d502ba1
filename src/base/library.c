/* SPDX-License-Identifier: ISC */
#include <dlfcn.h>
#include <string.h>

#include "base/library.h"
#include "base/log.h"

bool
library_load(const char *name, const char *purpose, const struct library_function *functions,
    size_t n)
{
	void	*library = dlopen(name, RTLD_NOW | RTLD_LOCAL), *function;

	if (library == NULL) {
		log_line("%s needs a library; install it: %s", purpose, dlerror());
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if ((function = dlsym(library, functions[i].name)) == NULL) {
			log_line("%s needs another version of a library: %s", purpose, dlerror());
			dlclose(library);
			return false;
		}
		memcpy(functions[i].pointer, &function, sizeof function);
	}
	return true;
}
