/* SPDX-License-Identifier: ISC */
/* Time zones as a calendar's text describes them: VTIMEZONE (RFC 5545, section 3.6.5). */
#ifndef VZONE_H
#define VZONE_H

#include "base/span.h"
#include "base/zone.h"

/*
 * The zone of a VTIMEZONE; rules that tzdata could not have are followed up to the year 2100.
 * NULL if it has no observance that can be read, or without memory.
 */
const struct zone	*vzone_read(struct span component);
void			 vzone_free(const struct zone *zone);

#endif
