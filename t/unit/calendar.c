/* SPDX-License-Identifier: ISC */
/*
 * Reads a calendar as libical does, for tests: its properties, one to a line, or what
 * is wrong with it and status 1.  A VTODO ends with an empty line.
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

/* Values as they were meant, not as they are written. */
static void
print(icalproperty *p)
{
	icalvalue	*v = icalproperty_get_value(p);
	icalparameter	*kind = icalproperty_get_first_parameter(p, ICAL_VALUE_PARAMETER);
	const char	*text = icalvalue_isa(v) == ICAL_TEXT_VALUE ? icalvalue_get_text(v) :
			    icalvalue_as_ical_string(v);

	printf("%s%s%s=", icalproperty_get_property_name(p), kind == NULL ? "" : ";",
	    kind == NULL ? "" : icalparameter_as_ical_string(kind));
	for (; text != NULL && *text != '\0'; text++)
		if (*text == '\n')
			fputs("\\n", stdout);
		else
			putchar(*text);
	putchar('\n');
}

int
main(void)
{
	char		*text = NULL;
	size_t		 size = 0;
	icalcomponent	*all, *todo;
	icalproperty	*p;
	int		 errors;

	icalerror_set_errors_are_fatal(0);
	if (getdelim(&text, &size, '\0', stdin) < 0 || (all = icalparser_parse_string(text)) == NULL ||
	    icalcomponent_isa(all) != ICAL_VCALENDAR_COMPONENT) {
		puts("no calendar");
		return 1;
	}
	/* Adds X-LIC-ERRORs, as the parser did. */
	errors = !icalrestriction_check(all) + icalcomponent_count_errors(all);
	for (todo = icalcomponent_get_first_component(all, ICAL_ANY_COMPONENT); todo != NULL;
	    todo = icalcomponent_get_next_component(all, ICAL_ANY_COMPONENT)) {
		for (p = icalcomponent_get_first_property(todo, ICAL_ANY_PROPERTY); p != NULL;
		    p = icalcomponent_get_next_property(todo, ICAL_ANY_PROPERTY))
			print(p);
		putchar('\n');
	}
	if (errors > 0)
		printf("errors: %d\n%s", errors, icalcomponent_as_ical_string(all));
	icalcomponent_free(all);
	free(text);
	return errors > 0;
}
