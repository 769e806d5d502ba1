/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/library.h"
#include "dav/expat.h"
#include "dav/xml.h"

#define DEPTH_MAX	32
#define ELEMENTS_MAX	20000
#define ATTRIBUTES_MAX	64
#define SPACE_MAX	1000			/* bytes of a namespace */
#define MEMORY_MAX	(8 * 1024 * 1024)	/* of expat: a document and its copy need 3 MiB */
#define CONTENT_MARKS	"&<>\r"
#define VALUE_MARKS	"&<>\r\"\t\n"	/* of an attribute */
#define TEXT(name)	#name
#define XML_ITSELF	"http://www.w3.org/XML/1998/namespace "

static struct expat	lib;

static const struct library_function	functions[] = {
#define X(name)	{ TEXT(name), &lib.name },
	EXPAT_FUNCTIONS(X)
#undef X
};

/* What expat has.  A document is read without a pause, so it is the only one that does. */
static struct {
	size_t	used;
	bool	full;
} memory;

union block {
	size_t		size;
	max_align_t	align;
};

/* The namespaces of answers. */
static const struct {
	const char	*space;		/* with the blank of names */
	const char	*prefix;
} prefixes[] = {
	{ XML_DAV, "D" }, { XML_CALDAV, "C" }, { XML_SERVER, "S" },
};

/* A document that is being read. */
struct document {
	XML_Parser			 parser;
	const struct xml_reader		*reader;
	int				 depth;		/* of the next element */
	int				 nelements;
	enum answer			 answer;
};

bool
xml_load(void)
{
	static bool	loaded;

	if (!loaded)
		loaded = library_load(EXPAT_SONAME, "CalDAV", functions,
		    sizeof functions / sizeof functions[0]);
	return loaded;
}

/*
 * expat writes out the namespace of each attribute of a tag before anybody is asked, so that
 * 100 KiB of them become 300 MiB.
 */
static void *
resize(void *data, size_t size)
{
	union block	*old = data == NULL ? NULL : (union block *)data - 1, *block;
	size_t		 others = memory.used - (old == NULL ? 0 : old->size);

	if ((memory.full = memory.full || size > MEMORY_MAX - others) ||
	    (block = realloc(old, sizeof *block + size)) == NULL)
		return NULL;
	block->size = size;
	memory.used = others + size;
	return block + 1;
}

static void *
allocate(size_t size)
{
	return resize(NULL, size);
}

static void
release(void *data)
{
	union block	*block = data == NULL ? NULL : (union block *)data - 1;

	if (block != NULL)
		memory.used -= block->size;
	free(block);
}

static void
note(struct document *d, enum answer answer)
{
	if (answer == ANS_OK || d->answer != ANS_OK)
		return;
	d->answer = answer;
	lib.XML_StopParser(d->parser, XML_FALSE);
}

static void
start(void *owner, const char *name, const char **attributes)
{
	struct document	*d = owner;
	int		 n = 0;

	if (d->answer != ANS_OK)
		return;
	while (n < 2 * ATTRIBUTES_MAX + 1 && attributes[n] != NULL)
		n++;
	if (d->depth == DEPTH_MAX || ++d->nelements > ELEMENTS_MAX || n > 2 * ATTRIBUTES_MAX)
		note(d, ANS_XML_LARGE);
	else if (d->reader->start != NULL)
		note(d, d->reader->start(d->reader->owner, d->depth, name, attributes));
	d->depth++;
}

static void
text(void *owner, const char *text, int len)
{
	struct document	*d = owner;

	if (d->answer == ANS_OK && d->reader->text != NULL)
		note(d, d->reader->text(d->reader->owner, d->depth - 1, text, (size_t)len));
}

static void
end(void *owner, const char *name)
{
	struct document	*d = owner;

	d->depth--;
	if (d->answer == ANS_OK && d->reader->end != NULL)
		note(d, d->reader->end(d->reader->owner, d->depth, name));
}

/* It comes again with each name that it is of. */
static void
space(void *owner, const char *prefix, const char *name)
{
	(void)prefix;
	if (name != NULL && strlen(name) > SPACE_MAX)
		note(owner, ANS_XML_LARGE);
}

/* Nothing needs one, and it is what entities come from. */
static void
doctype(void *owner, const char *name, const char *system, const char *public, int has_subset)
{
	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	note(owner, ANS_NOT_XML);
}

enum answer
xml_read(const struct xml_reader *reader, const char *document, size_t len)
{
	static const XML_Memory_Handling_Suite	ours = { allocate, resize, release };
	struct document				d = { .reader = reader };

	memset(&memory, 0, sizeof memory);
	if (!xml_load() || (d.parser = lib.XML_ParserCreate_MM(NULL, &ours, " ")) == NULL)
		return ANS_INTERNAL;
	lib.XML_SetUserData(d.parser, &d);
	lib.XML_SetElementHandler(d.parser, start, end);
	lib.XML_SetCharacterDataHandler(d.parser, text);
	lib.XML_SetStartDoctypeDeclHandler(d.parser, doctype);
	lib.XML_SetStartNamespaceDeclHandler(d.parser, space);
	if (lib.XML_Parse(d.parser, document, (int)len, XML_TRUE) != XML_STATUS_OK &&
	    d.answer == ANS_OK)
		d.answer = memory.full ? ANS_XML_LARGE :
		    lib.XML_GetErrorCode(d.parser) == XML_ERROR_NO_MEMORY ? ANS_INTERNAL :
		    ANS_NOT_XML;
	lib.XML_ParserFree(d.parser);
	return d.answer;
}

/* Writes text; marks are those that can't stand for themselves. */
static void
escaped(struct buf *b, const char *s, size_t len, const char *marks)
{
	static const struct {
		char		 c;
		const char	*entity;
	} entities[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" },
		{ '\r', "&#13;" }, { '\t', "&#9;" }, { '\n', "&#10;" },
	};
	size_t	n = sizeof entities / sizeof entities[0], i;

	for (const char *last = s + len; s < last; s += len) {
		for (len = 0; s + len < last && strchr(marks, s[len]) == NULL; len++)
			continue;
		buf_put(b, s, len);
		if (s + len == last)
			return;
		for (i = 0; i < n && entities[i].c != s[len]; i++)
			continue;
		if (i < n)
			buf_str(b, entities[i].entity);
		len++;
	}
}

void
xml_text(struct buf *b, const char *s, size_t len)
{
	escaped(b, s, len, CONTENT_MARKS);
}

const char *
xml_local(const char *name)
{
	const char	*blank = strrchr(name, ' ');

	return blank == NULL ? name : blank + 1;
}

void
xml_begin(struct buf *b)
{
	buf_str(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus");
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		buf_str(b, " xmlns:");
		buf_str(b, prefixes[i].prefix);
		buf_str(b, "=\"");
		buf_put(b, prefixes[i].space, strlen(prefixes[i].space) - 1);
		buf_char(b, '"');
	}
	buf_str(b, ">\n");
}

void
xml_end(struct buf *b)
{
	buf_str(b, "</D:multistatus>\n");
}

static bool
is_itself(const char *name)
{
	return strncmp(name, XML_ITSELF, sizeof XML_ITSELF - 1) == 0;
}

/* Writes a name; true if its prefix has to be declared. */
static bool
qualified(struct buf *b, const char *name, bool alone)
{
	const char	*local = xml_local(name);
	const char	*prefix = local == name ? NULL : "x";

	/* No other prefix may stand for this namespace, and it needs no declaration. */
	if (is_itself(name)) {
		buf_str(b, "xml:");
		buf_str(b, local);
		return false;
	}
	for (size_t i = 0; !alone && i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strlen(prefixes[i].space) == (size_t)(local - name) &&
		    strncmp(prefixes[i].space, name, (size_t)(local - name)) == 0)
			prefix = prefixes[i].prefix;
	if (prefix != NULL) {
		buf_str(b, prefix);
		buf_char(b, ':');
	}
	buf_str(b, local);
	return prefix != NULL && *prefix == 'x';
}

/* Declares the namespace of a name. */
static void
declare(struct buf *b, const char *prefix, const char *name)
{
	buf_str(b, " xmlns:");
	buf_str(b, prefix);
	buf_str(b, "=\"");
	escaped(b, name, (size_t)(xml_local(name) - 1 - name), VALUE_MARKS);
	buf_char(b, '"');
}

static void
attribute(struct buf *b, int number, const char *name, const char *value)
{
	char	prefix[] = "a00";

	prefix[1] = (char)('0' + number / 10 % 10);
	prefix[2] = (char)('0' + number % 10);
	buf_char(b, ' ');
	if (is_itself(name))
		buf_str(b, "xml:");
	else if (xml_local(name) != name) {
		buf_str(b, prefix);
		buf_char(b, ':');
	}
	buf_str(b, xml_local(name));
	buf_str(b, "=\"");
	escaped(b, value, strlen(value), VALUE_MARKS);
	buf_char(b, '"');
	if (xml_local(name) != name && !is_itself(name))
		declare(b, prefix, name);
}

void
xml_start_tag(struct buf *b, const char *name, const char **attributes, bool alone, bool empty)
{
	buf_char(b, '<');
	if (qualified(b, name, alone))
		declare(b, "x", name);
	for (int i = 0; attributes != NULL && attributes[i] != NULL; i += 2)
		attribute(b, i / 2, attributes[i], attributes[i + 1]);
	buf_str(b, empty ? "/>" : ">");
}

void
xml_end_tag(struct buf *b, const char *name, bool alone)
{
	buf_str(b, "</");
	qualified(b, name, alone);
	buf_char(b, '>');
}
