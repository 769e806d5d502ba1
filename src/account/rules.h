/* SPDX-License-Identifier: ISC */
/* What names and addresses of accounts may be. */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>

/* For struct field's check: NULL, or what is wrong. */
const char	*rule_username(const char *text, size_t len);
const char	*rule_email(const char *text, size_t len);

#endif
