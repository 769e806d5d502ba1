/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/exchange.h"

#define SECOND		INT64_C(1000000)
#define STALL_USEC	(20 * SECOND)	/* a request without progress is given up */
#define HURRY_USEC	(2 * SECOND)	/* how long slow readers may delay others at once */
#define LINGER_USEC	(5 * SECOND)	/* how long the request is read after the answer */
/*
 * A worker that stops closes connections that were idle for so long: longer than nginx keeps
 * them (etc/nginx/upstreams.conf), as it may be about to send the next request.
 */
#define QUIET_USEC	(2 * SECOND)
/* After this it closes them at their first idle moment: nginx has ended them, or will. */
#define OVER_USEC	(6 * SECOND)
#define STOP_USEC	(5 * SECOND)	/* STALL_USEC of a worker that stops */
#define HELD_MAX	(32 * 1024 * 1024)	/* bytes of answers that wait for slow readers */
#define BODIES_MAX	(32 * 1024 * 1024)	/* bytes of bodies of requests not served yet */
#define OUT_FIRST	(16 * 1024)
#define WAITING_MAX	800		/* connections without a whole request */
#define RECORD_MAX	65528		/* bytes in one record: a multiple of 8, no padding */
#define IOV_MAX_HERE	16

static void on_ready(struct watch *w, uint32_t events);
static void on_timer(struct timer *t);

void
exchanges_init(struct exchanges *all, struct loop *loop)
{
	*all = (struct exchanges){ .loop = loop, .last_waiting = &all->waiting,
	    .last_whole = &all->whole };
}

struct exchange *
exchange_new(struct exchanges *all, int fd)
{
	struct exchange	*e = malloc(sizeof *e);

	if (e != NULL)
		*e = (struct exchange){ .all = all, .fd = fd, .in.body_max = EXCHANGE_BODY_MAX,
		    .watch.ready = on_ready, .timer.fire = on_timer };
	return e;
}

/* It waits for a request; if too many do, drops the one that has waited longest. */
static void
list(struct exchange *e)
{
	struct exchanges	*all = e->all;

	if (e->at_prev != NULL)
		return;
	e->next = NULL;
	e->at_prev = all->last_waiting;
	*all->last_waiting = e;
	all->last_waiting = &e->next;
	if (++all->nwaiting > WAITING_MAX)
		exchange_drop(all->waiting);
}

static void
unlist(struct exchange *e)
{
	if (e->at_prev == NULL)
		return;
	*e->at_prev = e->next;
	if (e->next != NULL)
		e->next->at_prev = e->at_prev;
	else
		e->all->last_waiting = e->at_prev;
	e->at_prev = NULL;
	e->all->nwaiting--;
}

/* Counts the bytes of its body in all->bodies. */
static void
count_body(struct exchange *e, size_t n)
{
	e->all->bodies += n - e->counted;
	e->counted = n;
}

void
exchange_drop(struct exchange *e)
{
	unlist(e);
	count_body(e, 0);
	loop_stop_timer(&e->timer);
	e->all->held -= e->out.len;
	if (e->watched)
		loop_forget(e->all->loop, e->fd, &e->watch);
	if (e->fd != -1)
		close(e->fd);
	fastcgi_free(&e->in);
	bytes_free(&e->out);
	free(e);
}

/*
 * Watches the socket; false if that fails.  Most exchanges need no watch: the request is there
 * at once, and so the answer leaves at once.
 */
static bool
be_watched(struct exchange *e)
{
	if (!e->watched)
		e->watched = loop_watch(e->all->loop, e->fd,
		    EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &e->watch) == 0;
	return e->watched;
}

static void
give_up_after(struct exchange *e, int64_t usec)
{
	e->quiet = false;
	loop_set_timer(e->all->loop, &e->timer, clock_usec() + usec);
}

/* --- the request ------------------------------------------------------------------ */

/* Takes the bytes that came; false if the exchange is to end. */
static bool
take_input(struct exchange *e)
{
	unsigned char	data[16 * 1024];
	ssize_t		n = sizeof data;
	bool		goes_on = true;

	e->may_read = false;
	while (goes_on && e->in.due != FASTCGI_END && (n == sizeof data || e->closes)) {
		n = recv(e->fd, data, sizeof data, MSG_DONTWAIT);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return true;
		/* A client that sends without end must not keep others waiting. */
		if (e->state == EXCHANGE_LINGERS)
			return n > 0;
		goes_on = n > 0 ? fastcgi_read(&e->in, data, (size_t)n) : fastcgi_cut(&e->in);
		if (n > 0)
			explicit_bzero(data, (size_t)n);
	}
	return goes_on;
}

/* False if the web server has hung up, as after its own time limit. */
static bool
is_awaited(const struct exchange *e)
{
	/* Certain with unix sockets; a TCP connection may be closed in one direction only. */
	struct pollfd	p = { .fd = e->fd };

	if (e->watched ? !e->gone : poll(&p, 1, 0) == 0)
		return true;
	log_line("the web server did not wait: a request is dropped");
	return false;
}

static void
begin(struct exchange *e)
{
	loop_stop_timer(&e->timer);
	unlist(e);
	e->state = EXCHANGE_SERVES;
	e->next_whole = NULL;
	*e->all->last_whole = e;
	e->all->last_whole = &e->next_whole;
}

struct exchange *
exchange_next(struct exchanges *all)
{
	struct exchange	*e;

	while ((e = all->whole) != NULL) {
		if ((all->whole = e->next_whole) == NULL)
			all->last_whole = &all->whole;
		if (is_awaited(e))
			break;
		exchange_drop(e);
	}
	if (e != NULL)
		count_body(e, 0);
	return e;
}

/*
 * Counts the bytes of e's body.  While there is no room, drops those with a part of a body, in
 * the order in which they came; false if that would be e, or there are none: e must be dropped.
 */
static bool
make_room(struct exchange *e)
{
	struct exchanges	*all = e->all;
	struct exchange		*next, *part;

	count_body(e, e->in.body.len);
	if (e->in.due == FASTCGI_END)
		unlist(e);
	next = all->waiting;
	if (all->bodies > BODIES_MAX)
		log_line("more than 32 MiB of bodies wait: a request is dropped");
	while (all->bodies > BODIES_MAX && (part = next) != NULL && part != e) {
		next = part->next;
		if (part->counted > 0)
			exchange_drop(part);
	}
	return all->bodies <= BODIES_MAX;
}

/* True if it is kept for a next request, of which nothing has come. */
static bool
is_idle(const struct exchange *e)
{
	return e->was_used && e->state == EXCHANGE_READS && e->in.due == FASTCGI_BEGIN &&
	    e->in.nhead == 0;
}

/* The worker stops: closes the connection unless a request comes soon. */
static void
close_if_quiet(struct exchange *e)
{
	if (e->all->over_at == 0 || e->timer.at_prev != NULL)
		return;
	give_up_after(e, QUIET_USEC);
	e->quiet = true;
}

/* Waits for the rest of the request. */
static void
read_later(struct exchange *e)
{
	if (!be_watched(e)) {
		exchange_drop(e);
		return;
	}
	if (is_idle(e))
		close_if_quiet(e);
	else if (e->timer.at_prev == NULL || e->quiet)
		give_up_after(e, e->all->over_at != 0 ? STOP_USEC : STALL_USEC);
	list(e);
}

void
exchange_read(struct exchange *e)
{
	if (!take_input(e) || !make_room(e))
		exchange_drop(e);
	else if (e->state == EXCHANGE_LINGERS || e->in.due != FASTCGI_END)
		read_later(e);
	else
		begin(e);
}

void
exchange_read_cgi(struct exchange *e)
{
	cgi_read(&e->cgi, &e->in.body, e->in.body_max);
}

bool
exchange_param(struct exchange *e, size_t *at, struct fastcgi_param *p)
{
	return e->fd == -1 ? cgi_param(&e->cgi, at, p) : fastcgi_param(&e->in, at, p);
}

bool
exchange_can_break(const struct exchange *e)
{
	return e->fd != -1;
}

/* --- the answer --------------------------------------------------------------------- */

static bool
keep(struct exchange *e, const unsigned char *data, size_t len)
{
	if (!bytes_put(&e->out, data, len, OUT_FIRST))
		return false;
	e->all->held += len;
	return true;
}

/* Writes what the socket takes; returns how much, and notes if the web server is gone. */
static size_t
send_now(struct exchange *e, struct iovec *iov, int n)
{
	struct msghdr	message = { .msg_iov = iov, .msg_iovlen = (size_t)n };
	ssize_t		sent = sendmsg(e->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent == -1 && errno != EAGAIN && errno != EINTR)
		e->gone = true;
	return sent == -1 ? 0 : (size_t)sent;
}

/* Sends parts, unless others wait before them, and keeps the rest. */
static void
send_or_keep(struct exchange *e, struct iovec *iov, int n)
{
	size_t	sent = e->gone || e->out.len > 0 ? 0 : send_now(e, iov, n);

	for (int i = 0; i < n && !e->gone; i++) {
		size_t	skip = sent < iov[i].iov_len ? sent : iov[i].iov_len;

		sent -= skip;
		if (skip < iov[i].iov_len)
			e->gone = !keep(e, (unsigned char *)iov[i].iov_base + skip,
			    iov[i].iov_len - skip);
	}
	if (!e->gone && e->out.len > 0)
		e->gone = !be_watched(e);
}

/* Sends some of the bytes that wait. */
static void
send_kept(struct exchange *e)
{
	struct iovec	iov = { bytes_first(&e->out), e->out.len };
	size_t		sent = send_now(e, &iov, 1);

	bytes_take(&e->out, sent);
	e->all->held -= sent;
	if (e->out.len == 0)
		bytes_free(&e->out);
	else if (sent > 0 && e->state == EXCHANGE_SENDS)
		give_up_after(e, STALL_USEC);
}

/*
 * Limits the memory for slow readers.  Beyond that the other requests wait for them, as all
 * share the database connection that the rows come by.  So slow readers get one short time
 * together, however little each reads, and no other for a while.
 */
static void
wait_for_reader(struct exchange *e)
{
	struct exchanges	*all = e->all;

	while (!e->gone && e->out.len > 0 && all->held > HELD_MAX) {
		if (clock_usec() >= all->hurry_ends + STALL_USEC)
			all->hurry_ends = clock_usec() + HURRY_USEC;
		e->gone = !loop_sleep(all->loop, &e->sleeper, all->hurry_ends);
	}
}

/* Fills iov with parts as STDOUT records; returns the number of parts used. */
static int
make_records(struct exchange *e, struct iovec *iov, unsigned char (*head)[FASTCGI_HEAD_LEN],
    const struct iovec *parts, int nparts)
{
	size_t	left = 0, in_record = 0;
	int	n = 0;

	for (int i = 0; i < nparts; i++)
		left += parts[i].iov_len;
	for (int i = 0; i < nparts; i++) {
		for (size_t at = 0, len; at < parts[i].iov_len; at += len) {
			if (in_record == 0) {
				in_record = left < RECORD_MAX ? left : RECORD_MAX;
				left -= in_record;
				fastcgi_output(*head, e->in.id, in_record);
				iov[n++] = (struct iovec){ *head++, FASTCGI_HEAD_LEN };
			}
			len = parts[i].iov_len - at < in_record ? parts[i].iov_len - at : in_record;
			iov[n++] = (struct iovec){ (char *)parts[i].iov_base + at, len };
			in_record -= len;
		}
	}
	return n;
}

bool
exchange_write(struct exchange *e, const struct iovec *parts, int n)
{
	unsigned char	head[IOV_MAX_HERE][FASTCGI_HEAD_LEN];
	struct iovec	iov[2 * IOV_MAX_HERE];

	if (e->fd == -1)
		return cgi_write(parts, n);
	send_or_keep(e, iov, make_records(e, iov, head, parts, n));
	wait_for_reader(e);
	return !e->gone;
}

/* True if the worker stops and has waited long enough for an idle moment. */
static bool
is_over(const struct exchanges *all)
{
	return all->over_at != 0 && clock_usec() >= all->over_at;
}

/* True if a next request has come: it would be lost. */
static bool
has_come(const struct exchange *e)
{
	char	byte;

	return recv(e->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 1;
}

/*
 * If we close while the web server still sends the body, it may lose the answer.  So the rest is
 * read, a part in each round of the loop.
 */
static void
linger(struct exchange *e)
{
	e->state = EXCHANGE_LINGERS;
	fastcgi_reset(&e->in, EXCHANGE_BODY_MAX);
	if (e->watched)
		loop_forget(e->all->loop, e->fd, &e->watch);
	e->watched = loop_watch(e->all->loop, e->fd, EPOLLIN, &e->watch) == 0;
	if (shutdown(e->fd, SHUT_WR) == -1) {
		exchange_drop(e);
		return;
	}
	give_up_after(e, LINGER_USEC);
	read_later(e);
}

/* Goes on with the connection after the whole answer has left. */
static void
finish(struct exchange *e)
{
	bool	whole = e->in.whole && !e->in.more;

	if (whole && e->in.keep && (!is_over(e->all) || has_come(e))) {
		fastcgi_reset(&e->in, EXCHANGE_BODY_MAX);
		e->state = EXCHANGE_READS;
		e->was_used = true;
		if (e->may_read || is_over(e->all))
			exchange_read(e);
		else
			read_later(e);
		return;
	}
	if (whole) {
		exchange_drop(e);
		return;
	}
	linger(e);
}

void
exchange_end(struct exchange *e, const struct iovec *parts, int n, bool complete)
{
	unsigned char	head[IOV_MAX_HERE][FASTCGI_HEAD_LEN], end[FASTCGI_LAST_LEN];
	struct iovec	iov[2 * IOV_MAX_HERE + 1];
	int		niov;

	if (e->fd == -1) {
		cgi_write(parts, n);
		cgi_end(&e->cgi);
		exchange_drop(e);
		return;
	}
	niov = make_records(e, iov, head, parts, n);
	if (complete) {
		fastcgi_last(end, e->in.id);
		iov[niov++] = (struct iovec){ end, sizeof end };
	}
	send_or_keep(e, iov, niov);
	e->state = EXCHANGE_SENDS;
	if (!complete || e->gone)
		exchange_drop(e);
	else if (e->out.len > 0)
		give_up_after(e, STALL_USEC);
	else
		finish(e);
}

/* --- events of its connection ------------------------------------------------------------ */

static void
on_ready(struct watch *w, uint32_t events)
{
	struct exchange	*e = LOOP_WHOLE(w, struct exchange, watch);

	if ((events & (EPOLLERR | EPOLLHUP)) != 0 && e->state != EXCHANGE_LINGERS)
		e->gone = true;
	if ((events & (EPOLLIN | EPOLLRDHUP)) != 0)
		e->may_read = true;
	if ((events & EPOLLRDHUP) != 0)
		e->closes = true;
	if (e->out.len > 0 && !e->gone)
		send_kept(e);
	switch (e->state) {
	case EXCHANGE_SERVES:
		loop_wake(&e->sleeper);
		break;
	case EXCHANGE_SENDS:
		if (e->gone)
			exchange_drop(e);
		else if (e->out.len == 0) {
			loop_stop_timer(&e->timer);
			finish(e);
		}
		break;
	case EXCHANGE_READS:
		if (e->may_read || e->gone)
			exchange_read(e);
		break;
	case EXCHANGE_LINGERS:
		exchange_read(e);
		break;
	}
}

/* The time is over: reads a last time, then gives up. */
static void
on_timer(struct timer *t)
{
	struct exchange	*e = LOOP_WHOLE(t, struct exchange, timer);

	if (is_idle(e) && has_come(e))
		exchange_read(e);
	else
		exchange_drop(e);
}

void
exchanges_stop(struct exchanges *all)
{
	int64_t	now = clock_usec();

	all->over_at = now + OVER_USEC;
	for (struct exchange *e = all->waiting; e != NULL; e = e->next)
		if (is_idle(e))
			close_if_quiet(e);
		else if (e->timer.at_prev == NULL || e->timer.at > now + STOP_USEC)
			give_up_after(e, STOP_USEC);
}
