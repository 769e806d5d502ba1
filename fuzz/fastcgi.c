/* SPDX-License-Identifier: ISC */
/*
 * A request of FastCGI, in pieces; the first byte says how large those are, the second how much
 * of a body is kept.
 */
#include "fuzz.h"
#include "http/fastcgi.h"

#define PAIRS_MAX	4096

struct piece {
	const uint8_t	*p;
	size_t		 len;
};

/* What all of the bytes together are. */
static struct expected {
	enum { BAD, PART, WHOLE } state;
	bool		has_params;
	uint8_t		params[64 * 1024], body[64 * 1024];
	size_t		nparams, nbody;
	struct piece	name[PAIRS_MAX], value[PAIRS_MAX];
	int		npairs;
} want;

/* Takes a length of one or four bytes; false if there is not enough. */
static bool
take_length(struct piece *b, uint64_t *n)
{
	size_t	size = b->len > 0 && *b->p >= 0x80 ? 4 : 1;

	if (b->len < size)
		return false;
	*n = 0;
	for (size_t i = 0; i < size; i++)
		*n = *n << 8 | (i == 0 && size == 4 ? b->p[0] & 0x7f : b->p[i]);
	b->p += size;
	b->len -= size;
	return true;
}

/* Names and values; false if that is not all. */
static bool
split_params(void)
{
	struct piece	b = { want.params, want.nparams };
	uint64_t	name, value;

	for (want.npairs = 0; b.len > 0; want.npairs++) {
		if (!take_length(&b, &name) || !take_length(&b, &value) || name + value > b.len)
			return false;
		HOLDS(want.npairs < PAIRS_MAX);
		want.name[want.npairs] = (struct piece){ b.p, name };
		want.value[want.npairs] = (struct piece){ b.p + name, value };
		b.p += name + value;
		b.len -= name + value;
	}
	return true;
}

/* What of a body counts: as CONTENT_LENGTH says, but not more than is kept. */
static size_t
body_limit(size_t kept)
{
	for (int i = 0; i < want.npairs; i++) {
		const struct piece	*v = &want.value[i];
		unsigned long long	 n;
		char			*text, *end;

		if (want.name[i].len != 14 || memcmp(want.name[i].p, "CONTENT_LENGTH", 14) != 0 ||
		    v->len == 0)
			continue;
		text = fuzz_text(v->p, v->len);
		n = strspn(text, "0123456789") > 0 ? strtoull(text, &end, 10) : kept;
		/* What is too large is so whatever follows. */
		if (n < kept && strspn(text, "0123456789") != v->len)
			n = kept;
		free(text);
		return n < kept ? (size_t)n : kept;
	}
	return kept;
}

/* Reads one record; false if it is not all there, or ends the matter. */
static bool
expect_record(struct piece *b, int *due, unsigned *id, size_t *limit)
{
	const uint8_t	*head = b->p;
	size_t		 content = head[4] * 256U + head[5], have, n;
	unsigned	 record_id = head[2] * 256U + head[3];

	if (head[0] != 1 || head[1] != *due || record_id == 0 || (*due == 1 && content != 8) ||
	    (*due != 1 && record_id != *id)) {
		want.state = BAD;
		return false;
	}
	*id = record_id;
	b->p += 8;
	b->len -= 8;
	have = content < b->len ? content : b->len;
	if (*due == 1 && ((have > 0 && b->p[0] != 0) || (have > 1 && b->p[1] != 1)))
		want.state = BAD;
	if (*due == 4) {
		memcpy(want.params + want.nparams, b->p, have);
		want.nparams += have;
		if (content == 0 && !split_params())
			want.state = BAD;
		if (content == 0 && want.state != BAD)
			*limit = body_limit(*limit);
	} else if (*due == 5) {
		n = have < *limit - want.nbody ? have : *limit - want.nbody;
		memcpy(want.body + want.nbody, b->p, n);
		want.nbody += n;
		if (content == 0 || n < have)
			want.state = WHOLE;
	}
	if (*due == 1 || (*due == 4 && content == 0))
		*due = *due == 1 ? 4 : 5;
	have = content + head[6] < b->len ? content + head[6] : b->len;
	b->p += have;
	b->len -= have;
	return want.state == PART;
}

static void
expect(struct piece b, size_t limit)
{
	int		due = 1;	/* a begin, parameters, a body */
	unsigned	id = 0;

	want.state = PART;
	want.nparams = want.nbody = 0;
	while (b.len >= 8 && expect_record(&b, &due, &id, &limit))
		;
}

static void
check_request(struct fastcgi *f)
{
	struct fastcgi_param	p;
	size_t			at = 0;

	HOLDS(f->body.len == want.nbody);
	HOLDS(want.nbody == 0 || memcmp(f->body.data, want.body, want.nbody) == 0);
	for (int i = 0; i < want.npairs; i++) {
		HOLDS(fastcgi_param(f, &at, &p));
		HOLDS(p.name_len == want.name[i].len && memcmp(p.name, want.name[i].p, p.name_len) == 0);
		HOLDS(p.value_len == want.value[i].len &&
		    memcmp(p.value, want.value[i].p, p.value_len) == 0);
		HOLDS(p.value[p.value_len] == '\0');
	}
	HOLDS(!fastcgi_param(f, &at, &p));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fastcgi	f = { 0 };
	struct piece	all;
	size_t		step, n;
	bool		ok = true;
	char		*piece;

	if (size < 2 || size > 32 * 1024)
		return 0;
	step = data[0] + 1U;
	f.body_max = data[1] + 1U;
	all = (struct piece){ data + 2, size - 2 };
	expect(all, f.body_max);
	for (struct piece b = all; ok && b.len > 0; b.p += n, b.len -= n) {
		n = step < b.len ? step : b.len;
		piece = fuzz_text(b.p, n);
		ok = fastcgi_read(&f, piece, n);
		free(piece);
	}
	HOLDS(ok == (want.state != BAD));
	HOLDS(!ok || (f.due == FASTCGI_END) == (want.state == WHOLE));
	if (want.state == WHOLE)
		check_request(&f);
	fastcgi_free(&f);
	return 0;
}
