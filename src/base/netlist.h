/* SPDX-License-Identifier: ISC */
/*
 * Lists of addresses and networks, separated by commas or blanks, as in
 * "10.0.0.0/8, ::1".  IPv4 addresses are the same as their IPv6-mapped form.
 */
#ifndef NETLIST_H
#define NETLIST_H

#include <netinet/in.h>
#include <stdbool.h>

/* True if each entry is an address, or one with a prefix length. */
bool	netlist_is_valid(const char *list);

/* True if an entry of the list is, or contains, the address. */
bool	netlist_has(const char *list, const struct in6_addr *address);

/* Reads an address without a prefix length; false if the text is none. */
bool	netlist_address(const char *text, struct in6_addr *address);

#endif
