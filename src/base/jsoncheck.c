/* SPDX-License-Identifier: ISC */
/*
 * The grammar of RFC 8259, to the letter: cJSON, which builds the tree
 * afterwards, accepts more (control characters, numbers, NUL).
 */
#include <string.h>

#include "base/jsoncheck.h"
#include "base/utf8.h"

struct text {
	const char	*p;
	const char	*end;
};

static void
blanks(struct text *t)
{
	while (t->p < t->end && memchr(" \t\n\r", *t->p, 4) != NULL)
		t->p++;
}

static bool
take(struct text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool
word(struct text *t, const char *w)
{
	size_t	n = strlen(w);

	if ((size_t)(t->end - t->p) < n || memcmp(t->p, w, n) != 0)
		return false;
	t->p += n;
	return true;
}

/* Digits, at least one. */
static bool
digits(struct text *t)
{
	const char	*from = t->p;

	while (t->p < t->end && *t->p >= '0' && *t->p <= '9')
		t->p++;
	return t->p > from;
}

static bool
number(struct text *t)
{
	take(t, '-');
	if (!take(t, '0') && !digits(t))
		return false;
	if (take(t, '.') && !digits(t))
		return false;
	if (take(t, 'e') || take(t, 'E')) {
		if (!take(t, '+'))
			take(t, '-');
		return digits(t);
	}
	return true;
}

/* Four hexadecimal digits; -1 if there are fewer. */
static int
hex4(struct text *t)
{
	static const char	 set[] = "0123456789abcdef0123456789ABCDEF";
	const char		*d;
	int			 v = 0;

	if (t->end - t->p < 4)
		return -1;
	for (int i = 0; i < 4; i++, t->p++) {
		if (*t->p == '\0' || (d = strchr(set, *t->p)) == NULL)
			return -1;
		v = v << 4 | (int)((d - set) & 15);
	}
	return v;
}

static bool
escape(struct text *t)
{
	int	high, low;

	if (!take(t, 'u')) {
		if (t->p == t->end || *t->p == '\0' || strchr("\"\\/bfnrt", *t->p) == NULL)
			return false;
		t->p++;
		return true;
	}
	high = hex4(t);
	if (high < 0xd800 || high > 0xdfff)
		return high > 0;
	if (high > 0xdbff || !word(t, "\\u"))
		return false;
	low = hex4(t);
	return low >= 0xdc00 && low <= 0xdfff;
}

/* A string after its opening quote. */
static bool
string(struct text *t)
{
	uint32_t	code;
	size_t		n;

	while (!take(t, '"')) {
		if (take(t, '\\')) {
			if (!escape(t))
				return false;
			continue;
		}
		n = utf8_read(t->p, (size_t)(t->end - t->p), &code);
		if (n == 0 || code < ' ')
			return false;
		t->p += n;
	}
	return true;
}

static bool
scalar(struct text *t)
{
	if (take(t, '"'))
		return string(t);
	return word(t, "true") || word(t, "false") || word(t, "null") || number(t);
}

/* A member's name and colon. */
static bool
name(struct text *t)
{
	blanks(t);
	if (!take(t, '"') || !string(t))
		return false;
	blanks(t);
	return take(t, ':');
}

/*
 * Values nest on a stack of their closing brackets, so that no input can
 * exhaust the C stack.
 */
bool
jsoncheck(const char *text, size_t len)
{
	struct text	t = { text, text + len };
	char		close[JSONCHECK_DEPTH_MAX];
	size_t		depth = 0;

	for (;;) {
		blanks(&t);
		if (t.p < t.end && (*t.p == '{' || *t.p == '[')) {
			bool	object = *t.p++ == '{';

			if (depth == JSONCHECK_DEPTH_MAX)
				return false;
			close[depth++] = object ? '}' : ']';
			blanks(&t);
			if (!take(&t, close[depth - 1])) {
				if (object && !name(&t))
					return false;
				continue;
			}
			depth--;
		} else if (!scalar(&t))
			return false;
		/* A value has ended: close what it ends, or go to the next. */
		for (blanks(&t); depth > 0 && take(&t, close[depth - 1]); blanks(&t))
			depth--;
		if (depth == 0)
			return t.p == t.end;
		if (!take(&t, ',') || (close[depth - 1] == '}' && !name(&t)))
			return false;
	}
}
