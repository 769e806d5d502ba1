/* SPDX-License-Identifier: ISC */
/* Texts in JSON: each byte at each place, as another library reads it, in any size of buffer. */
#include <string.h>
#include <cjson/cJSON.h>

#include "http/tojson.h"
#include "tap.h"

struct whole {
	struct buf	b;
	char		part[7];
	char		text[256];
	size_t		len;
};

/* Keeps what is in the buffer, which is smaller than a text. */
static void
keep(struct buf *b)
{
	struct whole	*w = b->owner;

	memcpy(w->text + w->len, b->data, b->len);
	w->len += b->len;
	b->len = 0;
}

static bool
comes_back(const char *s, size_t len)
{
	struct whole	 w = { 0 };
	cJSON		*read;
	bool		 same;

	w.b = (struct buf){ w.part, 0, sizeof w.part, keep, &w };
	tojson_string(&w.b, s, len);
	keep(&w.b);
	w.text[w.len] = '\0';
	for (size_t i = 0; i < w.len; i++)
		if ((unsigned char)w.text[i] < ' ')
			return false;
	read = cJSON_Parse(w.text);
	same = cJSON_IsString(read) && strlen(read->valuestring) == len &&
	    memcmp(read->valuestring, s, len) == 0;
	cJSON_Delete(read);
	return same;
}

int
main(void)
{
	char	s[20];

	for (int c = 1; c < 256; c++) {
		int	failed = 0;

		for (size_t len = 1; len <= sizeof s; len++)
			for (size_t at = 0; at < len; at++) {
				memset(s, 'x', sizeof s);
				s[at] = (char)c;
				failed += !comes_back(s, len);
				memset(s, '\x7f', at);
				failed += !comes_back(s, len);
			}
		tap_ok(failed == 0, "byte %d at each place of texts up to %zu bytes", c, sizeof s);
	}
	tap_ok(comes_back("", 0), "a text without bytes");
	return tap_done();
}
