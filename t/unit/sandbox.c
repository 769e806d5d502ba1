/* SPDX-License-Identifier: ISC */
/* The sandbox: what is killed in it, and that all a worker needs is not. */
#include "config.h"

#include <arpa/inet.h>
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf.h"
#include "sandbox.h"
#include "tap.h"

/* Bad addresses: outside the sandbox none of these does anything. */
static const struct {
	const char	*name;
	long		 call;
	uintptr_t	 arg[4];
} killed[] = {
	{ "execve", SYS_execve },
	{ "execveat", SYS_execveat },
	{ "clone, as fork does", SYS_clone, { SIGCHLD } },
	{ "clone, as threads do", SYS_clone, { 0x10000 /* CLONE_THREAD alone, refused */ } },
	{ "clone3", SYS_clone3 },
	{ "openat to write", SYS_openat, { 0, 0, O_WRONLY } },
	{ "openat to read and write", SYS_openat, { 0, 0, O_RDWR } },
	{ "openat to create", SYS_openat, { 0, 0, O_RDONLY | O_CREAT } },
	{ "openat to truncate", SYS_openat, { 0, 0, O_RDONLY | O_TRUNC } },
	{ "openat of a nameless file", SYS_openat, { 0, 0, O_TMPFILE | O_RDWR } },
#ifdef SYS_open
	{ "open to create", SYS_open, { 0, O_WRONLY | O_CREAT } },
	{ "creat", SYS_creat },
#endif
	{ "memfd_create", SYS_memfd_create },
	{ "mkdirat", SYS_mkdirat },
	{ "mknodat", SYS_mknodat },
	{ "unlinkat", SYS_unlinkat },
	{ "renameat2", SYS_renameat2 },
	{ "linkat", SYS_linkat },
	{ "symlinkat", SYS_symlinkat },
	{ "truncate", SYS_truncate },
	{ "fchmodat", SYS_fchmodat },
	{ "fchownat", SYS_fchownat },
	{ "chroot", SYS_chroot },
	{ "mount", SYS_mount },
	{ "socket(AF_PACKET)", SYS_socket, { AF_PACKET } },
	{ "socket(AF_ALG)", SYS_socket, { AF_ALG } },
	{ "socket(AF_NETLINK) but for addresses", SYS_socket, { AF_NETLINK, SOCK_RAW, 16 } },
	{ "fcntl(F_SETOWN)", SYS_fcntl, { 99, F_SETOWN, 1 } },
	{ "fcntl(F_SETOWN_EX)", SYS_fcntl, { 99, F_SETOWN_EX } },
	{ "fcntl(F_SETSIG)", SYS_fcntl, { 99, F_SETSIG, SIGKILL } },
	{ "fcntl(F_SETLEASE)", SYS_fcntl, { 99, F_SETLEASE } },
	{ "fcntl(F_NOTIFY)", SYS_fcntl, { 99, F_NOTIFY } },
	{ "tgkill", SYS_tgkill, { 0x3fffffff, 0x3fffffff, SIGABRT } },
	{ "tkill", SYS_tkill, { 0x3fffffff, SIGABRT } },
	{ "listen", SYS_listen, { 99 } },
	{ "mmap of memory that is written and run", SYS_mmap, { 0, 0, PROT_WRITE | PROT_EXEC } },
	{ "mprotect of written memory, to run", SYS_mprotect, { 1, 1, PROT_READ | PROT_EXEC } },
	{ "ioctl(TIOCSTI)", SYS_ioctl, { 99, 0x5412 } },
	{ "ptrace", SYS_ptrace, { 99 } },
	{ "process_vm_readv", SYS_process_vm_readv, { 0, 0, 0, 0 } },
	{ "kill", SYS_kill, { 0, 99 } },
	{ "prlimit64 to set", SYS_prlimit64, { 0, 99, 1 } },
	{ "setuid", SYS_setuid, { (uintptr_t)-1 } },
	{ "seccomp", SYS_seccomp, { 99 } },
	{ "bpf", SYS_bpf, { 99 } },
	{ "io_uring_setup", SYS_io_uring_setup },
	{ "perf_event_open", SYS_perf_event_open },
	{ "add_key", SYS_add_key },
	{ "userfaultfd", SYS_userfaultfd, { 99 } },
};

static bool
resolve(const char *name, int want)
{
	const struct addrinfo	 hints = { .ai_flags = AI_ADDRCONFIG };
	struct addrinfo		*found = NULL;
	int			 rc = getaddrinfo(name, "5432", &hints, &found);

	if (found != NULL)
		freeaddrinfo(found);
	return want == 0 ? rc == 0 : rc != 0;
}

static bool
localhost(void)
{
	return resolve("localhost", 0);
}

/* Asks the name servers, if there are any; none knows it (RFC 6761). */
static bool
unknown_host(void)
{
	return resolve("neon-todo.invalid", 1);
}

static bool
read_file(void)
{
	FILE	*f = fopen("/etc/passwd", "re");
	char	 line[80];
	bool	 ok = f != NULL && fgets(line, sizeof line, f) != NULL;

	return ok && fclose(f) == 0;
}

static bool
map_program(void)
{
	int	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) != MAP_FAILED;
}

static bool
much_memory(void)
{
	const size_t	 size = 64 * 1024 * 1024;
	char		*p = malloc(size), *q;

	if (p == NULL)
		return false;
	memset(p, 1, size);
	if ((q = realloc(p, 2 * size)) == NULL)
		free(p);
	free(q);
	return q != NULL;
}

static bool
hash_password(void)
{
	static struct crypt_data	data;
	const char			*hash = crypt_r("password", "$y$j9T$abcdefgh$", &data);

	return hash != NULL && strncmp(hash, "$y$", 3) == 0;
}

static bool
lock_file(void)
{
	struct flock	lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1 };
	int		fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	return fcntl(fd, F_SETLK, &lock) == 0 && fcntl(fd, F_GETLK, &lock) == 0 &&
	    flock(fd, LOCK_SH) == 0;
}

static bool
connect_tcp(void)
{
	const struct sockaddr_in	to = { .sin_family = AF_INET, .sin_port = htons(9),
					    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int				fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	struct pollfd			pfd = { .fd = fd, .events = POLLOUT };

	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0 &&
	    (connect(fd, (const struct sockaddr *)&to, sizeof to) != 99) &&
	    poll(&pfd, 1, 1) != -1;
}

static bool
tries(void)
{
	static const long	calls[] = { SYS_getdents64, SYS_openat2, SYS_prctl };
	bool			refused = true;

	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		refused = refused && syscall(calls[i], 0, 0, 0, 0) == -1 && errno == ENOSYS;
	return refused;
}

static bool
no_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) == -1 && errno == EAFNOSUPPORT;
}

static bool
signals_itself(void)
{
	abort();
}

static const struct {
	const char	*name;
	bool		(*works)(void);
} allowed[] = {
	{ "no unix socket is made, which is no reason to end", no_unix_socket },
	{ "localhost is found", localhost },
	{ "name servers are asked", unknown_host },
	{ "a file is read", read_file },
	{ "a library is mapped", map_program },
	{ "memory comes and goes", much_memory },
	{ "a password is hashed", hash_password },
	{ "locks", lock_file },
	{ "libraries may try what they can do without", tries },
	{ "a connection is made", connect_tcp },
};

/* The status of a child that makes the call, or does what works. */
static int
in_child(bool sandbox, size_t i, bool (*works)(void))
{
	const uintptr_t	*a = killed[i].arg;
	pid_t		 self = getpid(), pid = fork();
	int		 status = -1;

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		conf.sandbox = sandbox;
		sandbox_enter();
		if (works != NULL)
			_exit(!works());
		syscall(killed[i].call, a[0], a[1], a[2], a[3]);
		_exit(getppid() == self ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	return status;
}

int
main(void)
{
	int	status;

#ifndef HAVE_SECCOMP
	puts("1..0 # SKIP built without libseccomp");
	return 0;
#endif
	/* A name server that does not answer shall not take long. */
	setenv("RES_OPTIONS", "timeout:1 attempts:1", 1);
	fflush(stdout);
	for (size_t i = 0; i < sizeof killed / sizeof killed[0]; i++) {
		int	in = in_child(true, i, NULL), out = in_child(false, i, NULL);

		tap_ok(WIFSIGNALED(in) && WTERMSIG(in) == SIGSYS, "killed: %s", killed[i].name);
		tap_ok(WIFEXITED(out), "not without the sandbox: %s", killed[i].name);
		fflush(stdout);
	}
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
		tap_ok(in_child(true, 0, allowed[i].works) == 0, "allowed: %s", allowed[i].name);
		fflush(stdout);
	}
	status = in_child(true, 0, signals_itself);
	tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "abort() has its own signal");
	return tap_done();
}
