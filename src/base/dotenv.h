/* SPDX-License-Identifier: ISC */
/* The .env format: NAME=value lines, see todo.fcgi(8). */
#ifndef DOTENV_H
#define DOTENV_H

/*
 * Parses text in place and calls set(arg, name, value) for each setting, in
 * order; both strings point into text.  Returns 0, or the number of the first
 * line (from 1) that is neither blank, comment nor NAME=value.
 */
int	dotenv_parse(char *text, void (*set)(void *, const char *, const char *), void *arg);

#endif
