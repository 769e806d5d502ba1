/* SPDX-License-Identifier: ISC */
/* Accounts: the handlers, each with its answers. */
#ifndef AUTH_H
#define AUTH_H

#include "base/answer.h"
#include "http/field.h"
#include "http/request.h"

extern const struct field	register_fields[];
extern const struct field	login_fields[];
extern const struct field	password_fields[];
extern const struct field	delete_fields[];

/*
 * Reads r's bearer token.  True if it is valid: then r->who and the statements'
 * user, token and its time are set.
 */
bool		auth_token(struct request *r);

/*
 * ANS_OK with account and token, ANS_EMAIL_TAKEN, ANS_USERNAME_TAKEN; ANS_BAD_TOKEN
 * if it was made before and has another password now, or is gone.
 */
enum answer	auth_register(struct request *r);

/* ANS_OK with the token, or ANS_BAD_LOGIN after the same time for each reason. */
enum answer	auth_login(struct request *r);

/* ANS_OK with a new token, remembered if the old one is, or ANS_BAD_TOKEN. */
enum answer	auth_renew(struct request *r);

/* ANS_OK with the account, or ANS_BAD_TOKEN. */
enum answer	auth_me(struct request *r);

/* ANS_OK, whatever the token: it is invalid after this. */
enum answer	auth_logout(struct request *r);

/*
 * Both read the hash with one statement, and write with another if the password matches.
 * auth_password(): ANS_OK with a new token, and all others have ended.
 * auth_delete(): ANS_OK, and nothing of the account is left.  Otherwise
 * ANS_BAD_PASSWORD, or ANS_BAD_TOKEN.
 */
enum answer	auth_password(struct request *r);
enum answer	auth_delete(struct request *r);

/* For the table of a path's parts: the id of the user, who must be the one signed in. */
enum answer	auth_path_user(struct request *r, const char *text, size_t len);

#endif
