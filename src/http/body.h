/* SPDX-License-Identifier: ISC */
/* Bodies: from JSON or a form to a statement's values.  The only file that knows cJSON. */
#ifndef BODY_H
#define BODY_H

#include "base/answer.h"

struct request;

/*
 * Reads r's body as its route's fields say, into r's values.  ANS_OK also
 * where fields break their rules: then they are r's problems.  Otherwise
 * ANS_BODY_LARGE, ANS_BODY_SHORT, ANS_NOT_TYPE, ANS_NOT_JSON, ANS_BAD_FORM or
 * ANS_INTERNAL.
 */
enum answer	body_read(struct request *r);

/* Frees what body_read() made. */
void		body_free(struct request *r);

#endif
