/* SPDX-License-Identifier: ISC */
/*
 * One line a message on standard error.  Callers never pass passwords,
 * tokens, hashes, bodies or DATABASE_URL.
 */
#ifndef LOG_H
#define LOG_H

/*
 * The id that names the request in hand in each line until the next call;
 * NULL for none.  Not copied.  Returns the one before.
 */
const char	*log_request(const char *id);

/* Writes "neon-todo[PID]: [request id: ]message".  Control characters, which
 * could forge lines, come out as '?', line ends as blanks. */
void	log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* log_line, then exit with the status (sysexits.h). */
void	log_exit(int status, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3), noreturn));

#endif
