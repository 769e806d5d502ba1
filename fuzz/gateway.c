/* SPDX-License-Identifier: ISC */
#include "fuzz.h"
#include "http/cgi.h"
#include "http/gateway.h"

static struct exchange	exchange;
static size_t		answered;
static char		answer[256 * 1024];
static bool		ended;

struct exchange *
fuzz_exchange(char **params, const void *body, size_t len)
{
	free(exchange.in.body.data);
	exchange = (struct exchange){ .fd = -1, .cgi = params };
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
	return cgi_param(e, at, p);
}

bool
exchange_can_break(const struct exchange *e)
{
	(void)e;
	return true;
}

bool
exchange_write(struct exchange *e, const void *data, size_t len)
{
	HOLDS(e == &exchange && !ended && answered + len < sizeof answer);
	memcpy(answer + answered, data, len);
	answered += len;
	return true;
}

void
exchange_end(struct exchange *e, bool complete)
{
	HOLDS(e == &exchange && complete && !ended);
	ended = true;
}
