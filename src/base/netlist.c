/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/netlist.h"

#define SEPARATORS	", \t"
#define MAPPED_BITS	96	/* before the IPv4 address in a mapped one */

struct net {
	struct in6_addr	 address;
	int		 bits;		/* of the prefix, 0 to 128 */
};

bool
netlist_address(const char *text, struct in6_addr *address)
{
	if (inet_pton(AF_INET6, text, address) == 1)
		return true;
	memset(address, 0, sizeof *address);
	memset(&address->s6_addr[10], 0xff, 2);
	return inet_pton(AF_INET, text, &address->s6_addr[12]) == 1;
}

/* Reads the entry at *list and moves *list after it; false if it is none. */
static bool
next_net(const char **list, struct net *net)
{
	char	 text[INET6_ADDRSTRLEN + 4], *slash, *end;
	size_t	 n = strcspn(*list, SEPARATORS);
	int	 first;

	if (n >= sizeof text)
		return false;
	memcpy(text, *list, n);
	text[n] = '\0';
	*list += n;
	if ((slash = strchr(text, '/')) != NULL)
		*slash++ = '\0';
	if (!netlist_address(text, &net->address))
		return false;
	first = strchr(text, ':') == NULL ? MAPPED_BITS : 0;
	net->bits = 128;
	if (slash == NULL)
		return true;
	net->bits = first + (int)strtoul(slash, &end, 10);
	return isdigit((unsigned char)*slash) && end - slash <= 3 && *end == '\0' &&
	    net->bits <= 128;
}

static bool
contains(const struct net *net, const struct in6_addr *address)
{
	int		bytes = net->bits / 8, rest = net->bits % 8;
	unsigned	mask = 0xff00u >> rest & 0xff;

	if (memcmp(net->address.s6_addr, address->s6_addr, (size_t)bytes) != 0)
		return false;
	return rest == 0 ||
	    ((net->address.s6_addr[bytes] ^ address->s6_addr[bytes]) & mask) == 0;
}

bool
netlist_is_valid(const char *list)
{
	struct net	net;

	while (*(list += strspn(list, SEPARATORS)) != '\0')
		if (!next_net(&list, &net))
			return false;
	return true;
}

bool
netlist_has(const char *list, const struct in6_addr *address)
{
	struct net	net;

	while (*(list += strspn(list, SEPARATORS)) != '\0')
		if (next_net(&list, &net) && contains(&net, address))
			return true;
	return false;
}
