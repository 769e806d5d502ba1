/* SPDX-License-Identifier: ISC */
/* Answers, with a web server that only takes notes. */
#include <stdlib.h>
#include <string.h>

#include "http/gateway.h"
#include "http/reply.h"
#include "http/gate.h"
#include "routes.h"
#include "tap.h"

static char	sent[256 * 1024];
static size_t	nsent;
static bool	ended, complete, can_break = true;

bool
exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p)
{
	(void)e;
	(void)at;
	(void)p;
	return false;
}

bool
exchange_can_break(const struct exchange *e)
{
	(void)e;
	return can_break;
}

bool
exchange_write(struct exchange *e, const struct iovec *parts, int n)
{
	(void)e;
	for (int i = 0; i < n; i++) {
		if (parts[i].iov_len > sizeof sent - 1 - nsent)
			return false;
		memcpy(sent + nsent, parts[i].iov_base, parts[i].iov_len);
		nsent += parts[i].iov_len;
	}
	sent[nsent] = '\0';
	return true;
}

void
exchange_end(struct exchange *e, const struct iovec *parts, int n, bool whole)
{
	exchange_write(e, parts, n);
	ended = true;
	complete = whole;
}

/* A list that ends so, whose Link has so many bytes, and whose body so many. */
static enum answer
answer_list(size_t link, size_t body, enum answer end)
{
	static struct worker	w;
	static struct request	r;
	static char		text[8192];
	enum answer		answer;

	memset(&r, 0, sizeof r);
	r.worker = &w;
	memset(text, 'x', sizeof text);
	text[link] = '\0';
	nsent = 0;
	ended = complete = false;
	r.route = routes;
	reply_init(&r);
	r.link = text;
	for (size_t i = 0; i < body; i++)
		buf_char(&r.out, 'y');
	answer = reply_end(&r, end);
	request_free(&r);
	return answer;
}

int
main(void)
{
	tap_ok(answer_list(3000, 10, ANS_OK) == ANS_OK && strncmp(sent, "Status: 200 OK\r\n", 16) == 0 &&
	    complete, "a head that fits");
	tap_ok(answer_list(5000, 10, ANS_OK) == ANS_INTERNAL && complete &&
	    strncmp(sent, "Status: 500 ", 12) == 0 && strstr(sent, "xxx") == NULL &&
	    strstr(sent, "\r\n\r\n{\"detail\":") != NULL, "a head that is too long is an error");
	tap_ok(answer_list(3000, 200000, ANS_OK) == ANS_OK && complete && nsent > 200000,
	    "a body that is too large for the buffer");
	answer_list(5000, 200000, ANS_OK);
	tap_ok(nsent == 0 && ended && !complete,
	    "with a head that is too long: nothing is sent, and the connection breaks off");
	answer_list(3000, 200000, ANS_UNAVAILABLE);
	tap_ok(nsent > 0 && ended && !complete, "a list that is cut off breaks off");
	can_break = false;
	tap_ok(answer_list(3000, 200000, ANS_OK) == ANS_OK && complete && nsent > 200000 &&
	    strstr(sent, "\r\nContent-Length: 200000\r\n") != NULL,
	    "by CGI a large body has its length");
	tap_ok(answer_list(3000, 200000, ANS_UNAVAILABLE) == ANS_UNAVAILABLE && complete &&
	    strncmp(sent, "Status: 503 ", 12) == 0 && strstr(sent, "yyy") == NULL,
	    "by CGI a list that is cut off is an error");
	return tap_done();
}
