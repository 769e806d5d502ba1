/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/form.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "dav/path.h"
#include "db/row.h"
#include "http/request.h"
#include "http/route.h"
#include "http/tojson.h"

#define NAME_MAX_CHARS	255
#define SMALL_BODY	(16 * 1024)	/* bytes: read in about a millisecond at most */
#define OWN_NAME_MAX	64
#define OWN_NAME_END	".ics"

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

void
dav_own_name(struct buf *b, int64_t id, int64_t created)
{
	char	text[OWN_NAME_MAX];

	snprintf(text, sizeof text, "%" PRId64 "-%" PRIx64 OWN_NAME_END, id, (uint64_t)created);
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

bool
dav_read_own(struct span text, const char *end, int64_t *id, int64_t *created)
{
	char	copy[OWN_NAME_MAX], written[OWN_NAME_MAX], *hyphen;

	*id = *created = 0;
	if (text.len >= sizeof copy)
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	if ((hyphen = strchr(copy, '-')) == NULL ||
	    number_id(copy, (size_t)(hyphen - copy), id) != NUMBER_OK)
		return false;
	*created = (int64_t)strtoull(hyphen + 1, NULL, 16);
	snprintf(written, sizeof written, "%" PRId64 "-%" PRIx64 "%s", *id, (uint64_t)*created,
	    end);
	if (strcmp(written, copy) == 0 && strlen(copy) == text.len)
		return true;
	*id = *created = 0;
	return false;
}

bool
dav_read_name(struct dav_name *name, const char *text, size_t len)
{
	uint32_t	code;
	size_t		n;

	for (size_t at = 0; at < len; at += n)
		if ((n = utf8_read(text + at, len - at, &code)) == 0 || code == 0)
			return false;
	name->text = (struct span){ text, len };
	dav_read_own(name->text, OWN_NAME_END, &name->id, &name->created);
	return len > 0 && text_length(text, len) <= NAME_MAX_CHARS;
}

enum answer
dav_path_name(struct request *r, const char *text, size_t len)
{
	struct dav_name	name;

	if (!dav_read_name(&name, text, len))
		return ANS_NO_PATH;
	value_bytes(&r->value[PARAM_NAME], text, len);
	if (name.id != 0) {
		value_int64(&r->value[PARAM_TASK_ID], name.id);
		value_int64(&r->value[PARAM_TASK_CREATED], name.created);
	}
	return ANS_OK;
}

bool
dav_read_href(struct request *r, struct dav_name *name, const char *href, int64_t user)
{
	const char	*host = strstr(href, "://");
	char		*path, *list;
	size_t		 len;

	/* After the scheme and the host. */
	if (host != NULL && host == href + strspn(href, "HTPShtps"))
		href = host + 3 + strcspn(host + 3, "/");
	path = request_printf(r, "%s", href);
	list = request_printf(r, "%s" DAV_CONTEXT "%" PRId64 "/tasks/", r->script, user);
	if (path == NULL || list == NULL)
		return false;
	path[strcspn(path, "?#")] = '\0';
	if (!form_decode_path(path))
		return false;
	len = strlen(list);
	return strncmp(path, list, len) == 0 && dav_read_name(name, path + len, strlen(path + len));
}

enum answer
dav_whose(struct request *r, const struct row *row)
{
	const struct value	*path = &r->value[PARAM_USER_ID];

	r->who.user_id = row_int64(row, "account");	/* for the log */
	return path->data != NULL && value_get_int64(path) != r->who.user_id ?
	    ANS_FORBIDDEN : ANS_OK;
}

enum answer
dav_body(struct request *r, char **text, size_t *len)
{
	const struct row	*row;
	enum answer		 answer = request_body(r, text, len);

	if (answer != ANS_OK || *len <= SMALL_BODY)
		return answer;
	if ((answer = request_row(r, STMT_DAV_ACCOUNT, &row)) != ANS_OK)
		return answer;
	return row == NULL ? ANS_BAD_TOKEN : dav_whose(r, row);
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
