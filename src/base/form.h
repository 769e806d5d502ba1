/* SPDX-License-Identifier: ISC */
/* application/x-www-form-urlencoded (the URL standard, section 5.1). */
#ifndef FORM_H
#define FORM_H

#include <stdbool.h>

/* Cuts the next name=value pair off *text, which then points to the rest. */
void	form_next(char **text, char **name, char **value);

/*
 * Decodes a name or a value in place.  False if it has a NUL, a '%' without two
 * hexadecimal digits, or bytes that are not UTF-8.
 */
bool	form_decode(char *s);

/* The same of a part of an address, in which a plus is one. */
bool	form_decode_path(char *s);

/* What a hexadecimal digit means; -1 if it is none. */
int	form_hex(char digit);

#endif
