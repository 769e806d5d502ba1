/* SPDX-License-Identifier: ISC */
/* Texts as people count and see them: Unicode code points, in valid UTF-8. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Moves both ends inwards past white space (Unicode's White_Space). */
void	text_trim(char **s, size_t *len);

/* The number of code points. */
size_t	text_length(const char *s, size_t len);

/* True if it has a control character (C0, DEL, C1). */
bool	text_has_control(const char *s, size_t len);

#endif
