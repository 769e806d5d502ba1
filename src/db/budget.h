/* SPDX-License-Identifier: ISC */
/* How long a request, or the start, may wait for the database in all. */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"

struct budget {
	int64_t		 left_usec;
	int64_t		 waited_usec;	/* spent so far */
	struct loop	*loop;		/* where fibers wait; NULL: the process waits */
	struct sleeper	 sleeper;	/* while a fiber waits, for loop_wake() */
	struct budget	*next;		/* in the list of those that wait for the same event */
};

/* Waits until the descriptor is ready for the events of poll(2); false if the time ran out. */
bool	budget_wait(struct budget *b, int fd, short events);

/* Waits until a time on clock_usec(), until the budget is spent, or until b->sleeper is woken. */
void	budget_sleep(struct budget *b, int64_t until);

/* Waits until b->sleeper is woken; false if the time ran out.  Only for fibers. */
bool	budget_await(struct budget *b);

/* Puts b at the end of a list; takes it out, wherever it is. */
void	budget_join(struct budget **list, struct budget *b);
void	budget_leave(struct budget **list, const struct budget *b);

/* Subtracts a wait elsewhere that began at that time on clock_usec(). */
void	budget_spend(struct budget *b, int64_t begin);

#endif
