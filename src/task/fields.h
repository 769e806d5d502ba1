/* SPDX-License-Identifier: ISC */
/* The fields of tasks' bodies and queries. */
#ifndef FIELDS_H
#define FIELDS_H

#include "http/field.h"

extern const struct field	task_fields[];
extern const struct field	complete_fields[];
extern const struct field	complete_query[];
extern const struct field	tasks_complete_fields[];
extern const struct field	tasks_delete_fields[];
extern const struct field	tasks_update_fields[];
extern const struct field	tasks_create_fields[];
extern const struct field	tags_rename_fields[];
extern const struct field	counts_query[];
extern const char *const	task_priorities[];	/* High first; ends with NULL */

#endif
