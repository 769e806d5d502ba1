/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "task/fields.h"
#include "task/many.h"
#include "task/when.h"

const char *const	task_priorities[] = { "High", "Medium", "Low", NULL };

#define TASK_FIELDS \
	{ .name = "title", .type = FIELD_TEXT, .required = true, .trim = true, .line = true, \
	  .min = 1, .max = 200, .param = PARAM_TITLE }, \
	{ .name = "description", .type = FIELD_TEXT, .null = true, .max = 10000, \
	  .param = PARAM_DESCRIPTION, .has = PARAM_HAS_DESCRIPTION }, \
	{ .name = "due_date", .type = FIELD_DATE, .null = true, \
	  .param = PARAM_DUE_DATE, .has = PARAM_HAS_DUE_DATE }, \
	{ .name = "priority", .type = FIELD_CHOICE, .choices = task_priorities, \
	  .param = PARAM_PRIORITY }, \
	{ .name = "tags", .type = FIELD_TAGS, .null = true, .line = true, \
	  .min = 1, .max = 50, .count = 32, .param = PARAM_TAGS }, \
	{ .name = "recursion_pattern", .type = FIELD_TEXT, .null = true, .line = true, \
	  .max = 100, .param = PARAM_RECURSION_PATTERN, \
	  .has = PARAM_HAS_RECURSION_PATTERN }, \
	{ .name = "completed", .type = FIELD_BOOL, .param = PARAM_COMPLETED }, \
	{ .name = "time_zone", .type = FIELD_ZONE, .null = true, .param = PARAM_TIME_ZONE, \
	  .has = PARAM_HAS_TIME_ZONE }

const struct field task_fields[] = {
	TASK_FIELDS,
	{ .name = NULL }
};

static const struct field set_fields[] = {
	TASK_FIELDS,
	{ .name = "add_tags", .type = FIELD_TAGS, .null = true, .line = true,
	  .min = 1, .max = 50, .count = 32, .param = PARAM_ADD_TAGS },
	{ .name = "remove_tags", .type = FIELD_TAGS, .null = true, .line = true,
	  .min = 1, .max = 50, .count = 32, .param = PARAM_REMOVE_TAGS },
	{ .name = NULL }
};

/* The task as the client has it, from which the next one is computed. */
const struct field complete_fields[] = {
	{ .name = "completed", .type = FIELD_BOOL, .param = PARAM_COMPLETED },
	{ .name = "next", .type = FIELD_BOOL, .param = PARAM_NEXT },
	{ .name = "due_date", .type = FIELD_DATE, .required = true, .null = true,
	  .param = PARAM_DUE_DATE, .has = PARAM_HAS_DUE_DATE, .when = PARAM_NEXT },
	{ .name = "recursion_pattern", .type = FIELD_TEXT, .required = true, .null = true,
	  .line = true, .max = 100, .param = PARAM_RECURSION_PATTERN,
	  .has = PARAM_HAS_RECURSION_PATTERN, .when = PARAM_NEXT },
	{ .name = NULL }
};

const struct field complete_query[] = {
	WHEN_TZ("The time zone that the next task goes by, if it has none; without it, UTC"),
	{ .name = NULL }
};

#define IDS	.name = "ids", .type = FIELD_IDS, .required = true, .count = 1000, \
		.param = PARAM_IDS

const struct field tasks_complete_fields[] = {
	{ IDS },
	{ .name = "completed", .type = FIELD_BOOL, .param = PARAM_COMPLETED },
	{ .name = NULL }
};

const struct field tasks_delete_fields[] = {
	{ IDS },
	{ .name = NULL }
};

const struct field tasks_update_fields[] = {
	{ IDS },
	{ .name = "set", .type = FIELD_OBJECT, .required = true, .fields = set_fields },
	{ .name = NULL }
};

const struct field tasks_create_fields[] = {
	{ .name = "tasks", .type = FIELD_OBJECTS, .required = true, .count = 500,
	  .fields = task_fields, .take = many_take, .param = PARAM_TASKS },
	{ .name = NULL }
};

const struct field tags_rename_fields[] = {
	{ .name = "from", .type = FIELD_TEXT, .required = true, .trim = true, .line = true,
	  .min = 1, .max = 50, .param = PARAM_TAG },
	{ .name = "to", .type = FIELD_TEXT, .required = true, .null = true, .trim = true,
	  .line = true, .min = 1, .max = 50, .param = PARAM_NEW_TAG },
	{ .name = NULL }
};

const struct field counts_query[] = {
	{ .name = "now", .type = FIELD_DATE, .param = PARAM_NOW, .clock = PARAM_NOW_CLOCK,
	  .about = "What is due before is overdue; compared as due_before of the list, but that "
	  "with tz no date is before its day has ended there.  Without it there is no ETag" },
	WHEN_TZ("The time zone of tasks that have none; without it, UTC"),
	{ .name = NULL }
};
