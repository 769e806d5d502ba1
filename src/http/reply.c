/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/wipe.h"
#include "http/cors.h"
#include "http/tojson.h"
#include "http/reply.h"
#include "http/route.h"

/*
 * Enough for the largest task with each character escaped (about 68 KiB):
 * only lists are streamed.
 */
#define OUT_MAX		(96 * 1024)
#define OUT_FIRST	(8 * 1024)	/* enough for most answers */
#define HEAD_SIZE	4096		/* more than all fields together */

/* Each answer's status line and, for errors, the detail. */
static const struct line {
	const char	*status;
	const char	*detail;
	const char	*condition;	/* instead of a detail: WebDAV's (RFC 4918, section 16) */
	bool		 challenge;	/* with WWW-Authenticate */
	bool		 allow;		/* with Allow */
	bool		 retry;		/* with Retry-After */
	bool		 fresh;		/* may be stored if each use asks us first */
} lines[ANS__MAX] = {
	[ANS_OK] = { "200 OK" },
	[ANS_CREATED] = { "201 Created" },
	[ANS_NO_CONTENT] = { "204 No Content", .allow = true },
	[ANS_MULTISTATUS] = { "207 Multi-Status" },
	[ANS_OPTIONS] = { "200 OK", .allow = true },
	[ANS_MOVED] = { "301 Moved Permanently", .fresh = true },
	[ANS_CHANGED] = { "204 No Content" },
	[ANS_NOT_MODIFIED] = { "304 Not Modified" },
	[ANS_NOT_JSON] = { "400 Bad Request", "The body is not valid JSON" },
	[ANS_BAD_FORM] = { "400 Bad Request", "The body is not a valid form" },
	[ANS_BODY_SHORT] = { "400 Bad Request", "The body is shorter than its Content-Length" },
	[ANS_NOT_XML] = { "400 Bad Request", "The body is not the XML that is due here" },
	[ANS_BAD_DEPTH] = { "400 Bad Request", "Depth should be 0, 1 or infinity" },
	[ANS_NO_TOKEN] = { "401 Unauthorized", "Not authenticated", .challenge = true },
	[ANS_BAD_TOKEN] = { "401 Unauthorized", "Could not validate credentials",
	    .challenge = true },
	[ANS_BAD_LOGIN] = { "401 Unauthorized", "Incorrect email or password",
	    .challenge = true },
	[ANS_BAD_PASSWORD] = { "403 Forbidden", "Current password is incorrect" },
	[ANS_FORBIDDEN] = { "403 Forbidden", "Not authorized to access this user's tasks" },
	[ANS_DEEP] = { "403 Forbidden", .condition = "<D:propfind-finite-depth/>" },
	[ANS_NO_PLACE] = { "403 Forbidden", .condition = "<C:calendar-collection-location-ok/>" },
	[ANS_KEPT] = { "403 Forbidden", "The list and the account can't be deleted here" },
	[ANS_NOT_CALENDAR] = { "403 Forbidden", .condition = "<C:supported-calendar-data/>" },
	[ANS_BAD_CALENDAR] = { "403 Forbidden", .condition = "<C:valid-calendar-data/>" },
	[ANS_BAD_OBJECT] = { "403 Forbidden", .condition = "<C:valid-calendar-object-resource/>" },
	[ANS_NOT_TODO] = { "403 Forbidden", .condition = "<C:supported-calendar-component/>" },
	[ANS_BAD_SYNC_TOKEN] = { "403 Forbidden", .condition = "<D:valid-sync-token/>" },
	[ANS_NO_REPORT] = { "403 Forbidden", .condition = "<D:supported-report/>" },
	[ANS_BAD_FILTER] = { "403 Forbidden", .condition = "<C:supported-filter/>" },
	[ANS_NO_COLLATION] = { "403 Forbidden", .condition = "<C:supported-collation/>" },
	[ANS_NO_PATH] = { "404 Not Found", "Not Found" },
	[ANS_NO_TASK] = { "404 Not Found", "Task not found" },
	[ANS_NO_APP_PASSWORD] = { "404 Not Found", "App password not found" },
	[ANS_NO_METHOD] = { "405 Method Not Allowed", "Method Not Allowed", .allow = true },
	[ANS_EMAIL_TAKEN] = { "409 Conflict", "Email already registered" },
	[ANS_USERNAME_TAKEN] = { "409 Conflict", "Username already taken" },
	[ANS_APP_PASSWORDS_FULL] = { "409 Conflict",
	    "There are 32 app passwords; end one of them first" },
	[ANS_SHOWN_BEFORE] = { "409 Conflict",
	    "This app password was made before, and can't be shown again; make another one" },
	[ANS_UID_TAKEN] = { "409 Conflict", .condition = "<C:no-uid-conflict/>" },
	[ANS_TEXT_LARGE] = { "409 Conflict", .condition = "<C:max-resource-size/>" },
	[ANS_OTHER_VERSION] = { "412 Precondition Failed",
	    "The task was changed meanwhile; fetch it again" },
	[ANS_NO_LOCK] = { "412 Precondition Failed",
	    "There are no locks here for the If field to name" },
	[ANS_BODY_LARGE] = { "413 Content Too Large", "The body is too large" },
	[ANS_XML_LARGE] = { "413 Content Too Large", "The body is longer or deeper than is taken" },
	[ANS_NOT_TYPE] = { "415 Unsupported Media Type",
	    "The body's Content-Type is not supported here; send application/json" },
	[ANS_BAD_FIELDS] = { "422 Unprocessable Content" },
	[ANS_NO_ZONE] = { "422 Unprocessable Content", "The database does not know the time zone" },
	[ANS_TOO_MANY_TAGS] = { "422 Unprocessable Content", "There should be at most 32 tags" },
	[ANS_INTERNAL] = { "500 Internal Server Error", "Internal Server Error" },
	[ANS_UNAVAILABLE] = { "503 Service Unavailable",
	    "The service is temporarily unavailable; try again soon", .retry = true },
	[ANS_UNKNOWN] = { "504 Gateway Timeout",
	    "The database did not answer; the change may have been made" },
	[ANS_TOO_MANY] = { "507 Insufficient Storage",
	    .condition = "<D:number-of-matches-within-limits/>" },
	[ANS_RACED] = { "503 Service Unavailable",
	    "Others write the same; try again", .retry = true },
	[ANS_DONE_BEFORE] = { "503 Service Unavailable",
	    "The change was made before; ask for it again", .retry = true },
};

const char *
reply_status(enum answer answer)
{
	return lines[answer].status;
}

static void
field(struct buf *b, const char *name, const char *value)
{
	buf_str(b, name);
	buf_str(b, ": ");
	buf_str(b, value);
	buf_str(b, "\r\n");
}

/* Header fields never fill their buffer: those with clients' texts are limited. */
static void
no_drain(struct buf *b)
{
	bool	*too_long = b->owner;

	b->len = 0;
	*too_long = true;
}

static const char *
media(const struct request *r, enum answer answer)
{
	if (lines[answer].condition != NULL)
		return "application/xml; charset=utf-8";
	return answer <= ANS_NOT_MODIFIED && r->route->media != NULL ? r->route->media :
	    "application/json";
}

/* Content-Type, and a name to save it under. */
static void
put_content(struct buf *b, const struct request *r, enum answer answer, long long length)
{
	if (answer == ANS_NO_CONTENT || answer == ANS_CHANGED || answer == ANS_NOT_MODIFIED)
		return;
	if (length != 0)
		field(b, "Content-Type", media(r, answer));
	if (length >= 0) {
		buf_str(b, "Content-Length: ");
		tojson_int64(b, length);
		buf_str(b, "\r\n");
	}
	if (answer <= ANS_NOT_MODIFIED && r->route->file != NULL) {
		buf_str(b, "Content-Disposition: attachment; filename=\"");
		buf_str(b, r->route->file);
		buf_str(b, "\"\r\n");
	}
}

static const char *
challenge(const struct request *r)
{
	return r->route != NULL && r->route->access == ACCESS_APP ?
	    "Basic realm=\"neon-todo\", charset=\"UTF-8\"" : "Bearer";
}

/*
 * Makes the head.  length: of the body, -1 if it is not known yet.  Returns the head's length;
 * 0: too long.
 */
static size_t
make_head(const struct request *r, enum answer answer, long long length, char data[HEAD_SIZE])
{
	const struct line	*line = &lines[answer];
	bool			 too_long = false;
	struct buf		 b = { .data = data, .size = HEAD_SIZE, .drain = no_drain,
				    .owner = &too_long };

	field(&b, "Status", line->status);
	put_content(&b, r, answer, length);
	field(&b, "Cache-Control", r->etag[0] != '\0' ? "private, no-cache" :
	    line->fresh ? "no-cache" : "no-store");
	if (r->etag[0] != '\0')
		field(&b, "ETag", r->etag);
	if (r->location[0] != '\0')
		field(&b, "Location", r->location);
	if (r->link != NULL)
		field(&b, "Link", r->link);
	if (line->challenge)
		field(&b, "WWW-Authenticate", challenge(r));
	if (r->dav != NULL)
		field(&b, "DAV", r->dav);
	if (line->allow)
		field(&b, "Allow", r->allow);
	if (line->retry)
		field(&b, "Retry-After", "2");
	cors_headers(&b, r);
	buf_str(&b, "\r\n");
	return too_long ? 0 : b.len;
}

/* Makes the buffer larger; false if memory runs out. */
static bool
grow(struct buf *b, size_t size)
{
	char	*data = malloc(size);

	if (data == NULL)
		return false;
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	wipe_free(b->data);
	b->data = data;
	b->size = size;
	return true;
}

/* Sends the head, if it has not been sent, and the body so far. */
static void
send_part(struct request *r)
{
	struct output	*o = &r->output;
	char		 head[HEAD_SIZE];
	size_t		 len = 0;

	if (!o->started && (len = make_head(r,
	    o->failed != ANS_OK ? o->failed : r->route->answer, -1,
	    head)) == 0)
		o->broken = true;
	o->started = true;
	if (!o->broken)
		o->broken = !exchange_write(r->exchange, (struct iovec[]){ { head, len },
		    { r->out.data, r->out.len } }, 2);
}

/* The body outgrew the buffer: from OUT_MAX on it is streamed if it may be. */
static void
drain(struct buf *b)
{
	struct request	*r = b->owner;
	struct output	*o = &r->output;

	if (b->size < OUT_MAX || (!r->head && !exchange_can_break(r->exchange))) {
		if (grow(b, b->size < OUT_MAX ? OUT_MAX : 2 * b->size))
			return;
		o->no_memory = true;
	} else if (!r->head && !o->no_memory)
		send_part(r);
	o->sent += b->len;
	b->len = 0;
}

bool
reply_init(struct request *r)
{
	r->output = (struct output){ .failed = ANS_OK };
	r->out = (struct buf){ .drain = drain, .owner = r };
	return grow(&r->out, OUT_FIRST);
}

bool
reply_restart(struct request *r)
{
	r->out.len = r->output.sent = 0;
	r->etag[0] = r->location[0] = '\0';
	r->link = NULL;
	return !r->output.started;
}

static void
problems(struct buf *b, const struct request *r)
{
	for (int i = 0; i < r->nproblems; i++) {
		const struct problem	*p = &r->problem[i];

		buf_str(b, i == 0 ? "[" : ",");
		buf_str(b, "{\"loc\":[");
		tojson_string(b, p->in, strlen(p->in));
		if (p->within != NULL) {
			buf_char(b, ',');
			tojson_string(b, p->within, strlen(p->within));
		}
		if (p->index >= 0) {
			buf_char(b, ',');
			tojson_int64(b, p->index);
		}
		if (p->field != NULL) {
			buf_char(b, ',');
			tojson_string(b, p->field, strlen(p->field));
		}
		buf_str(b, "],\"msg\":");
		tojson_string(b, p->msg, strlen(p->msg));
		buf_str(b, ",\"type\":");
		tojson_string(b, p->type, strlen(p->type));
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void
error_body(struct request *r, enum answer answer)
{
	const char	*detail = lines[answer].detail;

	reply_restart(r);
	if (lines[answer].condition != NULL) {
		buf_str(&r->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		    "<D:error xmlns:D=\"DAV:\" "
		    "xmlns:C=\"urn:ietf:params:xml:ns:caldav\">");
		buf_str(&r->out, r->condition != NULL ? r->condition : lines[answer].condition);
		buf_str(&r->out, "</D:error>\n");
		return;
	}
	buf_str(&r->out, "{\"detail\":");
	if (answer == ANS_BAD_FIELDS)
		problems(&r->out, r);
	else
		tojson_string(&r->out, detail, strlen(detail));
	buf_char(&r->out, '}');
}

/* Sends the rest of the answer, and the head if it has not been sent. */
static enum answer
send_rest(struct request *r, enum answer answer, bool complete)
{
	struct output	*o = &r->output;
	char		 head[HEAD_SIZE];
	size_t		 len = 0;

	if (!o->started &&
	    (len = make_head(r, answer, (long long)(o->sent + r->out.len), head)) == 0) {
		o->failed = answer = ANS_INTERNAL;
		error_body(r, answer);
		len = make_head(r, answer, (long long)r->out.len, head);
	}
	exchange_end(r->exchange, (struct iovec[]){ { head, len },
	    { r->out.data, r->head || o->broken ? 0 : r->out.len } }, 2, complete && !o->broken);
	return answer;
}

enum answer
reply_end(struct request *r, enum answer answer)
{
	struct output	*o = &r->output;
	bool		 complete;

	if (r->out.data == NULL) {		/* not even for an error */
		exchange_end(r->exchange, NULL, 0, false);
		return answer;
	}
	if (o->no_memory)
		answer = ANS_INTERNAL;
	o->failed = answer <= ANS_NOT_MODIFIED ? ANS_OK : answer;
	complete = o->failed == ANS_OK || !o->started;
	if (o->failed != ANS_OK && !o->started)
		error_body(r, answer);
	answer = send_rest(r, answer, complete);
	r->exchange = NULL;
	return answer;
}
