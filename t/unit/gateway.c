/* SPDX-License-Identifier: ISC */
/* The gateway's loop: a signal while there is always something to do. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/loop.h"
#include "http/gateway.h"
#include "tap.h"

#define ROUNDS_MAX	1000

static struct loop	loop;
static struct gateway	gateway = { .loop = &loop, .web_servers = "", .most = 4 };
static int		rounds;

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
	end_busy();
	return tap_done();
}
