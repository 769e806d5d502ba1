/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <poll.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/fiber.h"
#include "base/log.h"
#include "base/loop.h"

int
loop_open(struct loop *l)
{
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->next_time = INT64_MAX;
	l->last = &l->first;
	return l->epoll == -1 ? -1 : 0;
}

int
loop_watch(struct loop *l, int fd, uint32_t events, struct watch *w)
{
	struct epoll_event	event = { .events = events, .data.ptr = w };

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event);
}

void
loop_forget(struct loop *l, int fd, const struct watch *w)
{
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
	for (int i = 0; i < l->nevent; i++)
		if (l->event[i].data.ptr == w)
			l->event[i].data.ptr = NULL;
}

void
loop_stop_timer(struct timer *t)
{
	if (t->at_prev == NULL)
		return;
	*t->at_prev = t->next;
	if (t->next != NULL)
		t->next->at_prev = t->at_prev;
	t->at_prev = NULL;
}

void
loop_set_timer(struct loop *l, struct timer *t, int64_t at)
{
	loop_stop_timer(t);
	t->at = at;
	t->next = l->timers;
	t->at_prev = &l->timers;
	if (t->next != NULL)
		t->next->at_prev = &t->next;
	l->timers = t;
	if (at < l->next_time)
		l->next_time = at;
}

/* Most timers are stopped before their time, so this rarely finds one. */
static void
fire_timers(struct loop *l)
{
	int64_t		 now = clock_usec();
	struct timer	*due = NULL, *next;

	if (now < l->next_time)
		return;
	l->next_time = INT64_MAX;
	for (struct timer *t = l->timers; t != NULL; t = next) {
		next = t->next;
		if (t->at > now) {
			l->next_time = t->at < l->next_time ? t->at : l->next_time;
			continue;
		}
		/* One that fires may stop others that are due as well. */
		loop_stop_timer(t);
		t->next = due;
		t->at_prev = &due;
		if (due != NULL)
			due->at_prev = &t->next;
		due = t;
	}
	while ((next = due) != NULL) {
		loop_stop_timer(next);
		next->fire(next);
	}
}

static void
push(struct loop *l, struct sleeper *s)
{
	s->next = NULL;
	*l->last = s;
	l->last = &s->next;
}

void
loop_wake(struct sleeper *s)
{
	if (s->woken || s->fiber == NULL)
		return;
	s->woken = true;
	if (s->timer.at_prev != NULL) {
		loop_stop_timer(&s->timer);
		push(s->loop, s);
	}
}

/* If it was woken at the same time, it is in the list already. */
static void
oversleep(struct timer *t)
{
	struct sleeper	*s = LOOP_WHOLE(t, struct sleeper, timer);

	push(s->loop, s);
}

bool
loop_sleep(struct loop *l, struct sleeper *s, int64_t until)
{
	const char	*id = log_request(NULL);

	*s = (struct sleeper){ .fiber = fiber_self(), .loop = l, .timer.fire = oversleep };
	loop_set_timer(l, &s->timer, until);
	fiber_pause();
	s->fiber = NULL;
	log_request(id);
	return s->woken;
}

struct fd_sleeper {
	struct watch	watch;
	struct sleeper	sleeper;
};

static void
wake_by_fd(struct watch *w, uint32_t events)
{
	(void)events;
	loop_wake(&LOOP_WHOLE(w, struct fd_sleeper, watch)->sleeper);
}

bool
loop_wait_fd(struct loop *l, int fd, short events, int64_t until)
{
	struct fd_sleeper	s = { .watch.ready = wake_by_fd };
	uint32_t		wanted = (events & POLLIN ? EPOLLIN : 0) |
				    (events & POLLOUT ? EPOLLOUT : 0);
	bool			in_time;

	if (loop_watch(l, fd, wanted, &s.watch) == -1)
		return false;
	in_time = loop_sleep(l, &s.sleeper, until);
	loop_forget(l, fd, &s.watch);
	return in_time;
}

/* Sleepers that these wake go on in the same round. */
static void
run_woken(struct loop *l)
{
	struct sleeper	*s;

	while ((s = l->first) != NULL) {
		if ((l->first = s->next) == NULL)
			l->last = &l->first;
		fiber_resume(s->fiber);
	}
}

static int
milliseconds_until(int64_t time)
{
	int64_t	left;

	if (time == INT64_MAX)
		return -1;
	left = time - clock_usec();
	return left <= 0 ? 0 : left > 60000000 ? 60000 : (int)((left + 999) / 1000);
}

void
loop_run(struct loop *l, int64_t until)
{
	struct watch	*w;
	int		 n;

	if (l->before_wait != NULL)
		l->before_wait(l->before_wait_arg);
	if (l->next_time < until)
		until = l->next_time;
	n = epoll_wait(l->epoll, l->event, LOOP_EVENTS,
	    l->first != NULL ? 0 : milliseconds_until(until));
	l->nevent = n < 0 ? 0 : n;
	log_gather();
	for (int i = 0; i < l->nevent; i++)
		if ((w = l->event[i].data.ptr) != NULL)
			w->ready(w, l->event[i].events);
	l->nevent = 0;
	fire_timers(l);
	run_woken(l);
	log_flush();
}
