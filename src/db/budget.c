/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/fiber.h"
#include "db/budget.h"

void
budget_spend(struct budget *b, int64_t begin)
{
	int64_t	n = clock_usec() - begin;

	b->waited_usec += n;
	b->left_usec -= n;
}

static bool
is_fiber(const struct budget *b)
{
	return b->loop != NULL && fiber_self() != NULL;
}

bool
budget_wait(struct budget *b, int fd, short events)
{
	struct pollfd	p = { .fd = fd, .events = events };
	int64_t		begin = clock_usec();
	int		n = 0;

	if (is_fiber(b)) {
		n = b->left_usec > 0 && loop_wait_fd(b->loop, fd, events, begin + b->left_usec);
		budget_spend(b, begin);
		return n == 1;
	}
	while (b->left_usec > 0 && (n == 0 || (n == -1 && errno == EINTR))) {
		n = poll(&p, 1, (int)((b->left_usec + 999) / 1000));
		budget_spend(b, begin);
		begin = clock_usec();
	}
	return n == 1;
}

void
budget_sleep(struct budget *b, int64_t until)
{
	int64_t	now = clock_usec();

	if (until - now > b->left_usec)
		until = now + b->left_usec;
	if (until > now) {
		if (is_fiber(b))
			loop_sleep(b->loop, &b->sleeper, until);
		else
			poll(NULL, 0, (int)((until - now + 999) / 1000));
	}
	budget_spend(b, now);
}

bool
budget_await(struct budget *b)
{
	int64_t	begin = clock_usec();
	bool	woken = b->left_usec > 0 && loop_sleep(b->loop, &b->sleeper, begin + b->left_usec);

	budget_spend(b, begin);
	return woken;
}

void
budget_join(struct budget **list, struct budget *b)
{
	while (*list != NULL)
		list = &(*list)->next;
	b->next = NULL;
	*list = b;
}

void
budget_leave(struct budget **list, const struct budget *b)
{
	while (*list != b)
		list = &(*list)->next;
	*list = b->next;
}
