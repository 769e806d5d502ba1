/* SPDX-License-Identifier: ISC */
/*
 * Writing JSON.  (Not json_*: libjwt's jansson has those names.)
 */
#ifndef TOJSON_H
#define TOJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "db/row.h"

/* Writes s as a JSON string; s is UTF-8. */
void	tojson_string(struct buf *b, const char *s, size_t len);

void	tojson_int64(struct buf *b, int64_t n);

/* An array of texts, as PostgreSQL has it. */
void	tojson_texts(struct buf *b, const struct cell *c);

/*
 * Writes "name":value for each column, without the braces; the top of sql/statements.sql says
 * which columns are left out.  Names have at most 28 bytes.  Lists of texts become arrays, or
 * with tags_string one string ("a, b"; null if empty).
 */
void	tojson_members(struct buf *b, const struct row *row, bool tags_string);

/* A row as a JSON object. */
void	tojson_row(struct buf *b, const struct row *row, bool tags_string);

#endif
