/* SPDX-License-Identifier: ISC */
/*
 * App passwords: with one a program that speaks CalDAV signs in for its user, by HTTP's Basic
 * (RFC 7617).  Each is 100 random bits, so that a SHA-256 is enough to keep it, and nobody
 * has to be slowed down who guesses.
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
 * Takes r's name and password.  False if it has none, or one that can't be an app password.
 * Else the values app_hash, username and email say what is to be looked up: a password of the
 * account that has the name as its username, or in any case as its email.
 */
bool		app_sign_in(struct request *r);

enum answer	app_list(struct request *r);	/* an array, oldest first */
/* The new one, ANS_APP_PASSWORDS_FULL, or ANS_SHOWN_BEFORE if its answer was lost. */
enum answer	app_make(struct request *r);
enum answer	app_end(struct request *r);	/* a message, or ANS_NO_APP_PASSWORD */

/* For the table of a path's parts: the id of one. */
enum answer	app_path_id(struct request *r, const char *text, size_t len);

#endif
