/* SPDX-License-Identifier: ISC */
/*
 * XML that clients send: what a PROPPATCH keeps, and what a PROPFIND then answers, can be read
 * again, whatever it was; so can what a REPORT answers.  The first byte says where it is sent.
 */
#include "account/app.h"
#include "base/be.h"
#include "dav/xml.h"
#include "db/statement.h"
#include "fuzz.h"
#include "routes.h"
#include "serve.h"

#define ARRAY_COUNT_AT	12	/* in an array as the statement gets it */

static struct worker	worker = { .routes = routes, .parts = path_parts, .sign_in_app = app_sign_in };

/* In place of src/db/statement.c: one account, with what was kept last. */
static struct {
	char		*props;		/* text[], as the statement got it */
	size_t		 len;
	bool		 is_there;	/* the row, not yet asked for */
	uint32_t	 names;		/* that are asked for by a multiget, and are nobody's */
	int64_t		 place;		/* of the last one */
} account;

void
statement_init(struct statement *s, struct connection *c, int64_t usec)
{
	*s = (struct statement){ .connection = c, .budget.left_usec = usec };
}

static void
keep(const struct value *v)
{
	free(account.props);
	account.props = fuzz_text(v->data, (size_t)v->len);
	account.len = (size_t)v->len;
}

enum answer
statement_run(struct statement *s, enum stmt_id id, const struct value value[PARAM__MAX])
{
	(void)s;
	if (id == STMT_WRITES_EXPIRE)	/* now and then, after a write */
		return ANS_UNAVAILABLE;
	HOLDS(value[PARAM_APP_HASH].len == 32 && value_get_int64(&value[PARAM_USER_ID]) == 1);
	if (id == STMT_DAV_PROPPATCH)
		keep(&value[PARAM_PROPS_SET]);
	account.is_there = true;
	account.names = id == STMT_DAV_MULTIGET && value[PARAM_NAMES].len > ARRAY_COUNT_AT ?
	    get_be32((const char *)value[PARAM_NAMES].data + ARRAY_COUNT_AT) : 0;
	account.place = 0;
	return ANS_OK;
}

/* The row of the next name, at which there is no task; NULL after the last one. */
static const struct row *
next_name(void)
{
	static struct columns	columns = { .n = 1, .column = { { .name = "_place" } } };
	static char		place[8];
	static struct row	row;

	if ((uint64_t)account.place == account.names)
		return NULL;
	put_be64(place, (uint64_t)++account.place);
	row = (struct row){ &columns, { { place, 8 } } };
	return &row;
}

enum answer
statement_next(struct statement *s, const struct row **row)
{
	static struct columns	columns = { .n = 7, .column = { { .name = "account" }, { .name = "username" },
				    { .name = "email" }, { .name = "tasks_changed" }, { .name = "props" }, { .name = "done" },
				    { .name = "_known" } } };
	static char		one[] = "\0\0\0\0\0\0\0\1", yes[] = "\1", name[] = "ann", email[] = "a&b@example.org";
	static struct row	all;

	(void)s;
	all = (struct row){ &columns, { { one, 8 }, { name, 3 }, { email, 15 }, { one, 8 },
	    { account.props, (int)account.len }, { one, 8 }, { yes, 1 } } };
	*row = account.is_there ? &all : next_name();
	account.is_there = false;
	return ANS_OK;
}

enum answer
statement_end(struct statement *s)
{
	(void)s;
	return ANS_OK;
}

/* Sends it, and reads what is answered; returns the status. */
static int
ask(const char *method, const char *path, const void *body, size_t len)
{
	static const struct xml_reader	none;
	const char			*head = "HTTP_AUTHORIZATION=Basic YW5uOjAwMDAwMDAwMDAwMDAwMDAwMDAw";
	char				*params[6] = { NULL };
	const char			*answer;
	int				 status;

	params[0] = fuzz_text(method, strlen(method));
	params[1] = fuzz_text(path, strlen(path));
	params[2] = fuzz_text(head, strlen(head));
	params[3] = fuzz_text("HTTP_DEPTH=0", 12);
	serve(&worker, fuzz_exchange(params, body, len));
	for (int i = 0; params[i] != NULL; i++)
		free(params[i]);
	HOLDS(strncmp(fuzz_answer(), "Status: ", 8) == 0);
	status = atoi(fuzz_answer() + 8);
	answer = strstr(fuzz_answer(), "\r\n\r\n");
	HOLDS(answer != NULL);
	if (status == 207)
		HOLDS(xml_read(&none, answer + 4, strlen(answer + 4)) == ANS_OK);
	else
		HOLDS(status == 400 || status == 413 || (status == 403 && strstr(method, "REPORT") != NULL));
	return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const	paths[] = { "PATH_INFO=/dav/1/", "PATH_INFO=/dav/1/tasks/" };
	const char			*path;

	if (size == 0)
		return 0;
	free(account.props);
	account.props = NULL;
	account.len = 0;
	path = paths[*data & 1];
	ask("REQUEST_METHOD=PROPPATCH", path, data + 1, size - 1);
	HOLDS(ask("REQUEST_METHOD=PROPFIND", path, "", 0) == 207);
	ask("REQUEST_METHOD=PROPFIND", path, data + 1, size - 1);
	ask("REQUEST_METHOD=REPORT", path, data + 1, size - 1);
	return 0;
}
