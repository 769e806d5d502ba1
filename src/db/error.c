/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <string.h>

#include "db/error.h"

/* What a violated constraint means to the client. */
static const struct {
	const char	*name;
	enum answer	 answer;
} constraints[] = {
	{ "users_email_key", ANS_EMAIL_TAKEN },
	{ "users_username_key", ANS_USERNAME_TAKEN },
	{ "writes_once_check", ANS_DONE_BEFORE },
	{ "app_passwords_user_id_n_key", ANS_RACED },
	{ "tasks_name_idx", ANS_RACED },
	{ "tasks_uid_idx", ANS_RACED },
	{ "tasks_tags_check", ANS_TOO_MANY_TAGS },
};

#define NO_ZONE	"22023"	/* our statements cause it in no other way */

/* SQLSTATEs, or their classes, of errors that go away: all others are our fault. */
static const char *const transient[] = {
	"08", "53", "57", "58", "40", "55", "25006",
};

/* The server ends an idle session, or a pooler refuses the statement. */
static const char *const refusals[] = {
	"57P01", "query_wait_timeout", "server login has been failing",
	"no more connections allowed",
};

/*
 * By text: libpq doesn't tell the SQLSTATE of a refused login, and Neon's proxy
 * sends none.  All other errors go away soon.
 */
static const struct {
	const char		*text;
	enum error_retry	 retry;
} connect_errors[] = {
	{ "Too many connections", RETRY_LATER },
	{ "Check your quotas", RETRY_LATER },
	{ "exceeded the", RETRY_NEVER },
	{ "password authentication failed", RETRY_NEVER },
	{ "SASL authentication failed", RETRY_NEVER },
	{ "authentication protocol violation", RETRY_NEVER },
	{ "secure channel data mismatch", RETRY_NEVER },
	{ "SCRAM-PLUS", RETRY_NEVER },
	{ "channel binding", RETRY_NEVER },
	{ "does not exist", RETRY_NEVER },
	{ "no such database", RETRY_NEVER },
	{ "not permitted to log in", RETRY_NEVER },
	{ "permission denied for database", RETRY_NEVER },
	{ "no pg_hba.conf entry", RETRY_NEVER },
	{ "no password supplied", RETRY_NEVER },
	{ "server does not support SSL", RETRY_NEVER },
	{ "SSL required", RETRY_NEVER },
	{ "connection is insecure", RETRY_NEVER },
	{ "certificate verify failed", RETRY_NEVER },
	{ "does not match host name", RETRY_NEVER },
	{ "root certificate file", RETRY_NEVER },
	{ "could not read root certificate", RETRY_NEVER },
	{ "unsupported startup parameter", RETRY_NEVER },
	{ "invalid ", RETRY_NEVER },
	{ "Endpoint ID is not specified", RETRY_NEVER },
	{ "Inconsistent project name", RETRY_NEVER },
	{ "must contain only alphanumeric", RETRY_NEVER },
	{ "endpoint cannot be found", RETRY_NEVER },
	{ "endpoint is disabled", RETRY_NEVER },
	{ "IP address", RETRY_NEVER },
	{ "blocked network", RETRY_NEVER },
	{ "VPC endpoint", RETRY_NEVER },
};
#define COUNT(a)	(sizeof (a) / sizeof (a)[0])

enum answer
error_answer(const char *sqlstate, const char *constraint)
{
	for (size_t i = 0; constraint != NULL && i < COUNT(constraints); i++)
		if (strcmp(constraint, constraints[i].name) == 0)
			return constraints[i].answer;
	if (strcmp(sqlstate, NO_ZONE) == 0)
		return ANS_NO_ZONE;
	for (size_t i = 0; i < COUNT(transient); i++)
		if (strncmp(sqlstate, transient[i], strlen(transient[i])) == 0)
			return ANS_UNAVAILABLE;
	return ANS_INTERNAL;
}

bool
error_is_refusal(const char *sqlstate, const char *text)
{
	for (size_t i = 0; i < COUNT(refusals); i++)
		if (strcmp(sqlstate, refusals[i]) == 0 || strstr(text, refusals[i]) != NULL)
			return true;
	return false;
}

enum error_retry
error_retry(const char *text)
{
	for (size_t i = 0; i < COUNT(connect_errors); i++)
		if (strstr(text, connect_errors[i].text) != NULL)
			return connect_errors[i].retry;
	return RETRY_SOON;
}
