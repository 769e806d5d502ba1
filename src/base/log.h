/* SPDX-License-Identifier: ISC */
/*
 * One line a message on standard error.  Callers never pass passwords,
 * tokens, hashes, bodies or DATABASE_URL.
 */
#ifndef LOG_H
#define LOG_H

/*
 * Sets the request id that each line names until the next call; NULL for none.
 * It is not copied.  Returns the one before.
 */
const char	*log_request(const char *id);

/* Writes "neon-todo[PID]: [request id: ]message".  Control characters, which
 * could forge lines, become '?', and line ends become blanks. */
void	log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Between log_gather() and log_flush() these lines wait, and leave with one write(2) at the next
 * log_line() or log_flush(), or before they are too many for that.  Else as log_line().
 */
void	log_soon(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_gather(void);
void	log_flush(void);

/* log_line, then exit with the status (sysexits.h). */
void	log_exit(int status, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3), noreturn));

#endif
