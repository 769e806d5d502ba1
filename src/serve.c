/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf.h"
#include "http/body.h"
#include "http/gate.h"
#include "http/once.h"
#include "http/reply.h"
#include "metrics.h"
#include "serve.h"
#include "task/fill.h"

#define LATE_USEC	INT64_C(500000)

bool
serve_is_late(void *arg)
{
	const struct worker	*w = arg;
	int64_t			 since = flights_since(&w->connection.flights);

	return since != INT64_MAX && clock_usec() - since > LATE_USEC;
}

void
serve_error(void *arg, struct exchange *e)
{
	struct worker	*w = arg;
	struct request	 r;

	request_init(&r, w, e);
	reply_init(&r);
	reply_end(&r, w->broken);
	request_free(&r);
}

/*
 * The request's part of the log line, made before its parameters are freed.  Without the path,
 * which may be private.
 */
static void
describe(const struct request *r, char *text, size_t size)
{
	size_t	n = strspn(r->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	bool	is_method = n > 0 && n <= 16 && r->method[n] == '\0';

	snprintf(text, size, "method=%s route=%s id=%s user=%" PRId64,
	    is_method ? r->method : "-", r->route == NULL ? "-" : r->route->path,
	    r->id == NULL ? "-" : r->id, r->who.user_id);
}

static enum answer
pass(struct request *r)
{
	enum answer	answer = gate_pass(r);

	statement_end(&r->statement);
	return answer;
}

void
serve(void *arg, struct exchange *e)
{
	struct worker	*w = arg;
	char		text[256];
	enum answer	answer;
	int64_t		begin = clock_usec(), usec, waited;
	struct request	r;

	metrics_begin();
	request_init(&r, w, e);
	log_request(r.id);
	answer = reply_init(&r) ? pass(&r) : ANS_INTERNAL;
	describe(&r, text, sizeof text);
	log_request(NULL);
	answer = reply_end(&r, answer);
	once_end(&r);
	body_free(&r);
	request_free(&r);
	usec = clock_usec() - begin;
	waited = r.statement.budget.waited_usec;
	metrics_end(r.route, answer, usec, waited, &w->connection);
	if (conf.log_requests)
		log_soon("%s status=%.3s ms=%" PRId64 ".%03d db_ms=%" PRId64 ".%03d", text,
		    reply_status(answer), usec / 1000, (int)(usec % 1000), waited / 1000,
		    (int)(waited % 1000));
	once_clean(w);
	fill_go_on(w);
}
