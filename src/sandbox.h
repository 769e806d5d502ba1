/* SPDX-License-Identifier: ISC */
/* What a worker gives up once it is connected.  The only file that knows libseccomp. */
#ifndef SANDBOX_H
#define SANDBOX_H

/*
 * From here on the process gains no privileges, and the kernel kills it (SIGSYS)
 * where it makes a system call that serving requests and connecting again don't
 * need: executing, forking, opening a file to write, listening and the rest.
 * Where the kernel has no such filter, that is logged.  Nothing where SANDBOX is off.
 */
void	sandbox_enter(void);

#endif
