/* SPDX-License-Identifier: ISC */
/*
 * A round trip to the database: a TCP proxy that hands every byte on as it
 * came, half the given time later in each direction.
 *
 *	delay PORT MILLISECONDS
 *
 * PORT is the database's on 127.0.0.1; the proxy's own is printed.  Opening a
 * connection is not delayed, only what is said on it.
 */
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NSEC		INT64_C(1000000000)
#define PENDING_MAX	(32u << 20)	/* one that does not read stops the other */

struct chunk {
	struct chunk	*next;
	struct end	*to;
	int64_t		 due;
	size_t		 len, sent;	/* of len 0: the end of the stream */
	char		 data[];
};

struct queue {
	struct chunk	*head, **tail;
};

/* One side of a connection, what waits to be written to it, and its other side. */
struct end {
	struct end	*peer;
	struct queue	 out;
	size_t		 pending;	/* bytes on their way here, not yet written */
	unsigned	 chunks;	/* of them still in the air */
	uint32_t	 events;	/* asked for */
	int		 fd;		/* -1: closed, with its peer */
	bool		 ended;		/* nothing more to read */
	bool		 shut;		/* nothing more to write */
};

static struct queue	 air;		/* in order of due: all wait equally long */
static int64_t		 delay;
static int		 epfd;

static void
fail(const char *what)
{
	fprintf(stderr, "delay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t
now(void)
{
	struct timespec	ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC + ts.tv_nsec;
}

static void
push(struct queue *q, struct chunk *c)
{
	c->next = NULL;
	if (q->head == NULL)
		q->tail = &q->head;
	*q->tail = c;
	q->tail = &c->next;
}

static struct chunk *
pop(struct queue *q)
{
	struct chunk	*c = q->head;

	q->head = c->next;
	return c;
}

/* Sends a copy of these bytes on their way. */
static void
travel(struct end *to, const void *data, size_t len)
{
	struct chunk	*c;

	if ((c = malloc(sizeof *c + len)) == NULL)
		fail("memory");
	memcpy(c->data, data, len);
	c->to = to;
	c->due = now() + delay;
	c->len = len;
	c->sent = 0;
	push(&air, c);
	to->chunks++;
	to->pending += len;
}

/* Asks for what the end can use now. */
static void
watch(struct end *e)
{
	struct epoll_event	ev = { .data.ptr = e };

	if (e->fd == -1)
		return;
	if (!e->ended && e->peer->pending < PENDING_MAX)
		ev.events |= EPOLLIN;
	if (e->out.head != NULL)
		ev.events |= EPOLLOUT;
	if (e->ended && e->shut)
		epoll_ctl(epfd, EPOLL_CTL_DEL, e->fd, NULL);
	else if (ev.events != e->events)
		epoll_ctl(epfd, EPOLL_CTL_MOD, e->fd, &ev);
	e->events = ev.events;
}

/* Closes both; what is the last in the air then has them buried. */
static void
drop(struct end *e)
{
	struct end	*ends[] = { e, e->peer };

	for (int i = 0; i < 2; i++) {
		close(ends[i]->fd);
		ends[i]->fd = -1;
		while (ends[i]->out.head != NULL)
			free(pop(&ends[i]->out));
	}
	travel(e, "", 0);
}

static void
bury(struct end *e)
{
	if (e->chunks == 0 && e->peer->chunks == 0) {
		free(e->peer);
		free(e);
	}
}

static void
write_out(struct end *e)
{
	struct chunk	*c;
	ssize_t		 n;

	while (e->fd != -1 && (c = e->out.head) != NULL) {
		if (c->len == 0) {
			shutdown(e->fd, SHUT_WR);
			e->shut = true;
			free(pop(&e->out));
			if (e->peer->shut)
				drop(e);
			continue;
		}
		n = send(e->fd, c->data + c->sent, c->len - c->sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n == -1) {
			drop(e);
			break;
		}
		e->pending -= (size_t)n;
		c->sent += (size_t)n;
		if (c->sent == c->len)
			free(pop(&e->out));
	}
	watch(e);
	watch(e->peer);
}

static void
read_in(struct end *e)
{
	static char	buf[65536];
	ssize_t		n;

	n = recv(e->fd, buf, sizeof buf, MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == -1) {
		drop(e);
		return;
	}
	e->ended = n == 0;
	travel(e->peer, buf, (size_t)n);
	watch(e);
}

/* Delivers what is due; the time until the next is, or -1. */
static int64_t
deliver(void)
{
	int64_t	time = now();

	while (air.head != NULL && air.head->due <= time) {
		struct chunk	*c = pop(&air);
		struct end	*e = c->to;

		e->chunks--;
		if (e->fd == -1) {
			free(c);
			bury(e);
			continue;
		}
		push(&e->out, c);
		write_out(e);
	}
	if (air.head == NULL)
		return -1;
	time = air.head->due - now();
	return time < 0 ? 0 : time;
}

static struct end *
add(int fd)
{
	struct epoll_event	 ev = { .events = EPOLLIN };
	struct end		*e;

	if ((e = calloc(1, sizeof *e)) == NULL)
		fail("memory");
	e->fd = fd;
	e->events = ev.events;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	ev.data.ptr = e;
	if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) == -1)
		fail("epoll_ctl");
	return e;
}

static void
accept_one(int listener, const struct sockaddr_in *database)
{
	struct end	*client, *server;
	int		 in, out;

	if ((in = accept(listener, NULL, NULL)) == -1)
		return;
	if ((out = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    connect(out, (const struct sockaddr *)database, sizeof *database) == -1) {
		close(in);
		if (out != -1)
			close(out);
		return;
	}
	client = add(in);
	server = add(out);
	client->peer = server;
	server->peer = client;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in	at = { .sin_family = AF_INET };
	struct epoll_event	ev[64] = { { .events = EPOLLIN } };
	socklen_t		size = sizeof at;
	int			listener, n;

	if (argc != 3 || atoi(argv[1]) <= 0 || atof(argv[2]) < 0) {
		fprintf(stderr, "usage: delay PORT MILLISECONDS\n");
		return 64;
	}
	delay = (int64_t)(atof(argv[2]) * 1e6 / 2);
	prctl(PR_SET_TIMERSLACK, 1UL);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if ((listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1 ||
	    bind(listener, (struct sockaddr *)&at, sizeof at) == -1 ||
	    listen(listener, 1024) == -1 ||
	    getsockname(listener, (struct sockaddr *)&at, &size) == -1)
		fail("listen");
	if ((epfd = epoll_create1(0)) == -1 ||
	    epoll_ctl(epfd, EPOLL_CTL_ADD, listener, ev) == -1)
		fail("epoll");
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	at.sin_port = htons((uint16_t)atoi(argv[1]));

	for (;;) {
		int64_t		wait = deliver();
		struct timespec	ts = { wait / NSEC, wait % NSEC };

		n = epoll_pwait2(epfd, ev, 64, wait < 0 ? NULL : &ts, NULL);
		if (n == -1 && errno != EINTR)
			fail("epoll_pwait2");
		for (int i = 0; i < n; i++) {
			struct end	*e = ev[i].data.ptr;

			if (e == NULL) {
				accept_one(listener, &at);
				continue;
			}
			if (e->fd != -1 && (ev[i].events & EPOLLOUT))
				write_out(e);
			if (e->fd == -1 || (ev[i].events & ~EPOLLOUT) == 0)
				continue;
			if (e->ended)	/* and now broken, too */
				drop(e);
			else
				read_in(e);
		}
	}
}
