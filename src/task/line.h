/* SPDX-License-Identifier: ISC */
/*
 * Content lines of iCalendar (RFC 5545, section 3.1) in a text that stays as it is: reading
 * neither copies nor changes it.  A line goes on after its end if the next begins with a blank
 * or a tab; the ends of lines are CR LF, or LF as some clients write them.
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* Spans of lines are as they stand in the text, with the folds in them. */
struct line {
	enum { LINE_PROPERTY, LINE_BEGIN, LINE_END } kind;
	int		depth;		/* of the component that it is in; 0: of what is read.
					 * BEGIN and END are in the component that they bound */
	struct span	all;		/* with its end */
	struct span	name;
	struct span	params;		/* from the first ";" on, without the colon; may be empty */
	struct span	value;		/* at is NULL if there is no colon */
};

/* Where a reader is. */
struct lines {
	const char	*at, *end;
	int		 depth;
};

/* Of a text, without the byte order mark that some have. */
static inline struct lines
lines_of(struct span text)
{
	size_t	mark = text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	return (struct lines){ text.at + mark, text.at + text.len, 0 };
}

/* The next line; false after the last.  Empty ones are passed over. */
bool	line_next(struct lines *in, struct line *line);

/*
 * The next component of that name (NULL: any) of those that are directly in the component whose
 * text, BEGIN and all, is read; *all is from its BEGIN up to its END's end.  False after the
 * last.
 */
bool	line_component(struct lines *in, const char *name, struct span *all);

/*
 * The next property of that name (NULL: any) of the component that is read; those of components
 * in it are none of its own.  False after the last.
 */
bool	line_property(struct lines *in, const char *name, struct line *line);

/* The same, from the beginning: the first of them. */
bool	line_first(struct span component, const char *name, struct line *line);

/* Whether the text, without its folds, is this one; letters of either case are the same. */
bool	line_is(struct span text, const char *what);

/*
 * The next parameter of *params, which moves on: its name, and its value or values, without
 * the quotes if it is one that has them.  False after the last.
 */
bool	line_param(struct span *params, struct span *name, struct span *value);

/* The value of the first parameter of that name; false if there is none. */
bool	line_find_param(const struct line *line, const char *name, struct span *value);

/* Copies a text without its folds, up to size - 1 bytes and a NUL; returns its length. */
size_t	line_copy(struct span text, char *out, size_t size);

/*
 * The same of a value of type TEXT (section 3.3.11), without its escapes.  What doesn't fit is
 * left out by whole characters.
 */
size_t	line_text(struct span value, char *out, size_t size);

/* The next of a list of values, which moves on: up to a comma that is not escaped. */
bool	line_list(struct span *values, struct span *value);

#endif
