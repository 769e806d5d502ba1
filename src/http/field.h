/* SPDX-License-Identifier: ISC */
/* Tables of fields: their rules, and how a text becomes a statement's value. */
#ifndef FIELD_H
#define FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/span.h"
#include "db/stmt.h"

struct request;

/* Up to here JSON's numbers are exact, for clients too. */
#define FIELD_ID_MAX	((INT64_C(1) << 53) - 1)

enum field_type {
	FIELD_TEXT,
	FIELD_CHOICE,
	FIELD_BOOL,
	FIELD_DATE,		/* a date or a time */
	FIELD_ZONE,		/* the name of a time zone */
	FIELD_COUNT,		/* an integer of min to max; in queries */
	FIELD_TAGS,		/* an array of texts, or one text with commas */
	FIELD_IDS,		/* an array of 1 to count ids; in bodies */
	FIELD_OBJECT,		/* of fields; in bodies */
	FIELD_OBJECTS		/* an array of 1 to count of these */
};

/* The rules of a field of a body, or of a parameter of a query.  A table ends with a row
 * without a name. */
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
	size_t			 min, max;	/* code points, of each tag too; a count */
	size_t			 count;		/* tags or ids at most */
	const char *const	*choices;	/* ends with NULL */
	const char		*schema;	/* added to a text's schema by openapi.c */
	/* A rule of its own: returns NULL, or the error. */
	const char		*(*check)(const char *text, size_t len);
	enum param		 param;		/* receives the value */
	enum param		 has;		/* set to true if it was given */
	/* Receives a date's clock (date_parse_clock()), and a date without a time goes nowhere
	 * else.  PARAM_NONE: a date without a time goes to PARAM_DUE_DAY. */
	enum param		 clock;
	enum param		 when;		/* ignore the field unless this parameter is true */
	/* Of objects: their fields.  In a single object none is required. */
	const struct field	*fields;
	/* Collects r's values after each of several objects; they are cleared then.  False if
	 * memory runs out. */
	bool			 (*take)(struct request *r);
	const char		*about;		/* for the API's description */
};

/* A part of a text that is no string of its own. */
struct field_slice {
	char	*text;
	size_t	 len;
};

/* Trims it and checks its length and characters; false with a problem of r's. */
bool		field_slice(struct request *r, const struct field *f, struct field_slice *s);

/*
 * Checks a text of a body or a query, and sets the field's value, or notes a problem of r's.
 * text is NULL if a date or a zone is no text.
 */
void		field_text(struct request *r, const struct field *f, char *text);
void		field_choice(struct request *r, const struct field *f, char *text);
void		field_date(struct request *r, const struct field *f, char *text);
void		field_flag(struct request *r, const struct field *f, const char *text);
void		field_zone(struct request *r, const struct field *f, char *text);

/* Makes the parameter an array of n texts, which are copied; false without memory. */
bool		field_texts(struct request *r, enum param param, const struct span *s, size_t n);

/* Notes a problem with a field; msg is NULL if there is no memory for it. */
void		field_problem(struct request *r, const struct field *f, const char *type,
		    const char *msg);

#endif
