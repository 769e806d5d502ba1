/* SPDX-License-Identifier: ISC */
/*
 * The statements of sql/statements.sql and the schema of sql/schema.sql, as
 * the build turns them into C.  A statement takes its parameters by name from
 * the request's values.
 */
#ifndef STMT_H
#define STMT_H

#include "stmt_enum.h"

/* The parameters that statements may use; their types stand in db.c. */
enum param {
	PARAM_NONE,
	PARAM_USER_ID,
	PARAM_TOKEN_HASH,
	PARAM_ISSUED_AT,
	PARAM_EXPIRES_AT,
	PARAM_USERNAME,
	PARAM_EMAIL,
	PARAM_PASSWORD,
	PARAM_OLD_PASSWORD,
	PARAM_TASK_ID,
	PARAM_IF_MATCH,
	PARAM_IF_NONE_MATCH,
	PARAM_TITLE,
	PARAM_DESCRIPTION,
	PARAM_HAS_DESCRIPTION,
	PARAM_DUE_DATE,
	PARAM_DUE_DAY,
	PARAM_HAS_DUE_DATE,
	PARAM_PRIORITY,
	PARAM_TAGS,
	PARAM_RECURSION_PATTERN,
	PARAM_HAS_RECURSION_PATTERN,
	PARAM_COMPLETED,
	PARAM_NEXT,
	PARAM_NEXT_DUE_DATE,
	PARAM_NEXT_DUE_DAY,
	PARAM_NEXT_PATTERN,
	PARAM_TAG,
	PARAM_DUE_AFTER,
	PARAM_DUE_AFTER_CLOCK,
	PARAM_DUE_BEFORE,
	PARAM_DUE_BEFORE_CLOCK,
	PARAM_FEED,
	PARAM_Q,
	PARAM_SORT,
	PARAM_LIMIT,
	PARAM_CURSOR,
	PARAM_FROM_ID,
	PARAM_FROM_DUE,
	PARAM_TO_DUE,
	PARAM_FROM_PRIORITY,
	PARAM_NOW,
	PARAM_NOW_CLOCK,
	PARAM_IDS,
	PARAM_WRITE_KEY,
	PARAM_WRITE_REQUEST,
	PARAM_WRITE_KEPT,
	PARAM__MAX
};

#define STMT_PARAMS_MAX	PARAM__MAX

enum stmt_kind {
	STMT_KIND_WRITE,	/* made once, by its PARAM_WRITE_KEY */
	STMT_KIND_AGAIN,	/* a write that may be made twice */
	STMT_KIND_READ,
	STMT_KIND_LIST		/* the same, of many rows: they are streamed */
};

struct stmt {
	const char	*name;
	enum stmt_kind	 kind;
	int		 nparam;
	enum param	 param[STMT_PARAMS_MAX];
	const char	*sql;
};

extern const struct stmt	stmts[STMT__MAX];
extern const char		schema_sql[];
extern const char		schema_check_sql[];

#endif
