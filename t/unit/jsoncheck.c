/* SPDX-License-Identifier: ISC */
/* Which texts are JSON. */
#include <string.h>

#include "base/jsoncheck.h"
#include "tap.h"

#define S(s)	s, sizeof s - 1

static const struct {
	const char	*text;
	size_t		 len;
	bool		 valid;
} cases[] = {
	{ S("{}"), true },
	{ S(" \t\r\n[ ] "), true },
	{ S("null"), true },
	{ S("{\"a\":1,\"b\":[true,false,null,{}]}"), true },
	{ S("{\"a\" : [1 , 2 ] , \"a\":3}"), true },
	{ S("[0,-0,1.5,-1e5,1E+5,1e-5,10,9007199254740993,1e999]"), true },
	{ S("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\""), true },
	{ S("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x7f\""), true },
	{ S(""), false },
	{ S("  "), false },
	{ S("{} {}"), false },
	{ S("{}x"), false },
	{ S("{}\0"), false },
	{ S("{,}"), false },
	{ S("{\"a\"}"), false },
	{ S("{\"a\":}"), false },
	{ S("{\"a\":1,}"), false },
	{ S("{a:1}"), false },
	{ S("{'a':1}"), false },
	{ S("{\"a\":1]"), false },
	{ S("[1,]"), false },
	{ S("[1 2]"), false },
	{ S("[1"), false },
	{ S("]"), false },
	{ S("\"a"), false },
	{ S("\"a\\\""), false },
	{ S("\"\\q\""), false },
	{ S("\"\\u12\""), false },
	{ S("\"\\u12g4\""), false },
	{ S("\"\\u0000\""), false },
	{ S("\"\\ud800\""), false },
	{ S("\"\\ud800\\u0041\""), false },
	{ S("\"\\ud800x\""), false },
	{ S("\"\\udc00\""), false },
	{ S("\"\n\""), false },
	{ S("\"\x01\""), false },
	{ S("\"\0\""), false },
	{ S("\"\xff\""), false },
	{ S("\"\xc0\x80\""), false },
	{ S("\"\xe0\x80\x80\""), false },
	{ S("\"\xed\xa0\x80\""), false },
	{ S("\"\xf4\x90\x80\x80\""), false },
	{ S("\"\xc3"), false },
	{ S("\xef\xbb\xbf{}"), false },
	{ S("\x01{}"), false },
	{ S("\x0b{}"), false },
	{ S("01"), false },
	{ S("1."), false },
	{ S(".5"), false },
	{ S("+1"), false },
	{ S("-"), false },
	{ S("1e"), false },
	{ S("0x10"), false },
	{ S("NaN"), false },
	{ S("Infinity"), false },
	{ S("True"), false },
	{ S("nul"), false },
	{ S("// c\n{}"), false },
};

static void
test_depth(void)
{
	char	text[2 * JSONCHECK_DEPTH_MAX + 4];

	for (size_t depth = JSONCHECK_DEPTH_MAX; depth <= JSONCHECK_DEPTH_MAX + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		tap_ok(jsoncheck(text, 2 * depth) == (depth == JSONCHECK_DEPTH_MAX),
		    "%zu deep", depth);
	}
	memset(text, '[', sizeof text);
	tap_ok(!jsoncheck(text, sizeof text), "only opened");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		tap_ok(jsoncheck(cases[i].text, cases[i].len) == cases[i].valid,
		    "case %zu is %s", i, cases[i].valid ? "JSON" : "not JSON");
	test_depth();
	return tap_done();
}
