/* Packets between bytes and the script's form of them. Both directions have their
 * own code here, apart from the stack's: what checks it must not share its
 * mistakes. SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_PACKET_H
#define SCRIPT_PACKET_H

#include "base/ipaddr.h"
#include "script.h"

#define PACKET_BYTES_MAX 65600
#define PACKET_TEXT_MAX 420

struct packet_names {
	struct ip_name src, dst;
};

/* An IP packet from a packet of the script whose numbers are the wire's; names
 * give addresses and ports. ICMP: names are those of the packet that it is about,
 * as that was sent; the error comes from names->dst. Returns its length, 0 when
 * the script's packet cannot be (an unknown ICMP type): then *why says so. */
size_t packet_encode(const struct script_packet *p, const struct packet_names *names,
	uint8_t out[PACKET_BYTES_MAX], const char **why);
/* The reverse. 0; -EINVAL with *why: not a packet that may leave a host (a bad
 * checksum, say). */
int packet_decode(const uint8_t *bytes, size_t len, struct script_packet *out,
	struct packet_names *names, const char **why);
/* As a script would write it. */
const char *packet_text(const struct script_packet *p, char buf[PACKET_TEXT_MAX]);

#endif
