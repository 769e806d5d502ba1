/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "http/cors.h"
#include "http/gateway.h"
#include "http/tojson.h"
#include "http/reply.h"
#include "http/route.h"

/*
 * A single task fits, at its largest and with each character escaped (about
 * 68 KiB): only lists leave before all is known.
 */
#define OUT_SIZE	(96 * 1024)
#define HEAD_SIZE	4096		/* more than all fields together */

/* Each answer's status line and, for errors, the detail. */
static const struct line {
	const char	*status;
	const char	*detail;
	bool		 challenge;	/* says how to authenticate */
	bool		 allow;		/* says which methods there are */
	bool		 retry;		/* says when to come again */
} lines[ANS__MAX] = {
	[ANS_OK] = { "200 OK" },
	[ANS_CREATED] = { "201 Created" },
	[ANS_NO_CONTENT] = { "204 No Content", .allow = true },
	[ANS_NOT_MODIFIED] = { "304 Not Modified" },
	[ANS_NOT_JSON] = { "400 Bad Request", "The body is not valid JSON" },
	[ANS_BAD_FORM] = { "400 Bad Request", "The body is not a valid form" },
	[ANS_BODY_SHORT] = { "400 Bad Request", "The body is shorter than its Content-Length" },
	[ANS_NO_TOKEN] = { "401 Unauthorized", "Not authenticated", .challenge = true },
	[ANS_BAD_TOKEN] = { "401 Unauthorized", "Could not validate credentials",
	    .challenge = true },
	[ANS_BAD_LOGIN] = { "401 Unauthorized", "Incorrect email or password",
	    .challenge = true },
	[ANS_BAD_PASSWORD] = { "403 Forbidden", "Current password is incorrect" },
	[ANS_FORBIDDEN] = { "403 Forbidden", "Not authorized to access this user's tasks" },
	[ANS_NO_PATH] = { "404 Not Found", "Not Found" },
	[ANS_NO_TASK] = { "404 Not Found", "Task not found" },
	[ANS_NO_METHOD] = { "405 Method Not Allowed", "Method Not Allowed", .allow = true },
	[ANS_EMAIL_TAKEN] = { "409 Conflict", "Email already registered" },
	[ANS_USERNAME_TAKEN] = { "409 Conflict", "Username already taken" },
	[ANS_OTHER_VERSION] = { "412 Precondition Failed",
	    "The task was changed meanwhile; fetch it again" },
	[ANS_BODY_LARGE] = { "413 Content Too Large", "The body is larger than 64 KiB" },
	[ANS_NOT_TYPE] = { "415 Unsupported Media Type",
	    "The body's Content-Type is not supported here; send application/json" },
	[ANS_BAD_FIELDS] = { "422 Unprocessable Content" },
	[ANS_INTERNAL] = { "500 Internal Server Error", "Internal Server Error" },
	[ANS_UNAVAILABLE] = { "503 Service Unavailable",
	    "The service is temporarily unavailable; try again soon", .retry = true },
	[ANS_UNKNOWN] = { "504 Gateway Timeout",
	    "The database did not answer; the change may have been made" },
	[ANS_AGAIN] = { "503 Service Unavailable",
	    "The change was made before; ask for it again", .retry = true },
};

/* Of the request in hand; the answer is one once its head has left. */
static struct req	*current;
static bool		 started, broken;
static bool		 head_too_long, no_memory;
static enum answer	 failed;	/* ANS_OK: it did not */
static size_t		 drained;
static char		 out_data[OUT_SIZE];

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

/* Header fields never fill their buffer: those that clients choose are bounded. */
static void
no_drain(struct buf *b)
{
	b->len = 0;
	head_too_long = true;
}

/* What the body is. */
static void
put_content(struct buf *b, const struct req *r, enum answer answer, long long length)
{
	if (answer == ANS_NO_CONTENT || answer == ANS_NOT_MODIFIED)
		return;
	field(b, "Content-Type", answer == ANS_OK && r->route->media != NULL ?
	    r->route->media : "application/json");
	if (length >= 0) {
		buf_str(b, "Content-Length: ");
		tojson_int64(b, length);
		buf_str(b, "\r\n");
	}
	if (answer == ANS_OK && r->route->file != NULL) {
		buf_str(b, "Content-Disposition: attachment; filename=\"");
		buf_str(b, r->route->file);
		buf_str(b, "\"\r\n");
	}
}

/*
 * Sends the head.  length: of the body, -1 if it is not known yet.  False if it is too
 * long: then nothing was sent.
 */
static bool
send_head(const struct req *r, enum answer answer, long long length)
{
	const struct line	*line = &lines[answer];
	char			 data[HEAD_SIZE];
	struct buf		 b = { .data = data, .size = sizeof data, .drain = no_drain };

	head_too_long = false;
	field(&b, "Status", line->status);
	put_content(&b, r, answer, length);
	field(&b, "Cache-Control", r->etag[0] != '\0' ? "private, no-cache" : "no-store");
	if (r->etag[0] != '\0')
		field(&b, "ETag", r->etag);
	if (r->location[0] != '\0')
		field(&b, "Location", r->location);
	if (r->link != NULL)
		field(&b, "Link", r->link);
	if (line->challenge)
		field(&b, "WWW-Authenticate", "Bearer");
	if (line->allow)
		field(&b, "Allow", r->allow);
	if (line->retry)
		field(&b, "Retry-After", "2");
	cors_headers(&b, r);
	buf_str(&b, "\r\n");
	if (head_too_long)
		return false;
	started = true;
	broken = !gateway_write(data, b.len);
	return true;
}

/* The body stays here, and its buffer doubles. */
static void
grow(struct buf *b)
{
	static char	*data;
	char		*more = realloc(data, 2 * b->size);

	if (more == NULL) {
		no_memory = true;
		b->len = 0;
		return;
	}
	if (data == NULL)
		memcpy(more, b->data, b->len);
	b->data = data = more;
	b->size *= 2;
}

/* The body outgrew the buffer: from here it is a stream, if it may be one. */
static void
drain(struct buf *b)
{
	if (!current->head && !gateway_can_break()) {
		grow(b);
		return;
	}
	if (!current->head && !started && !send_head(current, failed != ANS_OK ? failed :
	    current->route->answer, -1))
		started = broken = true;
	if (!current->head && !broken)
		broken = !gateway_write(b->data, b->len);
	drained += b->len;
	b->len = 0;
}

void
reply_init(struct req *r)
{
	current = r;
	started = broken = no_memory = false;
	failed = ANS_OK;
	drained = 0;
	r->out = (struct buf){ .data = out_data, .size = sizeof out_data, .drain = drain };
}

bool
reply_has_begun(void)
{
	return started;
}

bool
reply_restart(struct req *r)
{
	r->out.len = drained = 0;
	r->etag[0] = r->location[0] = '\0';
	r->link = NULL;
	return !started;
}

static void
problems(struct buf *b, const struct req *r)
{
	for (int i = 0; i < r->nproblems; i++) {
		const struct problem	*p = &r->problem[i];

		buf_str(b, i == 0 ? "[" : ",");
		buf_str(b, "{\"loc\":[");
		tojson_string(b, p->in, strlen(p->in));
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
error_body(struct req *r, enum answer answer)
{
	const char	*detail = lines[answer].detail;

	reply_restart(r);
	buf_str(&r->out, "{\"detail\":");
	if (answer == ANS_BAD_FIELDS)
		problems(&r->out, r);
	else
		tojson_string(&r->out, detail, strlen(detail));
	buf_char(&r->out, '}');
}

enum answer
reply_end(struct req *r, enum answer answer)
{
	bool	success, complete;

	if (no_memory)
		answer = ANS_INTERNAL;
	success = answer <= ANS_NOT_MODIFIED;
	complete = success || !started;
	failed = success ? ANS_OK : answer;
	if (!success && !started)
		error_body(r, answer);
	if (!started && !send_head(r, answer, (long long)(drained + r->out.len))) {
		answer = ANS_INTERNAL;
		error_body(r, answer);
		send_head(r, answer, (long long)r->out.len);
	}
	if (!r->head && !broken && r->out.len > 0)
		broken = !gateway_write(r->out.data, r->out.len);
	gateway_end(complete && !broken);
	return answer;
}
