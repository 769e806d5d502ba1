/* SPDX-License-Identifier: ISC */
/* The gate that every request passes: route, token, path, query, body, fields, handler. */
#ifndef GATE_H
#define GATE_H

#include "http/request.h"
#include "http/route.h"

/* Runs all of these steps for r; returns its answer. */
enum answer	gate_pass(struct request *r);

/*
 * Finds the route by method and path.  ANS_OK with r->route set, ANS_NO_PATH,
 * ANS_NO_METHOD or (OPTIONS) ANS_NO_CONTENT with r->allow.
 */
enum answer	gate_find(struct request *r);

/*
 * For path_part's take: reads an id.  ANS_OK; ANS_BAD_FIELDS with a problem of r's if it is no
 * integer; ANS_NO_PATH with *id 0 if no object can have that id.
 */
enum answer	gate_id(struct request *r, const char *parameter, const char *text, size_t len,
		    int64_t *id);

/*
 * The same, into a parameter of the statement.  What can be no id is looked up as 0, which
 * nothing has, so that a bad token is reported first.
 */
enum answer	gate_take_id(struct request *r, const char *parameter, enum param param,
		    const char *text, size_t len);

#endif
