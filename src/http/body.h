/* SPDX-License-Identifier: ISC */
/* Bodies: from JSON or a form to a statement's values.  The only file that knows cJSON. */
#ifndef BODY_H
#define BODY_H

#include "base/answer.h"

struct request;

/*
 * Reads r's body as its route's fields say, into r's values.  Fields that
 * break their rules become r's problems, and the result is ANS_OK.  Otherwise
 * ANS_BODY_LARGE, ANS_BODY_SHORT, ANS_NOT_TYPE, ANS_NOT_JSON, ANS_BAD_FORM or
 * ANS_INTERNAL.
 */
enum answer	body_read(struct request *r);

/* Frees r->body. */
void		body_free(struct request *r);

#endif
