/* SPDX-License-Identifier: ISC */
/*
 * PROPPATCH (RFC 4918, section 9.2): what clients keep with us about the home and the list, each
 * an element that means nothing to us and is given back as it came.
 */
#include <string.h>

#include "dav/ask.h"
#include "dav/dav.h"
#include "dav/path.h"
#include "dav/props.h"
#include "dav/xml.h"
#include "http/field.h"
#include "http/once.h"
#include "http/request.h"
#include "http/route.h"

#define TEXT_MAX	(16 * 1024)	/* of all that a request sets; as much as is kept */
#define PROPERTY_DEPTH	3		/* in propertyupdate, set or remove, and prop */
#define ATTRIBUTES_MAX	64		/* as xml.c has it */
#define XML_LANG	"http://www.w3.org/XML/1998/namespace lang"

struct patch {
	struct request	*r;
	enum dav_kind	 kind;
	bool		 sets;		/* within set, not remove */
	bool		 said;		/* a prop, which may be empty */
	int		 passed;	/* depth of an unknown element that is passed over, or 0 */
	const char	*lang[PROPERTY_DEPTH];	/* xml:lang of what is around the property */
	struct ask	*names;		/* of what is set or removed, each once */
	struct change {
		bool	set;
		size_t	begin, end;	/* of its element in text */
	}		 change[ASK_PROPS_MAX];
	int		 now;		/* the change that is being read */
	struct buf	 text;
	bool		 large;		/* text is not all of it */
};

static void
drop(struct buf *b)
{
	struct patch	*p = b->owner;

	p->large = true;
	b->len = 0;
}

static const char *
lang_of(const char **attributes)
{
	for (; *attributes != NULL; attributes += 2)
		if (strcmp(attributes[0], XML_LANG) == 0)
			return attributes[1];
	return NULL;
}

/* The property's start-tag, with the language that it has from around it. */
static void
put_start(struct patch *p, const char *name, const char **attributes)
{
	const char	*all[2 * (ATTRIBUTES_MAX + 1) + 1], *lang = lang_of(attributes);
	int		 n = 0;

	for (; n < 2 * ATTRIBUTES_MAX && attributes[n] != NULL; n++)
		all[n] = attributes[n];
	for (int i = PROPERTY_DEPTH - 1; lang == NULL && i >= 0; i--)
		if ((lang = p->lang[i]) != NULL) {
			all[n++] = XML_LANG;
			all[n++] = lang;
		}
	all[n] = NULL;
	xml_start_tag(&p->text, name, all, true, false);
}

static enum answer
begin_property(struct patch *p, const char *name, const char **attributes)
{
	enum answer	answer = ask_add(p->r, p->names, name);

	if (answer != ANS_OK)
		return answer;
	/* The last one of a name counts. */
	for (p->now = 0; strcmp(p->names->name[p->now], name) != 0; p->now++)
		continue;
	p->change[p->now] = (struct change){ .set = p->sets, .begin = p->text.len };
	if (p->sets)
		put_start(p, name, attributes);
	return ANS_OK;
}

/* The elements around properties. */
static enum answer
begin_part(struct patch *p, int depth, const char *name, const char **attributes)
{
	const char	*lang = lang_of(attributes);
	bool		 is_known = depth == 0 ? strcmp(name, XML_DAV "propertyupdate") == 0 :
			    depth == 2 ? strcmp(name, XML_DAV "prop") == 0 :
			    strcmp(name, XML_DAV "set") == 0 || strcmp(name, XML_DAV "remove") == 0;

	/* RFC 4918, section 17: other elements are extensions. */
	if (!is_known && depth > 0)
		p->passed = depth;
	if (!is_known)
		return depth > 0 ? ANS_OK : ANS_NOT_XML;
	p->said = p->said || depth == 2;
	if (depth == 1)
		p->sets = strcmp(name, XML_DAV "set") == 0;
	p->lang[depth] = lang == NULL ? NULL : request_printf(p->r, "%s", lang);
	return lang != NULL && p->lang[depth] == NULL ? ANS_INTERNAL : ANS_OK;
}

static enum answer
start(void *owner, int depth, const char *name, const char **attributes)
{
	struct patch	*p = owner;

	if (p->passed > 0)
		return ANS_OK;
	if (depth < PROPERTY_DEPTH)
		return begin_part(p, depth, name, attributes);
	if (depth == PROPERTY_DEPTH)
		return begin_property(p, name, attributes);
	if (p->sets)
		xml_start_tag(&p->text, name, attributes, true, false);
	return ANS_OK;
}

static enum answer
text(void *owner, int depth, const char *text, size_t len)
{
	struct patch	*p = owner;

	if (depth >= PROPERTY_DEPTH && p->sets && p->passed == 0)
		xml_text(&p->text, text, len);
	return ANS_OK;
}

static enum answer
end(void *owner, int depth, const char *name)
{
	struct patch	*p = owner;

	if (p->passed == depth)
		p->passed = 0;
	if (depth < PROPERTY_DEPTH || p->passed > 0)
		return ANS_OK;
	if (p->sets)
		xml_end_tag(&p->text, name, true);
	if (depth == PROPERTY_DEPTH)
		p->change[p->now].end = p->text.len;
	return ANS_OK;
}

static enum answer
read_patch(struct patch *p, struct request *r)
{
	struct xml_reader	 reader = { p, start, text, end };
	enum answer		 answer;
	char			*body;
	size_t			 len;

	*p = (struct patch){ .r = r, .kind = dav_kind_of(r), .text = { .drain = drop, .owner = p,
	    .size = TEXT_MAX, .data = request_alloc(r, TEXT_MAX) } };
	p->names = request_alloc(r, sizeof *p->names);
	if (p->names == NULL || p->text.data == NULL)
		return ANS_INTERNAL;
	p->names->what = ASK_THESE;
	if ((answer = ask_body(r, &body, &len)) == ANS_OK)
		answer = xml_read(&reader, body, len);
	return answer == ANS_OK && !p->said ? ANS_NOT_XML : answer;
}

/* True if a client must not write it here. */
static bool
is_protected(const struct patch *p, int i)
{
	return p->kind == DAV_IS_TASK || props_is_live(p->kind, p->names->name[i]);
}

static bool
any_protected(const struct patch *p)
{
	for (int i = 0; i < p->names->n; i++)
		if (is_protected(p, i))
			return true;
	return false;
}

/* The changes as the statement takes them: keys and elements in turn, and keys. */
static bool
set_values(struct patch *p)
{
	struct span	*set = request_alloc(p->r, 2 * ASK_PROPS_MAX * sizeof *set);
	struct span	 gone[ASK_PROPS_MAX];
	size_t		 nset = 0, ngone = 0;

	for (int i = 0; set != NULL && i < p->names->n; i++) {
		const struct change	*c = &p->change[i];
		char			*key = request_printf(p->r, "%s%s", props_key(p->kind),
					    p->names->name[i]);

		if (key == NULL)
			return false;
		if (!c->set) {
			gone[ngone++] = span_of(key);
			continue;
		}
		set[nset++] = span_of(key);
		set[nset++] = (struct span){ p->text.data + c->begin, c->end - c->begin };
	}
	return set != NULL && field_texts(p->r, PARAM_PROPS_SET, set, nset) &&
	    field_texts(p->r, PARAM_PROPS_GONE, gone, ngone);
}

static enum answer
outcome(struct request *r, const struct row *row)
{
	return dav_whose(r, row);
}

/* Writes what is kept; *stored is false if there is no room for it. */
static enum answer
store(struct patch *p, bool *stored)
{
	const struct row	*row;
	enum answer		 answer;

	if (!set_values(p))
		return ANS_INTERNAL;
	answer = once_run(p->r, STMT_DAV_PROPPATCH, outcome, &row);
	if (answer == ANS_DONE_BEFORE)
		p->r->who.user_id = p->r->once.row;
	*stored = answer == ANS_DONE_BEFORE || (answer == ANS_OK && row_cell(row, "done") != NULL);
	return answer == ANS_DONE_BEFORE ? ANS_OK : answer;
}

/* Looks only whose it is, as nothing is to be written. */
static enum answer
look(struct patch *p)
{
	const struct row	*row;
	enum answer		 answer;
	bool			 is_task = p->kind == DAV_IS_TASK;

	answer = request_row(p->r, is_task ? STMT_DAV_TASK : STMT_DAV_ACCOUNT, &row);
	if (answer != ANS_OK)
		return answer;
	if (row == NULL)
		return ANS_BAD_TOKEN;
	if ((answer = outcome(p->r, row)) != ANS_OK)
		return answer;
	return is_task && row_cell(row, "id") == NULL ? ANS_NO_TASK : ANS_OK;
}

/* Writes the names that have this status: those protected, if there are any, or all others. */
static void
put_status(const struct patch *p, bool protected, const char *status, struct buf *b)
{
	int	n = 0;

	for (int i = 0; i < p->names->n; i++)
		n += is_protected(p, i) == protected;
	if (n == 0 && (protected || p->names->n > 0))
		return;
	buf_str(b, "<D:propstat><D:prop>");
	for (int i = 0; i < p->names->n; i++)
		if (is_protected(p, i) == protected)
			xml_start_tag(b, p->names->name[i], NULL, false, true);
	buf_str(b, "</D:prop><D:status>HTTP/1.1 ");
	buf_str(b, status);
	buf_str(b, "</D:status>");
	if (protected)
		buf_str(b, "<D:error><D:cannot-modify-protected-property/></D:error>");
	buf_str(b, "</D:propstat>");
}

static void
put_response(const struct patch *p, const char *status, struct buf *b)
{
	xml_begin(b);
	buf_str(b, "<D:response><D:href>");
	dav_path(b, p->r->script, p->kind, p->r->who.user_id);
	if (p->kind == DAV_IS_TASK)
		dav_encoded(b, p->r->value[PARAM_NAME].data, (size_t)p->r->value[PARAM_NAME].len);
	buf_str(b, "</D:href>");
	put_status(p, false, status, b);
	put_status(p, true, "403 Forbidden", b);
	buf_str(b, "</D:response>\n");
	xml_end(b);
}

enum answer
dav_proppatch(struct request *r)
{
	struct patch	*p = request_alloc(r, sizeof *p);
	enum answer	 answer;
	bool		 stored = false, forbidden;

	if (p == NULL)
		return ANS_INTERNAL;
	if ((answer = dav_begin(r)) != ANS_OK || (answer = read_patch(p, r)) != ANS_OK)
		return answer;
	forbidden = any_protected(p);
	answer = forbidden || p->large || p->names->n == 0 ? look(p) : store(p, &stored);
	if (answer != ANS_OK)
		return answer;
	stored = stored || p->names->n == 0;
	put_response(p, forbidden ? "424 Failed Dependency" : stored ? "200 OK" :
	    "507 Insufficient Storage", &r->out);
	return ANS_OK;
}
