/* What a captured packet says: its addresses, ports and headers, by the parsers of
 * the core, also when the capture kept only its beginning. Checksums are not looked
 * at: a capture at the sender's end often has them unfinished.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_DISSECT_H
#define DIAGRAM_DISSECT_H

#include "base/ipaddr.h"
#include "capture.h"
#include "diagram/diagram.h"
#include "wire/tcp.h"

#define SEEN_TEXT_MAX 96

enum seen_kind {
	SEEN_OTHER, /* not understood, or nothing that hosts say to each other */
	SEEN_TCP,
	SEEN_UDP,
	SEEN_ICMP,	/* both families: echo and errors */
	SEEN_NEIGHBOUR, /* ARP and neighbour discovery */
	SEEN_GROUP,	/* IGMP, MLD, router discovery: the network's housekeeping */
	SEEN_IP,	/* another protocol, or a fragment that is not the first */
};

struct seen {
	enum diagram_lang lang; /* of the text */
	enum seen_kind kind;
	struct ip_addr src, dst; /* of ARP and ND the one who is asked for */
	uint16_t sport, dport;
	uint8_t ttl, proto;
	uint32_t len;  /* bytes of payload, as the headers say */
	uint64_t mark; /* of the packet on its whole way; 0: none */
	struct tcp_header tcp;
	char text[SEEN_TEXT_MAX]; /* of what is not TCP: what it says */
};

/* SEEN_OTHER with a text when it cannot be told. */
void dissect(const struct capture_point *p, const struct capture_packet *k,
	enum diagram_lang lang, struct seen *out);
bool dissect_knows(uint16_t linktype);

#endif
