/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/clock.h"
#include "db/flights.h"

#define SIZE_FIRST	16	/* sizes are powers of two */

/* The place of number i, from 0, in the ring. */
static size_t
at(const struct flights *all, size_t i)
{
	return (all->first + i) & (all->size - 1);
}

static bool
grow(struct flights *all)
{
	size_t		size = all->size > 0 ? 2 * all->size : SIZE_FIRST;
	void		*before = all->ring;
	struct flights	 larger = *all;

	if ((larger.ring = calloc(size, sizeof *larger.ring)) == NULL)
		return false;
	for (size_t i = 0; i < all->n; i++)
		larger.ring[i] = all->ring[at(all, i)];
	larger.first = 0;
	larger.size = size;
	*all = larger;
	free(before);
	return true;
}

bool
flights_add(struct flights *all, struct flight *f, enum stmt_id id, bool parses)
{
	int64_t	now = clock_usec();

	if (all->n == all->size && !grow(all))
		return false;
	all->ring[at(all, all->n++)] = (struct place){ f, id, parses, now };
	if (all->n == 1)
		all->first_since = now;
	return true;
}

struct flight *
flights_take(struct flights *all)
{
	struct flight	*f = all->ring[all->first].flight;
	int64_t		 now = clock_usec();

	all->first_usec += now - all->first_since;
	all->first_since = now;
	all->first = at(all, 1);
	all->n--;
	return f;
}

void
flights_leave(struct flights *all, const struct flight *f)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->ring[at(all, i)].flight == f)
			all->ring[at(all, i)].flight = NULL;
}

struct place *
flights_first(const struct flights *all)
{
	return all->n > 0 ? &all->ring[all->first] : NULL;
}

struct flight *
flights_reader(const struct flights *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->ring[at(all, i)].flight != NULL)
			return all->ring[at(all, i)].flight;
	return NULL;
}

int64_t
flights_since(const struct flights *all)
{
	return all->n > 0 ? all->ring[all->first].since : INT64_MAX;
}

void
flights_free(struct flights *all)
{
	free(all->ring);
	*all = (struct flights){ 0 };
}
