/* SPDX-License-Identifier: ISC */
#include "fuzz.h"
#include "http/gateway.h"

static struct exchange	exchange;
static size_t		answered;
static char		answer[256 * 1024];
static bool		ended;

struct exchange *
fuzz_exchange(char **params, const void *body, size_t len)
{
	free(exchange.in.body.data);
	exchange = (struct exchange){ .fd = -1, .cgi.variables = params };
	/* A copy with nothing behind it. */
	exchange.in.body.data = (unsigned char *)fuzz_text(body, len);
	exchange.in.body.len = len;
	answered = 0;
	ended = false;
	return &exchange;
}

const char *
fuzz_answer(void)
{
	HOLDS(ended);
	answer[answered] = '\0';
	return answer;
}

bool
exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p)
{
	return cgi_param(&e->cgi, at, p);
}

bool
exchange_can_break(const struct exchange *e)
{
	(void)e;
	return true;
}

/* Appends the parts to the answer. */
static void
take(const struct iovec *parts, int n)
{
	for (int i = 0; i < n; i++) {
		HOLDS(answered + parts[i].iov_len < sizeof answer);
		memcpy(answer + answered, parts[i].iov_base, parts[i].iov_len);
		answered += parts[i].iov_len;
	}
}

bool
exchange_write(struct exchange *e, const struct iovec *parts, int n)
{
	HOLDS(e == &exchange && !ended);
	take(parts, n);
	return true;
}

void
exchange_end(struct exchange *e, const struct iovec *parts, int n, bool complete)
{
	HOLDS(e == &exchange && complete && !ended);
	take(parts, n);
	ended = true;
}
