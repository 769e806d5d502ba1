/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "task/agenda.h"
#include "account/auth.h"
#include "base/clock.h"
#include "conf.h"
#include "db/db.h"
#include "task/feed.h"
#include "http/field.h"
#include "task/ical.h"
#include "base/log.h"
#include "metrics.h"
#include "base/number.h"
#include "openapi.h"
#include "ops.h"
#include "http/query.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/route.h"
#include "task/task.h"
#include "task/view.h"

#define HEALTH(p) { .method = "GET", .path = (p), .access = ACCESS_ANY, \
	.handler = ops_health }
#define REGISTER(p) { .method = "POST", .path = (p), .access = ACCESS_ANY, \
	.fields = register_fields, .stmt = STMT_ACCOUNT_CREATE, \
	.answer = ANS_CREATED, .handler = auth_register }
#define LOGIN(p) { .method = "POST", .path = (p), .access = ACCESS_ANY, .form = true, \
	.fields = login_fields, .stmt = STMT_ACCOUNT_LOGIN, .handler = auth_login }
#define ME(p) { .method = "GET", .path = (p), .access = ACCESS_TOKEN, \
	.stmt = STMT_ACCOUNT_ME, .handler = auth_me }
#define LOGOUT(p) { .method = "POST", .path = (p), .access = ACCESS_OPTIONAL, \
	.stmt = STMT_TOKEN_REVOKE, .handler = auth_logout }

const struct route routes[] = {
	{ .method = "GET", .path = "/api/:user/tasks", .stmt = STMT_TASK_LIST,
	  .query = view_query, .rule = view_rule, .handler = task_list },
	{ .method = "POST", .path = "/api/:user/tasks", .stmt = STMT_TASK_CREATE,
	  .fields = task_fields, .answer = ANS_CREATED, .handler = task_create },
	{ .method = "GET", .path = "/api/:user/tasks/:task", .stmt = STMT_TASK_GET,
	  .handler = task_get },
	{ .method = "PUT", .path = "/api/:user/tasks/:task", .stmt = STMT_TASK_UPDATE,
	  .fields = task_fields, .partial = true, .handler = task_update },
	{ .method = "DELETE", .path = "/api/:user/tasks/:task", .stmt = STMT_TASK_DELETE,
	  .handler = task_delete },
	{ .method = "PATCH", .path = "/api/:user/tasks/:task/complete",
	  .stmt = STMT_TASK_COMPLETE, .fields = complete_fields, .partial = true,
	  .body_optional = true, .rule = task_complete_rule, .handler = task_complete },
	{ .method = "GET", .path = "/api/:user/agenda", .query = agenda_query,
	  .rule = agenda_rule, .stmt = STMT_TASK_AGENDA, .handler = agenda_list },
	{ .method = "GET", .path = "/api/recurrence", .access = ACCESS_ANY,
	  .query = recurrence_query, .handler = agenda_recurrence },
	{ .method = "GET", .path = "/api/:user/tasks.ics", .stmt = STMT_TASK_LIST,
	  .media = ICAL_MEDIA, .file = "tasks.ics", .handler = ical_tasks },
	{ .method = "GET", .path = "/api/:user/feed", .stmt = STMT_FEED_GET,
	  .handler = feed_get },
	{ .method = "POST", .path = "/api/:user/feed", .stmt = STMT_FEED_MAKE,
	  .handler = feed_make },
	{ .method = "DELETE", .path = "/api/:user/feed", .stmt = STMT_FEED_END,
	  .handler = feed_end },
	{ .method = "GET", .path = "/api/feed/:feed.ics", .access = ACCESS_ANY,
	  .stmt = STMT_FEED_TASKS, .media = ICAL_MEDIA, .handler = ical_feed },
	{ .method = "GET", .path = "/api/:user/counts", .stmt = STMT_TASK_COUNTS,
	  .query = counts_query, .handler = task_counts },
	{ .method = "POST", .path = "/api/:user/tasks/complete", .stmt = STMT_TASKS_COMPLETE,
	  .fields = tasks_complete_fields, .handler = tasks_complete },
	{ .method = "POST", .path = "/api/:user/tasks/delete", .stmt = STMT_TASKS_DELETE,
	  .fields = tasks_delete_fields, .handler = tasks_delete },
	REGISTER("/api/auth/register"),
	LOGIN("/api/auth/login"),
	ME("/api/auth/me"),
	LOGOUT("/api/auth/logout"),
	{ .method = "POST", .path = "/api/auth/password", .access = ACCESS_TOKEN,
	  .fields = password_fields, .stmt = STMT_ACCOUNT_CHANGE, .handler = auth_password },
	{ .method = "POST", .path = "/api/auth/delete", .access = ACCESS_TOKEN,
	  .fields = delete_fields, .stmt = STMT_ACCOUNT_DELETE, .handler = auth_delete },
	/* Other names that clients use. */
	REGISTER("/auth/register"),
	REGISTER("/auth/signup"),
	REGISTER("/api/auth/signup"),
	REGISTER("/api/register"),
	LOGIN("/auth/login"),
	LOGIN("/auth/token"),
	LOGIN("/api/auth/token"),
	LOGIN("/api/login"),
	LOGIN("/api/token"),
	ME("/auth/me"),
	ME("/api/me"),
	LOGOUT("/auth/logout"),
	LOGOUT("/api/logout"),
	/* For whoever operates it. */
	HEALTH("/healthz"),
	HEALTH("/health"),
	HEALTH("/api/health"),
	{ .method = "GET", .path = "/readyz", .access = ACCESS_ANY, .stmt = STMT_READY,
	  .handler = ops_ready },
	{ .method = "GET", .path = "/metrics", .access = ACCESS_ANY,
	  .media = "text/plain; version=0.0.4; charset=utf-8", .handler = ops_metrics },
	{ .method = "GET", .path = "/openapi.json", .access = ACCESS_ANY,
	  .handler = openapi_describe },
	{ .method = NULL }
};

/* A part of the path that stands for an id or a secret. */
struct part {
	const char	*text;
	size_t		 len;
};

enum { PART_USER, PART_TASK, PART_FEED, PART__MAX };
static const char	part_letters[] = "utf";

/* True where path fits the pattern; the parts behind ':' are noted. */
static bool
matches(const char *pattern, const char *path, struct part part[PART__MAX])
{
	memset(part, 0, PART__MAX * sizeof *part);
	for (; *pattern != '\0'; pattern++) {
		if (*pattern != ':') {
			if (*pattern != *path++)
				return false;
			continue;
		}
		struct part	*p = &part[strchr(part_letters, pattern[1]) - part_letters];

		pattern += strcspn(pattern, "./");
		*p = (struct part){ path, strcspn(path, *pattern == '.' ? "./" : "/") };
		if (p->len == 0)
			return false;
		path += p->len;
		pattern--;
	}
	return *path == '\0';
}

static void
allow(struct req *r, const char *method)
{
	size_t	len = strlen(r->allow);

	snprintf(r->allow + len, sizeof r->allow - len, "%s%s", len > 0 ? ", " : "", method);
}

static enum answer
find(struct req *r, struct part part[PART__MAX])
{
	bool	options = strcmp(r->method, "OPTIONS") == 0;
	bool	head = strcmp(r->method, "HEAD") == 0;

	r->head = head;
	for (const struct route *t = routes; t->method != NULL; t++) {
		if (!matches(t->path, r->path, part))
			continue;
		if (strcmp(t->method, head ? "GET" : r->method) == 0) {
			r->route = t;
			return ANS_OK;
		}
		allow(r, t->method);
		if (strcmp(t->method, "GET") == 0)
			allow(r, "HEAD");
	}
	if (r->allow[0] == '\0')
		return ANS_NO_PATH;
	allow(r, "OPTIONS");
	return options ? ANS_NO_CONTENT : ANS_NO_METHOD;
}

enum answer
route_find(struct req *r)
{
	struct part	part[PART__MAX];

	return find(r, part);
}

bool
route_writes(const struct route *route)
{
	return route->stmt != STMT_NONE && stmts[route->stmt].kind == STMT_KIND_WRITE;
}

/* RFC 6750: "Bearer" in any case, blanks, the token. */
static enum answer
authenticate(struct req *r)
{
	const char	*text = r->authorization;

	if (r->route->access == ACCESS_ANY || r->route->access == ACCESS_OPTIONAL)
		return ANS_OK;
	if (text == NULL)
		return ANS_NO_TOKEN;
	return auth_token(r) ? ANS_OK : ANS_BAD_TOKEN;
}

/* What stands in the path: whose it is, and whether it can be any. */
static enum answer
check_parts(struct req *r, const struct part part[PART__MAX])
{
	static const char	type[] = "int_parsing",
				msg[] = "Input should be a valid integer";
	int64_t			user, task = 0;

	if (part[PART_FEED].len > 0 &&
	    !feed_is_secret(r, part[PART_FEED].text, part[PART_FEED].len))
		return ANS_NO_PATH;
	if (part[PART_USER].len == 0)
		return ANS_OK;
	switch (number_id(part[PART_USER].text, part[PART_USER].len, &user)) {
	case NUMBER_BAD:
		req_problem(r, "path", "user_id", type, msg);
		return ANS_BAD_FIELDS;
	case NUMBER_NONE:
		return ANS_NO_PATH;
	case NUMBER_OK:
		break;
	}
	if (r->route->access == ACCESS_SELF && user != r->token.user_id)
		return ANS_FORBIDDEN;
	/* No task has the id 0: what can't be one is looked for all the same,
	 * so that a token's end is noticed first. */
	if (part[PART_TASK].len > 0 &&
	    number_id(part[PART_TASK].text, part[PART_TASK].len, &task) == NUMBER_BAD)
		req_problem(r, "path", "task_id", type, msg);
	value_int64(&r->value[PARAM_TASK_ID], task);
	return ANS_OK;
}

static enum answer
gate(struct req *r)
{
	struct part	part[PART__MAX];
	enum answer	answer;

	if ((answer = find(r, part)) != ANS_OK ||
	    (answer = authenticate(r)) != ANS_OK ||
	    (answer = check_parts(r, part)) != ANS_OK)
		return answer;
	if ((r->route->query != NULL && (answer = query_read(r)) != ANS_OK) ||
	    (r->route->fields != NULL && (answer = field_body(r)) != ANS_OK))
		return answer;
	if (r->route->rule != NULL && r->nproblems == 0)
		r->route->rule(r);
	if (r->nproblems > 0)
		return ANS_BAD_FIELDS;
	if (route_writes(r->route) && (answer = once_prepare(r)) != ANS_OK)
		return answer;
	answer = r->route->handler(r);
	/* Made before, and what it made has just been forgotten. */
	if (answer == ANS_AGAIN)
		answer = ANS_UNAVAILABLE;
	/* A list whose connection was lost is read again, unless some of it has left. */
	if (answer == ANS_UNAVAILABLE && stmts[r->route->stmt].kind == STMT_KIND_LIST &&
	    r->out.len > 0 && reply_restart(r))
		answer = r->route->handler(r);
	/* With a key of the client's own it may be sent again all the same. */
	if (answer == ANS_UNAVAILABLE && r->idempotency_key == NULL && db_is_in_doubt())
		return ANS_UNKNOWN;
	return answer == ANS_OK ? r->route->answer : answer;
}

static struct req	r;

void
route_refuse(char **params, enum answer answer)
{
	req_init(&r, params);
	reply_init(&r);
	reply_end(&r, answer);
}

/*
 * What the log says of the request, before its parameters go.  No path: it may
 * hold what is nobody's business.
 */
static void
describe(const struct req *q, char *text, size_t size)
{
	size_t	n = strspn(q->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	bool	is_method = n > 0 && n <= 16 && q->method[n] == '\0';

	snprintf(text, size, "method=%s route=%s id=%s user=%" PRId64,
	    is_method ? q->method : "-", q->route == NULL ? "-" : q->route->path,
	    q->id == NULL ? "-" : q->id, q->token.user_id);
}

void
route_request(char **params)
{
	char		text[256];
	enum answer	answer;
	int64_t		begin = clock_usec(), waited = db_stats().waited_usec, usec;

	metrics_begin();
	req_init(&r, params);
	log_request(r.id);
	reply_init(&r);
	db_begin_request();
	answer = gate(&r);
	db_end();
	describe(&r, text, sizeof text);
	log_request(NULL);
	answer = reply_end(&r, answer);
	field_free(&r);
	req_free(&r);
	explicit_bzero(r.value, sizeof r.value);
	usec = clock_usec() - begin;
	waited = db_stats().waited_usec - waited;
	metrics_end(r.route, answer, usec, waited);
	if (conf.log_requests)
		log_line("%s status=%.3s ms=%" PRId64 ".%03d db_ms=%" PRId64 ".%03d", text,
		    reply_status(answer), usec / 1000, (int)(usec % 1000), waited / 1000,
		    (int)(waited % 1000));
	once_clean();
}
