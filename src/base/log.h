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

/*
 * From now on lines are gathered, until log_flush() writes them with one write(2), or before
 * there are too many for that.
 */
void	log_gather(void);
void	log_flush(void);

/* Writes "neon-todo[PID]: [request id: ]message".  Control characters, which
 * could forge lines, become '?', and line ends become blanks. */
void	log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* log_line, then exit with the status (sysexits.h). */
void	log_exit(int status, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3), noreturn));

#endif
