/* SPDX-License-Identifier: ISC */
/* The gate that every request passes: route, token, path, query, body, fields, handler. */
#ifndef GATE_H
#define GATE_H

#include "http/request.h"
#include "http/route.h"

/* Takes r through all of it, up to its answer. */
enum answer	gate_pass(struct request *r);

/*
 * The route that method and path lead to.  ANS_OK with r->route set, ANS_NO_PATH,
 * ANS_NO_METHOD or (OPTIONS) ANS_NO_CONTENT with r->allow.
 */
enum answer	gate_find(struct request *r);

/*
 * For path_part's take: an id.  ANS_OK; ANS_BAD_FIELDS with a problem of r's if it is no
 * integer; ANS_NO_PATH with *id 0 if nothing has that id.
 */
enum answer	gate_id(struct request *r, const char *parameter, const char *text, size_t len,
		    int64_t *id);

#endif
