/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/statement.h"
#include "base/hash.h"
#include "metrics.h"
#include "http/reply.h"
#include "db/connection.h"
#include "http/route.h"

#define SLOTS	1024		/* workers */
#define ROUTES	48		/* different handlers; number 0 is "no route" */
#define MAGIC	"neon-todo metrics\n"

typedef _Atomic uint64_t	counter;

/* The buckets' upper ends in microseconds; one more bucket is for the rest. */
static const int64_t	bounds[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000,
			    250000, 500000, 1000000, 2500000, 5000000, 10000000 };
#define BUCKETS	(sizeof bounds / sizeof bounds[0] + 1)

/* Written by one worker at a time, which holds a lock on the byte of its number. */
struct slot {
	counter	in_hand;	/* requests */
	counter	under_way;	/* statements, when a request ended */
	counter	first_usec;	/* struct flights */
	counter	reconnects;
	counter	connect_failures;
	counter	requests[ROUTES][ANS__MAX];
	counter	bucket[ROUTES][BUCKETS];
	counter	usec[ROUTES];
	counter	waited[ROUTES];
};

struct head {
	char		magic[32];
	uint64_t	layout;		/* of another version: the file is replaced */
};

struct shared {
	struct head	head;
	counter		used;		/* slots that were ever taken */
	struct slot	slot[SLOTS];
};

/* One per process, as each has one slot. */
static struct metrics {
	struct shared		*shared;	/* the file, mapped; NULL: there is none */
	struct slot		*mine;
	int			 fd;
	const struct route	*route_of[ROUTES];	/* the first of a handler's rows */
	int			 nroutes;
	struct connection_stats	 last;
	int64_t			 last_first_usec;
} metrics;

static int
number_of(const struct route *route)
{
	for (int i = 1; route != NULL && i < metrics.nroutes; i++)
		if (metrics.route_of[i]->handler == route->handler)
			return i;
	return 0;
}

/* Numbers the routes; the result changes when numbers or places do. */
static uint64_t
layout(const struct route *routes)
{
	size_t		size = sizeof(struct shared);
	uint64_t	h = hash(HASH_START, &size, sizeof size);

	metrics.nroutes = 1;
	for (const struct route *t = routes; t->method != NULL && metrics.nroutes < ROUTES; t++)
		if (number_of(t) == 0) {
			metrics.route_of[metrics.nroutes++] = t;
			h = hash(h, t->method, strlen(t->method) + 1);
			h = hash(h, t->path, strlen(t->path) + 1);
		}
	return h;
}

/*
 * Opens the file under an exclusive flock(2).  Unlinks a file of another
 * version, whose workers go on with it as long as they live.
 */
static const char *
open_file(const char *path, uint64_t wanted)
{
	struct head	head = { .magic = MAGIC, .layout = wanted }, found;
	struct stat	st;
	ssize_t		n;

	for (;;) {
		metrics.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		    0600);
		if (metrics.fd == -1 || flock(metrics.fd, LOCK_EX) == -1 ||
		    fstat(metrics.fd, &st) == -1)
			return strerror(errno);
		if (!S_ISREG(st.st_mode))
			return "it is no regular file";
		if (st.st_nlink > 0) {
			n = pread(metrics.fd, &found, sizeof found, 0);
			if (n == -1)
				return strerror(errno);
			if (n == 0) {
				if (pwrite(metrics.fd, &head, sizeof head, 0) == -1 ||
				    ftruncate(metrics.fd, sizeof *metrics.shared) == -1)
					return strerror(errno);
				return NULL;
			}
			if (n < (ssize_t)sizeof found.magic ||
			    memcmp(found.magic, head.magic, sizeof head.magic) != 0)
				return "it is a file of something else";
			if (found.layout == wanted && st.st_size == (off_t)sizeof *metrics.shared)
				return NULL;
			if (unlink(path) == -1)
				return strerror(errno);
		}
		close(metrics.fd);
	}
}

static bool
is_locked(int slot, short type, int command)
{
	struct flock	lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = slot, .l_len = 1
	};

	if (fcntl(metrics.fd, command, &lock) == -1)
		return false;
	return command != F_GETLK || lock.l_type != F_UNLCK;
}

static const char *
unusable(const char *path, const char *why)
{
	static char	text[400];

	snprintf(text, sizeof text, "METRICS_FILE: %s can't be used: %s; name a new file in a "
	    "directory that the workers can write", path, why);
	return text;
}

const char *
metrics_check(const char *path)
{
	char		directory[PATH_MAX];
	struct stat	st;

	if (lstat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return unusable(path, "it is no regular file");
		return access(path, R_OK | W_OK) == 0 ? NULL : unusable(path, strerror(errno));
	}
	snprintf(directory, sizeof directory, "%.*s", (int)(strrchr(path, '/') - path + 1), path);
	return errno == ENOENT && access(directory, W_OK | X_OK) == 0 ? NULL :
	    unusable(path, strerror(errno));
}

const char *
metrics_open(const char *path, const struct route *routes)
{
	const char	*wrong = open_file(path, layout(routes));
	void		*map;

	if (wrong == NULL) {
		map = mmap(NULL, sizeof *metrics.shared, PROT_READ | PROT_WRITE, MAP_SHARED,
		    metrics.fd, 0);
		if (map != MAP_FAILED)
			metrics.shared = map;
		else
			wrong = strerror(errno);
	}
	if (wrong != NULL)
		return unusable(path, wrong);
	for (int i = 0; i < SLOTS && metrics.mine == NULL; i++)
		if (is_locked(i, F_WRLCK, F_SETLK)) {
			metrics.mine = &metrics.shared->slot[i];
			/* Its last owner may have been killed. */
			metrics.mine->in_hand = metrics.mine->under_way = 0;
			if (metrics.shared->used <= (uint64_t)i)
				metrics.shared->used = (uint64_t)i + 1;
		}
	flock(metrics.fd, LOCK_UN);
	return metrics.mine == NULL ? "METRICS_FILE: too many workers share it" : NULL;
}

static void
add(counter *c, int64_t n)
{
	if (n != 0)
		atomic_fetch_add_explicit(c, (uint64_t)n, memory_order_relaxed);
}

void
metrics_begin(void)
{
	if (metrics.mine != NULL)
		add(&metrics.mine->in_hand, 1);
}

void
metrics_end(const struct route *route, enum answer answer, int64_t usec, int64_t waited,
    const struct connection *c)
{
	const struct connection_stats	*now = &c->stats;
	int		number = number_of(route);
	size_t		bucket = 0;

	if (metrics.mine == NULL)
		return;
	while (bucket < BUCKETS - 1 && usec > bounds[bucket])
		bucket++;
	add(&metrics.mine->requests[number][answer], 1);
	add(&metrics.mine->bucket[number][bucket], 1);
	add(&metrics.mine->usec[number], usec);
	add(&metrics.mine->waited[number], waited);
	/* A worker's first connection is no reconnect. */
	add(&metrics.mine->reconnects,
	    now->connects - metrics.last.connects - (metrics.last.connects == 0));
	add(&metrics.mine->connect_failures, now->attempts - now->connects -
	    (metrics.last.attempts - metrics.last.connects));
	metrics.last = *now;
	add(&metrics.mine->first_usec, c->flights.first_usec - metrics.last_first_usec);
	metrics.last_first_usec = c->flights.first_usec;
	atomic_store_explicit(&metrics.mine->under_way, c->flights.n, memory_order_relaxed);
	add(&metrics.mine->in_hand, -1);
}

/* The sum over all slots of the counter that one slot has at c. */
static uint64_t
sum(const counter *c)
{
	ptrdiff_t	number = c - (const counter *)metrics.mine;
	uint64_t	total = 0;

	for (uint64_t i = 0; i < metrics.shared->used; i++)
		total += ((const counter *)&metrics.shared->slot[i])[number];
	return total;
}

static void
family(struct buf *b, const char *name, const char *type, const char *help)
{
	char	text[300];

	snprintf(text, sizeof text, "# HELP neon_todo_%s %s\n# TYPE neon_todo_%s %s\n",
	    name, help, name, type);
	buf_str(b, text);
}

static void __attribute__((format(printf, 2, 3)))
sample(struct buf *b, const char *fmt, ...)
{
	char	text[300];
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_str(b, "neon_todo_");
	buf_str(b, text);
	buf_char(b, '\n');
}

/* Several answers may have the same status. */
static void
write_requests(struct buf *b, int n, const char *labels)
{
	for (int a = 0; a < ANS__MAX; a++) {
		const char	*status = reply_status(a);
		uint64_t	 total = 0;
		bool		 first = true;

		for (int other = 0; other < ANS__MAX; other++)
			if (strncmp(reply_status(other), status, 3) == 0) {
				first = first && other >= a;
				total += sum(&metrics.mine->requests[n][other]);
			}
		if (first && total > 0)
			sample(b, "requests_total{%s,status=\"%.3s\"} %" PRIu64, labels, status,
			    total);
	}
}

static void
write_duration(struct buf *b, int n, const char *labels)
{
	uint64_t	total = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		total += sum(&metrics.mine->bucket[n][i]);
		if (i < BUCKETS - 1)
			sample(b, "request_duration_seconds_bucket{%s,le=\"%g\"} %" PRIu64,
			    labels, (double)bounds[i] / 1e6, total);
	}
	sample(b, "request_duration_seconds_bucket{%s,le=\"+Inf\"} %" PRIu64, labels, total);
	sample(b, "request_duration_seconds_sum{%s} %.6f", labels,
	    (double)sum(&metrics.mine->usec[n]) / 1e6);
	sample(b, "request_duration_seconds_count{%s} %" PRIu64, labels, total);
}

static void
write_waited(struct buf *b, int n, const char *labels)
{
	sample(b, "database_wait_seconds_total{%s} %.6f", labels,
	    (double)sum(&metrics.mine->waited[n]) / 1e6);
}

/* The metrics by route. */
static const struct {
	const char	*name, *type, *help;
	void		(*write)(struct buf *, int, const char *);
} families[] = {
	{ "requests_total", "counter", "Requests answered.", write_requests },
	{ "request_duration_seconds", "histogram",
	  "From the request's parameters to the end of its answer.", write_duration },
	{ "database_wait_seconds_total", "counter",
	  "Time spent waiting for the database, connecting included.", write_waited },
};

/* Of each route. */
static void
write_families(struct buf *b)
{
	for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
		family(b, families[f].name, families[f].type, families[f].help);
		for (int n = 0; n < metrics.nroutes; n++) {
			char	labels[200];

			snprintf(labels, sizeof labels, "method=\"%s\",route=\"%s\"",
			    n == 0 ? "" : metrics.route_of[n]->method,
			    n == 0 ? "" : metrics.route_of[n]->path);
			families[f].write(b, n, labels);
		}
	}
}

bool
metrics_write(struct buf *b)
{
	uint64_t	workers = 0, busy = 0, in_hand = 0, under_way = 0;

	if (metrics.mine == NULL)
		return false;
	write_families(b);
	for (int i = 0; i < (int)metrics.shared->used; i++)
		if (&metrics.shared->slot[i] == metrics.mine || is_locked(i, F_WRLCK, F_GETLK)) {
			workers++;
			busy += metrics.shared->slot[i].in_hand > 0;
			in_hand += metrics.shared->slot[i].in_hand;
			under_way += metrics.shared->slot[i].under_way;
		}
	family(b, "workers", "gauge", "Workers that run.");
	sample(b, "workers %" PRIu64, workers);
	family(b, "workers_busy", "gauge", "Workers with a request in hand, this one included.");
	sample(b, "workers_busy %" PRIu64, busy);
	family(b, "requests_in_flight", "gauge", "Requests in hand, this one included.");
	sample(b, "requests_in_flight %" PRIu64, in_hand);
	family(b, "statements_in_flight", "gauge",
	    "Statements sent to the database and not answered yet; "
	    "each waits for those before it.");
	sample(b, "statements_in_flight %" PRIu64, under_way);
	family(b, "database_busy_seconds_total", "counter",
	    "Time in which a connection had a statement at the head of its queue.");
	sample(b, "database_busy_seconds_total %.6f", (double)sum(&metrics.mine->first_usec) / 1e6);
	family(b, "database_reconnects_total", "counter",
	    "Connections that were made because one was lost.");
	sample(b, "database_reconnects_total %" PRIu64, sum(&metrics.mine->reconnects));
	family(b, "database_connect_failures_total", "counter",
	    "Attempts to connect that failed.");
	sample(b, "database_connect_failures_total %" PRIu64, sum(&metrics.mine->connect_failures));
	family(b, "build_info", "gauge", "The version that answers.");
	sample(b, "build_info{version=\"%s\"} 1", PACKAGE_VERSION);
	return true;
}
