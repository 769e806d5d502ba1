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

#define FEWER	"take fewer workers, or the pooled address"
#define LIMITS	"see the project's limits in Neon's console"
#define NETWORK	"have Neon's console allow this machine's address"
#define TLS	"sslrootcert in it has to name the authority of the server's certificate"
#define RIGHTS	"its owner has to let this user in"
#define COPY	"copy it from Neon's console"
#define WAIT	"check host and network, or try later"

/*
 * By text: libpq doesn't tell the SQLSTATE of a refused login, and Neon's proxy
 * sends none.  All other errors go away soon.
 */
static const struct connect_error {
	const char		*text;
	enum error_retry	 retry;
	const char		*help;
} connect_errors[] = {
	{ "Too many connections", RETRY_LATER, FEWER },
	{ "too many clients", RETRY_SOON, FEWER },
	{ "remaining connection slots", RETRY_SOON, FEWER },
	{ "no more connections allowed", RETRY_SOON, FEWER },
	{ "Check your quotas", RETRY_LATER, LIMITS },
	{ "exceeded the", RETRY_NEVER, LIMITS },
	{ "password authentication failed", RETRY_NEVER, COPY },
	{ "SASL authentication failed", RETRY_NEVER, COPY },
	{ "authentication protocol violation", RETRY_NEVER, COPY },
	{ "secure channel data mismatch", RETRY_NEVER, COPY },
	{ "SCRAM-PLUS", RETRY_NEVER, COPY },
	{ "channel binding", RETRY_NEVER, COPY },
	{ "does not exist", RETRY_NEVER, COPY },
	{ "no such database", RETRY_NEVER, COPY },
	{ "not permitted to log in", RETRY_NEVER, RIGHTS },
	{ "permission denied for database", RETRY_NEVER, RIGHTS },
	{ "no pg_hba.conf entry", RETRY_NEVER, RIGHTS },
	{ "no password supplied", RETRY_NEVER, COPY },
	{ "server does not support SSL", RETRY_NEVER, COPY },
	{ "SSL required", RETRY_NEVER, COPY },
	{ "connection is insecure", RETRY_NEVER, COPY },
	{ "certificate verify failed", RETRY_NEVER, TLS },
	{ "does not match host name", RETRY_NEVER, COPY },
	{ "root certificate file", RETRY_NEVER, TLS },
	{ "could not read root certificate", RETRY_NEVER, TLS },
	{ "unsupported startup parameter", RETRY_NEVER, COPY },
	{ "invalid ", RETRY_NEVER, COPY },
	{ "Endpoint ID is not specified", RETRY_NEVER, COPY },
	{ "Inconsistent project name", RETRY_NEVER, COPY },
	{ "must contain only alphanumeric", RETRY_NEVER, COPY },
	{ "endpoint cannot be found", RETRY_NEVER, COPY },
	{ "endpoint is disabled", RETRY_NEVER, "turn it on in Neon's console" },
	{ "IP address", RETRY_NEVER, NETWORK },
	{ "blocked network", RETRY_NEVER, NETWORK },
	{ "VPC endpoint", RETRY_NEVER, NETWORK },
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

static const struct connect_error *
find(const char *text)
{
	static const struct connect_error	other = { "", RETRY_SOON, WAIT };

	for (size_t i = 0; i < COUNT(connect_errors); i++)
		if (strstr(text, connect_errors[i].text) != NULL)
			return &connect_errors[i];
	return &other;
}

enum error_retry
error_retry(const char *text)
{
	return find(text)->retry;
}

const char *
error_help(const char *text)
{
	return find(text)->help;
}
