/* SPDX-License-Identifier: ISC */
/*
 * PATH_INFO, through the gate to the database.  The first byte says the method,
 * and whether there is a token.
 */
#include "db/statement.h"
#include "fuzz.h"
#include "base/jsoncheck.h"
#include "http/request.h"
#include "account/app.h"
#include "account/auth.h"
#include "routes.h"
#include "serve.h"
#include "account/token.h"

#define PARTS_MAX	16
#define USER		7

enum { NO_TOKEN = 0x80 };

static const char *const	methods[] = {
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "", "PROPFIND",
	"PROPPATCH", "MKCOL",
};

/* In place of src/db/statement.c: notes for which task it was asked, and is away. */
static struct worker	worker = { .routes = routes, .parts = path_parts, .sign_in = auth_token,
			    .sign_in_app = app_sign_in };
static bool	asked;
static int64_t	asked_user, asked_task;

void
statement_init(struct statement *s, struct connection *c, int64_t usec)
{
	*s = (struct statement){ .connection = c, .budget.left_usec = usec };
}

enum answer
statement_run(struct statement *s, enum stmt_id id, const struct value value[PARAM__MAX])
{
	(void)s;
	if (id == STMT_WRITES_EXPIRE)	/* now and then, after a write */
		return ANS_UNAVAILABLE;
	HOLDS(id > STMT_NONE && id < STMT__MAX && !asked);
	asked = true;
	asked_user = value[PARAM_USER_ID].data == NULL ? 0 :
	    (int64_t)get_be64(value[PARAM_USER_ID].data);
	asked_task = value[PARAM_TASK_ID].data == NULL ? 0 :
	    (int64_t)get_be64(value[PARAM_TASK_ID].data);
	return ANS_UNAVAILABLE;
}

enum answer
statement_next(struct statement *s, const struct row **row)
{
	(void)s;
	(void)row;
	abort();
}

enum answer
statement_end(struct statement *s)
{
	(void)s;
	return ANS_OK;
}

struct parts {
	int	 n;
	char	*part[PARTS_MAX];
	char	*text;
};

/* The parts between slashes; n is -1 where the path can't be one of ours. */
static void
split(struct parts *s, const char *path)
{
	char	*p;

	s->n = 0;
	s->text = p = fuzz_text(path, strlen(path));
	if (*p != '/')
		s->n = -1;
	while (s->n >= 0 && p != NULL) {
		*p++ = '\0';
		if (s->n == PARTS_MAX) {
			s->n = -1;
			break;
		}
		s->part[s->n++] = p;
		p = strchr(p, '/');
	}
}

/* An id as the path may have it: 1 good, 0 none that there can be, -1 none. */
static int
read_id(const char *p, int64_t *id)
{
	size_t	len = strspn(p, "0123456789");

	*id = 0;
	if (len == 0 || p[len] != '\0' || (*p == '0' && len > 1))
		return -1;
	if (len < 19 || (len == 19 && strcmp(p, "9223372036854775807") <= 0))
		*id = atoll(p);
	return *id > 0;
}

/* The status that these rules lead to; *user and *task as far as they matter. */
static int
expect(const char *method, const char *path, bool token, int64_t *user, int64_t *task)
{
	const char		*want = strcmp(method, "HEAD") == 0 ? "GET" : method;
	const struct route	*found = NULL;
	struct parts		 is, of;
	bool			 known = false;
	int			 status = 0, task_is = 1;

	split(&is, path);
	for (const struct route *t = routes; t->method != NULL && found == NULL; t++) {
		bool	same;

		split(&of, t->path);
		same = is.n == of.n;
		for (int i = 0; same && i < of.n; i++)
			same = *of.part[i] == ':' ? *is.part[i] != '\0' :
			    strcmp(of.part[i], is.part[i]) == 0;
		free(of.text);
		known = known || same;
		if (same && strcmp(t->method, want) == 0)
			found = t;
	}
	*user = *task = 0;
	if (found == NULL)
		status = !known ? 404 : strcmp(method, "OPTIONS") == 0 ? 204 : 405;
	else if (found->access <= ACCESS_TOKEN && !token)
		status = 401;
	else if (found->access == ACCESS_SELF) {
		int	user_is = read_id(is.part[1], user);

		if (is.n > 3)
			task_is = read_id(is.part[3], task);
		if (strstr(found->path, ":app") != NULL)
			*task = 0;
		status = user_is < 0 ? 422 : user_is == 0 ? 404 : *user != USER ? 403 : 0;
	}
	if (status == 0 && found->fields != NULL && !found->body_optional)
		status = 400;
	if (status == 0 && task_is < 0)
		status = 422;
	if (status == 0 && found->access != ACCESS_ANY && token)
		*user = USER;
	if (status == 0 && found->stmt != STMT_NONE &&
	    (found->access != ACCESS_OPTIONAL || token))
		status = 503;
	free(is.text);
	return status == 0 ? strcmp(path, "/metrics") == 0 ? 404 : 200 : status;
}

static void
check_answer(int status, bool head)
{
	const char	*text = fuzz_answer(), *body = strstr(text, "\r\n\r\n");

	HOLDS(strncmp(text, "Status: ", 8) == 0 && atoi(text + 8) == status);
	HOLDS(body != NULL);
	body += 4;
	if (head || status == 204)
		HOLDS(*body == '\0');
	else
		HOLDS(jsoncheck(body, strlen(body)));
}

/* Paths of CalDAV, which no token opens. */
static bool
is_dav(const char *path)
{
	return strcmp(path, "/") == 0 || strcmp(path, "/.well-known/caldav") == 0 ||
	    (strncmp(path, "/dav", 4) == 0 && (path[4] == '/' || path[4] == '\0'));
}

static void
check_dav(void)
{
	static const int	expected[] = { 200, 301, 401, 403, 404, 405 };
	int			status = atoi(fuzz_answer() + 8);
	bool			known = false;

	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
		known = known || expected[i] == status;
	HOLDS(known && !asked);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char	*token;
	char		*params[4], *path;
	const char	*method;
	int64_t		 user, task;
	int		 status;
	bool		 with_token;

	if (size == 0)
		return 0;
	if (token == NULL) {
		char	*text;

		token_open("only for this process: not a secret of anybody's", 24 * 60, 60);
		HOLDS((text = token_issue(USER, "a@b.co", "ann", 0, true)) != NULL);
		HOLDS((token = malloc(strlen(text) + 64)) != NULL);
		sprintf(token, "HTTP_AUTHORIZATION=Bearer %s", text);
		free(text);
	}
	with_token = !(*data & NO_TOKEN);
	method = methods[(*data & 0x7f) % (sizeof methods / sizeof methods[0])];
	path = malloc(size + 10);
	HOLDS(path != NULL);
	memcpy(path, "PATH_INFO=", 10);
	memcpy(path + 10, data + 1, size - 1);
	path[size + 9] = '\0';
	params[0] = malloc(32);
	HOLDS(params[0] != NULL);
	snprintf(params[0], 32, "REQUEST_METHOD=%s", method);
	params[1] = path;
	params[2] = with_token ? token : NULL;
	params[3] = NULL;

	asked = false;
	serve(&worker, fuzz_exchange(params, "", 0));
	if (is_dav(path + 10))
		check_dav();
	else {
		status = expect(method, path + 10, with_token, &user, &task);
		check_answer(status, strcmp(method, "HEAD") == 0);
		HOLDS(asked == (status == 503));
		HOLDS(!asked || (asked_user == user && asked_task == task));
	}
	free(params[0]);
	free(path);
	return 0;
}
