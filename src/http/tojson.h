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
 * Writes "name":value for each column, of whose names the longest has 28 bytes, without
 * the braces; see the top of sql/statements.sql for what is left out.  Lists of texts come out as arrays,
 * or with tags_string as one string ("a, b"; null for none).
 */
void	tojson_members(struct buf *b, const struct row *row, bool tags_string);

/* A row as a JSON object. */
void	tojson_row(struct buf *b, const struct row *row, bool tags_string);

#endif
