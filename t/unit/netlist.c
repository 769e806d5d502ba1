/* SPDX-License-Identifier: ISC */
/* Which lists of networks are valid, and which addresses they have. */
#include "base/netlist.h"
#include "tap.h"

static const struct {
	const char	*list;
	const char	*address;	/* NULL: the list is not valid */
	bool		 has;
} cases[] = {
	{ "127.0.0.0/8, ::1", "127.0.0.1", true },
	{ "127.0.0.0/8, ::1", "127.255.0.1", true },
	{ "127.0.0.0/8, ::1", "128.0.0.1", false },
	{ "127.0.0.0/8, ::1", "::1", true },
	{ "127.0.0.0/8, ::1", "::2", false },
	{ "127.0.0.0/8", "::ffff:127.0.0.1", true },
	{ "::ffff:10.0.0.0/104", "10.9.8.7", true },
	{ "10.1.2.3", "10.1.2.3", true },
	{ "10.1.2.3", "10.1.2.4", false },
	{ "10.1.2.3/31", "10.1.2.2", true },
	{ "192.0.2.128/25", "192.0.2.127", false },
	{ "192.0.2.128/25", "192.0.2.255", true },
	{ "10.0.0.1,10.0.0.2 10.0.0.3\t, 10.0.0.4", "10.0.0.4", true },
	{ "0.0.0.0/0", "203.0.113.9", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "::/0", "2001:db8::1", true },
	{ "::/0", "203.0.113.9", true },
	{ "2001:db8::/32", "2001:db8:ffff::1", true },
	{ "2001:db8::/33", "2001:db8:8000::1", false },
	{ "", "127.0.0.1", false },
	{ " , ", "127.0.0.1", false },
	{ .list = "localhost" },
	{ .list = "10.0.0" },
	{ .list = "10.0.0.0/33" },
	{ .list = "10.0.0.0/" },
	{ .list = "10.0.0.0/-1" },
	{ .list = "10.0.0.0/+8" },
	{ .list = "10.0.0.0/8x" },
	{ .list = "10.0.0.0/0008" },
	{ .list = "::/129" },
	{ .list = "::1/128/1" },
	{ .list = "10.0.0.1;10.0.0.2" },
	{ .list = "127.0.0.1, all" },
	{ .list = "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc" },
};

int
main(void)
{
	struct in6_addr	address;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char	*a = cases[i].address;

		tap_ok(netlist_is_valid(cases[i].list) == (a != NULL), "\"%s\" is %svalid",
		    cases[i].list, a == NULL ? "not " : "");
		if (a != NULL)
			tap_ok(netlist_address(a, &address) &&
			    netlist_has(cases[i].list, &address) == cases[i].has,
			    "%s: %s", a, cases[i].has ? "is in it" : "is not");
	}
	tap_ok(!netlist_address("10.0.0.0/8", &address), "a network is no address");
	return tap_done();
}
