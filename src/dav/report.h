/* SPDX-License-Identifier: ISC */
/* Reports (RFC 3253, section 3.6): what is asked for, and how each is answered. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/membuf.h"
#include "dav/ask.h"
#include "dav/path.h"
#include "dav/props.h"
#include "dav/query.h"

#define REPORT_HREFS_MAX	10000

/* A report, as it was read. */
struct report {
	struct request			*r;
	const struct report_kind	*kind;
	struct ask			*ask;		/* the properties */
	bool				 wants_text;	/* calendar-data is one of them */
	/* calendar-multiget: */
	int				 nhrefs, space;
	struct report_href {
		const char	*text;		/* as it came */
		bool		 ours;		/* it may be that of a task */
		bool		 is_repeated;	/* it came before */
		struct dav_name	 name;
	}				*href;
	/* calendar-query: */
	struct query			 query;
	/* sync-collection: */
	bool				 has_token;
	int64_t				 since;
	int64_t				 limit;		/* 0: none */

	/* While it is read: */
	bool				 in_names, in_filter;
	/* The text of an element, or of a task. */
	struct membuf			 text;
	/* While it is answered: */
	struct props			 props;
};

/*
 * Answer a report whose body was read.  ANS_OK, ANS_BAD_TOKEN, ANS_FORBIDDEN, ANS_INTERNAL, or what
 * the database says; of sync-collection ANS_BAD_SYNC_TOKEN and ANS_TOO_MANY, too.
 */
enum answer	report_multiget(struct report *p);
enum answer	report_query(struct report *p);
enum answer	report_sync(struct report *p);
enum answer	report_nothing(struct report *p);	/* whatever it is: nothing was found */

#endif
