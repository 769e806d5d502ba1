/* SPDX-License-Identifier: ISC */
#include <sanitizer/asan_interface.h>

#include "fuzz.h"
#include "http/gateway.h"
#include "http/request.h"

static const char	*body;
static size_t		 left, answered;
static char		 answer[256 * 1024];
static bool		 ended;

void
fuzz_body(const void *data, size_t len)
{
	body = data;
	left = len;
	answered = 0;
	ended = false;
}

const char *
fuzz_answer(void)
{
	HOLDS(ended);
	answer[answered] = '\0';
	return answer;
}

/*
 * Once for each request.  What is behind the body in req.c's buffer is not to be
 * looked at.
 */
size_t
gateway_read(void *data, size_t len)
{
	size_t	n = len < left ? len : left;

	ASAN_UNPOISON_MEMORY_REGION(data, REQ_BODY_MAX + 2);
	for (size_t i = 0; i < n; i++)
		((char *)data)[i] = body[i];
	ASAN_POISON_MEMORY_REGION((char *)data + n + 1, REQ_BODY_MAX + 1 - n);
	left -= n;
	return n;
}

bool
gateway_is_cut(void)
{
	return false;
}

bool
gateway_can_break(void)
{
	return true;
}

bool
gateway_write(const void *data, size_t len)
{
	HOLDS(!ended && answered + len < sizeof answer);
	memcpy(answer + answered, data, len);
	answered += len;
	return true;
}

void
gateway_end(bool complete)
{
	HOLDS(complete && !ended);
	ended = true;
}
