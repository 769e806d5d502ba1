/* SPDX-License-Identifier: ISC */
/*
 * The statements of sql/statements.sql and the schema of sql/schema.sql, as
 * the build turns them into C.  A statement takes its parameters by name from
 * the request's values.
 */
#ifndef STMT_H
#define STMT_H

#include "db/stmt_enum.h"
#include "db/value.h"

#define STMT_PARAMS_MAX	PARAM__MAX

enum stmt_kind {
	STMT_KIND_WRITE,	/* made once, by its PARAM_WRITE_KEY */
	STMT_KIND_IDEMPOTENT,	/* a write that has the same effect when it runs twice */
	STMT_KIND_READ,
	STMT_KIND_LIST		/* a read of many rows, which are streamed */
};

struct stmt {
	const char	*name;
	enum stmt_kind	 kind;
	int		 nparam;
	enum param	 param[STMT_PARAMS_MAX];
	const char	*sql;
};

extern const struct stmt	stmts[STMT__MAX];
extern const enum type		param_types[PARAM__MAX];
extern const char		schema_sql[];		/* without its indexes */
extern const char		schema_index_sql[];
extern const char		schema_check_sql[];

#endif
