/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "etag.h"

void
etag_format(char *out, size_t size, int64_t version)
{
	snprintf(out, size, "\"%" PRIx64 "\"", (uint64_t)version);
}

/* A tag is ours where it is written as we write it, of a time that can be. */
static bool
is_ours(const char *tag, size_t len, int64_t *version)
{
	char	again[24];

	*version = (int64_t)strtoull(tag + 1, NULL, 16);
	if (*version < 0 || *version > date_from_unix(INT64_MAX))
		return false;
	etag_format(again, sizeof again, *version);
	return strlen(again) == len && memcmp(again, tag, len) == 0;
}

bool
etag_is_any(const char *p)
{
	p += strspn(p, " \t");
	return *p == '*' && p[1 + strspn(p + 1, " \t")] == '\0';
}

bool
etag_next(const char **field, bool weak, int64_t *version)
{
	const char	*p = *field, *end;
	bool		 is_weak, ours;

	for (;;) {
		p += strspn(p, ", \t");
		if ((is_weak = strncmp(p, "W/", 2) == 0))
			p += 2;
		if (*p != '"' || (end = strchr(p + 1, '"')) == NULL)
			return false;
		end++;
		ours = is_ours(p, (size_t)(end - p), version);
		*field = p = end;
		if (ours && (weak || !is_weak))
			return true;
	}
}
