/* SPDX-License-Identifier: ISC */
/* Filters of calendar-query (RFC 4791, section 9.7), which the XML's reader makes. */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/zone.h"

#define FILTERS_MAX	64	/* in one request: each may read all of a text */

enum filter_collation {
	FILTER_ASCII,		/* i;ascii-casemap, the default */
	FILTER_OCTET,		/* i;octet */
	FILTER_UNICODE,		/* i;unicode-casemap (RFC 5051), without its decompositions */
	FILTER_NONE		/* another one: supported-collation */
};

/* The collation of that name; without a name the default. */
enum filter_collation	filter_collation(const char *name);

struct text_match {
	struct span		text;
	enum filter_collation	collation;
	bool			negate;
};

/* Instants: from start on, and before end. */
struct time_range {
	int64_t	start;		/* INT64_MIN: none */
	int64_t	end;		/* INT64_MAX: none */
};

/* The value of start or end ("20260201T000000Z"); false if it is none. */
bool	filter_time(const char *text, int64_t *usec);

/* What a pointer of these is NULL for is not asked. */
struct param_filter {
	struct param_filter	*next;
	const char		*name;
	bool			 not_defined;
	struct text_match	*match;
};

struct prop_filter {
	struct prop_filter	*next;
	const char		*name;
	bool			 not_defined;
	struct time_range	*range;
	struct text_match	*match;
	struct param_filter	*params;
};

struct comp_filter {
	struct comp_filter	*next;
	const char		*name;
	bool			 not_defined;
	struct time_range	*range;
	struct prop_filter	*props;
	struct comp_filter	*comps;
};

/*
 * Whether the filter can be evaluated; else it is supported-filter.  Its root is a comp-filter
 * whose name is VCALENDAR; time ranges are those of VTODO and of properties.
 */
bool	filter_supported(const struct comp_filter *root);

enum filter_result { FILTER_NO, FILTER_YES, FILTER_NO_MEMORY };

/* Whether a text, as it is answered, fits a filter that is supported. */
enum filter_result	filter_match(const struct comp_filter *root, struct span text,
			    struct zones *zones);

#endif
