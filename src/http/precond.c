/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "http/etag.h"
#include "http/precond.h"

/* The form of answers, for their tags: raise the number if the JSON of a task changes. */
static const char *
form(const struct request *r)
{
	return r->worker->tags_string ? "1s" : "1a";
}

/* Makes an array of the versions that a field names. */
static bool
versions(struct request *r, const char *field, const char *of_form, struct value *v)
{
	const char	*p = field;
	size_t		 n = 0;
	int64_t		 version;
	unsigned char	*array, *to;

	while (etag_next(&p, of_form, &version))
		n++;
	if ((array = request_alloc(r, VALUE_ARRAY_HEAD + 12 * n)) == NULL)
		return false;
	to = value_array_head(array, TYPE_TIMESTAMPTZ, n);
	for (; n > 0 && etag_next(&field, of_form, &version); to += 12) {
		put_be32(to, 8);
		put_be64(to + 4, (uint64_t)version);
	}
	value_bytes(v, array, (size_t)(to - array));
	return true;
}

/* True if the field names the version. */
static bool
names(const char *field, const char *of_form, int64_t version)
{
	int64_t	other;

	if (etag_is_any(field))
		return true;
	while (etag_next(&field, of_form, &other))
		if (other == version)
			return true;
	return false;
}

bool
precond_values(struct request *r)
{
	return (r->if_match == NULL || etag_is_any(r->if_match) ||
	    versions(r, r->if_match, NULL, &r->value[PARAM_IF_MATCH])) &&
	    (r->if_none_match == NULL ||
	    versions(r, r->if_none_match, form(r), &r->value[PARAM_IF_NONE_MATCH]));
}

bool
precond_is_set(const struct request *r)
{
	return r->value[PARAM_IF_MATCH].data != NULL || r->value[PARAM_IF_NONE_MATCH].data != NULL;
}

void
precond_format(const struct request *r, int64_t version, char *out, size_t size)
{
	etag_format(out, size, version, form(r));
}

void
precond_tag(struct request *r, int64_t version)
{
	precond_format(r, version, r->etag, sizeof r->etag);
}

enum answer
precond_check(struct request *r, int64_t version, enum answer unchanged)
{
	if (r->if_match != NULL && !names(r->if_match, NULL, version))
		return ANS_OTHER_VERSION;
	precond_tag(r, version);
	return r->if_none_match != NULL && names(r->if_none_match, form(r), version) ?
	    unchanged : ANS_OK;
}
