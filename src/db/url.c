/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "db/url.h"

extern char	**environ;

/* Where distributions keep their certificate authorities. */
static const char *const ca_files[] = {
	CA_FILE,
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
};

/* Parameters that the worker sets, whatever the URL says. */
static const struct pair {
	const char	*keyword;
	const char	*value;
} fixed[] = {
	{ "client_encoding", "UTF8" },
	{ "gssencmode", "disable" },
}, defaults[] = {
	{ "application_name", "neon-todo" },
	{ "keepalives_idle", "30" },
	{ "keepalives_interval", "10" },
	{ "keepalives_count", "3" },
	{ "tcp_user_timeout", "20000" },
};
#define COUNT(a)	(sizeof (a) / sizeof (a)[0])

/* Parameters that take host, user or password from a file, or change the protocol. */
static const char *const forbidden[] = { "service", "passfile", "replication" };

static const char * __attribute__((format(printf, 2, 3)))
bad(struct url *u, const char *fmt, ...)
{
	va_list	ap;
	int	n = snprintf(u->error, sizeof u->error, "DATABASE_URL ");

	va_start(ap, fmt);
	vsnprintf(u->error + n, sizeof u->error - (size_t)n, fmt, ap);
	va_end(ap);
	return u->error;
}

static const char *
get(const struct url *u, const char *keyword)
{
	for (size_t i = 0; u->keyword[i] != NULL; i++)
		if (strcmp(u->keyword[i], keyword) == 0)
			return u->value[i];
	return NULL;
}

/* Sets or adds; the table has room for all of libpq's parameters. */
static void
set(struct url *u, const char *keyword, const char *value)
{
	size_t	i;

	for (i = 0; u->keyword[i] != NULL; i++)
		if (strcmp(u->keyword[i], keyword) == 0)
			break;
	u->keyword[i] = keyword;
	u->value[i] = value;
}

static bool
is_address(const char *host)
{
	unsigned char	addr[16];

	return inet_pton(AF_INET, host, addr) == 1 || inet_pton(AF_INET6, host, addr) == 1;
}

/* ".suffix" matches whole labels at the end of a name, anything else all of it. */
static bool
entry_matches(const char *entry, size_t n, const char *host)
{
	size_t	len = strlen(host);

	if (n > 0 && entry[0] == '.')
		return len > n && !is_address(host) && strncasecmp(host + len - n, entry, n) == 0;
	return len == n && strncasecmp(host, entry, n) == 0;
}

bool
url_host_is_among(const char *host, const char *hosts)
{
	for (const char *p = hosts; *p != '\0';) {
		p += strspn(p, ", \t");
		size_t n = strcspn(p, ", \t");
		if (n > 0 && entry_matches(p, n, host))
			return true;
		p += n;
	}
	return false;
}

/*
 * A host name may be half of a password whose '@' was not encoded.  Shows it
 * only if the URL has exactly one '@'.
 */
static const char *
shown(const char *host, const char *url)
{
	const char	*at = strchr(url, '@');

	return at != NULL && strchr(at + 1, '@') == NULL &&
	    (strpbrk(host, ".:") != NULL || strcasecmp(host, "localhost") == 0) ?
	    host : "(not shown)";
}

/* Checks each of the comma-separated names or addresses; a list that is NULL has none. */
static const char *
check_hosts(struct url *u, const char *list, const char *hosts, const char *url)
{
	char	host[256];

	for (const char *p = list;; p++) {
		size_t n = p == NULL ? 0 : strcspn(p, ",");

		if (n == 0 || *p == '/' || *p == '@')
			return bad(u, "names no host (a unix socket?); Neon is reached by host "
			    "name");
		if (n >= sizeof host)
			return bad(u, "has a host name that is too long");
		memcpy(host, p, n);
		host[n] = '\0';
		for (const char *c = host; *c != '\0'; c++)
			/* This may be a part of the password, so it isn't shown. */
			if (!isalnum((unsigned char)*c) && strchr("-_.:", *c) == NULL)
				return bad(u, "has a host that is no host name; percent-encode "
				    "the password's special characters (@ is %%40)");
		if (!url_host_is_among(host, hosts))
			return bad(u, "names the host %s, which DATABASE_HOSTS (%.200s) does not "
			    "allow; if it is yours, add it there", shown(host, url), hosts);
		p += n;
		if (*p == '\0')
			return NULL;
	}
}

/* Empty ones stand for the default. */
static const char *
check_ports(struct url *u, const char *p)
{
	for (;; p++) {
		size_t	n = strspn(p, "0123456789");

		if (n > 5 || (n > 0 && (atoi(p) < 1 || atoi(p) > 65535)) ||
		    (p[n] != '\0' && p[n] != ','))
			return bad(u, "has a port that is not a number from 1 to 65535");
		p += n;
		if (*p == '\0')
			return NULL;
	}
}

/*
 * libpq verifies nothing by default, and before version 16 it takes "system"
 * as a file's name.
 */
static const char *
check_tls(struct url *u)
{
	const char	*mode = get(u, "sslmode"), *ca = get(u, "sslrootcert");

	/* verify-ca would accept any certificate of a public authority. */
	if (mode == NULL || strcmp(mode, "require") == 0 ||
	    (strcmp(mode, "verify-ca") == 0 && (ca == NULL || strcmp(ca, "system") == 0)))
		set(u, "sslmode", "verify-full");
	else if (strcmp(mode, "disable") == 0 || strcmp(mode, "allow") == 0 ||
	    strcmp(mode, "prefer") == 0)
		return bad(u, "has an sslmode that allows plaintext; use sslmode=require");
	else if (strcmp(mode, "verify-full") != 0 && strcmp(mode, "verify-ca") != 0)
		return bad(u, "has an unknown sslmode; use sslmode=require");
	if (ca != NULL && strcmp(ca, "system") == 0 && PQlibVersion() >= 160000)
		return NULL;
	if (ca != NULL && strcmp(ca, "system") != 0) {
		if (access(ca, R_OK) == 0)
			return NULL;
		return bad(u, "names an sslrootcert that can't be "
		    "read: %.300s: %s; without sslrootcert the system's authorities count", ca,
		    strerror(errno));
	}
	for (size_t i = 0; i < COUNT(ca_files); i++)
		if (access(ca_files[i], R_OK) == 0) {
			set(u, "sslrootcert", ca_files[i]);
			return NULL;
		}
	return bad(u, "needs certificate authorities to know its server by, and this machine has "
	    "none; install ca-certificates");
}

/*
 * libpq's variables, and its files below the home directory, must not change
 * where data goes.
 */
static void
shut_out_environment(void)
{
	char	name[64];

	for (char **e = environ; *e != NULL;) {
		size_t	n = strcspn(*e, "=");

		if (strncmp(*e, "PG", 2) == 0 && n < sizeof name && (*e)[n] == '=') {
			memcpy(name, *e, n);
			name[n] = '\0';
			unsetenv(name);
			e = environ;
		} else
			e++;
	}
	setenv("HOME", "/nonexistent", 1);
	/* A name server that doesn't answer must not use up a request's time. */
	setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);
}

/* True if libpq knows the parameter; in URLs it also takes JDBC's "ssl". */
static bool
is_known(const char *name, size_t n)
{
	PQconninfoOption	*options = PQconndefaults();
	bool			 known = options == NULL || (n == 3 && memcmp(name, "ssl", n) == 0);

	for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
		known = known || (strlen(o->keyword) == n && memcmp(o->keyword, name, n) == 0);
	PQconninfoFree(options);
	return known;
}

/* Why libpq can't parse the URL: its own message could show the password. */
static const char *
unreadable(struct url *u, const char *url)
{
	const char	*at = strchr(url, '@'), *p = at == NULL ? NULL : strchr(at, '?');
	size_t		 n;

	/* If there is another '@', the '?' may be the password's. */
	while (p != NULL && strchr(at + 1, '@') == NULL) {
		n = strspn(++p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
		if (n > 0 && n <= 40 && p[n] == '=' && !is_known(p, n)) {
			return bad(u, "has the parameter %.*s, which "
			    "libpq does not know; leave it out", (int)n, p);
		}
		p = strchr(p, '&');
	}
	return bad(u, "can't be read; percent-encode the special characters of user and password "
	    "(@ is %%40)");
}

/*
 * Pasted lines may have more than the URL: a command before it, a quote or a
 * semicolon after it.
 */
static const char *
check_ends(struct url *u, const char *url)
{
	size_t	len = strlen(url);

	if (strncmp(url, "postgresql+", 11) == 0)
		return bad(u, "has the name of a driver in its scheme; write postgresql://");
	if (strncmp(url, "postgresql://", 13) != 0 && strncmp(url, "postgres://", 11) != 0)
		return bad(u, strstr(url, "postgresql://") != NULL ||
		    strstr(url, "postgres://") != NULL ?
		    "must begin with postgresql://; remove the text before that" :
		    "is no postgresql:// URL; copy it from the Neon console");
	if (strchr("'\"`;,\\", url[len - 1]) != NULL) {
		return bad(u, "ends with %c, which is no part of it; "
		    "remove that", url[len - 1]);
	}
	for (; *url != '\0'; url++)
		if ((unsigned char)*url < ' ' || *url == '\177')
			return bad(u, "has a line end or another control character; remove it");
	return NULL;
}

/*
 * libpq checks some values when it connects: lets it begin, without a host, so that a bad
 * value isn't reported as a fault of the network.
 */
static const char *
check_values(struct url *u)
{
	const char	*keyword[URL_PARAMS_MAX], *value[URL_PARAMS_MAX], *text, *wrong = NULL;
	PGconn		*conn;
	size_t		 n = 0;

	for (size_t i = 0; u->keyword[i] != NULL; i++)
		if (strcmp(u->keyword[i], "host") != 0 && strcmp(u->keyword[i], "hostaddr") != 0 &&
		    strcmp(u->keyword[i], "port") != 0) {
			keyword[n] = u->keyword[i];
			value[n++] = u->value[i];
		}
	keyword[n] = "hostaddr";
	value[n++] = "127.0.0.1";
	keyword[n] = "port";
	value[n++] = "1";
	keyword[n] = value[n] = NULL;
	if ((conn = PQconnectStartParams(keyword, value, 0)) != NULL &&
	    (text = strstr(PQerrorMessage(conn), "invalid ")) != NULL)
		wrong = bad(u, "has an %.*s", (int)strcspn(text, "\n"), text);
	PQfinish(conn);
	return wrong;
}

static bool
take_apart(struct url *u, const char *url)
{
	PQconninfoOption	*options = PQconninfoParse(url, NULL);

	if ((u->kept = options) == NULL)
		return false;
	for (PQconninfoOption *o = options; o->keyword != NULL; o++)
		if (o->val != NULL && *o->val != '\0')
			set(u, o->keyword, o->val);
	return true;
}

const char *
url_parse(struct url *u, const char *url, const char *hosts)
{
	static const char *const	required[] = { "user", "password" };
	const char			*v, *wrong;

	shut_out_environment();
	memset(u, 0, sizeof *u);
	if ((wrong = check_ends(u, url)) != NULL)
		return wrong;
	if (!take_apart(u, url))
		return unreadable(u, url);
	for (size_t i = 0; i < COUNT(forbidden); i++)
		if (get(u, forbidden[i]) != NULL)
			return bad(u, "must not have the parameter %s; leave it out",
			    forbidden[i]);
	/* libpq looks for the '@' up to the first slash. */
	if (get(u, "user") == NULL && strchr(url, '@') != NULL)
		return bad(u, "has a / in user or password that is not percent-encoded; "
		    "write %%2F");
	for (size_t i = 0; i < COUNT(required); i++)
		if (get(u, required[i]) == NULL) {
			return bad(u, "has no %s; copy all of it from "
			    "Neon's console", required[i]);
		}
	if ((wrong = check_hosts(u, get(u, "host"), hosts, url)) != NULL ||
	    ((v = get(u, "hostaddr")) != NULL && (wrong = check_hosts(u, v, hosts, url)) != NULL) ||
	    ((v = get(u, "port")) != NULL && (wrong = check_ports(u, v)) != NULL) ||
	    (wrong = check_tls(u)) != NULL)
		return wrong;
	for (size_t i = 0; i < COUNT(fixed); i++)
		set(u, fixed[i].keyword, fixed[i].value);
	for (size_t i = 0; i < COUNT(defaults); i++)
		if (get(u, defaults[i].keyword) == NULL)
			set(u, defaults[i].keyword, defaults[i].value);
	return check_values(u);
}

const char *
url_target(const struct url *u)
{
	static const char *const	parts[] = { "port", "dbname", "sslmode", "sslrootcert" };
	static char			text[640];
	size_t				n;

	n = (size_t)snprintf(text, sizeof text, "%s at %s", get(u, "user"), get(u, "host"));
	for (size_t i = 0; i < COUNT(parts) && n < sizeof text; i++)
		if (get(u, parts[i]) != NULL)
			n += (size_t)snprintf(text + n, sizeof text - n, ", %s %s", parts[i],
			    get(u, parts[i]));
	return text;
}
