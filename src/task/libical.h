/* SPDX-License-Identifier: ISC */
/*
 * libical, loaded by the first request that needs it: it comes with ICU and libstdc++,
 * a sixth of a worker's private memory and a third of the time its start takes.
 */
#ifndef LIBICAL_H
#define LIBICAL_H

#include <libical/ical.h>

#if ICAL_MAJOR_VERSION >= 4
#define SET_ZONE_DIRECTORY	icaltimezone_set_zone_directory
#else
#define SET_ZONE_DIRECTORY	set_zone_directory
#endif

#define LIBICAL_FUNCTIONS(X) \
	X(icalerror_set_errors_are_fatal) \
	X(icalmemory_free_buffer) \
	X(icalmemory_free_ring) \
	X(icaltimezone_get_utc_timezone) \
	X(icaltimezone_set_builtin_tzdata) \
	X(icalvalue_as_ical_string_r) \
	X(icalvalue_free) \
	X(icalvalue_new_from_string) \
	X(SET_ZONE_DIRECTORY)

/* The functions by their names. */
struct libical {
#define X(name)	__typeof__(name)	*name;
	LIBICAL_FUNCTIONS(X)
#undef X
};

/* Loads it, once, for good.  NULL, with a line in the log, if it is not installed. */
const struct libical	*libical_load(void);

#endif
