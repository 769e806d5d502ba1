/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf.h"
#include "base/dotenv.h"
#include "base/netlist.h"

#define ENV_FILE_MAX	(64 * 1024)
#define SECRET_MIN	32
#define MINUTES_MAX	(366 * 24 * 60)
#define REMEMBER_MAX	366
#define TIMEOUT_MAX	12	/* less than any web server waits in etc/ */
#define REQUESTS_MAX	1000
#define LOOPBACK	"127.0.0.0/8, ::1"
#define STRANGERS_MAX	32
#define NAME_MAX_LEN	40

struct conf	conf;

static char	error[512];

/*
 * Keys from well-known examples, compared by their letters and digits, without
 * case.  The last is from FastAPI's documentation.
 */
static const char *const placeholders[] = {
	"changeme", "changethis", "changeit", "changein", "yoursecret", "yoursupersecret",
	"yourjwtsecret", "yoursecure", "replaceme", "replacethis", "replacewith",
	"secretkeyhere", "placeholder", "insertyour", "putyour", "generatea", "opensslrand",
	"09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
};

static const char	not_addresses[] = "must be addresses or networks like 10.0.0.0/8, "
			    "separated by commas";

static const char *
set_database_url(const char *v)
{
	conf.database_url = v;
	return NULL;
}

static const char *
set_database_hosts(const char *v)
{
	conf.database_hosts = v;
	return NULL;
}

static const char *
set_secret(const char *v)
{
	char	plain[256];
	size_t	n = 0;

	if (strlen(v) < SECRET_MIN)
		return "is shorter than 32 bytes; make one with: openssl rand -hex 32";
	for (const char *p = v; *p != '\0' && n < sizeof plain - 1; p++)
		if (isalnum((unsigned char)*p))
			plain[n++] = (char)tolower((unsigned char)*p);
	plain[n] = '\0';
	for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++)
		if (strstr(plain, placeholders[i]) != NULL)
			return "is a known placeholder; make one with: openssl rand -hex 32";
	conf.secret_key = v;
	return NULL;
}

static bool
is_number(const char *v, long min, long max, int *number)
{
	char	*end;
	long	 n;

	errno = 0;
	n = strtol(v, &end, 10);
	*number = (int)n;
	return isdigit((unsigned char)*v) && *end == '\0' && errno == 0 && n >= min && n <= max;
}

static const char *
set_minutes(const char *v)
{
	return is_number(v, 1, MINUTES_MAX, &conf.token_minutes) ? NULL :
	    "must be a whole number of minutes from 1 to 527040";
}

static const char *
set_remember(const char *v)
{
	return is_number(v, 0, REMEMBER_MAX, &conf.remember_days) ? NULL :
	    "must be a whole number of days from 0 (nobody stays logged in) to 366";
}

static const char *
set_timeout(const char *v)
{
	return is_number(v, 1, TIMEOUT_MAX, &conf.database_timeout) ? NULL :
	    "must be a whole number of seconds from 1 to 12: web servers wait for 15";
}

static const char *
set_requests(const char *v)
{
	return is_number(v, 1, REQUESTS_MAX, &conf.requests) ? NULL :
	    "must be a whole number of requests from 1 to 1000";
}

static const char *
set_tags_format(const char *v)
{
	if (strcmp(v, "array") != 0 && strcmp(v, "string") != 0)
		return "must be array or string";
	conf.tags_string = *v == 's';
	return NULL;
}

/* An origin is scheme://host[:port], as browsers send it: no path, no slash. */
static bool
is_origin(const char *s, size_t n)
{
	const char	*host = memchr(s, ':', n);

	if (n == 1 && *s == '*')
		return true;
	if (host == NULL || host == s || (size_t)(host - s) + 3 >= n ||
	    memcmp(host, "://", 3) != 0)
		return false;
	for (const char *p = host + 3; p < s + n; p++)
		if (!isalnum((unsigned char)*p) && strchr(".-_:[]", *p) == NULL)
			return false;
	return true;
}

static const char *
set_cors(const char *v)
{
	for (const char *p = v; *p != '\0';) {
		p += strspn(p, ", \t");
		size_t n = strcspn(p, ", \t");
		if (n > 0 && !is_origin(p, n))
			return "must be * or origins like https://app.example.org, "
			    "separated by commas, without a path";
		p += n;
	}
	conf.cors_origins = v;
	return NULL;
}

static const char *
set_web_servers(const char *v)
{
	conf.web_servers = v;
	return netlist_is_valid(v) ? NULL : not_addresses;
}

static const char *
set_switch(bool *on, const char *v)
{
	*on = strcmp(v, "on") == 0;
	return *on || strcmp(v, "off") == 0 ? NULL : "must be on or off";
}

static const char *
set_log_requests(const char *v)
{
	return set_switch(&conf.log_requests, v);
}

static const char *
set_sandbox(const char *v)
{
	return set_switch(&conf.sandbox, v);
}

static const char *
set_metrics_file(const char *v)
{
	conf.metrics_file = v;
	return *v == '/' ? NULL : "must be a path that begins with /";
}

static const char *
set_metrics_allow(const char *v)
{
	conf.metrics_allow = v;
	return netlist_is_valid(v) ? NULL : not_addresses;
}

/* A missing setting is reported in this order. */
static const struct setting {
	const char	*name;
	const char	*alias;
	const char	*what;		/* for people */
	const char	*help;		/* how to get it, if it is required */
	const char	*def;		/* NULL and not optional: required */
	bool		 optional;
	bool		 secret;
	bool		 exact;		/* blanks around it are a part of it */
	/* Stores the value, or returns the error. */
	const char	*(*set)(const char *);
} settings[] = {
	{ .name = "DATABASE_URL", .what = "Neon's connection string",
	  .help = "copy it from Neon's console", .secret = true, .set = set_database_url },
	{ .name = "DATABASE_HOSTS", .what = "hosts that it may name",
	  .def = ".neon.tech", .set = set_database_hosts },
	{ .name = "DATABASE_TIMEOUT", .what = "seconds that a request waits for the database",
	  .def = "10", .set = set_timeout },
	{ .name = "SECRET_KEY", .alias = "JWT_SECRET_KEY", .what = "signs tokens",
	  .help = "make one with: openssl rand -hex 32", .secret = true, .exact = true,
	  .set = set_secret },
	{ .name = "ACCESS_TOKEN_EXPIRE_MINUTES", .what = "life of a token",
	  .def = "30", .set = set_minutes },
	{ .name = "REMEMBER_DAYS", .what = "life of a token of who wants to stay logged in",
	  .def = "60", .set = set_remember },
	{ .name = "TAGS_FORMAT", .what = "how answers write tags: array or string",
	  .def = "array", .set = set_tags_format },
	{ .name = "CORS_ORIGINS", .what = "origins that browsers may call from",
	  .optional = true, .set = set_cors },
	{ .name = "FCGI_WEB_SERVER_ADDRS", .what = "who may connect over TCP",
	  .def = LOOPBACK, .set = set_web_servers },
	{ .name = "REQUESTS", .what = "requests that a worker serves at the same time",
	  .def = "256", .set = set_requests },
	{ .name = "LOG_REQUESTS", .what = "a line in the log for each request: on or off",
	  .def = "on", .set = set_log_requests },
	{ .name = "METRICS_FILE", .what = "where this machine's workers add up /metrics",
	  .optional = true, .set = set_metrics_file },
	{ .name = "METRICS_ALLOW", .what = "who may read /metrics",
	  .def = LOOPBACK, .set = set_metrics_allow },
	{ .name = "SANDBOX", .what = "workers give up what they do not need: on or off",
	  .def = "on", .set = set_sandbox },
};
#define SETTINGS_MAX	(sizeof settings / sizeof settings[0])

/* The content of the .env file. */
static struct {
	const char	*path;
	bool		 loaded;	/* the file was read, or there is none */
	const char	*value[SETTINGS_MAX][2];	/* by row, then by the row's alias */
	/* Names in it that are no settings: those of other programs, or misspelled. */
	const char	*stranger[STRANGERS_MAX];
	size_t		 nstrangers;
} file;

/* The place for the file's value of a setting; NULL if the name is no setting. */
static const char **
place_of(const char *name)
{
	for (size_t i = 0; i < SETTINGS_MAX; i++) {
		if (strcmp(name, settings[i].name) == 0)
			return &file.value[i][0];
		if (settings[i].alias != NULL && strcmp(name, settings[i].alias) == 0)
			return &file.value[i][1];
	}
	return NULL;
}

static void
file_set(void *arg, const char *name, const char *value)
{
	const char	**place = place_of(name);

	(void)arg;
	if (place != NULL)
		*place = value;
	else if (file.nstrangers < STRANGERS_MAX)
		file.stranger[file.nstrangers++] = name;
}

static const char *
env_value(const char *name)
{
	const char	*v = name == NULL ? NULL : getenv(name);

	return v == NULL || *v == '\0' ? NULL : v;
}

/* A setting's value, its name there, and its source. */
struct found {
	const char	*value;		/* NULL: not set, and there is no default */
	const char	*name;
	const char	*where;
};

/*
 * The value without blanks and line ends around it, which files and pasted lines may have;
 * blanks alone stay.  For the life of the process.
 */
static const char *
trim(size_t i, const char *value)
{
	static const char	 blanks[] = " \t\r\n";
	static char		*kept[SETTINGS_MAX];
	size_t			 n;

	if (settings[i].exact || value[strspn(value, blanks)] == '\0')
		return value;
	value += strspn(value, blanks);
	n = strlen(value);
	while (n > 0 && strchr(blanks, value[n - 1]) != NULL)
		n--;
	if (value[n] == '\0')
		return value;
	if (kept[i] == NULL || strncmp(kept[i], value, n) != 0 || kept[i][n] != '\0') {
		free(kept[i]);
		kept[i] = strndup(value, n);
	}
	return kept[i] == NULL ? value : kept[i];
}

static struct found
find_value(size_t i)
{
	const struct setting	*s = &settings[i];
	struct found		 places[] = {
		{ env_value(s->name), s->name, "environment" },
		{ env_value(s->alias), s->alias, "environment" },
		{ file.value[i][0], s->name, file.path },
		{ file.value[i][1], s->alias, file.path },
	};

	for (size_t p = 0; p < sizeof places / sizeof places[0]; p++)
		if (places[p].value != NULL &&
		    *(places[p].value = trim(i, places[p].value)) != '\0')
			return places[p];
	return (struct found){ s->def, s->name, "default" };
}

/*
 * The whole file as a string that stays for the life of the process; NULL with
 * errno set if it can't be read.
 */
static char *
read_file(const char *path)
{
	struct stat	 st;
	char		*text = NULL;
	ssize_t		 n = -1;
	int		 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return NULL;
	if (fstat(fd, &st) == 0) {
		if (S_ISDIR(st.st_mode) || st.st_size > ENV_FILE_MAX)
			errno = S_ISDIR(st.st_mode) ? EISDIR : EFBIG;
		else if (!S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode))	/* but /dev/null */
			errno = EINVAL;
		else if ((text = calloc(1, ENV_FILE_MAX + 1)) != NULL)
			n = read(fd, text, ENV_FILE_MAX);
	}
	close(fd);
	if (n == -1 || memchr(text, '\0', (size_t)n) != NULL) {
		free(text);
		return NULL;
	}
	return text;
}

/* What is wrong with the file, and what helps. */
static const char *
unreadable(const char *path, bool named)
{
	char	why[100];

	snprintf(why, sizeof why, "%s", errno == 0 ? "holds a NUL byte" : strerror(errno));
	if (errno == EACCES)
		snprintf(why, sizeof why, "the user with id %ld may not; change its owner or group",
		    (long)geteuid());
	else if (errno == EFBIG)
		snprintf(why, sizeof why, "it has more than %d bytes", ENV_FILE_MAX);
	snprintf(error, sizeof error, "%s%s: can't be read: %s", named ? "TODO_ENV_FILE: " : "",
	    path, why);
	return error;
}

static const char *
load_file(void)
{
	const char	*named = env_value("TODO_ENV_FILE");
	const char	*paths[] = { named != NULL ? named : ".env", SYSCONFDIR "/neon-todo/.env" };
	int		 line;

	for (size_t i = 0; i < (named != NULL ? 1 : 2); i++) {
		errno = 0;
		if ((conf.file = read_file(paths[i])) == NULL) {
			if (named == NULL && (errno == ENOENT || errno == ENOTDIR))
				continue;
			return unreadable(paths[i], named != NULL);
		}
		if ((line = dotenv_parse(conf.file, file_set, NULL)) != 0) {
			snprintf(error, sizeof error,
			    "%s: line %d is not NAME=value", paths[i], line);
			return error;
		}
		file.path = paths[i];
		break;
	}
	return NULL;
}

const char *
conf_load(void)
{
	const char	*bad;

	if ((bad = load_file()) != NULL)
		return bad;
	file.loaded = true;
	for (size_t i = 0; i < SETTINGS_MAX; i++) {
		const struct setting	*s = &settings[i];
		struct found		 f = find_value(i);

		if (f.value == NULL && s->optional)
			continue;
		if (f.value == NULL)
			snprintf(error, sizeof error, "%s is not set, in the environment or in "
			    ".env; %s", s->name, s->help);
		else if ((bad = s->set(f.value)) != NULL)
			snprintf(error, sizeof error, "%s %s", f.name, bad);
		else
			continue;
		return error;
	}
	return NULL;
}

void
conf_print(FILE *out, const char *database)
{
	for (size_t i = 0; i < SETTINGS_MAX && file.loaded; i++) {
		const struct setting	*s = &settings[i];
		struct found		 f = find_value(i);
		char			 hidden[64];

		if (f.value == NULL)
			f = (struct found){ "not set", s->name, "" };
		else if (s->secret) {
			snprintf(hidden, sizeof hidden, "%zu bytes, not shown",
			    strlen(f.value));
			f.value = s->set == set_database_url && database != NULL ? database :
			    hidden;
		}
		fprintf(out, "%s: %s\n    %s", s->name, s->what, f.value);
		if (*f.where != '\0')
			fprintf(out, " (%s%s%s)", f.where, f.name != s->name ? ", as " : "",
			    f.name != s->name ? f.name : "");
		fputc('\n', out);
	}
}

/*
 * The edit distance of two names, without case: how many letters to insert, delete or
 * change.
 */
static size_t
distance(const char *a, const char *b)
{
	size_t	row[NAME_MAX_LEN + 1], n = strlen(b), before, above;

	if (n > NAME_MAX_LEN)
		return n;
	for (size_t i = 0; i <= n; i++)
		row[i] = i;
	for (size_t line = 1; *a != '\0'; a++, line++) {
		before = row[0];
		row[0] = line;
		for (size_t i = 1; i <= n; i++) {
			above = row[i];
			row[i] = MIN(MIN(above, row[i - 1]) + 1,
			    before + (strncasecmp(a, b + i - 1, 1) != 0));
			before = above;
		}
	}
	return row[n];
}

/* The setting that a name is a misspelling of, or NULL. */
static const char *
meant_by(const char *name)
{
	const char	*meant = NULL;
	size_t		 least = 3, d;

	for (size_t i = 0; i < SETTINGS_MAX; i++) {
		const char	*names[] = { settings[i].name, settings[i].alias };

		for (size_t n = 0; n < 2; n++)
			if (names[n] != NULL && (d = distance(name, names[n])) < least) {
				least = d;
				meant = names[n];
			}
	}
	return meant;
}

/* Warns of a name that looks like a misspelled setting; false if it does not. */
static bool
warn_of(FILE *out, const char *name, const char *where)
{
	const char	*meant = meant_by(name);

	if (meant != NULL)
		fprintf(out, "todo.fcgi: %s is no setting (%s); did you mean %s?\n", name, where,
		    meant);
	return meant != NULL;
}

void
conf_print_strangers(FILE *out, FILE *warnings)
{
	char	name[NAME_MAX_LEN + 1];

	for (size_t i = 0; i < file.nstrangers; i++)
		if (!warn_of(warnings, file.stranger[i], file.path))
			fprintf(out, "%s: no setting\n    not used (%s)\n", file.stranger[i],
			    file.path);
	for (char **e = environ; *e != NULL; e++) {
		snprintf(name, sizeof name, "%.*s", (int)strcspn(*e, "="), *e);
		if (place_of(name) == NULL)
			warn_of(warnings, name, "environment");
	}
}
