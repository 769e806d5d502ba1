/* SPDX-License-Identifier: ISC */
/*
 * Waits for descriptors and for times, all at once, and goes on with the fibers that wait for
 * either.
 */
#ifndef LOOP_H
#define LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#define LOOP_EVENTS	64

/* The larger struct of which p points to a part. */
#define LOOP_WHOLE(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))

/* Who is told of a descriptor; a part of a larger struct (LOOP_WHOLE()). */
struct watch {
	void	(*ready)(struct watch *, uint32_t events);	/* of epoll_ctl(2) */
};

/* A time that is waited for; a part of a larger struct, zero while it is not set. */
struct timer {
	struct timer	*next, **at_prev;
	int64_t		 at;			/* clock_usec() */
	void		 (*fire)(struct timer *);
};

/* A fiber that waits; a part of its stack. */
struct sleeper {
	struct fiber	*fiber;
	struct sleeper	*next;			/* among those that go on */
	struct timer	 timer;
	struct loop	*loop;
	bool		 woken;
};

struct loop {
	int			 epoll;
	struct timer		*timers;
	int64_t			 next_time;	/* no timer is due before */
	struct sleeper		*first, **last;	/* those that were woken, in their order */
	struct epoll_event	 event[LOOP_EVENTS];
	int			 nevent;	/* of them, those that are being told */
	/* Called when nothing more can be done without waiting; NULL: nobody. */
	void			 (*before_wait)(void *);
	void			*before_wait_arg;
};

/* Returns 0, or -1 with errno of epoll_create1(2).  It lasts as long as the process. */
int	loop_open(struct loop *l);

/* Tells w of these events, until loop_forget(): 0, or -1 with errno of epoll_ctl(2). */
int	loop_watch(struct loop *l, int fd, uint32_t events, struct watch *w);

/* w is not told any more, not even of what was seen before. */
void	loop_forget(struct loop *l, int fd, const struct watch *w);

/* Sets a timer anew; once that time has come it is stopped, then fired. */
void	loop_set_timer(struct loop *l, struct timer *t, int64_t at);
void	loop_stop_timer(struct timer *t);

/*
 * The fiber that runs waits until somebody wakes s, or until a time on clock_usec(): false.
 * s lasts for as long as this takes.
 */
bool	loop_sleep(struct loop *l, struct sleeper *s, int64_t until);

/* It goes on soon, after what runs now. */
void	loop_wake(struct sleeper *s);

/* The same for the readiness of a descriptor that nobody watches; the events of poll(2). */
bool	loop_wait_fd(struct loop *l, int fd, short events, int64_t until);

/*
 * One round: waits for something to happen until that time on clock_usec() at the latest
 * (INT64_MAX: without end), with these signals blocked, and does all that it makes possible.
 */
void	loop_run(struct loop *l, int64_t until, const sigset_t *mask);

#endif
