/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <string.h>

#include "base/be.h"
#include "http/fastcgi.h"

/* Types of records and the role, section 8 of the specification. */
enum { VERSION = 1, BEGIN_REQUEST = 1, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6,
    RESPONDER = 1, KEEP_CONN = 1 };

#define BEGIN_LEN	8
#define KEPT_FIRST	2048	/* bytes: enough for most requests */

/* Appends, and a NUL after it. */
static bool
keep(struct bytes *k, const unsigned char *p, size_t len)
{
	if (!bytes_reserve(k, len + 1, KEPT_FIRST))
		return false;
	memcpy(k->data + k->len, p, len);
	k->len += len;
	k->data[k->len] = '\0';
	return true;
}

/* A length of one byte, or of four whose first bit is set; false if it is cut off. */
static bool
length(const struct bytes *k, size_t *at, size_t *n)
{
	if (*at < k->len && k->data[*at] < 0x80)
		*n = k->data[(*at)++];
	else if (k->len - *at >= 4) {
		*n = get_be32(k->data + *at) & 0x7fffffff;
		*at += 4;
	} else
		return false;
	return true;
}

/* Reads the lengths at *at and moves *at after them; false if the data is shorter. */
static bool
lengths(const struct bytes *k, size_t *at, struct fastcgi_param *p)
{
	return length(k, at, &p->name_len) && length(k, at, &p->value_len) &&
	    p->name_len <= k->len - *at && p->value_len <= k->len - *at - p->name_len;
}

static bool
are_params(const struct bytes *k)
{
	struct fastcgi_param	p;

	for (size_t at = 0; at < k->len; at += p.name_len + p.value_len)
		if (!lengths(k, &at, &p))
			return false;
	return true;
}

/* The number of bytes that the body is to have. */
static size_t
promised(const struct fastcgi *f)
{
	static const char	name[] = "CONTENT_LENGTH";
	struct fastcgi_param	p;
	const unsigned char	*value;
	size_t			 n = 0;

	for (size_t at = 0; at < f->params.len && lengths(&f->params, &at, &p);
	    at += p.name_len + p.value_len) {
		if (p.name_len != sizeof name - 1 || p.value_len == 0 ||
		    memcmp(f->params.data + at, name, p.name_len) != 0)
			continue;
		value = f->params.data + at + p.name_len;
		for (size_t i = 0; i < p.value_len && n < f->body_max; i++) {
			if (value[i] < '0' || value[i] > '9')
				return f->body_max;
			n = n * 10 + value[i] - '0';
		}
		return n < f->body_max ? n : f->body_max;
	}
	return f->body_max;
}

/* The head of a record is complete. */
static bool
begin_record(struct fastcgi *f)
{
	static const unsigned char	due[] = {
		[FASTCGI_BEGIN] = BEGIN_REQUEST, [FASTCGI_PARAMS] = PARAMS, [FASTCGI_BODY] = STDIN,
	};
	unsigned			id = (unsigned)f->head[2] << 8 | f->head[3];

	f->content = (size_t)f->head[4] << 8 | f->head[5];
	f->padding = f->head[6];
	f->nhead = 0;
	if (f->head[0] != VERSION || f->head[1] != due[f->due] || id == 0)
		return false;
	if (f->due == FASTCGI_BEGIN) {
		f->id = id;
		return f->content == BEGIN_LEN;
	}
	if (id != f->id)
		return false;
	if (f->content > 0)
		return true;
	/* An empty record ends a stream. */
	if (f->due == FASTCGI_BODY) {
		f->whole = true;
		f->due = FASTCGI_END;
		return true;
	}
	if (!are_params(&f->params))
		return false;
	f->body_max = promised(f);
	f->due = FASTCGI_BODY;
	return true;
}

/* A part of a record's content. */
static bool
take(struct fastcgi *f, const unsigned char *p, size_t len)
{
	switch (f->due) {
	case FASTCGI_BEGIN:		/* the role, in two bytes, then flags */
		for (size_t at = BEGIN_LEN - f->content; len > 0; at++, p++, len--)
			if ((at == 0 && *p != 0) || (at == 1 && *p != RESPONDER))
				return false;
			else if (at == 2)
				f->keep = (*p & KEEP_CONN) != 0;
		return true;
	case FASTCGI_PARAMS:
		return f->params.len + len <= FASTCGI_PARAMS_MAX && keep(&f->params, p, len);
	case FASTCGI_BODY:
		if (len > f->body_max - f->body.len)
			f->due = FASTCGI_END;
		return keep(&f->body, p, f->due == FASTCGI_END ? f->body_max - f->body.len : len);
	case FASTCGI_END:
		break;
	}
	return true;
}

bool
fastcgi_read(struct fastcgi *f, const void *data, size_t len)
{
	const unsigned char	*p = data;
	size_t			 n;

	for (; len > 0 && f->due != FASTCGI_END; p += n, len -= n) {
		if (f->content > 0) {
			n = f->content < len ? f->content : len;
			if (!take(f, p, n))
				return false;
			f->content -= n;
			if (f->content == 0 && f->due == FASTCGI_BEGIN)
				f->due = FASTCGI_PARAMS;
		} else if (f->padding > 0) {
			n = f->padding < len ? f->padding : len;
			f->padding -= n;
		} else {
			n = 1;
			f->head[f->nhead++] = *p;
			if (f->nhead == sizeof f->head && !begin_record(f))
				return false;
		}
	}
	f->more = len > 0;
	return true;
}

bool
fastcgi_cut(struct fastcgi *f)
{
	if (f->due != FASTCGI_BODY)
		return false;
	f->cut = true;
	f->due = FASTCGI_END;
	return true;
}

bool
fastcgi_param(struct fastcgi *f, size_t *at, struct fastcgi_param *p)
{
	struct bytes	*k = &f->params;
	unsigned char		*name;

	if (*at >= k->len || !lengths(k, at, p))
		return false;
	/* Both move to where their lengths were, which makes room for the NUL. */
	name = k->data + *at - 1;
	*at += p->name_len + p->value_len;
	memmove(name, name + 1, p->name_len + p->value_len);
	name[p->name_len + p->value_len] = '\0';
	p->name = (const char *)name;
	p->value = p->name + p->name_len;
	return true;
}

void
fastcgi_free(struct fastcgi *f)
{
	bytes_free(&f->params);
	bytes_free(&f->body);
	memset(f, 0, sizeof *f);
}

void
fastcgi_reset(struct fastcgi *f, size_t body_max)
{
	fastcgi_free(f);
	f->body_max = body_max;
}

void
fastcgi_output(unsigned char head[FASTCGI_HEAD_LEN], unsigned id, size_t len)
{
	const unsigned char	bytes[FASTCGI_HEAD_LEN] = {
		VERSION, STDOUT, (unsigned char)(id >> 8), (unsigned char)id,
		(unsigned char)(len >> 8), (unsigned char)len
	};

	memcpy(head, bytes, sizeof bytes);
}

void
fastcgi_last(unsigned char last[FASTCGI_LAST_LEN], unsigned id)
{
	static const unsigned char	done[] = { VERSION, END_REQUEST, 0, 0, 0, 8 };

	memset(last, 0, FASTCGI_LAST_LEN);
	fastcgi_output(last, id, 0);
	memcpy(last + FASTCGI_HEAD_LEN, done, sizeof done);
	last[FASTCGI_HEAD_LEN + 2] = (unsigned char)(id >> 8);
	last[FASTCGI_HEAD_LEN + 3] = (unsigned char)id;
}
