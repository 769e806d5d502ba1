/* SPDX-License-Identifier: ISC */
/* An event loop: waits for descriptors and timers, and resumes the fibers that wait for them. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#define LOOP_EVENTS	64

/* The larger struct that contains the member to which p points. */
#define LOOP_WHOLE(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))

/* Is told of a descriptor's events; a part of a larger struct (LOOP_WHOLE()). */
struct watch {
	void	(*ready)(struct watch *, uint32_t events);	/* of epoll_ctl(2) */
};

/* A part of a larger struct; zero while it is not set. */
struct timer {
	struct timer	*next, **at_prev;
	int64_t		 at;			/* clock_usec() */
	void		 (*fire)(struct timer *);
};

/* A fiber that waits; a part of its stack. */
struct sleeper {
	struct fiber	*fiber;
	struct sleeper	*next;			/* in the list of those that were woken */
	struct timer	 timer;
	struct loop	*loop;
	bool		 woken;
};

struct loop {
	int			 epoll;
	struct timer		*timers;
	int64_t			 next_time;	/* no timer is due before */
	struct sleeper		*first, **last;	/* those that were woken, in order */
	struct epoll_event	 event[LOOP_EVENTS];
	int			 nevent;	/* how many the last wait gave */
	/* Called when nothing more can be done without waiting; or NULL. */
	void			 (*before_wait)(void *);
	void			*before_wait_arg;
};

/* Returns 0, or -1 with errno of epoll_create1(2).  It lasts as long as the process. */
int	loop_open(struct loop *l);

/* Tells w of these events, until loop_forget(): 0, or -1 with errno of epoll_ctl(2). */
int	loop_watch(struct loop *l, int fd, uint32_t events, struct watch *w);

/* w is not told any more, not even of events that were seen before. */
void	loop_forget(struct loop *l, int fd, const struct watch *w);

/* Sets a timer, also one that is set; at that time it is stopped, then fired. */
void	loop_set_timer(struct loop *l, struct timer *t, int64_t at);
void	loop_stop_timer(struct timer *t);

/*
 * The fiber that runs waits until s is woken: true; or until a time on clock_usec(): false.
 * s must last until then.
 */
bool	loop_sleep(struct loop *l, struct sleeper *s, int64_t until);

/* Its fiber goes on after the one that runs now. */
void	loop_wake(struct sleeper *s);

/* Waits as loop_sleep() does for events of poll(2) on a descriptor that nobody watches. */
bool	loop_wait_fd(struct loop *l, int fd, short events, int64_t until);

/*
 * One round: waits for an event until that time on clock_usec() at the latest (INT64_MAX:
 * without end), and runs all that the events make possible.
 */
void	loop_run(struct loop *l, int64_t until);

#endif
