/* SPDX-License-Identifier: ISC */
/*
 * Counters for Prometheus, in a file that all workers of a machine map.  Each
 * worker adds to a slot of its own, which the next one takes over: so sums
 * never go back.
 */
#ifndef METRICS_H
#define METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/buf.h"

struct connection;
struct route;

/*
 * Maps the file, which is made where there is none.  Returns NULL, or what is
 * wrong with it (one line, static).
 */
const char	*metrics_open(const char *path, const struct route *routes);

/* What keeps this user from opening the file, in the same way, without making it. */
const char	*metrics_check(const char *path);

/* A request begins.  Without an open file, nothing happens. */
void	metrics_begin(void);

/*
 * The request ended with the answer after so many microseconds, of which waited
 * went by waiting for the database.  route may be NULL.
 */
void	metrics_end(const struct route *route, enum answer answer, int64_t usec,
	    int64_t waited, const struct connection *c);

/*
 * Writes the sums over all workers in Prometheus' text format (0.0.4); false
 * where there is no file.
 */
bool	metrics_write(struct buf *b);

#endif
