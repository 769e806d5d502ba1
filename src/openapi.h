/* SPDX-License-Identifier: ISC */
/*
 * The API's description: OpenAPI 3.1, made from the tables of routes, fields and
 * answers, so that it can't contradict them.
 */
#ifndef OPENAPI_H
#define OPENAPI_H

#include <stdbool.h>

#include "base/answer.h"

struct request;
struct route;

/* ANS_OK with the description. */
enum answer	openapi_describe(struct request *r);

/* True if there is a description of the route, for the test of the tables. */
bool		openapi_has(const struct route *route);

/* src/openapi.json up to the last of its schemas. */
extern const char	openapi_head[];

#endif
