/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "http/etag.h"

void
etag_format(char *out, size_t size, int64_t version, const char *form)
{
	snprintf(out, size, "\"%" PRIx64 "-%s\"", (uint64_t)version, form);
}

/*
 * The length of a tag's form at p, with its hyphen.  form is the one that counts; NULL: any, a
 * number and a letter.  0 if there is none.
 */
static size_t
form_len(const char *p, const char *form)
{
	size_t	n;

	if (*p != '-')
		return 0;
	if (form != NULL)
		return strncmp(p + 1, form, strlen(form)) == 0 ? 1 + strlen(form) : 0;
	n = strspn(p + 1, "0123456789");
	return n > 0 && p[1 + n] >= 'a' && p[1 + n] <= 'z' ? n + 2 : 0;
}

/*
 * True if p is the end of a tag: web servers that compress an answer add the coding there,
 * and pass it on when clients send the tag back.
 */
static bool
is_end(const char *p)
{
	static const char *const	ends[] = {
	    "\"", "-gzip\"", "-br\"", "-zstd\"", "-deflate\"",
					    "-bzip2\"" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (strncmp(p, ends[i], strlen(ends[i])) == 0)
			return true;
	return false;
}

/* A tag is ours if it is exactly as we write it, with a valid time. */
static bool
is_ours(const char *tag, const char *form, int64_t *version)
{
	char	hex[24];
	size_t	digits, len;

	*version = (int64_t)strtoull(tag + 1, NULL, 16);
	if (*version < 0 || *version > date_from_unix(INT64_MAX))
		return false;
	snprintf(hex, sizeof hex, "%" PRIx64, (uint64_t)*version);
	digits = strlen(hex);
	if (strncmp(tag + 1, hex, digits) != 0)
		return false;
	len = form_len(tag + 1 + digits, form);
	return (len > 0 || form == NULL) && is_end(tag + 1 + digits + len);
}

bool
etag_is_any(const char *p)
{
	p += strspn(p, " \t");
	return *p == '*' && p[1 + strspn(p + 1, " \t")] == '\0';
}

bool
etag_next(const char **field, const char *form, int64_t *version)
{
	const char	*p = *field, *end;
	bool		 is_weak, ours;

	for (;;) {
		p += strspn(p, ", \t");
		if ((is_weak = strncmp(p, "W/", 2) == 0))
			p += 2;
		if (*p != '"' || (end = strchr(p + 1, '"')) == NULL)
			return false;
		ours = is_ours(p, form, version);
		*field = p = end + 1;
		if (ours && (form != NULL || !is_weak))
			return true;
	}
}
