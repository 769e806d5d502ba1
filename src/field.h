/* SPDX-License-Identifier: ISC */
/*
 * Bodies: from JSON or a form to a statement's values, by tables of fields.
 * The only file that knows cJSON.
 */
#ifndef FIELD_H
#define FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"
#include "stmt.h"

struct req;

enum field_type {
	FIELD_TEXT,
	FIELD_CHOICE,
	FIELD_BOOL,
	FIELD_DATE,		/* a date or a time; the day goes to PARAM_DUE_DAY */
	FIELD_TAGS		/* an array of texts, or one text with commas */
};

/* What is to be true of a field.  A table ends with a row without a name. */
struct field {
	const char		*name;
	const char		*alias;		/* its name in a form */
	enum field_type		 type;
	bool			 required;
	bool			 null;		/* may be null */
	bool			 trim;		/* white space around it goes */
	bool			 line;		/* no control characters */
	bool			 lower;		/* to lower case (ASCII) */
	bool			 bytes;		/* min and max count bytes */
	size_t			 min, max;	/* code points, of each tag too */
	size_t			 count;		/* tags at most */
	const char *const	*choices;	/* ends with NULL */
	/* A rule of its own: returns NULL, or what is wrong. */
	const char		*(*check)(const char *text, size_t len);
	enum param		 param;		/* where it goes */
	enum param		 has;		/* true where it was given */
};

/*
 * Reads r's body as its route's fields say, into r's values.  ANS_OK also
 * where fields break their rules: then they are r's problems.  Otherwise
 * ANS_BODY_LARGE, ANS_BODY_SHORT, ANS_NOT_TYPE, ANS_NOT_JSON, ANS_BAD_FORM or
 * ANS_INTERNAL.
 */
enum answer	field_body(struct req *r);

/* Frees what field_body() made. */
void		field_free(struct req *r);

/* Rules for struct field's check. */
const char	*field_username(const char *text, size_t len);
const char	*field_email(const char *text, size_t len);

#endif
