/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "base/library.h"
#include "task/libical.h"

#define TEXT(name)	#name

static struct libical	lib;

static const struct library_function	functions[] = {
#define X(name)	{ TEXT(name), &lib.name },
	LIBICAL_FUNCTIONS(X)
#undef X
};

const struct libical *
libical_load(void)
{
	static bool	loaded;

	if (loaded)
		return &lib;
	if (!library_load(ICAL_SONAME, "the calendar", functions,
	    sizeof functions / sizeof functions[0]))
		return NULL;
	loaded = true;
	lib.icalerror_set_errors_are_fatal(0);
	/* UTC comes with a list of all the other zones, unless there is none. */
	lib.icaltimezone_set_builtin_tzdata(1);
	lib.SET_ZONE_DIRECTORY("/nonexistent");
	lib.icaltimezone_get_utc_timezone();
	return &lib;
}
