/* SPDX-License-Identifier: ISC */
/*
 * The gateway's loop: no descriptors for a while, and a signal while there is always something to
 * do.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/loop.h"
#include "http/gateway.h"
#include "tap.h"

#define ROUNDS_MAX	1000

static struct loop	loop;
static struct gateway	gateway = { .loop = &loop, .web_servers = "", .most = 4 };
static int		rounds, served;
static struct rlimit	limit;

/* Descriptor 0 becomes a listening socket; false if that fails. */
static bool
listen_here(void)
{
	struct sockaddr_un	any = { .sun_family = AF_UNIX };
	int			fd = socket(AF_UNIX, SOCK_STREAM, 0);

	/* With the family alone the kernel chooses an abstract address. */
	return fd != -1 && bind(fd, (struct sockaddr *)&any, sizeof any.sun_family) == 0 &&
	    listen(fd, 8) == 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO && close(fd) == 0;
}

/* A connection to it, with a whole request on it; -1 if that fails. */
static int
ask_here(void)
{
	static const unsigned char request[] = {
		1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,		/* begin */
		1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1, 0, 0, 0, 0 };	/* no parameters, no body */
	struct sockaddr_un	here;
	socklen_t		len = sizeof here;
	int			fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (getsockname(STDIN_FILENO, (struct sockaddr *)&here, &len) == -1 ||
	    connect(fd, (struct sockaddr *)&here, len) == -1 ||
	    write(fd, request, sizeof request) != sizeof request)
		return -1;
	return fd;
}

static void
serve_empty(void *arg, struct exchange *e)
{
	(void)arg;
	served++;
	exchange_end(e, NULL, 0, true);
	gateway.ended = true;
}

static void
count_round(void *arg)
{
	(void)arg;
	if (++rounds > ROUNDS_MAX)
		gateway.ended = true;
}

static void
raise_limit(struct timer *t)
{
	(void)t;
	tap_ok(!gateway.ended && served == 0, "gateway: lives on without descriptors");
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* No descriptor is left to accept a connection that is there, for a third of a second. */
static void
lack_descriptors(void)
{
	struct timer	later = { .fire = raise_limit };
	struct rlimit	none;
	int		fd = ask_here(), next = dup(fd);

	if (next == -1 || close(next) == -1 || getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	none = (struct rlimit){ .rlim_cur = (rlim_t)next, .rlim_max = limit.rlim_max };
	loop.before_wait = count_round;
	gateway.serve = serve_empty;
	loop_set_timer(&loop, &later, clock_usec() + 333000);
	setrlimit(RLIMIT_NOFILE, &none);
	gateway_run(&gateway);
	tap_ok(served == 1, "gateway: and serves when there are some");
	tap_ok(rounds < 20, "gateway: without haste, in %d rounds", rounds);
	close(fd);
}

/* Nothing is read, so that the next round finds it ready again. */
static void
on_busy(struct watch *w, uint32_t events)
{
	(void)w;
	(void)events;
	if (++rounds == 3)
		raise(SIGTERM);
	else if (rounds > ROUNDS_MAX)
		gateway.ended = true;
}

static void
end_busy(void)
{
	struct watch	busy = { .ready = on_busy };
	int		fd[2];

	if (pipe(fd) == -1 || write(fd[1], "x", 1) != 1 ||
	    loop_watch(&loop, fd[0], EPOLLIN, &busy) == -1)
		return;
	gateway_run(&gateway);
	tap_ok(rounds >= 3 && rounds < 10, "gateway: SIGTERM while a descriptor is always ready "
	    "ends it in round %d", rounds);
	loop_forget(&loop, fd[0], &busy);
}

int
main(void)
{
	alarm(60);
	if (!listen_here())
		return 1;
	gateway_catch_signals();
	tap_ok(gateway_open(&gateway) == NULL, "gateway: opens");
	lack_descriptors();
	loop = (struct loop){ 0 };
	gateway.ended = gateway.listens = false;
	rounds = 0;
	tap_ok(gateway_open(&gateway) == NULL, "gateway: opens again");
	end_busy();
	return tap_done();
}
