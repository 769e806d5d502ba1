/* SPDX-License-Identifier: ISC */
/* Rights that a worker gives up after it has connected.  Only this file knows libseccomp. */
#ifndef SANDBOX_H
#define SANDBOX_H

/*
 * From here on the process gains no privileges, and the kernel kills it (SIGSYS) at
 * a system call that serving requests and reconnecting don't need: executing,
 * forking, opening a file to write, listening and others.  If the kernel has no such
 * filter, logs that.  If SANDBOX is off, does nothing.
 */
void	sandbox_enter(void);

#endif
