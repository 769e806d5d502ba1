/* SPDX-License-Identifier: ISC */
#include "http/records.h"
#include "db/value.h"

/* Types of the specification, section 8. */
enum { VERSION = 1, BEGIN_REQUEST = 1, PARAMS = 4, STDIN = 5, RESPONDER = 1 };

/* A record's head is complete.  libfcgi loses the padding of a begin and of the
 * empty record that ends the parameters. */
static bool
start(struct records *r)
{
	static const unsigned char	type[] = {
		[RECORDS_BEGIN] = BEGIN_REQUEST, [RECORDS_PARAMS] = PARAMS,
		[RECORDS_BODY] = STDIN,
	};
	unsigned			id = (unsigned)r->head[2] << 8 | r->head[3];

	r->content = (size_t)r->head[4] << 8 | r->head[5];
	r->padding = r->head[6];
	r->nhead = 0;
	if (r->head[0] != VERSION || r->head[1] != type[r->due])
		return false;
	switch (r->due) {
	case RECORDS_BEGIN:
		r->id = id;
		return id != 0 && r->content == 8 && r->padding == 0;
	case RECORDS_PARAMS:
		r->params += r->content;
		if (r->content == 0) {
			r->due = RECORDS_BODY;
			if (r->nlength > 0 || r->padding > 0)
				return false;
		}
		return id == r->id && r->params <= RECORDS_PARAMS_MAX;
	case RECORDS_BODY:
		if (r->content == 0)
			r->due = RECORDS_END;
		return id == r->id;
	case RECORDS_END:
		break;
	}
	return true;
}

/* The bytes that say how long name and value are: one or four for each. */
static size_t
lengths(const struct records *r)
{
	size_t	name = r->nlength > 0 && r->length[0] & 0x80 ? 4 : 1;

	return name + (r->nlength > name && r->length[name] & 0x80 ? 4 : 1);
}

static uint64_t
length(const unsigned char *p)
{
	return *p & 0x80 ? get_be32(p) & 0x7fffffff : *p;
}

static bool
param(struct records *r, const unsigned char *p, size_t len)
{
	while (len > 0) {
		size_t	n = r->text < len ? (size_t)r->text : len;

		if (r->nlength < lengths(r)) {
			r->length[r->nlength++] = *p;
			n = 1;
			if (r->nlength == lengths(r))
				r->text = length(r->length) +
				    length(r->length + (r->length[0] & 0x80 ? 4 : 1));
		} else
			r->text -= n;
		if (r->text > RECORDS_PARAMS_MAX)
			return false;
		if (r->text == 0 && r->nlength == lengths(r))
			r->nlength = 0;
		p += n;
		len -= n;
	}
	return true;
}

/* A part of a record's content, that of a begin too: role and flags. */
static bool
content(struct records *r, const unsigned char *p, size_t len)
{
	switch (r->due) {
	case RECORDS_BEGIN:
		for (size_t at = 8 - r->content; len > 0; at++, p++, len--)
			if ((at == 0 && *p != 0) || (at == 1 && *p != RESPONDER))
				return false;
		break;
	case RECORDS_PARAMS:
		return param(r, p, len);
	case RECORDS_BODY:
	case RECORDS_END:
		break;
	}
	return true;
}

bool
records_accept(struct records *r, const void *data, size_t len)
{
	const unsigned char	*p = data;
	size_t			 n;

	for (; len > 0 && r->due != RECORDS_END; p += n, len -= n) {
		if (r->content > 0) {
			n = r->content < len ? r->content : len;
			if (!content(r, p, n))
				return false;
			r->content -= n;
			if (r->content == 0 && r->due == RECORDS_BEGIN)
				r->due = RECORDS_PARAMS;
		} else if (r->padding > 0) {
			n = r->padding < len ? r->padding : len;
			r->padding -= n;
		} else {
			n = 1;
			r->head[r->nhead++] = *p;
			if (r->nhead == sizeof r->head && !start(r))
				return false;
		}
	}
	return true;
}
