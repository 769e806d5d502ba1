/* SPDX-License-Identifier: ISC */
/* VTIMEZONE (RFC 5545, section 3.6.5) from the system's tzdata. */
#ifndef VTIMEZONE_H
#define VTIMEZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/zone.h"

/*
 * Writes the zone as it is from the instant on: what changes on the same day of each year as a
 * rule, anything else for VTIMEZONE_YEARS.
 */
#define VTIMEZONE_YEARS	40
void	vtimezone_put(struct buf *b, const struct zone *zone, int64_t from);

/* From when on it is written for something between these times: it is right at the later one. */
int64_t	vtimezone_from(int64_t one, int64_t later);

/* Whether it is right then. */
bool	vtimezone_covers(int64_t from, int64_t instant);

#endif
