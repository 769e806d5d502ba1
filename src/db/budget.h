/* SPDX-License-Identifier: ISC */
/* How long somebody may wait for the database in all: a request, or the start. */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"

struct budget {
	int64_t		 left_usec;
	int64_t		 waited_usec;	/* spent so far */
	struct loop	*loop;		/* lets fibers wait beside each other; NULL: the process waits */
	struct sleeper	 sleeper;	/* while a fiber waits, for loop_wake() */
	struct budget	*next;		/* among those that wait for the same */
};

/* Waits until the descriptor is ready for the events of poll(2); false if the time ran out. */
bool	budget_wait(struct budget *b, int fd, short events);

/* Waits until that time on clock_usec(), until the time ran out, or until b->sleeper is woken. */
void	budget_sleep(struct budget *b, int64_t until);

/* Waits until b->sleeper is woken; false if the time ran out.  For fibers alone. */
bool	budget_await(struct budget *b);

/* Counts what was waited for since that time elsewhere. */
void	budget_spend(struct budget *b, int64_t begin);

#endif
