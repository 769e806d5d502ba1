/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "base/utf8.h"

static bool
is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	    c == 0x205f || c == 0x3000;
}

void
text_trim(char **s, size_t *len)
{
	uint32_t	code;
	size_t		n, start;

	while ((n = utf8_read(*s, *len, &code)) > 0 && is_space(code)) {
		*s += n;
		*len -= n;
	}
	while (*len > 0) {
		for (start = *len - 1; start > 0 && ((*s)[start] & 0xc0) == 0x80; start--)
			;
		if (utf8_read(*s + start, *len - start, &code) == 0 || !is_space(code))
			break;
		*len = start;
	}
}

size_t
text_length(const char *s, size_t len)
{
	size_t	n = 0;

	for (size_t i = 0; i < len; i++)
		n += (s[i] & 0xc0) != 0x80;
	return n;
}

bool
text_has_control(const char *s, size_t len)
{
	uint32_t	code;
	size_t		n;

	for (; (n = utf8_read(s, len, &code)) > 0; s += n, len -= n)
		if (code < ' ' || (code >= 0x7f && code <= 0x9f))
			return true;
	return false;
}
