/* SPDX-License-Identifier: ISC */
/* A .env file. */
#include <ctype.h>

#include "base/dotenv.h"
#include "fuzz.h"

static char	*begin, *end;
static int	 settings, lines;

/* What was read, when it is written in double quotes and read again. */
static const char	*again_name, *again_value;

static void
compare(void *arg, const char *name, const char *value)
{
	(void)arg;
	HOLDS(again_name != NULL);
	HOLDS(strcmp(name, again_name) == 0 && strcmp(value, again_value) == 0);
	again_name = NULL;
}

static void
write_and_read(const char *name, const char *value)
{
	char	*text = malloc(strlen(name) + 2 * strlen(value) + 16), *p = text;

	HOLDS(text != NULL);
	p += sprintf(p, "export %s = \"", name);
	for (const char *v = value; *v != '\0'; v++) {
		if (*v == '\n' || *v == '"' || *v == '\\')
			*p++ = '\\';
		*p++ = *v == '\n' ? 'n' : *v;
	}
	strcpy(p, "\"\n");
	again_name = name;
	again_value = value;
	HOLDS(dotenv_parse(text, compare, NULL) == 0 && again_name == NULL);
	free(text);
}

/* Both strings are parts of the file, behind what was read before. */
static void
check(void *arg, const char *name, const char *value)
{
	const char	**last = arg;

	HOLDS(name >= *last && value > name && value + strlen(value) <= end);
	HOLDS(isalpha((unsigned char)*name) || *name == '_');
	for (const char *p = name; *p != '\0'; p++)
		HOLDS(isalnum((unsigned char)*p) || *p == '_');
	*last = value + strlen(value);
	HOLDS(++settings <= lines);
	write_and_read(name, value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char	*last;
	int		 wrong;

	last = begin = fuzz_text(data, size);
	end = begin + strlen(begin);
	settings = 0;
	lines = 1;
	for (char *p = begin; p < end; p++)
		lines += *p == '\n';
	wrong = dotenv_parse(begin, check, &last);
	HOLDS(wrong >= 0 && wrong <= lines && (wrong == 0 || settings < wrong));
	free(begin);
	return 0;
}
