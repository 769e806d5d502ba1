/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sandbox.h"

/* The calls of 32-bit systems have other names. */
#if defined HAVE_SECCOMP && __SIZEOF_POINTER__ == 8
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <malloc.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf.h"
#include "base/log.h"

/*
 * Allowed with any arguments.  More than strace shows on one machine: name
 * services, OpenSSL and C libraries differ.  Names that the architecture lacks
 * are skipped.
 */
static const char *const calls[] = {
	/* descriptors */
	"read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev",
	"close", "lseek", "flock", "dup", "dup2", "dup3",
	"pipe2", "eventfd2", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait",
	"poll", "ppoll", "select", "pselect6",
	/* sockets */
	"accept", "accept4", "bind", "connect", "getpeername", "getsockname",
	"getsockopt", "setsockopt", "recvfrom", "recvmmsg", "recvmsg",
	"sendmmsg", "sendmsg", "sendto", "shutdown", "socketpair",
	/* names and properties of files */
	"access", "faccessat", "faccessat2", "fstat", "fstatfs", "getcwd", "lstat",
	"newfstatat", "readlink", "readlinkat", "stat", "statfs", "statx",
	/* memory */
	"brk", "madvise", "mremap", "munmap",
	/* time */
	"alarm", "clock_getres", "clock_gettime", "clock_nanosleep", "getitimer",
	"gettimeofday", "nanosleep", "setitimer", "time", "times",
	/* the process */
	"capget", "exit", "exit_group", "futex", "get_robust_list", "getcpu", "getegid", "geteuid",
	"getgid", "getgroups", "getpgid", "getpgrp", "getpid", "getppid", "getrandom",
	"getresgid", "getresuid", "getrlimit", "getrusage", "gettid", "getuid", "membarrier",
	"restart_syscall", "rseq", "rt_sigaction", "rt_sigpending", "rt_sigprocmask",
	"rt_sigreturn", "sched_getaffinity", "sched_yield", "set_robust_list",
	"sigaltstack", "sysinfo", "uname",
};

/* ENOSYS: libraries try these, and do without. */
static const char *const unsupported[] = { "getdents64", "openat2", "prctl" };

#define INT		UINT32_C(0xffffffff)	/* the kernel reads 32 bits of an int */
#define NOT_READING	(O_ACCMODE | O_CREAT | O_TRUNC)

/* Apply if the argument's bits under mask equal value, and likewise a second argument's. */
static const struct rule {
	const char	*call;
	struct is {
		unsigned int	arg;
		uint64_t	mask;	/* 0: any value will do */
		uint64_t	value;
	}		 is, and;
	int		 error;		/* the call fails with this; 0: it is allowed */
} rules[] = {
	{ "open", { 1, NOT_READING, O_RDONLY } },
	{ "openat", { 2, NOT_READING, O_RDONLY } },
	/* Name services try the sockets of daemons, but do without. */
	{ "socket", { 0, INT, AF_UNIX }, .error = EAFNOSUPPORT },
	{ "socket", { 0, INT, AF_INET } },
	{ "socket", { 0, INT, AF_INET6 } },
	/* To list this machine's addresses. */
	{ "socket", { 0, INT, AF_NETLINK }, .and = { 2, INT, NETLINK_ROUTE } },
	/* No commands that cause signals. */
	{ "fcntl", { 1, INT, F_DUPFD } },
	{ "fcntl", { 1, INT, F_DUPFD_CLOEXEC } },
	{ "fcntl", { 1, INT, F_GETFD } },
	{ "fcntl", { 1, INT, F_SETFD } },
	{ "fcntl", { 1, INT, F_GETFL } },
	{ "fcntl", { 1, INT, F_SETFL } },
	{ "fcntl", { 1, INT, F_GETLK } },
	{ "fcntl", { 1, INT, F_SETLK } },
	{ "fcntl", { 1, INT, F_SETLKW } },
	/* Files may be mapped as code: a name service may be loaded late. */
	{ "mmap", { 2, PROT_WRITE | PROT_EXEC, 0 } },
	{ "mmap", { 2, PROT_WRITE | PROT_EXEC, PROT_WRITE } },
	{ "mmap", { 2, PROT_WRITE | PROT_EXEC, PROT_EXEC } },
	{ "mprotect", { 2, PROT_EXEC, 0 } },
	{ "ioctl", { 1, INT, FIONBIO } },
	{ "ioctl", { 1, INT, FIONREAD } },
	{ "ioctl", { 1, INT, TCGETS } },		/* stdio asks for terminals */
	{ "ioctl", { 1, INT, TIOCGWINSZ } },
	{ "prlimit64", { 2, UINT64_MAX, 0 } },	/* none is set */
};

#define COUNT(a)	(sizeof (a) / sizeof (a)[0])

/* 0, or a negative errno. */
static int
add(scmp_filter_ctx filter, const struct rule *r)
{
	const struct is		*is[] = { &r->is, &r->and };
	struct scmp_arg_cmp	 cmp[COUNT(is)];
	unsigned int		 n = 0;
	int			 nr = seccomp_syscall_resolve_name(r->call);

	for (size_t i = 0; i < COUNT(is); i++)
		if (is[i]->mask != 0)
			cmp[n++] = (struct scmp_arg_cmp){ .arg = is[i]->arg,
			    .op = SCMP_CMP_MASKED_EQ, .datum_a = is[i]->mask,
			    .datum_b = is[i]->value };
	return nr == __NR_SCMP_ERROR ? 0 : seccomp_rule_add_array(filter, r->error == 0 ?
	    SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((unsigned)r->error), nr, n, cmp);
}

/* abort(), by which libraries end the process, has its own signal; 0, or a negative errno. */
static int
add_abort(scmp_filter_ctx filter)
{
	uint64_t	self = (uint64_t)getpid();
	int		rc;

	if ((rc = add(filter, &(struct rule){ "tgkill", { 0, INT, self },
	    .and = { 2, INT, SIGABRT } })) == 0)
		rc = add(filter, &(struct rule){ "tkill", { 0, INT, self },
		    .and = { 1, INT, SIGABRT } });
	return rc;
}

static int
load(scmp_filter_ctx filter)
{
	int	rc;

	if ((rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)) < 0 ||
	    (rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2)) < 0 ||
	    (rc = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1)) < 0)
		return rc;
	for (size_t i = 0; i < COUNT(calls) && rc == 0; i++)
		rc = add(filter, &(struct rule){ calls[i] });
	for (size_t i = 0; i < COUNT(rules) && rc == 0; i++)
		rc = add(filter, &rules[i]);
	for (size_t i = 0; i < COUNT(unsupported) && rc == 0; i++)
		rc = add(filter, &(struct rule){ unsupported[i], .error = ENOSYS });
	if (rc == 0)
		rc = add_abort(filter);
	return rc < 0 ? rc : seccomp_load(filter);
}

void
sandbox_enter(void)
{
	scmp_filter_ctx	filter;
	int		rc = -ENOSYS;

	if (!conf.sandbox)
		return;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* NULL if the kernel lacks this action. */
	if ((filter = seccomp_init(SCMP_ACT_KILL_PROCESS)) != NULL)
		rc = load(filter);
	seccomp_release(filter);
#ifdef __GLIBC__
	malloc_trim(0);		/* building the filter took 80 KiB */
#endif
	if (rc < 0)
		log_line("SANDBOX: system calls are not limited here: %s; SANDBOX=off leaves "
		    "this line out", strerror(-rc));
}
#else
void
sandbox_enter(void)
{
}
#endif
