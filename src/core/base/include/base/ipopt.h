/* IPv4 options (RFC 791 3.1), by Linux's ip_options.c. A record of the route or a
 * time stamp has slots and a pointer to the next one, which every host on the way
 * fills:
 *
 *	type | length | pointer | (time stamp: overflow, kind) | slot | slot ...
 *
 * Bytes are changed in place; a list is a multiple of four long.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_IPOPT_H
#define BASE_IPOPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

enum { IPOPT_BYTES = 40 }; /* what a header has room for */

/* A list. */
struct ip_options {
	uint8_t len;
	uint8_t bytes[IPOPT_BYTES];
};

/* The host that looks at them. */
struct ipopt_host {
	uint8_t addr[4]; /* to put into slots */
	uint32_t ms;	 /* since midnight UT, likewise */
	/* Is this address another host's? */
	bool (*elsewhere)(const void *user, const uint8_t addr[4]);
	const void *user;
};

static inline uint32_t ipopt_ms(int64_t wall_ns)
{
	return (uint32_t)(wall_ns / 1000000 % 86400000);
}

/* May a program send these? The next slot is emptied, and so is what lies behind the
 * end. Unknown ones take privilege. */
bool ipopt_may_send(uint8_t *o, size_t len, const struct ipopt_host *h,
	bool privileged);
/* The byte with which what has come goes wrong; -1: it is sound. */
int ipopt_wrong(const uint8_t *o, size_t len);
/* Sound, and not by a source route: Linux's accept_source_route is 0. */
bool ipopt_may_come(const uint8_t *o, size_t len);
/* The first hop of a program's source route, which says what is sent where to go
 * first; strict (or NULL): it is a neighbour. False: there is no route. */
bool ipopt_hop(const struct ip_options *o, uint8_t hop[4], bool *strict);
/* Where what is sent to dst with o (or NULL) goes first: that hop, else dst. */
struct ip_addr ipopt_first_hop(const struct ip_options *o, const struct ip_addr *dst);
/* As it goes out from here to dst: the first hop is in the header, dst at the end. */
void ipopt_set_out(struct ip_options *o, const uint8_t dst[4]);
/* Into the next slot, at the sender and, received, where it was sent to. They were
 * looked at by the function above. */
void ipopt_fill(uint8_t *o, size_t len, const struct ipopt_host *h, bool received);
/* What an answer would have: records and time stamps, the next slot emptied. out has
 * room for IPOPT_BYTES; how many, or -1. */
int ipopt_echo(const uint8_t *o, size_t len, const struct ipopt_host *h, uint8_t *out);
/* In all fragments but the first: what is not to be copied is no operation. */
void ipopt_fragment(uint8_t *o, size_t len);

#endif
