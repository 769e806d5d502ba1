/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <string.h>

#include "dberror.h"

/* What a violated constraint means to the client. */
static const struct {
	const char	*name;
	enum answer	 answer;
} constraints[] = {
	{ "users_email_key", ANS_EMAIL_TAKEN },
	{ "users_username_key", ANS_USERNAME_TAKEN },
	{ "tasks_user_id_fkey", ANS_BAD_TOKEN },
	{ "revoked_tokens_user_id_fkey", ANS_BAD_TOKEN },
	{ "writes_once_check", ANS_AGAIN },
	{ "writes_pkey", ANS_AGAIN },
};

/* SQLSTATEs, or their classes, that pass: everything else is our fault. */
static const char *const passing[] = {
	"08", "53", "57", "58", "40", "55", "25006",
};

/*
 * Connect errors that do not pass by waiting.  The server's SQLSTATE of a
 * refused login can't be had from libpq, and Neon's proxy sends none: only
 * the text tells.
 */
static const char *const permanent[] = {
	"password authentication failed", "SASL authentication failed",
	"does not exist", "no such database",
	"not permitted to log in", "permission denied for database",
	"no pg_hba.conf entry", "server does not support SSL", "SSL required",
	"connection is insecure", "certificate verify failed", "does not match host name",
	"root certificate file", "could not read root certificate",
	"channel binding", "unsupported startup parameter", "invalid connection option",
	"Endpoint ID is not specified", "Inconsistent project name",
	"endpoint cannot be found", "endpoint is disabled", "IP address",
	"invalid ", "no password supplied",
};
#define COUNT(a)	(sizeof (a) / sizeof (a)[0])

enum answer
dberror_answer(const char *sqlstate, const char *constraint)
{
	for (size_t i = 0; constraint != NULL && i < COUNT(constraints); i++)
		if (strcmp(constraint, constraints[i].name) == 0)
			return constraints[i].answer;
	for (size_t i = 0; i < COUNT(passing); i++)
		if (strncmp(sqlstate, passing[i], strlen(passing[i])) == 0)
			return ANS_UNAVAILABLE;
	return ANS_INTERNAL;
}

bool
dberror_is_permanent(const char *text)
{
	for (size_t i = 0; i < COUNT(permanent); i++)
		if (strstr(text, permanent[i]) != NULL)
			return true;
	return false;
}
