/* SPDX-License-Identifier: ISC */
/*
 * A body of JSON or a form, and its fields.  The first byte says which route it
 * is for, and how the web server describes it.
 */
#include <cjson/cJSON.h>

#include "base/date.h"
#include "http/body.h"
#include "http/field.h"
#include "fuzz.h"
#include "base/jsoncheck.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/gate.h"
#include "routes.h"

enum { AS_FORM = 0x20, NO_LENGTH = 0x40 };

static const char *const	places[][2] = {
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/auth/register" },
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/auth/login" },
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/1/tasks" },
	{ "REQUEST_METHOD=PUT", "PATH_INFO=/api/1/tasks/1" },
	{ "REQUEST_METHOD=PATCH", "PATH_INFO=/api/1/tasks/1/complete" },
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/1/tasks/complete" },
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/1/tasks/delete" },
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/1/tasks/update" },
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/1/tasks/batch" },
	{ "REQUEST_METHOD=POST", "PATH_INFO=/api/1/tags/rename" },
};

#define NPLACES	(sizeof places / sizeof places[0])

/* How many code points: not by our own reader of UTF-8. */
static size_t
count(const unsigned char *p, size_t len)
{
	size_t	n = 0;

	for (size_t i = 0; i < len; n++) {
		size_t	more = p[i] < 0x80 ? 0 : p[i] < 0xe0 ? 1 : p[i] < 0xf0 ? 2 : 3;

		HOLDS(p[i] != 0 && (more == 0 || p[i] > 0xc1) && p[i] < 0xf5);
		HOLDS(i + more < len);
		for (size_t k = 1; k <= more; k++)
			HOLDS(p[i + k] >> 6 == 2);
		HOLDS(p[i] != 0xe0 || p[i + 1] >= 0xa0);
		HOLDS(p[i] != 0xed || p[i + 1] < 0xa0);
		HOLDS(p[i] != 0xf0 || p[i + 1] >= 0x90);
		HOLDS(p[i] != 0xf4 || p[i + 1] < 0x90);
		i += more + 1;
	}
	return n;
}

static void
check_text(const struct field *f, const unsigned char *p, size_t len)
{
	size_t	n = count(p, len);

	if (f->bytes)
		n = len;
	HOLDS(n >= f->min && n <= f->max);
	for (size_t i = 0; i < len; i++) {
		HOLDS(!f->line || (p[i] >= ' ' && p[i] != 0x7f));
		HOLDS(!f->line || p[i] != 0xc2 || p[i + 1] >= 0xa0);
		HOLDS(!f->lower || p[i] < 'A' || p[i] > 'Z');
	}
	if ((f->trim || f->type == FIELD_TAGS) && len > 0)
		HOLDS(p[0] != ' ' && p[len - 1] != ' ');
	HOLDS(f->check == NULL || f->check((const char *)p, len) == NULL);
}

static void
check_tags(const struct field *f, const unsigned char *p, size_t len)
{
	const unsigned char	*end = p + len, *other;
	size_t			 n;

	HOLDS(len >= 12 && get_be32(p + 8) == TYPE_TEXT);
	if (get_be32(p) == 0) {
		HOLDS(len == 12);
		return;
	}
	HOLDS(len > VALUE_ARRAY_HEAD && get_be32(p) == 1 && get_be32(p + 16) == 1);
	n = get_be32(p + 12);
	HOLDS(n >= 1 && n <= f->count);
	p += VALUE_ARRAY_HEAD;
	other = p;
	for (; n > 0; n--) {
		HOLDS(end - p >= 4 && get_be32(p) <= (size_t)(end - p) - 4);
		check_text(f, p + 4, get_be32(p));
		for (const unsigned char *q = other; q < p; q += 4 + get_be32(q))
			HOLDS(get_be32(q) != get_be32(p) || memcmp(q, p, 4 + get_be32(p)) != 0);
		p += 4 + get_be32(p);
	}
	HOLDS(p == end);
}

static void
check_ids(const struct field *f, const unsigned char *p, size_t len)
{
	HOLDS(len >= VALUE_ARRAY_HEAD + 12 && get_be32(p) == 1 && get_be32(p + 8) == TYPE_INT8);
	HOLDS(get_be32(p + 12) <= f->count && len == VALUE_ARRAY_HEAD + 12 * (size_t)get_be32(p + 12));
	for (size_t i = VALUE_ARRAY_HEAD; i < len; i += 12)
		HOLDS(get_be32(p + i) == 8 && get_be64(p + i + 4) >= 1 &&
		    get_be64(p + i + 4) <= FIELD_ID_MAX);
}

static void
check_value(const struct request *r, const struct field *f)
{
	const struct value	*v = &r->value[f->param], *day = &r->value[PARAM_DUE_DAY];
	int64_t			 n;
	bool			 known = false;

	switch (f->type) {
	case FIELD_TEXT:
		check_text(f, v->data, (size_t)v->len);
		break;
	case FIELD_CHOICE:
		for (const char *const *c = f->choices; *c != NULL; c++)
			known = known || ((size_t)v->len == strlen(*c) &&
			    memcmp(v->data, *c, strlen(*c)) == 0);
		HOLDS(known);
		break;
	case FIELD_BOOL:
		HOLDS(v->len == 1 && *(const unsigned char *)v->data <= 1);
		break;
	case FIELD_DATE:
		HOLDS(v->len == 8);
		n = (int64_t)get_be64(v->data);
		HOLDS(n >= -730119 * DATE_USEC_PER_DAY && n < 2921940 * DATE_USEC_PER_DAY);
		HOLDS(day->data == NULL || (day->len == 4 &&
		    (int32_t)get_be32(day->data) * DATE_USEC_PER_DAY == n));
		break;
	case FIELD_TAGS:
		check_tags(f, v->data, (size_t)v->len);
		break;
	case FIELD_IDS:
		check_ids(f, v->data, (size_t)v->len);
		break;
	case FIELD_ZONE:
		HOLDS(v->len >= 2 && v->len < ZONE_NAME_MAX);
		break;
	case FIELD_OBJECTS:
	case FIELD_OBJECT:
	case FIELD_COUNT:
		HOLDS(false);
	}
}

static void	check_field(const struct request *r, const struct field *f, const cJSON *body);

/* One has values, many were taken. */
static void
check_objects(const struct request *r, const struct field *f, const cJSON *item)
{
	if (f->type == FIELD_OBJECTS) {
		HOLDS(cJSON_GetArraySize(item) >= 1 && cJSON_GetArraySize(item) <= (int)f->count);
		HOLDS(r->objects.len > 0);
		buf_char((struct buf *)(uintptr_t)&r->objects, ']');
		HOLDS(jsoncheck(r->objects.data, r->objects.len));
		return;
	}
	for (const struct field *of = f->fields; of->name != NULL; of++)
		if (of->type != FIELD_TAGS && cJSON_HasObjectItem(item, of->name))
			check_field(r, of, item);
}

/* What a body that broke no rule makes of a field. */
static void
check_field(const struct request *r, const struct field *f, const cJSON *body)
{
	const struct value	*v = &r->value[f->param];
	const cJSON		*item = cJSON_GetObjectItemCaseSensitive(body, f->name);

	if (f->fields != NULL) {
		check_objects(r, f, item);
		return;
	}
	if (f->when != PARAM_NONE && !value_is_true(&r->value[f->when])) {
		HOLDS(v->data == NULL);
		return;
	}
	if (v->data != NULL)
		check_value(r, f);
	HOLDS(!f->required || r->route->partial || v->data != NULL);
	if (f->has != PARAM_NONE) {
		const struct value	*has = &r->value[f->has];

		HOLDS(has->len == 1);
		HOLDS(*(const unsigned char *)has->data == (item != NULL) || body == NULL);
	}
	if (body == NULL)
		return;
	if (item == NULL || (cJSON_IsNull(item) && f->type != FIELD_TAGS))
		HOLDS(v->data == NULL && (item == NULL || f->null));
	else
		HOLDS(v->data != NULL);
	if (f->type == FIELD_BOOL && item != NULL)
		HOLDS(cJSON_IsBool(item) &&
		    *(const unsigned char *)v->data == cJSON_IsTrue(item));
	if (f->type == FIELD_TEXT && !f->trim && !f->lower && cJSON_IsString(item))
		HOLDS((size_t)v->len == strlen(item->valuestring) &&
		    memcmp(v->data, item->valuestring, (size_t)v->len) == 0);
}

/* A form of which not every part can be decoded to a text. */
static bool
is_bad_form(const char *text, size_t size)
{
	if (strlen(text) != size)
		return true;
	for (const char *p = text; (p = strchr(p, '%')) != NULL; p++)
		if (strspn(p + 1, "0123456789abcdefABCDEF") < 2 || memcmp(p + 1, "00", 2) == 0)
			return true;
	return false;
}

static void
check_answer(const struct request *r, enum answer answer, bool form, const char *text, size_t size)
{
	cJSON	*body = NULL;

	if (size == 0)
		HOLDS(answer == (r->route->body_optional ? ANS_OK : ANS_NOT_JSON));
	else if (form)
		HOLDS(answer == (!r->route->form ? ANS_NOT_TYPE :
		    size > REQUEST_BODY_MAX ? ANS_BODY_LARGE :
		    answer != ANS_OK || is_bad_form(text, size) ? ANS_BAD_FORM : ANS_OK));
	else
		HOLDS(answer == (size > REQUEST_BODY_MAX ? ANS_BODY_LARGE :
		    jsoncheck(text, size) ? ANS_OK : ANS_NOT_JSON));
	if (answer != ANS_OK || r->nproblems > 0)
		return;
	if (!form && size > 0) {
		body = cJSON_ParseWithLength(text, size);
		HOLDS(cJSON_IsObject(body));
	}
	for (const struct field *f = r->route->fields; f->name != NULL; f++)
		check_field(r, f, body);
	cJSON_Delete(body);
}

static void
check_reply(enum answer answer)
{
	const char	*body = strstr(fuzz_answer(), "\r\n\r\n");

	HOLDS(body != NULL);
	HOLDS(answer == ANS_OK || jsoncheck(body + 4, strlen(body + 4)));
}

static struct worker	worker = { .routes = routes, .parts = path_parts };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct request	 r;
	unsigned		 how;
	char			 length[40], *params[5], *text;
	enum answer		 answer;

	if (size == 0)
		return 0;
	how = *data++;
	text = fuzz_text(data, --size);
	for (int i = 0; i < 2; i++)
		params[i] = fuzz_text(places[(how & 0x1f) % NPLACES][i],
		    strlen(places[(how & 0x1f) % NPLACES][i]));
	params[2] = fuzz_text("CONTENT_TYPE=application/json", 29);
	if (how & AS_FORM)
		strcpy(params[2], "CONTENT_TYPE=");
	snprintf(length, sizeof length, "CONTENT_LENGTH=%zu", size);
	params[3] = how & NO_LENGTH ? NULL : length;
	params[4] = NULL;

	request_init(&r, &worker, fuzz_exchange(params, text, size));
	if (how & AS_FORM)
		r.content_type = "application/x-www-form-urlencoded";
	reply_init(&r);
	HOLDS(gate_find(&r) == ANS_OK);
	answer = body_read(&r);
	check_answer(&r, answer, how & AS_FORM, text, size);
	if (answer == ANS_OK && r.nproblems > 0)
		answer = ANS_BAD_FIELDS;
	reply_end(&r, answer);
	check_reply(answer);
	body_free(&r);
	request_free(&r);
	for (int i = 0; i < 3; i++)
		free(params[i]);
	free(text);
	return 0;
}
