/* SPDX-License-Identifier: ISC */
/* The rules for user names and email addresses. */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>

/* For struct field's check: NULL, or the error. */
const char	*rule_username(const char *text, size_t len);
const char	*rule_email(const char *text, size_t len);

#endif
