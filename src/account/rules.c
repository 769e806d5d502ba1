/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "account/rules.h"

#define LABEL_MAX	63	/* RFC 1035 */
#define LOCAL_MAX	64	/* RFC 5321 */

const char *
rule_username(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && strchr("_-.", text[i]) == NULL)
			return "Only letters, digits, _, - and . are allowed";
	return NULL;
}

/* Parts between dots, none of them empty, of letters, digits and more; if edge is set,
 * no part begins or ends with a hyphen. */
static bool
is_dotted(const char *p, size_t len, const char *more, size_t max, bool edge)
{
	size_t	part = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i == len || p[i] == '.') {
			if (part == 0 || part > max || (edge && p[i - 1] == '-'))
				return false;
			part = 0;
			continue;
		}
		if (!isalnum((unsigned char)p[i]) && strchr(more, p[i]) == NULL)
			return false;
		if (edge && part == 0 && p[i] == '-')
			return false;
		part++;
	}
	return true;
}

/* RFC 5321's Mailbox, without quoted names and address literals. */
const char *
rule_email(const char *text, size_t len)
{
	static const char	 wrong[] = "Input should be a valid email address";
	const char		*at = memchr(text, '@', len), *domain;
	size_t			 local, n;

	if (at == NULL)
		return wrong;
	local = (size_t)(at - text);
	domain = at + 1;
	n = len - local - 1;
	if (local > LOCAL_MAX || memchr(domain, '.', n) == NULL ||
	    !is_dotted(text, local, "!#$%&'*+-/=?^_`{|}~", LOCAL_MAX, false) ||
	    !is_dotted(domain, n, "-", LABEL_MAX, true))
		return wrong;
	return NULL;
}
