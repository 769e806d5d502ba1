/* SPDX-License-Identifier: ISC */
/*
 * App passwords, with which CalDAV programs sign in for their user by HTTP Basic (RFC 7617).
 * Each has 100 random bits, so that its SHA-256 can be stored, and guessing needs no limit.
 */
#ifndef APP_H
#define APP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/answer.h"
#include "http/field.h"

struct request;

extern const struct field	app_fields[];

/*
 * Reads r's name and password.  False if it has none, or one that can't be an app password.
 * Else sets the values app_hash, username and email for the look-up: an app password of the
 * account with this username, or with this email in any case.
 */
bool		app_sign_in(struct request *r);

enum answer	app_list(struct request *r);	/* an array, oldest first */
/* The new one, ANS_APP_PASSWORDS_FULL, or ANS_SHOWN_BEFORE if its answer was lost. */
enum answer	app_make(struct request *r);
enum answer	app_end(struct request *r);	/* a message, or ANS_NO_APP_PASSWORD */

/* For the table of a path's parts: an app password's id. */
enum answer	app_path_id(struct request *r, const char *text, size_t len);

#endif
