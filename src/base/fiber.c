/* SPDX-License-Identifier: ISC */
#include "config.h"

/* Its check of longjmp() knows one stack only. */
#undef _FORTIFY_SOURCE

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "base/fiber.h"

#if defined __SANITIZE_ADDRESS__
#define HAVE_ASAN 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#ifdef HAVE_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef HAVE_VALGRIND_VALGRIND_H
#include <valgrind/valgrind.h>
#endif

/* Enough for libpq, OpenSSL and the C library's resolver. */
#define STACK_SIZE	(256 * 1024)
#define GUARD_SIZE	(64 * 1024)	/* part of it; no system has larger pages */

/*
 * Lies at the upper end of the fiber's stack.  swapcontext(3) would ask the kernel for the
 * signal mask each time, so it only begins a fiber; _setjmp(3) and _longjmp(3) do the rest.
 */
struct fiber {
	ucontext_t	 first;		/* to begin it */
	jmp_buf		 paused;	/* to resume it, once it has begun */
	bool		 begun;
	void		 (*run)(void *);	/* NULL: it has returned */
	void		*arg;
	struct fiber	*next;		/* in the list of spare ones */
	unsigned char	*stack;
	size_t		 size;		/* of the usable part, which begins at GUARD_SIZE */
	void		*asan;		/* AddressSanitizer's, while it pauses */
	unsigned int	 valgrind;
};

/* One per process, as there is one thread. */
static struct {
	jmp_buf		 outside;	/* of the caller that resumed the running fiber */
	struct fiber	*self;
	struct fiber	*spare;
	void		*asan;
	const void	*bottom;	/* of the stack outside */
	size_t		 size;
} fibers;

struct fiber *
fiber_self(void)
{
	return fibers.self;
}

/* --- AddressSanitizer and Valgrind must be told of each change of stacks ----------------- */

static void
before_resume(struct fiber *f)
{
#ifdef HAVE_ASAN
	__sanitizer_start_switch_fiber(&fibers.asan, f->stack + GUARD_SIZE, f->size);
#else
	(void)f;
#endif
}

static void
after_resume(void)
{
#ifdef HAVE_ASAN
	__sanitizer_finish_switch_fiber(fibers.asan, NULL, NULL);
#endif
}

static void
before_pause(struct fiber *f)
{
#ifdef HAVE_ASAN
	__sanitizer_start_switch_fiber(&f->asan, fibers.bottom, fibers.size);
#else
	(void)f;
#endif
}

static void
after_pause(struct fiber *f)
{
#ifdef HAVE_ASAN
	__sanitizer_finish_switch_fiber(f->asan, &fibers.bottom, &fibers.size);
#else
	(void)f;
#endif
}

static void
tell_of_stack(struct fiber *f)
{
#ifdef HAVE_VALGRIND_VALGRIND_H
	f->valgrind = VALGRIND_STACK_REGISTER(f->stack, f->stack + STACK_SIZE);
#else
	(void)f;
#endif
}

static void
free_stack(struct fiber *f)
{
#ifdef HAVE_VALGRIND_VALGRIND_H
	VALGRIND_STACK_DEREGISTER(f->valgrind);
#endif
	munmap(f->stack, STACK_SIZE);
}

/* --- the fibers ---------------------------------------------------------------------------- */

/* A spare fiber runs the next function, on the same stack. */
static void
run(void)
{
	after_pause(fibers.self);
	for (;;) {
		fibers.self->run(fibers.self->arg);
		fibers.self->run = NULL;
		fiber_pause();
	}
}

/* Makes it begin with run(), on its stack; false if that fails. */
static bool
prepare(struct fiber *f)
{
	if (getcontext(&f->first) == -1)
		return false;
	f->first.uc_stack.ss_sp = f->stack + GUARD_SIZE;
	f->first.uc_stack.ss_size = f->size;
	f->first.uc_link = NULL;
	makecontext(&f->first, run, 0);
	return true;
}

static struct fiber *
make(void)
{
	unsigned char	*stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	struct fiber	*f;

	if (stack == MAP_FAILED)
		return NULL;
	f = (struct fiber *)(stack + STACK_SIZE - (sizeof *f + 63) / 64 * 64);
	f->stack = stack;
	f->size = (size_t)((unsigned char *)f - stack) - GUARD_SIZE;
	if (mprotect(stack, GUARD_SIZE, PROT_NONE) == -1 || !prepare(f)) {
		munmap(stack, STACK_SIZE);
		return NULL;
	}
	tell_of_stack(f);
	return f;
}

int
fiber_start(void (*function)(void *), void *arg)
{
	struct fiber	*f = fibers.spare;

	if (f != NULL)
		fibers.spare = f->next;
	else if ((f = make()) == NULL)
		return -1;
	f->run = function;
	f->arg = arg;
	fiber_resume(f);
	return 0;
}

void
fiber_pause(void)
{
	struct fiber	*f = fibers.self;

	before_pause(f);
	if (_setjmp(f->paused) == 0)
		_longjmp(fibers.outside, 1);
	after_pause(f);
}

void
fiber_resume(struct fiber *f)
{
	fibers.self = f;
	before_resume(f);
	if (_setjmp(fibers.outside) == 0) {
		if (f->begun)
			_longjmp(f->paused, 1);
		f->begun = true;
		setcontext(&f->first);
	}
	after_resume();
	fibers.self = NULL;
	if (f->run == NULL) {
		f->next = fibers.spare;
		fibers.spare = f;
	}
}

void
fiber_trim(void)
{
	struct fiber	*f;

	while ((f = fibers.spare) != NULL) {
		fibers.spare = f->next;
		free_stack(f);
	}
}
