/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/form.h"
#include "base/utf8.h"

int
form_hex(char digit)
{
	unsigned char	c = (unsigned char)digit;

	return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

/* Decodes in place; a plus is a blank if plus is one. */
static bool
decode(char *s, char plus)
{
	char		*to = s, *start = s;

	for (; *s != '\0'; s++) {
		int	high = -1, low = -1;

		if (*s != '%') {
			*to++ = *s == '+' ? plus : *s;
			continue;
		}
		if ((high = form_hex(s[1])) == -1 || (low = form_hex(s[2])) == -1 ||
		    high + low == 0)
			return false;
		*to++ = (char)(high << 4 | low);
		s += 2;
	}
	*to = '\0';
	return utf8_is_valid(start, (size_t)(to - start));
}

bool
form_decode(char *s)
{
	return decode(s, ' ');
}

bool
form_decode_path(char *s)
{
	return decode(s, '+');
}

void
form_next(char **text, char **name, char **value)
{
	char	*end;

	*name = *text;
	*text += strcspn(*text, "&");
	if (**text != '\0')
		*(*text)++ = '\0';
	if ((end = strchr(*name, '=')) != NULL)
		*end++ = '\0';
	else
		end = *name + strlen(*name);
	*value = end;
}
