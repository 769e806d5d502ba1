/* SPDX-License-Identifier: ISC */
#ifndef JSONCHECK_H
#define JSONCHECK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True if text is one JSON value (RFC 8259) in valid UTF-8 and nothing else,
 * without escaped NULs or lone surrogates, and at most JSONCHECK_DEPTH_MAX deep.
 */
bool	jsoncheck(const char *text, size_t len);

#define JSONCHECK_DEPTH_MAX	500

#endif
