/* SPDX-License-Identifier: ISC */
/*
 * Coroutines: functions on stacks of their own, each of which can pause in the middle while
 * others run.  One thread runs them all, so nothing happens to a fiber between its pauses.
 */
#ifndef FIBER_H
#define FIBER_H

struct fiber;

/*
 * Runs a function on a stack of its own until it pauses or returns.  Returns 0, or -1 if there
 * is no memory for the stack: then it did not run.
 */
int		 fiber_start(void (*run)(void *), void *arg);

/* The fiber that runs; NULL if none does. */
struct fiber	*fiber_self(void);

/* Leaves the fiber that runs; returns when it is resumed. */
void		 fiber_pause(void);

/* Runs a paused fiber until its next pause or its end.  A fiber must not call this. */
void		 fiber_resume(struct fiber *f);

/* Frees the stacks that no fiber uses. */
void		 fiber_trim(void);

#endif
