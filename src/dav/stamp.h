/* SPDX-License-Identifier: ISC */
/* The values of iCalendar's types of time (RFC 5545, sections 3.3.4 to 3.3.6). */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum stamp {
	STAMP_BAD,
	STAMP_DAY,		/* 20260201 */
	STAMP_CLOCK,		/* 20260201T093000: as a zone's clock shows it, or floating */
	STAMP_UTC		/* 20260201T093000Z */
};

/* Reads a day or a time of the years 1 to 9999: what the clock shows, as in zone.h. */
enum stamp	stamp_read(struct span value, int64_t *clock);

/* A DURATION's days, as a clock counts them, and the rest; false if it is none. */
bool		stamp_duration(struct span value, int64_t *days_usec, int64_t *usec);

#endif
