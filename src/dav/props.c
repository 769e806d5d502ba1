/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "dav/props.h"
#include "dav/xml.h"
#include "http/precond.h"
#include "http/request.h"

#define COLLECTIONS	(DAV_IS_ROOT | DAV_IS_CONTEXT | DAV_IS_HOME | DAV_IS_LIST)
#define ALL		(COLLECTIONS | DAV_IS_TASK)
#define ICAL_MAX	"524288"		/* bytes of a task's text */

static void
href(const struct props *p, struct buf *b, enum dav_kind kind)
{
	buf_str(b, "<D:href>");
	dav_path(b, p->r->script, kind, p->user);
	buf_str(b, "</D:href>");
}

static void
put_home(const struct props *p, struct buf *b)
{
	href(p, b, DAV_IS_HOME);
}

static void
put_context(const struct props *p, struct buf *b)
{
	href(p, b, DAV_IS_CONTEXT);
}

static void
put_username(const struct props *p, struct buf *b)
{
	xml_text(b, p->username, strlen(p->username));
}

/* As an address of RFC 6068, in which some letters of one of RFC 5322 mean something else. */
static void
put_addresses(const struct props *p, struct buf *b)
{
	static const char	plain[] = "@!$'*+";

	buf_str(b, "<D:href>mailto:");
	for (const char *s = p->email; *s != '\0'; s++)
		if (strchr(plain, *s) != NULL)
			xml_text(b, s, 1);
		else
			dav_encoded(b, s, 1);
	buf_str(b, "</D:href>");
	href(p, b, DAV_IS_HOME);
}

static void
put_version(const struct props *p, struct buf *b)
{
	char	text[20];

	snprintf(text, sizeof text, "%" PRIx64, (uint64_t)p->changed);
	buf_str(b, text);
}

void
props_token(const struct props *p, struct buf *b)
{
	buf_str(b, PROPS_TOKEN);
	put_version(p, b);
}

static void
put_etag(const struct props *p, struct buf *b)
{
	char	text[sizeof p->r->etag];

	precond_format(p->r, p->updated, text, sizeof text);
	buf_str(b, text);
}

static void
put_updated(const struct props *p, struct buf *b)
{
	char	text[DATE_HTTP_MAX];

	date_format_http(text, p->updated);
	buf_str(b, text);
}

static void
put_created(const struct props *p, struct buf *b)
{
	char	text[DATE_TEXT_MAX];

	date_format_time(text, p->created);
	buf_str(b, text);
}

#define REPORT(name)	"<D:supported-report><D:report><" name "/></D:report></D:supported-report>"
#define PRIVILEGE(name)	"<D:privilege><D:" name "/></D:privilege>"

/* What is known without a client's saying: RFC 4918, section 15; 3744; 4791; 5397; 6578; and
 * CalendarServer's getctag. */
static const struct live {
	const char	*name;
	unsigned int	 kinds;		/* of enum dav_kind */
	void		(*put)(const struct props *, struct buf *);
	const char	*content;	/* instead of put() */
} lives[] = {
	{ XML_DAV "resourcetype", DAV_IS_ROOT | DAV_IS_CONTEXT, .content = "<D:collection/>" },
	{ XML_DAV "resourcetype", DAV_IS_HOME, .content = "<D:collection/><D:principal/>" },
	{ XML_DAV "resourcetype", DAV_IS_LIST, .content = "<D:collection/><C:calendar/>" },
	{ XML_DAV "resourcetype", DAV_IS_TASK, .content = "" },
	{ XML_DAV "displayname", DAV_IS_HOME, put_username },
	{ XML_DAV "displayname", DAV_IS_LIST, .content = PROPS_LIST_NAME },
	{ XML_DAV "current-user-principal", ALL, put_home },
	{ XML_DAV "owner", ALL, put_home },
	{ XML_DAV "principal-collection-set", ALL, put_context },
	{ XML_DAV "current-user-privilege-set", ALL, .content = PRIVILEGE("read")
	  PRIVILEGE("read-current-user-privilege-set") PRIVILEGE("write") PRIVILEGE("write-content")
	  PRIVILEGE("write-properties") PRIVILEGE("bind") PRIVILEGE("unbind") },
	{ XML_DAV "principal-URL", DAV_IS_HOME, put_home },
	{ XML_CALDAV "calendar-home-set", DAV_IS_HOME, put_home },
	{ XML_CALDAV "calendar-user-address-set", DAV_IS_HOME, put_addresses },
	{ XML_DAV "supported-report-set", DAV_IS_HOME, .content = "" },
	{ XML_DAV "supported-report-set", DAV_IS_LIST, .content = REPORT("D:sync-collection")
	  REPORT("C:calendar-query") REPORT("C:calendar-multiget") },
	{ XML_CALDAV "supported-calendar-component-set", DAV_IS_LIST,
	  .content = "<C:comp name=\"VTODO\"/>" },
	{ XML_CALDAV "supported-calendar-data", DAV_IS_LIST,
	  .content = "<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>" },
	{ XML_CALDAV "max-resource-size", DAV_IS_LIST, .content = ICAL_MAX },
	{ XML_SERVER "getctag", DAV_IS_LIST, put_version },
	{ XML_DAV "sync-token", DAV_IS_LIST, props_token },
	{ XML_DAV "getetag", DAV_IS_TASK, put_etag },
	{ XML_DAV "getcontenttype", DAV_IS_TASK, .content = DAV_TASK_MEDIA },
	{ XML_DAV "getlastmodified", DAV_IS_TASK, put_updated },
	{ XML_DAV "creationdate", DAV_IS_TASK, put_created },
};
#define NLIVES	(sizeof lives / sizeof lives[0])

const char *
props_key(enum dav_kind kind)
{
	return kind == DAV_IS_HOME ? "home " : kind == DAV_IS_LIST ? "list " : NULL;
}

bool
props_is_live(enum dav_kind kind, const char *name)
{
	if (kind == DAV_IS_LIST && strcmp(name, XML_DAV "displayname") == 0)
		return false;
	for (size_t i = 0; i < NLIVES; i++)
		if (strcmp(lives[i].name, name) == 0)
			return true;
	return false;
}

/* Copies pairs of a key and an element. */
static bool
take_kept(struct props *p, struct request *r, const struct cell *pairs)
{
	const char	*text;
	int		 n = 0, at = 0, len;

	while (pairs != NULL && row_texts_next(pairs, &at, &text, &len))
		n++;
	if ((p->kept = request_alloc(r, (size_t)n * sizeof *p->kept)) == NULL)
		return false;
	p->nkept = n / 2;
	at = 0;
	for (int i = 0; i < 2 * p->nkept && row_texts_next(pairs, &at, &text, &len); i++) {
		const char	**to = i % 2 == 0 ? &p->kept[i / 2].key : &p->kept[i / 2].xml;

		if ((*to = request_printf(r, "%.*s", len, text)) == NULL)
			return false;
	}
	return true;
}

enum answer
props_owner(struct props *p, struct request *r, const struct row *row)
{
	enum answer	answer = dav_whose(r, row);

	*p = (struct props){
		.r = r, .user = r->who.user_id, .changed = row_int64(row, "tasks_changed")
	};
	return answer;
}

enum answer
props_account(struct props *p, struct request *r, const struct row *row)
{
	const struct cell	*username = row_cell(row, "username");
	const struct cell	*email = row_cell(row, "email");
	enum answer		 answer = props_owner(p, r, row);

	if (answer != ANS_OK)
		return answer;
	if (username == NULL || email == NULL ||
	    (p->username = request_printf(r, "%.*s", username->len, username->data)) == NULL ||
	    (p->email = request_printf(r, "%.*s", email->len, email->data)) == NULL ||
	    !take_kept(p, r, row_cell(row, "props")))
		return ANS_INTERNAL;
	return ANS_OK;
}

void
props_task(struct props *p, const struct row *row)
{
	p->kind = DAV_IS_TASK;
	p->name = row_cell(row, "name");
	p->task = row_int64(row, "id");
	p->created = row_int64(row, "created_at");
	p->updated = row_int64(row, "updated_at");
}

static const struct kept *
find_kept(const struct props *p, const char *name)
{
	const char	*key = props_key(p->kind);

	for (int i = 0; key != NULL && i < p->nkept; i++)
		if (strncmp(p->kept[i].key, key, strlen(key)) == 0 &&
		    strcmp(p->kept[i].key + strlen(key), name) == 0)
			return &p->kept[i];
	return NULL;
}

static const struct live *
find_live(const struct props *p, const char *name)
{
	for (size_t i = 0; i < NLIVES; i++)
		if ((lives[i].kinds & p->kind) != 0 && strcmp(lives[i].name, name) == 0)
			return &lives[i];
	return NULL;
}

/* It is no property, but asked for and given as if it were (RFC 4791, section 9.6). */
static bool
is_text(const struct props *p, const char *name)
{
	return p->text.at != NULL && strcmp(name, PROPS_TEXT) == 0;
}

static bool
has(const struct props *p, const char *name)
{
	return is_text(p, name) || find_live(p, name) != NULL || find_kept(p, name) != NULL;
}

/* Writes a property that the resource has; what a client gave it comes before what is so else. */
static void
put_property(const struct props *p, const char *name, struct buf *b)
{
	const struct kept	*kept = find_kept(p, name);
	const struct live	*live = find_live(p, name);

	if (kept != NULL) {
		buf_str(b, kept->xml);
		return;
	}
	xml_start_tag(b, name, NULL, false, false);
	if (live == NULL)
		xml_text(b, p->text.at, p->text.len);
	else if (live->put != NULL)
		live->put(p, b);
	else
		buf_str(b, live->content);
	xml_end_tag(b, name, false);
}

static void
put_name(const struct props *p, const char *name, struct buf *b)
{
	(void)p;
	xml_start_tag(b, name, NULL, false, true);
}

/* All that the resource has; what was kept in place of a live one, in its place. */
static void
put_all(const struct props *p, struct buf *b,
    void (*put)(const struct props *, const char *, struct buf *))
{
	const char	*key = props_key(p->kind);

	for (size_t i = 0; i < NLIVES; i++)
		if ((lives[i].kinds & p->kind) != 0)
			put(p, lives[i].name, b);
	for (int i = 0; key != NULL && i < p->nkept; i++)
		if (strncmp(p->kept[i].key, key, strlen(key)) == 0 &&
		    find_live(p, p->kept[i].key + strlen(key)) == NULL)
			put(p, p->kept[i].key + strlen(key), b);
}

/* Those of the names that the resource has, or those that it lacks. */
static void
put_these(const struct props *p, const struct ask *ask, bool there, struct buf *b)
{
	buf_str(b, "<D:propstat><D:prop>");
	for (int i = 0; i < ask->n; i++)
		if (has(p, ask->name[i]) == there)
			(there ? put_property : put_name)(p, ask->name[i], b);
	buf_str(b, there ? "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>" :
	    "</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>");
}

void
props_begin(const struct props *p, struct buf *b)
{
	buf_str(b, "<D:response><D:href>");
	dav_path(b, p->r->script, p->kind, p->user);
	if (p->kind == DAV_IS_TASK && p->name != NULL)
		dav_encoded(b, p->name->data, (size_t)p->name->len);
	else if (p->kind == DAV_IS_TASK)
		dav_own_name(b, p->task, p->created);
	buf_str(b, "</D:href>");
}

void
props_response(const struct props *p, const struct ask *ask, struct buf *b)
{
	int	nthere = 0;

	for (int i = 0; i < ask->n; i++)
		nthere += has(p, ask->name[i]);
	props_begin(p, b);
	if (ask->what != ASK_THESE) {
		buf_str(b, "<D:propstat><D:prop>");
		put_all(p, b, ask->what == ASK_ALL ? put_property : put_name);
		buf_str(b, "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>");
	} else if (nthere > 0 || ask->n == 0)
		put_these(p, ask, true, b);
	if (nthere < ask->n)
		put_these(p, ask, false, b);
	buf_str(b, "</D:response>\n");
}
