/* SPDX-License-Identifier: ISC */
/*
 * Reads XML as expat does, for tests: each element as ["namespace name", {attributes},
 * what is in it...], in JSON; or status 1 if it is not well-formed.
 */
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
string(const char *s, int len)
{
	putchar('"');
	for (; len > 0; s++, len--)
		if ((unsigned char)*s < ' ' || *s == '"' || *s == '\\')
			printf("\\u%04x", (unsigned char)*s);
		else
			putchar(*s);
	putchar('"');
}

static void
start(void *depth, const char *name, const char **attributes)
{
	if ((*(int *)depth)++ > 0)
		putchar(',');
	putchar('[');
	string(name, (int)strlen(name));
	printf(",{");
	for (int i = 0; attributes[i] != NULL; i++) {
		string(attributes[i], (int)strlen(attributes[i]));
		fputs(i % 2 == 0 ? ":" : attributes[i + 1] != NULL ? "," : "", stdout);
	}
	putchar('}');
}

static void
end(void *depth, const char *name)
{
	(void)name;
	--*(int *)depth;
	putchar(']');
}

static void
text(void *depth, const char *s, int len)
{
	(void)depth;
	putchar(',');
	string(s, len);
}

int
main(void)
{
	XML_Parser	parser = XML_ParserCreateNS(NULL, ' ');
	int		depth = 0, good = 1;
	char		data[65536];
	size_t		n;

	XML_SetUserData(parser, &depth);
	XML_SetElementHandler(parser, start, end);
	XML_SetCharacterDataHandler(parser, text);
	do {
		n = fread(data, 1, sizeof data, stdin);
		good = XML_Parse(parser, data, (int)n, n == 0) == XML_STATUS_OK;
	} while (good && n > 0);
	if (!good)
		printf("%s\n", XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
