/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stddef.h>

#include "base/letter.h"

/* In the order of the codes; with pairs, each capital letter is before its small one. */
static const struct {
	uint32_t	first, last;
	int		small;
	bool		pairs;
} capitals[] = {
	{ 'A', 'Z', 32 },
	{ 0xc0, 0xd6, 32 }, { 0xd8, 0xde, 32 },
	{ 0x100, 0x12e, 1, true }, { 0x132, 0x136, 1, true }, { 0x139, 0x147, 1, true },
	{ 0x14a, 0x176, 1, true }, { 0x178, 0x178, 0xff - 0x178 }, { 0x179, 0x17d, 1, true },
	{ 0x1cd, 0x1db, 1, true }, { 0x1de, 0x1ee, 1, true }, { 0x1f8, 0x21e, 1, true },
	{ 0x222, 0x232, 1, true },
	{ 0x386, 0x386, 38 }, { 0x388, 0x38a, 37 }, { 0x38c, 0x38c, 64 }, { 0x38e, 0x38f, 63 },
	{ 0x391, 0x3a1, 32 }, { 0x3a3, 0x3ab, 32 },
	{ 0x3c2, 0x3c2, 1 },		/* sigma at a word's end */
	{ 0x400, 0x40f, 80 }, { 0x410, 0x42f, 32 }, { 0x460, 0x480, 1, true },
	{ 0x48a, 0x4be, 1, true }, { 0x4c1, 0x4cd, 1, true }, { 0x4d0, 0x52e, 1, true },
	{ 0x531, 0x556, 48 },
	{ 0x1e00, 0x1e94, 1, true }, { 0x1e9e, 0x1e9e, 0xdf - 0x1e9e }, { 0x1ea0, 0x1efe, 1, true },
	{ 0x2160, 0x216f, 16 }, { 0x24b6, 0x24cf, 26 },
	{ 0xff21, 0xff3a, 32 },
	{ 0x10400, 0x10427, 40 },
};

uint32_t
letter_small(uint32_t code)
{
	const size_t	n = sizeof capitals / sizeof capitals[0];

	for (size_t i = 0; i < n && code >= capitals[i].first; i++)
		if (code <= capitals[i].last &&
		    (!capitals[i].pairs || (code - capitals[i].first) % 2 == 0))
			return (uint32_t)((int)code + capitals[i].small);
	return code;
}
