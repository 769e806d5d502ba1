/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "dav/ask.h"
#include "dav/path.h"
#include "dav/xml.h"
#include "http/request.h"

/* A PROPFIND that is being read. */
struct reading {
	struct request	*r;
	struct ask	*ask;
	bool		 in_names;	/* within prop or include */
	bool		 said;		/* what is asked for */
};

enum answer
ask_depth(const struct request *r, int *depth)
{
	static const struct {
		const char	*text;
		int		 depth;
	} depths[] = { { "0", 0 }, { "1", 1 }, { "infinity", -1 } };

	*depth = -1;
	if (r->depth == NULL)
		return ANS_OK;
	for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++)
		if (strcasecmp(r->depth, depths[i].text) == 0) {
			*depth = depths[i].depth;
			return ANS_OK;
		}
	return ANS_BAD_DEPTH;
}

enum answer
ask_body(struct request *r, char **text, size_t *len)
{
	enum answer	answer = dav_body(r, text, len);

	return answer == ANS_BODY_LARGE ? ANS_XML_LARGE : answer;
}

enum answer
ask_add(struct request *r, struct ask *ask, const char *name)
{
	for (int i = 0; i < ask->n; i++)
		if (strcmp(ask->name[i], name) == 0)
			return ANS_OK;
	if (ask->n == ASK_PROPS_MAX || (ask->len += strlen(name)) > ASK_NAMES_MAX)
		return ANS_XML_LARGE;
	if ((name = request_printf(r, "%s", name)) == NULL)
		return ANS_INTERNAL;
	ask->name[ask->n++] = name;
	return ANS_OK;
}

/* An element below propfind. */
static enum answer
begin_part(struct reading *p, const char *name)
{
	static const struct {
		const char	*name;
		int		 what;
	} parts[] = {
		{ XML_DAV "allprop", ASK_ALL }, { XML_DAV "propname", ASK_NAMES },
		{ XML_DAV "prop", ASK_THESE },
	};

	p->in_names = strcmp(name, XML_DAV "prop") == 0 || strcmp(name, XML_DAV "include") == 0;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (strcmp(name, parts[i].name) != 0)
			continue;
		if (p->said)
			return ANS_NOT_XML;
		p->said = true;
		p->ask->what = parts[i].what;
	}
	return ANS_OK;			/* what is unknown is passed over */
}

static enum answer
start(void *owner, int depth, const char *name, const char **attributes)
{
	struct reading	*p = owner;

	(void)attributes;
	switch (depth) {
	case 0:
		return strcmp(name, XML_DAV "propfind") == 0 ? ANS_OK : ANS_NOT_XML;
	case 1:
		return begin_part(p, name);
	case 2:
		return p->in_names ? ask_add(p->r, p->ask, name) : ANS_OK;
	default:
		return ANS_OK;
	}
}

enum answer
ask_read(struct request *r, struct ask **ask)
{
	struct reading		 p = { .r = r };
	struct xml_reader	 reader = { .owner = &p, .start = start };
	enum answer		 answer;
	char			*text;
	size_t			 len;

	if ((answer = ask_body(r, &text, &len)) != ANS_OK)
		return answer;
	if ((*ask = p.ask = request_alloc(r, sizeof **ask)) == NULL)
		return ANS_INTERNAL;
	if (len == 0)
		return ANS_OK;
	answer = xml_read(&reader, text, len);
	return answer == ANS_OK && !p.said ? ANS_NOT_XML : answer;
}
