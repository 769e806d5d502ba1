/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "task/libical.h"
#include "base/log.h"

#define TEXT(name)	#name

static struct libical	lib;

static const struct {
	const char	*name;
	void		*pointer;	/* to one to a function: dlsym() has them as objects */
} functions[] = {
#define X(name)	{ TEXT(name), &lib.name },
	LIBICAL_FUNCTIONS(X)
#undef X
};

const struct libical *
libical_load(void)
{
	static bool	loaded;
	void		*library, *function;

	if (loaded)
		return &lib;
	if ((library = dlopen(ICAL_SONAME, RTLD_NOW | RTLD_LOCAL)) == NULL) {
		log_line("CALENDAR: %s", dlerror());
		return NULL;
	}
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
		if ((function = dlsym(library, functions[i].name)) == NULL) {
			log_line("CALENDAR: %s", dlerror());
			dlclose(library);
			return NULL;
		}
		memcpy(functions[i].pointer, &function, sizeof function);
	}
	loaded = true;
	lib.icalerror_set_errors_are_fatal(0);
	/* UTC comes with a list of all the other zones, unless there is none. */
	lib.icaltimezone_set_builtin_tzdata(1);
	lib.SET_ZONE_DIRECTORY("/nonexistent");
	lib.icaltimezone_get_utc_timezone();
	return &lib;
}
