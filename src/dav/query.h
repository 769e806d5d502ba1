/* SPDX-License-Identifier: ISC */
/* Reads the filter of a calendar-query (RFC 4791, section 9.7) as its XML comes. */
#ifndef QUERY_H
#define QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/answer.h"
#include "base/membuf.h"
#include "dav/filter.h"

struct request;

#define QUERY_DEPTH	32	/* as xml.h */

/* A filter that is being read; zero before. */
struct query {
	struct comp_filter	*root;		/* NULL: all tasks fit */
	int			 n;		/* of its parts */
	/* The elements around what is read, by their depth. */
	struct query_part {
		enum {
			QUERY_OTHER, QUERY_FILTER, QUERY_COMP, QUERY_PROP, QUERY_PARAM, QUERY_MATCH
		}			 kind;
		union {
			struct comp_filter	*comp;
			struct prop_filter	*prop;
			struct param_filter	*param;
			struct text_match	*match;
		};
	}			 part[QUERY_DEPTH];
};

/*
 * As of xml_reader, from the element filter on, which is at depth 1.  What is made lives as long
 * as r.  ANS_OK, ANS_BAD_FILTER, ANS_NO_COLLATION, ANS_XML_LARGE, ANS_INTERNAL.
 */
enum answer	query_start(struct query *q, struct request *r, int depth, const char *name,
		    const char **attributes);

/* The same at the end of an element, in which there was this text. */
enum answer	query_end(struct query *q, struct request *r, int depth, const struct buf *text);

/* Once all is read: ANS_OK or ANS_BAD_FILTER.  A filter that all tasks fit becomes none. */
enum answer	query_finish(struct query *q);

#endif
