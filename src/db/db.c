/* SPDX-License-Identifier: ISC */
/*
 * With dburl.c the only file that knows libpq.  Statements run in pipeline
 * mode: preparing, executing and the Sync that ends them leave as one flight,
 * also for a connection's first use of a statement.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "db/db.h"
#include "db/error.h"
#include "db/schema.h"
#include "db/url.h"
#include "base/hash.h"
#include "base/log.h"
#include "db/rows.h"
#include "http/tojson.h"

#define START_USEC	INT64_C(4500000)
#define PATIENCE_USEC	INT64_C(5000000)
#define SILENCE_USEC	INT64_C(10000000)
#define LOST_MAX	4

static struct dburl	 url;
static bool		 configured;
static PGconn		*conn;		/* NULL: not connected */
static SSL		*ssl;		/* its TLS; NULL: none */
static bool		 lost;		/* the server said that it closes */
static bool		 in_doubt;	/* a write of the request in hand was lost */
static bool		 refused;	/* the last one was not, it did not run */
static int64_t		 request_usec;	/* that a request may wait for the database */
static int64_t		 left_usec;	/* of them, in the request in hand */
static bool		 secret;	/* a hash, or a feed's address, was sent */
static struct db_stats	 stats;
static bool		 passes;	/* what db_run() failed by */

/* Named statements of this connection, and whether the server keeps them. */
static bool		 prepared[STMT__MAX];
static bool		 named = true;
static char		 names[STMT__MAX][32];

/* The statement in hand. */
static PGresult		*result;
static int		 result_row;
static bool		 running;
static struct row	*row;
static struct row	 rows[STMT__MAX];	/* columns are looked up once */
static bool		 by_rows;	/* rows.c reads them, not libpq */
static bool		 has_row;	/* the first of them is there */
static bool		 consumed;	/* libpq may have read some of the answer */

/* All others are read as text. */
static const struct {
	enum type		type;
	enum column_type	column;
} column_types[] = {
	{ TYPE_INT8, COLUMN_INT8 },
	{ TYPE_BOOL, COLUMN_BOOL },
	{ TYPE_DATE, COLUMN_DAY },
	{ TYPE_TIMESTAMPTZ, COLUMN_TIME },
	{ TYPE_TEXT_ARRAY, COLUMN_TEXTS },
};

static void
spend(int64_t begin)
{
	int64_t	n = clock_usec() - begin;

	stats.waited_usec += n;
	left_usec -= n;
}

/* Waits until the socket is ready; false when there is no time left. */
static bool
wait_for(short events)
{
	struct pollfd	pfd = { .fd = PQsocket(conn), .events = events };
	int		n = 0;

	/* libpq takes less than a TLS record may hold; the rest is not at the socket. */
	if ((events & POLLIN) != 0 && ssl != NULL && SSL_pending(ssl) > 0)
		return true;
	while (left_usec > 0 && (n == 0 || (n == -1 && errno == EINTR))) {
		int64_t	begin = clock_usec();

		n = poll(&pfd, 1, (int)((left_usec + 999) / 1000));
		spend(begin);
	}
	return n == 1;
}

/*
 * libpq keeps what it sent.  A statement whose second parameter lacks its length
 * can't be sent, but is written over that as far as the first.
 */
static void
forget_sent(void)
{
	static char			 junk[8192];
	static const char *const	 data[] = { junk, junk };
	static const int		 formats[] = { 0, 1 };

	if (!secret)
		return;
	secret = false;
	memset(junk, '-', sizeof junk - 1);
	PQsendQueryPrepared(conn, "", 2, data, NULL, formats, 1);
}

static void
disconnect(void)
{
	forget_sent();
	PQclear(result);
	result = NULL;
	running = by_rows = has_row = false;
	stats.ended += conn != NULL;
	PQfinish(conn);
	conn = NULL;
	ssl = NULL;
	memset(prepared, 0, sizeof prepared);
}

/* NULL where it is no message; PgBouncer sends the first form only. */
static const char *
severity_of(const PGresult *res)
{
	const char	*severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);

	return severity != NULL ? severity : PQresultErrorField(res, PG_DIAG_SEVERITY);
}

/* Receives what comes unasked; a FATAL error announces the end. */
static void
notice(void *arg, const PGresult *res)
{
	const char	*severity = severity_of(res);

	(void)arg;
	if (severity != NULL && (*severity == 'F' || *severity == 'P'))
		lost = true;
}

/* libpq's text, on one line and without the repeated part of several hosts. */
static const char *
connection_error(void)
{
	static char	text[400];

	if (left_usec <= 0)
		return "no answer in time";
	if (conn != NULL && *PQerrorMessage(conn) == '\0')
		return "the answer broke off, or is none";
	snprintf(text, sizeof text, "%s", conn == NULL ? "out of memory" : PQerrorMessage(conn));
	for (char *p = text; *p != '\0'; p++)
		if (*p == '\n')
			*p = p[1] == '\0' ? '\0' : ' ';
	return text;
}

/* Returns NULL, or why there is no connection. */
static const char *
connect_database(void)
{
	static char			 text[400];
	PostgresPollingStatusType	 state = PGRES_POLLING_WRITING;
	int64_t				 begin = clock_usec();

	lost = false;
	stats.attempts++;
	conn = PQconnectStartParams(url.keyword, url.value, 0);
	spend(begin);		/* it looks names up */
	while (conn != NULL && PQstatus(conn) != CONNECTION_BAD) {
		if (!wait_for(state == PGRES_POLLING_READING ? POLLIN : POLLOUT)) {
			disconnect();
			return "no answer in time";
		}
		begin = clock_usec();
		state = PQconnectPoll(conn);
		spend(begin);		/* it looks up the name of the next host */
		if (state == PGRES_POLLING_OK) {
			PQsetNoticeReceiver(conn, notice, NULL);
			PQsetnonblocking(conn, 1);
			/* OpenSSL shall not keep what it handed on. */
			if ((ssl = PQsslStruct(conn, "OpenSSL")) != NULL)
				SSL_set_options(ssl, SSL_OP_CLEANSE_PLAINTEXT);
			stats.connects++;
			return NULL;
		}
		if (state == PGRES_POLLING_FAILED)
			break;
	}
	snprintf(text, sizeof text, "%s", connection_error());
	disconnect();
	return text;
}

/*
 * At no cost for a healthy connection: an idle socket has nothing to read,
 * unless the server closed it (Neon suspends) or sent a notice.
 */
static bool
is_alive(void)
{
	struct pollfd	pfd = { .fd = PQsocket(conn), .events = POLLIN };

	for (int i = 0; i < 4 && poll(&pfd, 1, 0) != 0; i++) {
		consumed = true;
		if (PQconsumeInput(conn) == 0 || PQstatus(conn) != CONNECTION_OK)
			return false;
		PQisBusy(conn);		/* parses what was read */
		if (lost)
			return false;
	}
	return true;
}

/* When to ask again: not at the same time as the other workers. */
static int64_t
next_attempt(enum dberror_retry retry)
{
	static const int64_t	 most[] = {
		[RETRY_SOON] = 500000, [RETRY_LATER] = 2000000, [RETRY_NEVER] = 4000000,
	};
	uint32_t		 n = 0;

	if (getrandom(&n, sizeof n, GRND_NONBLOCK) == -1)
		n = (uint32_t)clock_usec();
	return clock_usec() + most[retry] / 4 + n % (most[retry] * 3 / 4);
}

/* The same again is worth a line now and then. */
static void
log_cause(const char *cause)
{
	static char	said[400];
	static int64_t	next;
	int64_t		now = clock_usec();

	if (now < next && strcmp(cause, said) == 0)
		return;
	snprintf(said, sizeof said, "%s", cause);
	next = now + SILENCE_USEC;
	log_line("database: can't connect: %s", cause);
}

static void
wait_until(int64_t then)
{
	int64_t	now = clock_usec();

	poll(NULL, 0, (int)((then - now + 999) / 1000));
	spend(now);
}

/*
 * A database that is just starting again is waited for; one that has been gone
 * for longer is asked now and then, and requests in between fail at once.
 */
static bool
reconnect(void)
{
	static int64_t			 patience_ends, next;	/* 0: connected last time */
	static enum dberror_retry	 retry;
	const char			*cause;
	int64_t				 now;

	for (;;) {
		now = clock_usec();
		if (now < next) {
			if (now > patience_ends || retry == RETRY_NEVER || next - now >= left_usec)
				return false;
			wait_until(next);
		}
		if ((cause = connect_database()) == NULL) {
			patience_ends = next = 0;
			return true;
		}
		log_cause(cause);
		retry = dberror_retry(cause);
		next = next_attempt(retry);
		if (patience_ends == 0)
			patience_ends = clock_usec() + PATIENCE_USEC;
	}
}

static bool
is_ready(void)
{
	consumed = false;
	if (conn != NULL && !is_alive())
		disconnect();
	if (conn == NULL && !reconnect())
		return false;
	if (PQpipelineStatus(conn) == PQ_PIPELINE_OFF && !PQenterPipelineMode(conn)) {
		disconnect();
		return false;
	}
	return true;
}

/* Sends everything that libpq holds back. */
static bool
flush(void)
{
	int	n;

	while ((n = PQflush(conn)) == 1) {
		consumed = true;
		if (!wait_for(POLLIN | POLLOUT) || PQconsumeInput(conn) == 0)
			return false;
	}
	return n == 0;
}

/* The next result, NULL at a command's end; false where the connection is lost. */
static bool
receive(PGresult **res)
{
	while (PQisBusy(conn))
		if (!wait_for(POLLIN) || PQconsumeInput(conn) == 0)
			return false;
	*res = PQgetResult(conn);
	return *res != NULL || PQstatus(conn) == CONNECTION_OK;
}

/* The next row in row, ROWS_END behind the last; ROWS_BAD where the connection is lost. */
static enum rows_state
next_row(void)
{
	enum rows_state	state;

	while ((state = rows_next(ssl, row)) == ROWS_WAIT)
		if (!wait_for(POLLIN))
			return ROWS_BAD;
	by_rows = state == ROWS_ROW;
	if (state == ROWS_BAD)
		PQconsumeInput(conn);	/* finds words for the end of a connection */
	return state;
}

/*
 * The name holds a hash of the text: behind a pooler that lets sessions share
 * statements, one of the same name is the same statement.
 */
static const char *
stmt_name(enum stmt_id id)
{
	const char	*sql = stmts[id].sql;

	if (names[id][0] == '\0')
		snprintf(names[id], sizeof names[id], "todo_%016" PRIx64,
		    hash(HASH_START, sql, strlen(sql)));
	return names[id];
}

static bool
send_stmt(enum stmt_id id, const struct value *value)
{
	const struct stmt	*s = &stmts[id];
	const char		*data[STMT_PARAMS_MAX];
	Oid			 types[STMT_PARAMS_MAX];
	int			 lengths[STMT_PARAMS_MAX], formats[STMT_PARAMS_MAX];
	int			 sent;

	for (int i = 0; i < s->nparam; i++) {
		types[i] = param_types[s->param[i]];
		data[i] = value[s->param[i]].data;
		lengths[i] = value[s->param[i]].len;
		formats[i] = 1;
		secret = secret || s->param[i] == PARAM_PASSWORD || s->param[i] == PARAM_FEED;
	}
	if (named && !prepared[id] &&
	    !PQsendPrepare(conn, stmt_name(id), s->sql, s->nparam, types))
		return false;
	if (named)
		sent = PQsendQueryPrepared(conn, stmt_name(id), s->nparam, data,
		    lengths, formats, 1);
	else
		sent = PQsendQueryParams(conn, s->sql, s->nparam, types, data,
		    lengths, formats, 1);
	return sent && PQpipelineSync(conn) && flush();
}

/* Reads the answer to PREPARE, where there was one, and the first result. */
static bool
first_result(enum stmt_id id)
{
	bool	preparing = named && !prepared[id];

	by_rows = stmts[id].kind == STMT_KIND_LIST && named && !preparing && row->n > 0 &&
	    ssl != NULL && !consumed;
	if (by_rows) {
		rows_begin();
		switch (next_row()) {
		case ROWS_BAD:
			return false;
		case ROWS_ROW:
			return has_row = true;
		default:
			break;
		}
	}
	for (;;) {
		if (!preparing && stmts[id].kind == STMT_KIND_LIST)
			PQsetSingleRowMode(conn);
		if (!receive(&result))
			return false;
		if (!preparing || PQresultStatus(result) != PGRES_COMMAND_OK)
			return result != NULL;
		prepared[id] = true;
		preparing = false;
		PQclear(result);
		if (!receive(&result))
			return false;
	}
}

static const char *
sqlstate(const PGresult *res)
{
	const char	*state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	return state == NULL ? "" : state;
}

static enum answer
lost_within(void)
{
	log_line("database: lost within an answer: %s", connection_error());
	disconnect();
	return ANS_UNAVAILABLE;
}

enum answer
db_end(void)
{
	enum answer	answer = ANS_OK;

	while (by_rows)
		if (next_row() == ROWS_BAD)
			return lost_within();
	while (running) {
		PQclear(result);
		result = NULL;
		if (!receive(&result))
			return lost_within();
		if (result != NULL && PQresultStatus(result) == PGRES_FATAL_ERROR) {
			log_line("database: not committed: %s %s", sqlstate(result),
			    PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
			answer = dberror_answer(sqlstate(result), NULL);
		}
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
			running = false;
	}
	PQclear(result);
	result = NULL;
	forget_sent();
	return answer;
}

/*
 * True where the server did not run the statement because it does not have it
 * (any more); what to do about that is done.
 */
static bool
was_not_prepared(void)
{
	const char	*state = sqlstate(result);

	if (!named)
		return false;
	if (strcmp(state, "26000") == 0 || strcmp(state, "42P05") == 0) {
		/* A pooler that shares connections but knows no statements. */
		log_line("database: the pooler keeps no prepared statements; "
		    "they are sent unnamed");
		named = false;
		db_end();
		return true;
	}
	/*
	 * "cached plan must not change result type": the tables were altered.  A
	 * pooler may keep the old plan for others of the same name and text.
	 */
	if (strcmp(state, "0A000") == 0) {
		log_line("database: the tables were altered; statements are sent unnamed");
		named = false;
		disconnect();
		return true;
	}
	return false;
}

static enum answer
failure(enum stmt_id id)
{
	const char	*text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	enum answer	 answer = dberror_answer(sqlstate(result),
			    PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));

	if (answer == ANS_INTERNAL || answer == ANS_UNAVAILABLE)
		log_line("database: %s: %s %s", stmts[id].name, sqlstate(result),
		    text == NULL ? "" : text);
	return answer;
}

/*
 * Reads on to the statement's end: only then is a write committed.  The first
 * result stays; an error that comes behind it takes its place.
 */
static bool
read_to_end(void)
{
	PGresult	*first = result, *next;

	for (;;) {
		if (!receive(&next))
			return false;
		switch (next == NULL ? PGRES_COMMAND_OK : PQresultStatus(next)) {
		case PGRES_PIPELINE_SYNC:
			PQclear(next);
			running = false;
			return true;
		case PGRES_FATAL_ERROR:
			PQclear(first);
			first = result = next;
			break;
		default:
			PQclear(next);
		}
	}
}

/* True where the connection went before the answer was there. */
static bool
is_lost(enum stmt_id id, const struct value *value)
{
	const char	*severity = NULL, *text;

	refused = false;
	if (send_stmt(id, value) && first_result(id)) {
		severity = severity_of(result);
		if (severity == NULL ? stmts[id].kind == STMT_KIND_LIST || read_to_end() :
		    *severity == 'E')
			return false;
	}
	text = severity != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) :
	    connection_error();
	log_line("database: %s: %s", stmts[id].name, text == NULL ? "" : text);
	refused = severity != NULL && text != NULL && dberror_is_refusal(sqlstate(result), text);
	if (!refused && stmts[id].kind == STMT_KIND_WRITE)
		in_doubt = true;
	disconnect();
	return true;
}

void
db_begin_request(void)
{
	left_usec = request_usec;
	in_doubt = false;
}

void
db_limit_request(int64_t usec)
{
	if (left_usec > usec)
		left_usec = usec;
}

enum answer
db_exec(enum stmt_id id, const struct value value[PARAM__MAX])
{
	enum answer	answer;
	int		nlost = 0;

	db_end();		/* of the request's statement before this one */
	for (int i = 0; nlost < LOST_MAX && left_usec > 0 && is_ready(); i++) {
		running = true;
		has_row = false;
		result_row = 0;
		row = &rows[id];
		if (is_lost(id, value)) {
			nlost += !refused;
			if (i > 0)
				wait_until(next_attempt(RETRY_SOON));
			continue;
		}
		switch (has_row ? PGRES_SINGLE_TUPLE : PQresultStatus(result)) {
		case PGRES_COMMAND_OK:
		case PGRES_TUPLES_OK:
		case PGRES_SINGLE_TUPLE:
			return ANS_OK;
		default:
			break;
		}
		if (was_not_prepared())
			continue;
		answer = failure(id);
		db_end();
		return answer;
	}
	return ANS_UNAVAILABLE;
}

bool
db_is_in_doubt(void)
{
	return in_doubt;
}

/* Looks up names and types of the columns at a statement's first row. */
static bool
know_columns(void)
{
	if (row->n > 0)
		return true;
	if (PQnfields(result) > ROW_COLUMNS_MAX)
		return false;
	for (int i = 0; i < PQnfields(result); i++) {
		struct column	*c = &row->column[i];

		if ((c->name = strdup(PQfname(result, i))) == NULL)
			return false;
		c->type = COLUMN_TEXT;
		for (size_t t = 0; t < sizeof column_types / sizeof column_types[0]; t++)
			if (column_types[t].type == PQftype(result, i))
				c->type = column_types[t].column;
	}
	row->n = PQnfields(result);
	tojson_describe(row);
	return true;
}

enum answer
db_next(const struct row **out)
{
	bool	end = by_rows;		/* of them: libpq says how it went */

	*out = NULL;
	if (by_rows) {
		if (!has_row && next_row() == ROWS_BAD)
			return lost_within();
		has_row = false;
		if (by_rows) {
			*out = row;
			return ANS_OK;
		}
	}
	for (; end || (result != NULL && result_row >= PQntuples(result)); end = false) {
		PQclear(result);
		result = NULL;
		result_row = 0;
		if (!receive(&result))
			return lost_within();
		if (result != NULL && PQresultStatus(result) == PGRES_FATAL_ERROR) {
			log_line("database: within an answer: %s", sqlstate(result));
			return ANS_UNAVAILABLE;
		}
	}
	if (result == NULL)
		return ANS_OK;
	if (!know_columns())
		return ANS_INTERNAL;
	for (int i = 0; i < row->n; i++) {
		int	len = PQgetlength(result, result_row, i);
		bool	null = len == 0 && PQgetisnull(result, result_row, i);

		row->cell[i].data = null ? NULL : PQgetvalue(result, result_row, i);
		row->cell[i].len = len;
	}
	result_row++;
	*out = row;
	return ANS_OK;
}

void
db_close(void)
{
	disconnect();
}

struct db_stats
db_stats(void)
{
	return stats;
}

const char *
db_configure(const char *database_url, const char *hosts, int timeout)
{
	const char	*wrong = dburl_parse(&url, database_url, hosts);

	configured = wrong == NULL;
	request_usec = timeout * INT64_C(1000000);
	return wrong;
}

const char *
db_target(void)
{
	return configured ? dburl_target(&url) : NULL;
}

const char *
db_run(const char *sql, char *list, size_t size)
{
	static char	 wrong[400];
	PGresult	*res;
	size_t		 len = 0;

	list[0] = wrong[0] = '\0';
	if (!PQsendQuery(conn, sql) || !flush())
		return connection_error();
	for (;;) {
		if (!receive(&res))
			return connection_error();
		if (res == NULL)
			return wrong[0] == '\0' ? NULL : wrong;
		if (PQresultStatus(res) == PGRES_FATAL_ERROR && wrong[0] == '\0') {
			snprintf(wrong, sizeof wrong, "%s",
			    PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
			passes = dberror_answer(sqlstate(res), NULL) == ANS_UNAVAILABLE;
		}
		for (int i = 0; i < PQntuples(res) && len < size; i++)
			len += (size_t)snprintf(list + len, size - len, "%s%s",
			    len > 0 ? ", " : "", PQgetvalue(res, i, 0));
		PQclear(res);
	}
}

bool
db_failure_passes(void)
{
	return passes;
}

void
db_take_time(void)
{
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	left_usec = DATE_USEC_PER_DAY;
}

static void
start_timeout(int sig)
{
	static const char	text[] = "neon-todo: DATABASE_URL: the database can't be "
				    "reached: no answer in time\n";

	(void)sig;
	if (write(STDERR_FILENO, text, sizeof text - 1) == -1)
		_exit(EX_UNAVAILABLE);
	_exit(EX_UNAVAILABLE);
}

const char *
db_start(int *status)
{
	static const struct itimerval	 limit =
	    { .it_value = { .tv_sec = START_USEC / 1000000, .tv_usec = 800000 } };
	static char			 text[900];
	const char			*wrong, *encoding;

	/* libpq looks names up without a limit of its own. */
	signal(SIGALRM, start_timeout);
	setitimer(ITIMER_REAL, &limit, NULL);
	left_usec = START_USEC;
	if ((wrong = connect_database()) != NULL) {
		*status = dberror_retry(wrong) == RETRY_NEVER ? EX_CONFIG : EX_UNAVAILABLE;
		snprintf(text, sizeof text, *status == EX_CONFIG ?
		    "DATABASE_URL: the database refuses it, compare it with Neon's console: %s" :
		    "DATABASE_URL: the database can't be reached, check host and network, "
		    "or try again: %s", wrong);
		wrong = text;
	} else if ((encoding = PQparameterStatus(conn, "server_encoding")) != NULL &&
	    strcmp(encoding, "UTF8") != 0) {
		*status = EX_CONFIG;
		wrong = "DATABASE_URL: the database's encoding must be UTF8";
	} else if ((wrong = dbschema_fit()) != NULL) {
		*status = left_usec > 0 && PQstatus(conn) == CONNECTION_OK && !passes ?
		    EX_CONFIG : EX_UNAVAILABLE;
		snprintf(text, sizeof text, "DATABASE_URL: %s", wrong);
		wrong = text;
	}
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	signal(SIGALRM, SIG_DFL);
	if (wrong != NULL)
		disconnect();
	return wrong;
}
