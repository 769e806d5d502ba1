/* SPDX-License-Identifier: ISC */
/* REPORT: reads which one it is, and what it asks for. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "dav/dav.h"
#include "dav/report.h"
#include "dav/xml.h"
#include "http/request.h"

#define HREFS_FIRST	64

/* A report that there is, with what it has besides properties. */
struct report_kind {
	const char	*root;
	unsigned int	 at;		/* of enum dav_kind */
	/* Takes an element's text at its end; NULL: there is nothing to take. */
	enum answer	(*take)(struct report *p, int depth, const char *name);
	enum answer	(*run)(struct report *p);
};

/* The text that was read, without the blanks around it; NULL without memory. */
static char *
text_of(struct report *p)
{
	const char	*blanks = " \t\r\n", *text = p->text.b.data;
	size_t		 len = p->text.b.len;

	while (len > 0 && strchr(blanks, text[len - 1]) != NULL)
		len--;
	while (len > 0 && strchr(blanks, *text) != NULL) {
		text++;
		len--;
	}
	return p->text.failed ? NULL : request_printf(p->r, "%.*s", (int)len, text);
}

/* Room for one more. */
static bool
enlarge(struct report *p)
{
	int			 space = p->space > 0 ? 2 * p->space : HREFS_FIRST;
	struct report_href	*href;

	if (p->nhrefs < p->space)
		return true;
	if ((href = request_alloc(p->r, (size_t)space * sizeof *href)) == NULL)
		return false;
	if (p->nhrefs > 0)
		memcpy(href, p->href, (size_t)p->nhrefs * sizeof *href);
	p->href = href;
	p->space = space;
	return true;
}

static enum answer
take_href(struct report *p, int depth, const char *name)
{
	struct report_href	*href;

	if (depth != 1 || strcmp(name, XML_DAV "href") != 0)
		return ANS_OK;
	if (p->nhrefs == REPORT_HREFS_MAX)
		return ANS_XML_LARGE;
	if (!enlarge(p))
		return ANS_INTERNAL;
	href = &p->href[p->nhrefs++];
	if ((href->text = text_of(p)) == NULL)
		return ANS_INTERNAL;
	href->ours = dav_read_href(p->r, &href->name, href->text,
	    value_get_int64(&p->r->value[PARAM_USER_ID]));
	return ANS_OK;
}

/* A token, as it is written; none at all is that of the beginning. */
static enum answer
take_token(struct report *p)
{
	const char	*text = text_of(p);
	char		*end;

	if (text == NULL)
		return ANS_INTERNAL;
	if (*text == '\0')
		return ANS_OK;
	if (strncmp(text, PROPS_TOKEN, sizeof PROPS_TOKEN - 1) != 0)
		return ANS_BAD_SYNC_TOKEN;
	text += sizeof PROPS_TOKEN - 1;
	p->since = (int64_t)strtoull(text, &end, 16);
	p->has_token = true;
	return *end != '\0' || text[strspn(text, "0123456789abcdef")] != '\0' || p->since < 0 ||
	    p->since > date_from_unix(INT64_MAX) ? ANS_BAD_SYNC_TOKEN : ANS_OK;
}

static enum answer
take_sync(struct report *p, int depth, const char *name)
{
	const char	*text;

	if (depth == 1 && strcmp(name, XML_DAV "sync-token") == 0)
		return take_token(p);
	if (depth != 2 || strcmp(name, XML_DAV "nresults") != 0)
		return ANS_OK;
	if ((text = text_of(p)) == NULL)
		return ANS_INTERNAL;
	return number_id(text, strlen(text), &p->limit) == NUMBER_OK ? ANS_OK : ANS_NOT_XML;
}

#define EMPTY(name)	{ XML_DAV name, DAV_IS_HOME | DAV_IS_LIST, NULL, report_nothing }

/* Those of principals find nobody, as whoever asks is the only one. */
static const struct report_kind	kinds[] = {
	{ XML_CALDAV "calendar-multiget", DAV_IS_LIST, take_href, report_multiget },
	{ XML_CALDAV "calendar-query", DAV_IS_LIST, NULL, report_query },
	{ XML_DAV "sync-collection", DAV_IS_LIST, take_sync, report_sync },
	EMPTY("expand-property"),
	EMPTY("principal-match"),
	EMPTY("principal-property-search"),
	EMPTY("principal-search-property-set"),
};

static enum answer
begin_report(struct report *p, const char *name)
{
	enum dav_kind	at = dav_kind_of(p->r);

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if ((kinds[i].at & at) != 0 && strcmp(kinds[i].root, name) == 0)
			p->kind = &kinds[i];
	return p->kind == NULL ? ANS_NO_REPORT : ANS_OK;
}

static void
begin_part(struct report *p, const char *name)
{
	p->in_names = strcmp(name, XML_DAV "prop") == 0;
	p->in_filter = p->kind->run == report_query && strcmp(name, XML_CALDAV "filter") == 0;
	if (strcmp(name, XML_DAV "allprop") == 0)
		p->ask->what = ASK_ALL;
	else if (strcmp(name, XML_DAV "propname") == 0)
		p->ask->what = ASK_NAMES;
}

static enum answer
start(void *owner, int depth, const char *name, const char **attributes)
{
	struct report	*p = owner;

	membuf_clear(&p->text);
	if (depth == 0)
		return begin_report(p, name);
	if (depth == 1)
		begin_part(p, name);
	if (p->in_filter)
		return query_start(&p->query, p->r, depth, name, attributes);
	if (depth != 2 || !p->in_names)
		return ANS_OK;
	p->wants_text = p->wants_text || strcmp(name, PROPS_TEXT) == 0;
	return ask_add(p->r, p->ask, name);
}

static enum answer
text(void *owner, int depth, const char *text, size_t len)
{
	struct report	*p = owner;

	(void)depth;
	buf_put(&p->text.b, text, len);
	return p->text.failed ? ANS_INTERNAL : ANS_OK;
}

static enum answer
end(void *owner, int depth, const char *name)
{
	struct report	*p = owner;
	enum answer	 answer = ANS_OK;

	if (p->in_filter && depth > 0)
		answer = query_end(&p->query, p->r, depth, &p->text.b);
	else if (p->kind->take != NULL && !p->in_names)
		answer = p->kind->take(p, depth, name);
	membuf_clear(&p->text);
	return answer;
}

static enum answer
read_report(struct report *p)
{
	struct xml_reader	 reader = { p, start, text, end };
	enum answer		 answer;
	char			*body;
	size_t			 len;

	if ((answer = ask_body(p->r, &body, &len)) != ANS_OK ||
	    (answer = xml_read(&reader, body, len)) != ANS_OK)
		return answer;
	return query_finish(&p->query);
}

enum answer
dav_report(struct request *r)
{
	struct report	*p = request_alloc(r, sizeof *p);
	enum answer	 answer = dav_begin(r);

	if (answer != ANS_OK)
		return answer;
	if (p == NULL || (p->ask = request_alloc(r, sizeof *p->ask)) == NULL)
		return ANS_INTERNAL;
	p->r = r;
	p->ask->what = ASK_THESE;
	membuf_init(&p->text);
	if ((answer = read_report(p)) == ANS_OK)
		answer = p->kind->run(p);
	membuf_free(&p->text);
	return answer;
}
