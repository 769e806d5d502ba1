/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/dotenv.h"

static char *
skip_blanks(char *p)
{
	return p + strspn(p, " \t");
}

/* True if nothing but blanks or a comment follows. */
static bool
is_rest(const char *p)
{
	p += strspn(p, " \t");
	return *p == '\0' || *p == '#';
}

static char *
parse_single(char *p)
{
	char	*end = strchr(p, '\'');

	if (end == NULL || !is_rest(end + 1))
		return NULL;
	*end = '\0';
	return p;
}

/* Undoes \n, \" and \\ in place; any other backslash stays. */
static char *
parse_double(char *p)
{
	char	*value = p, *to = p;

	for (; *p != '"'; p++) {
		if (*p == '\0')
			return NULL;
		if (*p == '\\' && (p[1] == 'n' || p[1] == '"' || p[1] == '\\')) {
			p++;
			*to++ = *p == 'n' ? '\n' : *p;
		} else
			*to++ = *p;
	}
	if (!is_rest(p + 1))
		return NULL;
	*to = '\0';
	return value;
}

/* A comment begins at a '#' that stands at the start or after a blank. */
static char *
parse_bare(char *p)
{
	char	*end;

	for (end = p; *end != '\0'; end++)
		if (*end == '#' && (end == p || end[-1] == ' ' || end[-1] == '\t'))
			break;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return p;
}

/* False if the line is no setting, comment or blank; *name is NULL for the latter two. */
static bool
parse_line(char *p, char **name, char **value)
{
	char	*end;

	*name = NULL;
	p = skip_blanks(p);
	if (*p == '\0' || *p == '#')
		return true;
	if (strncmp(p, "export", 6) == 0 && (p[6] == ' ' || p[6] == '\t'))
		p = skip_blanks(p + 6);
	for (end = p; isalnum((unsigned char)*end) || *end == '_'; end++)
		;
	if (end == p || isdigit((unsigned char)*p))
		return false;
	*name = p;
	p = skip_blanks(end);
	if (*p != '=')
		return false;
	*end = '\0';
	p = skip_blanks(p + 1);
	*value = *p == '\'' ? parse_single(p + 1) :
	    *p == '"' ? parse_double(p + 1) : parse_bare(p);
	return *value != NULL;
}

int
dotenv_parse(char *text, void (*set)(void *, const char *, const char *), void *arg)
{
	char	*line, *next, *name, *value;
	size_t	 n;

	/* Windows editors begin UTF-8 files with a byte order mark. */
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (int number = 1; text != NULL; number++, text = next) {
		line = text;
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		n = strlen(line);
		if (n > 0 && line[n - 1] == '\r')
			line[n - 1] = '\0';
		if (!parse_line(line, &name, &value))
			return number;
		if (name != NULL)
			set(arg, name, value);
	}
	return 0;
}
