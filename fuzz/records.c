/* SPDX-License-Identifier: ISC */
/*
 * A connection's FastCGI records, as they come in pieces; the first byte says how
 * large those are.
 */
#include "fuzz.h"
#include "http/records.h"

struct bytes {
	const uint8_t	*p;
	size_t		 len;
};

/* Takes a length of one or four bytes; false where there is not enough. */
static bool
take_length(struct bytes *b, uint64_t *n)
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

/* All that there is of the parameters: is it names and values, the last of them
 * perhaps only in part? */
static bool
are_params(struct bytes b, bool complete)
{
	uint64_t	name, value;

	while (b.len > 0) {
		if (!take_length(&b, &name) || !take_length(&b, &value))
			return !complete;
		if (name + value > RECORDS_PARAMS_MAX)
			return false;
		if (name + value > b.len)
			return !complete;
		b.p += name + value;
		b.len -= name + value;
	}
	return true;
}

/* The same with all of the bytes at once. */
static bool
expect(struct bytes b)
{
	static uint8_t	params[64 * 1024];
	size_t		nparams = 0, content, have;
	unsigned	id = 0, record_id;
	int		due = 1;	/* a begin, parameters, a body */

	while (b.len >= 8) {
		const uint8_t	*head = b.p;

		record_id = head[2] * 256U + head[3];
		content = head[4] * 256U + head[5];
		if (head[0] != 1 || head[1] != due || record_id == 0)
			return false;
		if (due == 1 && (content != 8 || head[6] != 0))
			return false;
		if (due == 1)
			id = record_id;
		if (record_id != id)
			return false;
		b.p += 8;
		b.len -= 8;
		have = content < b.len ? content : b.len;
		if (due == 1 && ((have > 0 && b.p[0] != 0) || (have > 1 && b.p[1] != 1)))
			return false;
		if (due == 4) {
			memcpy(params + nparams, b.p, have);
			nparams += have;
			if (!are_params((struct bytes){ params, nparams }, content == 0) ||
			    (content == 0 && head[6] != 0))
				return false;
		}
		if (due == 5 && content == 0)
			return true;
		if (due == 1 || (due == 4 && content == 0))
			due = due == 1 ? 4 : 5;
		have = content + head[6];
		have = have < b.len ? have : b.len;
		b.p += have;
		b.len -= have;
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct records	r = { 0 };
	struct bytes	all;
	size_t		step, n;
	bool		ok = true;
	char		*piece;

	if (size == 0 || size > 32 * 1024)
		return 0;
	step = *data++ + 1U;
	all = (struct bytes){ data, --size };
	for (; ok && size > 0; data += n, size -= n) {
		n = step < size ? step : size;
		piece = fuzz_text(data, n);
		ok = records_accept(&r, piece, n);
		free(piece);
	}
	HOLDS(ok == expect(all));
	return 0;
}
