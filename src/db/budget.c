/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <stddef.h>

#include "base/clock.h"
#include "db/budget.h"

void
budget_spend(struct budget *b, int64_t begin)
{
	int64_t	n = clock_usec() - begin;

	b->waited_usec += n;
	b->left_usec -= n;
}

bool
budget_wait(struct budget *b, int fd, short events)
{
	struct pollfd	p = { .fd = fd, .events = events };
	int		n = 0;

	while (b->left_usec > 0 && (n == 0 || (n == -1 && errno == EINTR))) {
		int64_t	begin = clock_usec();

		n = poll(&p, 1, (int)((b->left_usec + 999) / 1000));
		budget_spend(b, begin);
	}
	return n == 1;
}

void
budget_sleep(struct budget *b, int64_t until)
{
	int64_t	now = clock_usec();

	if (until > now)
		poll(NULL, 0, (int)((until - now + 999) / 1000));
	budget_spend(b, now);
}
