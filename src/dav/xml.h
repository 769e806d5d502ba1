/* SPDX-License-Identifier: ISC */
/*
 * XML 1.0 with namespaces: bodies of requests, which expat reads within limits, and texts of
 * answers.  A name is one text: its namespace, a blank, its local part; without a namespace
 * the local part alone.
 */
#ifndef XML_H
#define XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/answer.h"
#include "base/buf.h"

#define XML_BODY_MAX	(1024 * 1024)
#define XML_DAV		"DAV: "
#define XML_CALDAV	"urn:ietf:params:xml:ns:caldav "
#define XML_SERVER	"http://calendarserver.org/ns/ "

/*
 * What is done with a document, as it is read; NULL: nothing.  depth is that of the element, 0
 * of the root.  Anything but ANS_OK stops it.
 */
struct xml_reader {
	void		*owner;
	/* Attributes are names and values in turn, and NULL. */
	enum answer	(*start)(void *owner, int depth, const char *name, const char **attributes);
	enum answer	(*text)(void *owner, int depth, const char *text, size_t len);
	enum answer	(*end)(void *owner, int depth, const char *name);
};

/* True if expat is there; else a line in the log says what is missing. */
bool		xml_load(void);

/*
 * Reads a document.  ANS_OK; ANS_NOT_XML if it is not well-formed or has a DOCTYPE, and so no
 * entities but those of XML; ANS_XML_LARGE for what is deeper, or has more elements, than
 * anybody means; ANS_INTERNAL without expat or memory; or what stopped it.
 */
enum answer	xml_read(const struct xml_reader *reader, const char *text, size_t len);

/* Writes text as the content of an element. */
void		xml_text(struct buf *b, const char *text, size_t len);

/* The local part of a name. */
const char	*xml_local(const char *name);

/* Writes <D:multistatus> with the prefixes of the namespaces that we know, or its end. */
void		xml_begin(struct buf *b);
void		xml_end(struct buf *b);

/*
 * Writes a start-tag, or with empty all of an element; by a prefix of xml_begin(), or if alone
 * is true or it has another namespace, by one that it declares.  attributes as of
 * xml_reader, or NULL; those that have a namespace bring it along, too.
 */
void		xml_start_tag(struct buf *b, const char *name, const char **attributes, bool alone,
		    bool empty);
void		xml_end_tag(struct buf *b, const char *name, bool alone);

#endif
