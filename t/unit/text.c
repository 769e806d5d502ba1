/* SPDX-License-Identifier: ISC */
/* The small parsers: .env, forms, entity tags, ids, code points, addresses. */
#include <stdlib.h>
#include <string.h>

#include "base/dotenv.h"
#include "http/etag.h"
#include "account/rules.h"
#include "base/form.h"
#include "base/number.h"
#include "tap.h"
#include "base/text.h"

static char	seen[256];

static void
note(void *arg, const char *name, const char *value)
{
	size_t	len = strlen(seen);

	(void)arg;
	snprintf(seen + len, sizeof seen - len, "%s<%s>", name, value);
}

static const struct {
	const char	*text;
	const char	*settings;
	int		 line;		/* that is wrong */
} env_cases[] = {
	{ "", "", 0 },
	{ "A=b", "A<b>", 0 },
	{ "A=b\r\nC=d\r\n", "A<b>C<d>", 0 },
	{ "\xef\xbb\xbf" "A=b\n", "A<b>", 0 },
	{ "# comment\n\n  # more\nA=b\n", "A<b>", 0 },
	{ "export A=b\nexport\tC=d", "A<b>C<d>", 0 },
	{ "  A = b c  \n", "A<b c>", 0 },
	{ "A=b # c\nD=e#f\nG=#h\n", "A<b>D<e#f>G<>", 0 },
	{ "A=b=c==\n", "A<b=c==>", 0 },
	{ "A='b # c \\n \"'  # d\n", "A<b # c \\n \">", 0 },
	{ "A=\"b\\n\\\"c\\\\d\\e # f\" # g\n", "A<b\n\"c\\d\\e # f>", 0 },
	{ "A=$B${C}`d`\n", "A<$B${C}`d`>", 0 },
	{ "A=\nB=''\nC=\"\"\n", "A<>B<>C<>", 0 },
	{ "A=1\nA=2\n", "A<1>A<2>", 0 },
	{ "exportA=b\n", "exportA<b>", 0 },
	{ "A=it's\n", "A<it's>", 0 },
	{ "A=1\nB\n", "A<1>", 2 },
	{ "A=1\n\n1A=2\n", "A<1>", 3 },
	{ "A-B=1\n", "", 1 },
	{ "=1\n", "", 1 },
	{ "A='b\n", "", 1 },
	{ "A=\"b\n", "", 1 },
	{ "A='b'c\n", "", 1 },
	{ "A=\"b\\\"\n", "", 1 },
};

static void
test_dotenv(void)
{
	char	*copy;
	int	 line;

	for (size_t i = 0; i < sizeof env_cases / sizeof env_cases[0]; i++) {
		seen[0] = '\0';
		copy = strdup(env_cases[i].text);
		line = dotenv_parse(copy, note, NULL);
		tap_ok(line == env_cases[i].line && strcmp(seen, env_cases[i].settings) == 0,
		    ".env case %zu", i);
		free(copy);
	}
}

static const struct {
	const char	*text;
	const char	*pairs;
	bool		 good;
} form_cases[] = {
	{ "a=b", "a<b>", true },
	{ "a=b&c=d+e%20f", "a<b>c<d e f>", true },
	{ "a=%C3%A9&b==%3d", "a<\xc3\xa9>b<==>", true },
	{ "a&&=b", "a<><><b>", true },
	{ "a=%", "", false },
	{ "a=%4", "", false },
	{ "a=%zz", "", false },
	{ "a=%00", "", false },
	{ "a=%ff", "", false },
	{ "%c0%80=1", "", false },
};

static void
test_form(void)
{
	char	*copy, *p, *name, *value;
	bool	 good;

	for (size_t i = 0; i < sizeof form_cases / sizeof form_cases[0]; i++) {
		seen[0] = '\0';
		p = copy = strdup(form_cases[i].text);
		for (good = true; good && *p != '\0';) {
			form_next(&p, &name, &value);
			if ((good = form_decode(name) && form_decode(value)))
				note(NULL, name, value);
		}
		tap_ok(good == form_cases[i].good && strcmp(seen, form_cases[i].pairs) == 0,
		    "form '%s'", form_cases[i].text);
		free(copy);
	}
}

static const struct {
	const char	*field, *form;	/* NULL: of If-Match */
	bool		 any;
	size_t		 n;
	int64_t		 last;
} etag_cases[] = {
	{ "*", NULL, true, 0, 0 },
	{ " * ", NULL, true, 0, 0 },
	{ "\"ff\"", NULL, false, 1, 255 },
	{ "\"1\", \"2\",\"ff-1a\"", NULL, false, 3, 255 },
	{ "\"x\", \"10\"", NULL, false, 1, 16 },
	{ "W/\"ff-1a\"", NULL, false, 0, 0 },
	{ "W/\"ff-1a\"", "1a", false, 1, 255 },
	{ "\"ff-1a\", \"fe-1s\", \"fd-1ax\", \"fc-1\", \"fb-\", \"fa\"", "1a", false, 1, 255 },
	{ "\"ff-1a\", \"fe-1s\", \"fd-\", \"fc-A\", \"fb 1a\", \"fa-1a-1a\"", NULL, false, 2, 254 },
	{ "\"ff-1a", "1a", false, 0, 0 },
	{ "\"FF\"", NULL, false, 0, 0 },
	{ "\"0ff-1a\"", "1a", false, 0, 0 },
	{ "\"-1a\"", "1a", false, 0, 0 },
	{ "\"ff", NULL, false, 0, 0 },
	{ "ff", NULL, false, 0, 0 },
	{ "\"a,b\", \"3\"", NULL, false, 1, 3 },
	{ "", NULL, false, 0, 0 },
	{ "*, \"1\"", NULL, false, 0, 0 },
	{ "\"ffffffffffffffff-1a\"", "1a", false, 0, 0 },
	{ "\"7ffffffffffffffe\"", NULL, false, 0, 0 },
	{ "\"1ffffffffffffffff\"", NULL, false, 0, 0 },
};

static void
test_etag(void)
{
	for (size_t i = 0; i < sizeof etag_cases / sizeof etag_cases[0]; i++) {
		const char	*p = etag_cases[i].field;
		int64_t		 version, last = 0;
		size_t		 n;

		for (n = 0; etag_next(&p, etag_cases[i].form, &version); n++)
			last = version;
		tap_ok(etag_is_any(etag_cases[i].field) == etag_cases[i].any &&
		    n == etag_cases[i].n && last == etag_cases[i].last,
		    "entity tags %s", etag_cases[i].field);
	}
}

static const struct {
	const char	*text;
	enum number	 kind;
	int64_t		 id;
} number_cases[] = {
	{ "1", NUMBER_OK, 1 },
	{ "9223372036854775807", NUMBER_OK, INT64_MAX },
	{ "0", NUMBER_NONE, 0 },
	{ "9223372036854775808", NUMBER_NONE, 0 },
	{ "18446744073709551617", NUMBER_NONE, 0 },
	{ "99999999999999999999999999", NUMBER_NONE, 0 },
	{ "", NUMBER_BAD, 0 },
	{ "00", NUMBER_BAD, 0 },
	{ "01", NUMBER_BAD, 0 },
	{ "-1", NUMBER_BAD, 0 },
	{ "+1", NUMBER_BAD, 0 },
	{ " 1", NUMBER_BAD, 0 },
	{ "1 ", NUMBER_BAD, 0 },
	{ "1.0", NUMBER_BAD, 0 },
	{ "1e3", NUMBER_BAD, 0 },
	{ "0x1", NUMBER_BAD, 0 },
	{ "\xd9\xa1", NUMBER_BAD, 0 },
};

static void
test_number(void)
{
	for (size_t i = 0; i < sizeof number_cases / sizeof number_cases[0]; i++) {
		int64_t		id = 0;
		enum number	kind = number_id(number_cases[i].text,
				    strlen(number_cases[i].text), &id);

		tap_ok(kind == number_cases[i].kind && id == number_cases[i].id,
		    "id '%s'", number_cases[i].text);
	}
}

static const struct {
	const char	*text;
	const char	*trimmed;
	size_t		 length;
	bool		 control;
} text_cases[] = {
	{ " a b\t\n", "a b", 3, false },
	{ "\xc2\xa0\xe3\x80\x80" "a\xe2\x80\xa8", "a", 1, false },
	{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 3, false },
	{ " \xe2\x80\x83 ", "", 0, false },
	{ "", "", 0, false },
	{ "a\tb", "a\tb", 3, true },
	{ "a\x7f" "b", "a\x7f" "b", 3, true },
	{ "a\xc2\x80" "b", "a\xc2\x80" "b", 3, true },
	{ "a\xc2\xa0" "b", "a\xc2\xa0" "b", 3, false },
};

static void
test_text(void)
{
	for (size_t i = 0; i < sizeof text_cases / sizeof text_cases[0]; i++) {
		char	*copy = strdup(text_cases[i].text), *s = copy;
		size_t	 len = strlen(s);

		text_trim(&s, &len);
		tap_ok(len == strlen(text_cases[i].trimmed) &&
		    memcmp(s, text_cases[i].trimmed, len) == 0 &&
		    text_length(s, len) == text_cases[i].length &&
		    text_has_control(s, len) == text_cases[i].control, "text case %zu", i);
		free(copy);
	}
}

static const char *const	good_emails[] = {
	"a@b.co", "ann.lee+todo@mail.example.org", "x_y-z!#$%&'*/=?^`{|}~@a-b.c0m",
	"1@2.org", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.co",
}, *const			bad_emails[] = {
	"", "@", "a", "a@", "@b.co", "a@b", "a b@c.de", "a@b c.de", "a@b..co", "a@.b.co",
	"a@b.co.", ".a@b.co", "a.@b.co", "a..b@c.de", "a@-b.co", "a@b-.co", "a@b@c.de",
	"a@b_c.de", "\"a\"@b.co", "a@[127.0.0.1]", "<a@b.co>", "a,b@c.de", "\xc3\xa9@b.co",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.co",
	"a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.co",
};

static void
test_email(void)
{
	for (size_t i = 0; i < sizeof good_emails / sizeof good_emails[0]; i++)
		tap_ok(rule_email(good_emails[i], strlen(good_emails[i])) == NULL,
		    "address %s", good_emails[i]);
	for (size_t i = 0; i < sizeof bad_emails / sizeof bad_emails[0]; i++)
		tap_ok(rule_email(bad_emails[i], strlen(bad_emails[i])) != NULL,
		    "no address: %s", bad_emails[i]);
}

int
main(void)
{
	test_dotenv();
	test_form();
	test_etag();
	test_number();
	test_text();
	test_email();
	return tap_done();
}
