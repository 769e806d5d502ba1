/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "etag.h"

void
etag_format(char *out, size_t size, int64_t version)
{
	snprintf(out, size, "\"%" PRIx64 "\"", (uint64_t)version);
}

/* A tag is ours where it is written as we write it. */
static bool
is_ours(const char *tag, size_t len, int64_t *version)
{
	char	again[24];

	*version = (int64_t)strtoull(tag + 1, NULL, 16);
	etag_format(again, sizeof again, *version);
	return strlen(again) == len && memcmp(again, tag, len) == 0;
}

bool
etag_parse(const char *p, bool weak, int64_t version[ETAG_VERSIONS_MAX], size_t *n)
{
	const char	*end;
	bool		 is_weak;

	*n = 0;
	p += strspn(p, " \t");
	if (*p == '*')
		return p[1 + strspn(p + 1, " \t")] == '\0';
	while (*p != '\0' && *n < ETAG_VERSIONS_MAX) {
		p += strspn(p, ", \t");
		if ((is_weak = strncmp(p, "W/", 2) == 0))
			p += 2;
		if (*p != '"' || (end = strchr(p + 1, '"')) == NULL)
			break;
		end++;
		if ((weak || !is_weak) && is_ours(p, (size_t)(end - p), &version[*n]))
			(*n)++;
		p = end;
	}
	return false;
}
