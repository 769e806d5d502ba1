/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

size_t
utf8_read(const char *s, size_t len, uint32_t *code)
{
	static const uint32_t	 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char	*p = (const unsigned char *)s;
	size_t			 n;

	if (len == 0)
		return 0;
	if (p[0] < 0x80) {
		*code = p[0];
		return 1;
	}
	n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len < n)
		return 0;
	*code = p[0] & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return n;
}

bool
utf8_is_valid(const char *s, size_t len)
{
	uint32_t	code;
	size_t		n;

	for (; len > 0; s += n, len -= n)
		if ((n = utf8_read(s, len, &code)) == 0)
			return false;
	return true;
}

size_t
utf8_write(char *out, uint32_t code)
{
	static const unsigned char	heads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t				n;

	n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = n; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(heads[n] | code);
	return n;
}
