/* SPDX-License-Identifier: ISC */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/form.h"
#include "base/jsoncheck.h"
#include "base/number.h"
#include "base/text.h"
#include "base/wipe.h"
#include "http/body.h"
#include "http/field.h"
#include "http/once.h"
#include "http/request.h"
#include "http/route.h"

#define TAGS_MAX	64
#define FORM_FIELDS_MAX	100
#define NUMBER_CHARS	"0123456789+-.eE"
#define EXACT_DIGITS	15	/* decimal digits that any double keeps */
#define DUPLICATES_MAX	16	/* reported ones, to leave room for other problems */

static void
check_text(struct request *r, const struct field *f, cJSON *item)
{
	if (cJSON_IsString(item))
		field_text(r, f, item->valuestring);
	else
		field_problem(r, f, "string_type", "Input should be a valid string");
}

static void
check_choice(struct request *r, const struct field *f, cJSON *item)
{
	field_choice(r, f, cJSON_GetStringValue(item));
}

static void
check_bool(struct request *r, const struct field *f, cJSON *item)
{
	if (cJSON_IsBool(item))
		value_bool(&r->value[f->param], cJSON_IsTrue(item));
	else if (r->json == NULL && cJSON_IsString(item))	/* of a form */
		field_flag(r, f, item->valuestring);
	else
		field_problem(r, f, "bool_type", "Input should be a valid boolean");
}

static void
check_date(struct request *r, const struct field *f, cJSON *item)
{
	field_date(r, f, cJSON_GetStringValue(item));
}

static void
check_zone(struct request *r, const struct field *f, cJSON *item)
{
	field_zone(r, f, cJSON_GetStringValue(item));
}

/* Adds the tag unless it is there; false if there are too many or it is bad. */
static bool
add_tag(struct request *r, const struct field *f, struct span tag[TAGS_MAX], size_t *n,
    struct field_slice s)
{
	if (!field_slice(r, f, &s))
		return false;
	for (size_t i = 0; i < *n; i++)
		if (span_same(tag[i], (struct span){ s.text, s.len }))
			return true;
	if (*n == f->count) {
		field_problem(r, f, "too_long",
		    request_printf(r, "There should be at most %zu tags", f->count));
		return false;
	}
	tag[(*n)++] = (struct span){ s.text, s.len };
	return true;
}

/* Adds the parts between commas; ignores empty ones. */
static bool
split_tags(struct request *r, const struct field *f, struct span tag[TAGS_MAX], size_t *n,
    char *text)
{
	for (char *end = text; end != NULL; text = end + 1) {
		struct field_slice	s = { text, 0 };

		end = strchr(text, ',');
		s.len = end == NULL ? strlen(text) : (size_t)(end - text);
		text_trim(&s.text, &s.len);
		if (s.len > 0 && !add_tag(r, f, tag, n, s))
			return false;
		if (end == NULL)
			break;
	}
	return true;
}

static void
check_tags(struct request *r, const struct field *f, cJSON *item)
{
	struct span	 tag[TAGS_MAX];
	size_t		 n = 0;
	cJSON		*part;

	if (cJSON_IsString(item)) {
		if (!split_tags(r, f, tag, &n, item->valuestring))
			return;
	} else if (cJSON_IsArray(item)) {
		cJSON_ArrayForEach(part, item) {
			if (!cJSON_IsString(part)) {
				field_problem(r, f, "string_type",
				    "Each tag should be a valid string");
				return;
			}
			if (!add_tag(r, f, tag, &n,
			    (struct field_slice){ part->valuestring, strlen(part->valuestring) }))
				return;
		}
	} else if (!cJSON_IsNull(item)) {
		field_problem(r, f, "list_type", "Input should be a valid list or string");
		return;
	}
	if (!field_texts(r, f->param, tag, n))
		field_problem(r, f, "value_error", NULL);
}

/* Counts into *n the numbers in root that come before item; true if item was found. */
static bool
numbers_before(const cJSON *root, const cJSON *item, size_t *n)
{
	const cJSON	*part;

	if (root == item)
		return true;
	*n += cJSON_IsNumber(root);
	cJSON_ArrayForEach(part, root)
		if (numbers_before(part, item, n))
			return true;
	return false;
}

/* The first number of a JSON text that has one. */
static const char *
next_number(const char *p)
{
	for (; *p != '-' && !isdigit((unsigned char)*p); p++)
		if (*p == '"')
			for (p++; *p != '"'; p++)
				p += *p == '\\';
	return p;
}

/* An id.  p is the number's text, as a double doesn't keep all digits. */
static int64_t
read_id(const cJSON *item, const char *p)
{
	size_t	len = strspn(p, NUMBER_CHARS), digits = 0;
	double	d = item->valuedouble;
	int64_t	id = 0;

	if (number_id(p, len, &id) != NUMBER_BAD)
		return id;
	for (size_t i = 0; i < len; i++)
		digits += isdigit((unsigned char)p[i]) != 0;
	return digits <= EXACT_DIGITS && d >= 1 && d <= (double)FIELD_ID_MAX && d == floor(d) ?
	    (int64_t)d : 0;
}

static void
check_ids(struct request *r, const struct field *f, cJSON *item)
{
	const char	*text = r->json;
	size_t		 before = 0;
	int		 n = cJSON_GetArraySize(item);
	unsigned char	*array, *p;
	cJSON		*part;

	if (!cJSON_IsArray(item) || n < 1 || (size_t)n > f->count) {
		field_problem(r, f, "list_type", request_printf(r,
		    "Input should be a list of 1 to %zu integers", f->count));
		return;
	}
	if ((array = request_alloc(r, VALUE_ARRAY_HEAD + 12 * (size_t)n)) == NULL) {
		field_problem(r, f, "value_error", NULL);
		return;
	}
	p = value_array_head(array, TYPE_INT8, (size_t)n);
	for (numbers_before(r->body, item, &before); before > 0; before--) {
		text = next_number(text);
		text += strspn(text, NUMBER_CHARS);
	}
	cJSON_ArrayForEach(part, item) {
		int64_t	id = 0;

		if (cJSON_IsNumber(part)) {
			text = next_number(text);
			id = read_id(part, text);
			text += strspn(text, NUMBER_CHARS);
		}
		if (id < 1 || id > FIELD_ID_MAX) {
			field_problem(r, f, "int_parsing", request_printf(r,
			    "Each should be an integer from 1 to %" PRId64, FIELD_ID_MAX));
			return;
		}
		put_be32(p, 8);
		put_be64(p + 4, (uint64_t)id);
		p += 12;
	}
	value_bytes(&r->value[f->param], array, (size_t)(p - array));
}

static void	check_object(struct request *r, const struct field *f, cJSON *item);
static void	check_objects(struct request *r, const struct field *f, cJSON *item);

static void	(*const check[])(struct request *, const struct field *, cJSON *) = {
	[FIELD_TEXT] = check_text,
	[FIELD_CHOICE] = check_choice,
	[FIELD_BOOL] = check_bool,
	[FIELD_DATE] = check_date,
	[FIELD_ZONE] = check_zone,
	[FIELD_TAGS] = check_tags,
	[FIELD_IDS] = check_ids,
	[FIELD_OBJECT] = check_object,
	[FIELD_OBJECTS] = check_objects,
};

static bool
has_problem(const struct request *r, const char *name)
{
	for (int i = 0; i < r->nproblems; i++) {
		const struct problem	*p = &r->problem[i];

		if (p->field != NULL && strcmp(p->field, name) == 0 && strcmp(p->in, r->in) == 0 &&
		    p->within == r->within && (r->within == NULL || p->index == r->index))
			return true;
	}
	return false;
}

/* Reads the fields of an object; if partial is set, absent ones are no error. */
static void
check_fields(struct request *r, const struct field *fields, const cJSON *object, bool partial)
{
	for (const struct field *f = fields; f->name != NULL; f++) {
		cJSON	*item = cJSON_GetObjectItemCaseSensitive(object, f->name);

		if (has_problem(r, f->name) ||
		    (f->when != PARAM_NONE && !value_is_true(&r->value[f->when])))
			continue;
		if (item == NULL) {
			if (f->required && (!partial || f->when != PARAM_NONE))
				field_problem(r, f, "missing", "Field required");
			continue;
		}
		r->any_field = true;
		if (f->has != PARAM_NONE)
			value_bool(&r->value[f->has], true);
		if (!f->null || f->type == FIELD_TAGS || !cJSON_IsNull(item))
			check[f->type](r, f, item);
	}
	/* A partial update must tell null from absent. */
	for (const struct field *f = fields; f->name != NULL; f++)
		if (f->has != PARAM_NONE && r->value[f->has].data == NULL)
			value_bool(&r->value[f->has], false);
}

static void
check_object(struct request *r, const struct field *f, cJSON *item)
{
	if (!cJSON_IsObject(item)) {
		field_problem(r, f, "model_attributes_type", "Input should be an object");
		return;
	}
	r->within = f->name;
	r->index = -1;
	check_fields(r, f->fields, item, true);
	r->within = NULL;
}

/* Reads one of several objects, and takes its values before the next. */
static bool
check_each(struct request *r, const struct field *f, const cJSON *object)
{
	bool	taken;

	if (!cJSON_IsObject(object)) {
		request_problem(r, r->in, NULL, "model_attributes_type",
		    "Input should be an object");
		return true;
	}
	check_fields(r, f->fields, object, false);
	taken = r->nproblems > 0 || f->take(r);
	for (const struct field *of = f->fields; of->name != NULL; of++)
		r->value[of->param].data = r->value[of->has].data = NULL;
	r->value[PARAM_DUE_DAY].data = NULL;
	return taken;
}

static void
check_objects(struct request *r, const struct field *f, cJSON *item)
{
	int	n = cJSON_GetArraySize(item);
	bool	memory = true;
	cJSON	*object;

	if (!cJSON_IsArray(item) || n < 1 || (size_t)n > f->count) {
		field_problem(r, f, "list_type", request_printf(r,
		    "Input should be a list of 1 to %zu objects", f->count));
		return;
	}
	r->within = f->name;
	r->index = 0;
	cJSON_ArrayForEach(object, item) {
		memory = memory && check_each(r, f, object);
		r->index++;
	}
	r->within = NULL;
	if (!memory)
		field_problem(r, f, "value_error", NULL);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Notes where the item's part is: in a field that has fields of its own, and in which object. */
static void
enter(struct request *r, const cJSON *part, int depth, int number)
{
	const struct field	*f = r->route->fields;

	if (depth == 1 && r->within != NULL && part->string == NULL)
		r->index = number;
	if (depth > 0)
		return;
	while (f->name != NULL && (f->fields == NULL || strcmp(f->name, part->string) != 0))
		f++;
	r->within = f->name;
	r->index = -1;
}

/*
 * Parsers differ in the value of a key that is given twice: an error, at any
 * depth.
 */
static enum answer
check_duplicates(struct request *r, const cJSON *item, int depth)
{
	enum answer	 answer = ANS_OK;
	size_t		 n = 0;
	const char	**name;
	cJSON		*part;

	cJSON_ArrayForEach(part, item)
		n++;
	if (n == 0)
		return ANS_OK;
	if ((name = malloc(n * sizeof *name)) == NULL)
		return ANS_INTERNAL;
	n = 0;
	cJSON_ArrayForEach(part, item) {
		enter(r, part, depth, (int)n);
		if (answer == ANS_OK)
			answer = check_duplicates(r, part, depth + 1);
		name[n++] = part->string;
	}
	if (depth == 0)
		r->within = NULL;
	if (cJSON_IsObject(item)) {
		qsort(name, n, sizeof *name, by_name);
		for (size_t i = 1; i < n && r->nproblems < DUPLICATES_MAX; i++)
			if (strcmp(name[i - 1], name[i]) == 0 && !has_problem(r, name[i]))
				request_problem(r, "body", name[i], "value_error", "Duplicate key");
	}
	free(name);
	return answer;
}

/* Reads a form's fields as an object of strings. */
static enum answer
parse_form(struct request *r, char *text)
{
	char	*name, *value;
	cJSON	*item;

	if ((r->body = cJSON_CreateObject()) == NULL)
		return ANS_INTERNAL;
	for (int n = 0; *text != '\0'; n++) {
		form_next(&text, &name, &value);
		if (n == FORM_FIELDS_MAX || !form_decode(name) || !form_decode(value))
			return ANS_BAD_FORM;
		if (cJSON_AddStringToObject(r->body, name, value) == NULL)
			return ANS_INTERNAL;
	}
	for (const struct field *f = r->route->fields; f->name != NULL; f++) {
		if (f->alias == NULL ||
		    cJSON_GetObjectItemCaseSensitive(r->body, f->name) != NULL)
			continue;
		item = cJSON_DetachItemFromObjectCaseSensitive(r->body, f->alias);
		if (item != NULL && !cJSON_AddItemToObject(r->body, f->name, item))
			return ANS_INTERNAL;
	}
	return ANS_OK;
}

/* JSON, by its own name or as application/merge-patch+json and the like. */
static bool
is_json(const struct request *r)
{
	static const char	top[] = "application/";
	const char		*type = r->content_type;
	size_t			 n;

	if (request_is_type(r, "application/json"))
		return true;
	if (type == NULL || strncasecmp(type, top, sizeof top - 1) != 0)
		return false;
	n = strcspn(type, "; \t");
	return n > sizeof top + 4 && strncasecmp(type + n - 5, "+json", 5) == 0;
}

enum answer
body_read(struct request *r)
{
	static cJSON_Hooks	hooks = { malloc, wipe_free };
	bool		 form = r->route->form &&
			    request_is_type(r, "application/x-www-form-urlencoded");
	enum answer	 answer;
	char		*text = NULL;
	size_t		 len = 0;

	r->in = "body";
	cJSON_InitHooks(&hooks);
	if ((answer = request_body(r, &text, &len)) == ANS_OK)
		once_body(r, text, len);
	if (answer == ANS_OK && len == 0) {
		if (!r->route->body_optional)
			return ANS_NOT_JSON;
		check_fields(r, r->route->fields, NULL, r->route->partial);
		return ANS_OK;
	}
	if (!form && !is_json(r))
		return ANS_NOT_TYPE;
	if (answer != ANS_OK)
		return answer;
	if (form) {
		if (strlen(text) != len)
			return ANS_BAD_FORM;
		if ((answer = parse_form(r, text)) != ANS_OK)
			return answer;
	} else {
		if (!jsoncheck(text, len))
			return ANS_NOT_JSON;
		r->json = text;
		if ((r->body = cJSON_ParseWithLength(text, len)) == NULL)
			return ANS_INTERNAL;
	}
	if (!cJSON_IsObject(r->body)) {
		request_problem(r, "body", NULL, "model_attributes_type",
		    "Input should be an object");
		return ANS_OK;
	}
	if ((answer = check_duplicates(r, r->body, 0)) != ANS_OK)
		return answer;
	check_fields(r, r->route->fields, r->body, r->route->partial);
	return ANS_OK;
}

void
body_free(struct request *r)
{
	cJSON_Delete(r->body);
	r->body = NULL;
}
