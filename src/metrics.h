/* SPDX-License-Identifier: ISC */
/*
 * Counters for Prometheus, in a file that all workers of a machine map.  Each
 * worker adds to a slot of its own.  A later worker takes the slot over, so that
 * sums never decrease.
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
 * Maps the file, and creates it if there is none.  Returns NULL, or an error (one
 * line, static).
 */
const char	*metrics_open(const char *path, const struct route *routes);

/* As metrics_open(), but only checks if this user can open the file, and creates none. */
const char	*metrics_check(const char *path);

/* A request begins.  Without an open file, nothing happens. */
void	metrics_begin(void);

/*
 * The request ended with the answer after so many microseconds; for waited of them
 * it waited for the database.  route may be NULL.
 */
void	metrics_end(const struct route *route, enum answer answer, int64_t usec,
	    int64_t waited, const struct connection *c);

/*
 * Writes the sums over all workers in Prometheus' text format (0.0.4); false if
 * there is no file.
 */
bool	metrics_write(struct buf *b);

#endif
