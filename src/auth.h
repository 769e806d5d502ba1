/* SPDX-License-Identifier: ISC */
/* Accounts: the handlers, each named with its answers. */
#ifndef AUTH_H
#define AUTH_H

#include "answer.h"
#include "field.h"
#include "req.h"

extern const struct field	register_fields[];
extern const struct field	login_fields[];

/*
 * Takes r's bearer token; true where it is valid: then r->token and the
 * statements' user and token are set.
 */
bool		auth_token(struct req *r);

/* ANS_OK with account and token, ANS_EMAIL_TAKEN, ANS_USERNAME_TAKEN. */
enum answer	auth_register(struct req *r);

/* ANS_OK with the token, or ANS_BAD_LOGIN, in the same time for each reason. */
enum answer	auth_login(struct req *r);

/* ANS_OK with the account, or ANS_BAD_TOKEN. */
enum answer	auth_me(struct req *r);

/* ANS_OK, whatever the token: afterwards it is good for nothing. */
enum answer	auth_logout(struct req *r);

#endif
