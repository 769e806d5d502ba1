/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "dav/path.h"
#include "http/request.h"
#include "http/route.h"
#include "http/tojson.h"

#define NAME_MAX_CHARS	255
#define OWN_NAME_MAX	48

static const struct {
	const char	*path;
	enum dav_kind	 kind;
} kinds[] = {
	{ DAV_ROOT, DAV_IS_ROOT }, { DAV_CONTEXT, DAV_IS_CONTEXT }, { DAV_HOME, DAV_IS_HOME },
	{ DAV_LIST, DAV_IS_LIST }, { DAV_TASK, DAV_IS_TASK },
};

enum dav_kind
dav_kind_of(const struct request *r)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(r->route->path, kinds[i].path) == 0)
			return kinds[i].kind;
	return DAV_IS_NOTHING;
}

void
dav_encoded(struct buf *b, const char *text, size_t len)
{
	static const char	plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/", hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < len; i++) {
		unsigned char	c = (unsigned char)text[i];

		if (c != '\0' && strchr(plain, c) != NULL) {
			buf_char(b, (char)c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, hex[c >> 4]);
		buf_char(b, hex[c & 15]);
	}
}

void
dav_path(struct buf *b, const char *script, enum dav_kind kind, int64_t user)
{
	dav_encoded(b, script, strlen(script));
	buf_str(b, kind == DAV_IS_ROOT ? DAV_ROOT : DAV_CONTEXT);
	if (kind == DAV_IS_ROOT || kind == DAV_IS_CONTEXT)
		return;
	tojson_int64(b, user);
	buf_str(b, kind == DAV_IS_HOME ? "/" : "/tasks/");
}

static int
own_name(char out[OWN_NAME_MAX], int64_t id, int64_t created)
{
	return snprintf(out, OWN_NAME_MAX, "%" PRId64 "-%" PRIx64 ".ics", id, (uint64_t)created);
}

void
dav_own_name(struct buf *b, int64_t id, int64_t created)
{
	char	text[OWN_NAME_MAX];

	own_name(text, id, created);
	buf_str(b, text);
}

enum answer
dav_path_owner(struct request *r, const char *text, size_t len)
{
	int64_t	user;

	if (number_id(text, len, &user) != NUMBER_OK)
		return ANS_NO_PATH;
	value_int64(&r->value[PARAM_USER_ID], user);
	return ANS_OK;
}

/* True if the name is one of ours, to the letter: then it says which task it is of. */
static bool
read_own_name(const char *text, int64_t *id, int64_t *created)
{
	char		 again[OWN_NAME_MAX];
	const char	*hyphen = strchr(text, '-');

	if (hyphen == NULL || number_id(text, (size_t)(hyphen - text), id) != NUMBER_OK)
		return false;
	*created = (int64_t)strtoull(hyphen + 1, NULL, 16);
	own_name(again, *id, *created);
	return strcmp(again, text) == 0;
}

enum answer
dav_path_name(struct request *r, const char *text, size_t len)
{
	int64_t		id, created;
	uint32_t	code;
	size_t		n;

	for (size_t at = 0; at < len; at += n)
		if ((n = utf8_read(text + at, len - at, &code)) == 0)
			return ANS_NO_PATH;
	if (text_length(text, len) > NAME_MAX_CHARS)
		return ANS_NO_PATH;
	value_bytes(&r->value[PARAM_NAME], text, len);
	if (read_own_name(text, &id, &created)) {
		value_int64(&r->value[PARAM_TASK_ID], id);
		value_int64(&r->value[PARAM_TASK_CREATED], created);
	}
	return ANS_OK;
}

/* There is nothing there, whatever it is called. */
enum answer
dav_path_nothing(struct request *r, const char *text, size_t len)
{
	(void)r;
	(void)text;
	(void)len;
	return ANS_OK;
}
