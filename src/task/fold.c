/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "task/fold.h"

#define LINE_BYTES	75

struct fold
fold_begin(struct buf *b, const char *head)
{
	struct fold	f = { b, 0 };

	fold_put(&f, head, strlen(head));
	return f;
}

/* n bytes that stay together. */
static void
put(struct fold *f, const char *text, size_t n)
{
	if ((size_t)f->column + n > LINE_BYTES) {
		buf_str(f->b, "\r\n ");
		f->column = 1;
	}
	buf_put(f->b, text, n);
	f->column += (int)n;
}

/* iCalendar has no control characters but tabs, and XML not the last two. */
static bool
is_allowed(uint32_t code)
{
	return (code >= ' ' || code == '\t') && code != 127 && code != 0xfffe && code != 0xffff;
}

void
fold_put(struct fold *f, const char *text, size_t len)
{
	uint32_t	code;
	size_t		n;

	for (; (n = utf8_read(text, len, &code)) > 0; text += n, len -= n)
		if (is_allowed(code))
			put(f, text, n);
}

void
fold_text(struct fold *f, struct span text)
{
	uint32_t	code;
	size_t		n;

	for (; (n = utf8_read(text.at, text.len, &code)) > 0; text.at += n, text.len -= n)
		if (code == '\n')
			put(f, "\\n", 2);
		else if (code < 128 && code > 0 && strchr(",;\\", (int)code) != NULL)
			put(f, (const char []){ '\\', (char)code }, 2);
		else if (is_allowed(code))
			put(f, text.at, n);
}

void
fold_end(struct fold *f)
{
	buf_str(f->b, "\r\n");
}

void
fold_line(struct buf *b, const char *head, const char *text)
{
	struct fold	f = fold_begin(b, head);

	fold_put(&f, text, strlen(text));
	fold_end(&f);
}

void
fold_text_line(struct buf *b, const char *head, struct span text)
{
	struct fold	f = fold_begin(b, head);

	fold_text(&f, text);
	fold_end(&f);
}

void
fold_utc_line(struct buf *b, const char *head, int64_t usec)
{
	char	text[DATE_TEXT_MAX];

	date_format_basic(text, usec, false);
	fold_line(b, head, text);
}
