/* Limits and protocol constants of the network layer, with their sources.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_LIMITS_H
#define IP_LIMITS_H

enum {
	IP_IFNAME_MAX = 16,	   /* bytes with the closing zero: IFNAMSIZ */
	IP_IFACES_MAX = 64,
	IP_IFACE_ADDRS_MAX = 32,
	IP_ROUTES_MAX = 4096,
	IP_LO_INDEX = 1,
	IP_LO_MTU = 65536,	   /* bytes, as Linux's lo */
	IP_MTU_DEFAULT = 1500,
	IP_MTU_MIN = 68,	   /* RFC 791 3.2 */
	IP_TTL_DEFAULT = 64,	   /* RFC 1700, Linux */

	IP_LOOPBACK_PACKETS = 1024, /* queue of packets to ourselves */
	IP_LOOPBACK_BYTES = 16 << 20,
	IP_LOOPBACK_BUDGET = 256,  /* packets delivered in one call */

	NEIGH_MAX = 1024,	   /* Linux's gc_thresh3 */
	NEIGH_BUCKETS = 256,
	NEIGH_PENDING_MAX = 101,   /* packets: Linux's unres_qlen; RFC 4861 7.2.2
				      asks for one */
	NEIGH_PENDING_ALL = 1024,  /* packets, of all neighbours */
	NEIGH_SOLICITS = 3,	   /* MAX_MULTICAST_SOLICIT, RFC 4861 10 */
	NEIGH_RETRANS_MS = 1000,   /* RETRANS_TIMER */
	NEIGH_DELAY_MS = 5000,	   /* DELAY_FIRST_PROBE_TIME */
	NEIGH_REACHABLE_MS = 30000, /* REACHABLE_TIME, times 0.5 to 1.5 */

	REASM_MAX = 64,		   /* datagrams in pieces, 64 KiB each: Linux's
				      ipfrag_high_thresh, 4 MiB */
	REASM_PER_SOURCE = 32,	   /* of them from one source */
	REASM_HOLES_MAX = 512,	   /* gaps in one datagram */
	REASM_V4_S = 30,	   /* Linux's IP_FRAG_TIME */
	REASM_V6_S = 60,	   /* RFC 8200 4.5 */

	ICMP_QUOTE_V4 = 576,	   /* whole error packet, RFC 1812 4.3.2.3 */
	ICMP_QUOTE_V6 = 1280,	   /* RFC 4443 2.4 (c) */
	ICMP_PMTU_MIN = 552,	   /* Linux's min_pmtu */
	ICMP_RATE_GLOBAL = 1000,   /* errors a second: Linux's icmp_msgs_per_sec */
	ICMP_BURST_GLOBAL = 50,	   /* icmp_msgs_burst */
	ICMP_RATE_PEER_MS = 1000,  /* one error a second: icmp_ratelimit */
	ICMP_BURST_PEER = 6,	   /* XRLIM_BURST_FACTOR */
	ICMP_PEERS = 64,	   /* buckets remembered */
};

#endif
