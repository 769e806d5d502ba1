/* SPDX-License-Identifier: ISC */
/*
 * Two requests alive in one process, whose statements are under way at the same time on one
 * connection to a database that is played here.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "account/auth.h"
#include "account/token.h"
#include "base/fiber.h"
#include "http/gate.h"
#include "http/once.h"
#include "http/reply.h"
#include "http/tojson.h"
#include "routes.h"
#include "tap.h"
#include "task/task.h"

/* What each of the two was answered. */
static struct side {
	struct exchange	exchange;
	const char	*params[8];
	size_t		nsent;
	char		sent[4096];
	bool		complete;
	struct request	request;
	enum stmt_id	stmt;
	/* What its statement came to. */
	enum answer	answer;
	const struct row *row;
	bool		done;
} sides[2];

static struct side *
side_of(const struct exchange *e)
{
	return e == &sides[0].exchange ? &sides[0] : &sides[1];
}

bool
exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p)
{
	const char	*name = side_of(e)->params[*at];

	if (name == NULL)
		return false;
	p->name = name;
	p->name_len = strcspn(name, "=");
	p->value = name + p->name_len + 1;
	p->value_len = strlen(p->value);
	(*at)++;
	return true;
}

bool
exchange_can_break(const struct exchange *e)
{
	(void)e;
	return true;
}

bool
exchange_write(struct exchange *e, const struct iovec *parts, int n)
{
	struct side	*s = side_of(e);

	for (int i = 0; i < n; i++) {
		if (parts[i].iov_len >= sizeof s->sent - s->nsent)
			return false;
		memcpy(s->sent + s->nsent, parts[i].iov_base, parts[i].iov_len);
		s->nsent += parts[i].iov_len;
	}
	return true;
}

void
exchange_end(struct exchange *e, const struct iovec *parts, int n, bool complete)
{
	exchange_write(e, parts, n);
	side_of(e)->complete = complete;
}

/* --- the database's side -------------------------------------------------------- */

static int	server;

static void
say(char type, const void *content, size_t len)
{
	unsigned char	head[5] = { (unsigned char)type };

	put_be32(head + 1, (uint32_t)len + 4);
	if (write(server, head, sizeof head) == -1 || (len > 0 && write(server, content, len) == -1))
		perror("the database's side");
}

/* A statement's answer: described if it is new, one row with an id and a title, its end. */
static void
answer(bool is_new, int64_t id, const char *title)
{
	static const char	columns[] = "\0\2"
				    "id\0" "\0\0\0\0" "\0\0" "\0\0\0\24" "\0\10" "\377\377\377\377" "\0\1"
				    "title\0" "\0\0\0\0" "\0\0" "\0\0\0\31" "\377\377" "\377\377\377\377" "\0\1";
	unsigned char		row[256] = { 0, 2, 0, 0, 0, 8 };
	size_t			len = strlen(title);

	if (is_new) {
		say('1', "", 0);
		say('t', "\0\0", 2);
		say('T', columns, sizeof columns - 1);
	}
	say('2', "", 0);
	put_be64(row + 6, (uint64_t)id);
	put_be32(row + 14, (uint32_t)len);
	memcpy(row + 18, title, len);
	say('D', row, 18 + len);
	say('C', "SELECT 1", 9);
	say('Z', "I", 1);
}

/* Reads what is asked, up to its Sync.  True if it has a Parse. */
static bool
await_sync(void)
{
	unsigned char	head[5], trash[64];
	size_t		left;
	ssize_t		n = 0;
	bool		parses = false;

	do {
		if (read(server, head, sizeof head) != sizeof head)
			_exit(1);
		for (left = get_be32(head + 1) - 4; left > 0; left -= (size_t)n)
			if ((n = read(server, trash, left < sizeof trash ? left : sizeof trash)) <= 0)
				_exit(1);
		parses = parses || head[0] == 'P';
	} while (head[0] != 'S');
	return parses;
}

/* The answer to a Parse that fails, or to a Bind of what is not prepared. */
static void
refuse(const char *state)
{
	char	text[64];
	int	len = snprintf(text, sizeof text, "SERROR%cVERROR%cC%s%cMno%c", 0, 0, state, 0, 0);

	say('E', text, (size_t)len + 1);
	say('Z', "I", 1);
}

static void
play_database(void)
{
	if (fork() != 0)
		return;
	alarm(30);			/* it holds the other end of its socket, too */
	/* Neither is answered before both are here. */
	await_sync();
	await_sync();
	answer(true, 1, "of Ann");
	answer(false, 2, "of Bob");
	/* Too late for the second. */
	await_sync();
	await_sync();
	usleep(200000);
	answer(false, 3, "of Ann again");
	answer(false, 4, "of nobody");
	await_sync();
	answer(false, 5, "of Bob again");
	/* Too late for who is to prepare it; the second time it can't be prepared. */
	for (int i = 0; i < 2; i++) {
		await_sync();
		await_sync();
		usleep(200000);
		answer(false, 6, "of Ann");
		if (i == 0)
			answer(true, 7, "of nobody");
		else
			refuse("53200");
		/* It may be sent before that is known, but once. */
		for (int n = 0; await_sync() != (i == 1) && n < 2; n++)
			refuse("26000");
		answer(i == 1, 8, "of Bob");
	}
	_exit(0);
}

static void
begin(struct request *r, struct worker *w, struct side *s, const char *token, const char *path)
{
	static char	authorization[2][1024];
	char		*a = authorization[s - sides];

	snprintf(a, sizeof authorization[0], "HTTP_AUTHORIZATION=Bearer %s", token);
	s->params[0] = "REQUEST_METHOD=GET";
	s->params[1] = path;
	s->params[2] = a;
	s->stmt = STMT_TASK_GET;
	request_init(r, w, &s->exchange);
	reply_init(r);
}

/* Runs its statement as a fiber. */
static void
run_side(void *arg)
{
	struct side	*s = arg;

	s->answer = request_row(&s->request, s->stmt, &s->row);
	s->done = true;
}

static void
run_sides(struct loop *loop, int first)
{
	for (int i = first; i < 2; i++) {
		sides[i].done = false;
		fiber_start(run_side, &sides[i]);
	}
	while (!sides[first].done || !sides[1].done)
		loop_run(loop, INT64_MAX);
}

static bool
is_answer(const struct side *s, const char *body)
{
	const char	*is = strstr(s->sent, "\r\n\r\n");

	return s->complete && strncmp(s->sent, "Status: 200 OK\r\n", 16) == 0 && is != NULL &&
	    strcmp(is + 4, body) == 0;
}

int
main(void)
{
	static struct worker	w = { .routes = routes, .parts = path_parts, .sign_in = auth_token,
				    .database_usec = 5000000 };
	struct request		*r[2] = { &sides[0].request, &sides[1].request };
	static struct loop	 loop;
	char			*token[2];
	int			 pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1 ||
	    fcntl(pair[0], F_SETFL, O_NONBLOCK) == -1)
		return 1;
	server = pair[1];
	play_database();
	w.connection.pg = PQconnectStart("host=/nonexistent");	/* only to be there */
	wire_open(&w.connection.wire, pair[0], NULL);
	w.connection.up = true;
	if (loop_open(&loop) == -1)
		return 1;
	connection_share(&w.connection, &loop);
	token_open("a secret for these two requests alone", 30, 60);
	token[0] = token_issue(7, "ann@example.org", "ann", 0, false);
	token[1] = token_issue(8, "bob@example.org", "bob", 0, false);

	begin(r[0], &w, &sides[0], token[0], "PATH_INFO=/api/7/tasks/1");
	begin(r[1], &w, &sides[1], token[1], "PATH_INFO=/api/8/tasks/x");
	tap_ok(gate_find(r[0]) == ANS_OK && gate_find(r[1]) == ANS_OK && r[0]->route == r[1]->route,
	    "both find their route");
	tap_ok(auth_token(r[0]) && auth_token(r[1]) && r[0]->who.user_id == 7 &&
	    r[1]->who.user_id == 8, "each is somebody else's");
	tap_ok(task_path_id(r[0], "1", 1) == ANS_OK && task_path_id(r[1], "x", 1) == ANS_OK &&
	    r[0]->nproblems == 0 && r[1]->nproblems == 1, "what is wrong with one is not the other's");
	task_path_id(r[1], "2", 1);
	r[1]->nproblems = 0;

	run_sides(&loop, 0);
	tap_ok(sides[0].answer == ANS_OK && sides[1].answer == ANS_OK,
	    "both run a statement; the second one's columns are known");
	tap_ok(row_int64(sides[0].row, "id") == 1 && row_int64(sides[1].row, "id") == 2 &&
	    strcmp(row_cell(sides[0].row, "title")->data, "of Ann") == 0 &&
	    strcmp(row_cell(sides[1].row, "title")->data, "of Bob") == 0,
	    "the first one's row is still there after the second one's");

	tojson_row(&r[1]->out, sides[1].row, false);
	buf_char(&r[0]->out, '[');
	tojson_row(&r[0]->out, sides[0].row, false);
	reply_end(r[1], ANS_OK);
	buf_char(&r[0]->out, ']');
	reply_end(r[0], ANS_OK);
	tap_ok(is_answer(&sides[0], "[{\"id\":1,\"title\":\"of Ann\"}]") &&
	    is_answer(&sides[1], "{\"id\":2,\"title\":\"of Bob\"}"),
	    "each has its own answer, in whatever order they are written");

	r[1]->statement.budget.left_usec = 50000;
	run_sides(&loop, 0);
	tap_ok(sides[1].answer == ANS_UNAVAILABLE, "who can't wait gives up");
	tap_ok(sides[0].answer == ANS_OK && row_int64(sides[0].row, "id") == 3,
	    "and who can has its answer");
	r[1]->statement.budget.left_usec = 5000000;
	run_sides(&loop, 1);
	tap_ok(sides[1].answer == ANS_OK && row_int64(sides[1].row, "id") == 5,
	    "an answer that nobody waits for any more is nobody else's");

	/* The connection must live on: there is no other. */
	for (int i = 0; i < 2; i++) {
		sides[1].stmt = i == 0 ? STMT_TASKS_COUNT : STMT_ACCOUNT_AGAIN;
		r[1]->statement.budget.left_usec = 50000;
		run_sides(&loop, 0);
		tap_ok(sides[1].answer == ANS_UNAVAILABLE && sides[0].answer == ANS_OK,
		    "who was to prepare a statement gives up");
		r[1]->statement.budget.left_usec = 500000;
		run_sides(&loop, 1);
		tap_ok(sides[1].answer == ANS_OK && row_int64(sides[1].row, "id") == 8,
		    i == 0 ? "and it is prepared nevertheless, and its columns are known" :
		    "and if it was not prepared, the next one does that");
	}

	for (int i = 0; i < 2; i++) {
		tap_ok(statement_end(&r[i]->statement) == ANS_OK, "its statement has ended");
		request_free(r[i]);
		free(token[i]);
	}
	connection_free(&w.connection);
	return tap_done();
}
