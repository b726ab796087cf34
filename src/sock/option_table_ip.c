/* The options of IP, IPv6 and UDP: one line each, as in option_table.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/udp.h>

#include "option_rows.h"

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#ifndef IP_RECVERR_RFC4884
#define IP_RECVERR_RFC4884 26
#endif
#ifndef IPV6_RECVERR_RFC4884
#define IPV6_RECVERR_RFC4884 31
#endif
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif
#ifndef IPV6_FLOWINFO
#define IPV6_FLOWINFO 11
#endif
#ifndef IPV6_UNICAST_IF
#define IPV6_UNICAST_IF 76
#endif
#ifndef IPV6_RECVORIGDSTADDR
#define IPV6_RECVORIGDSTADDR 74
#endif
#ifndef UDP_NO_CHECK6_TX
#define UDP_NO_CHECK6_TX 101
#define UDP_NO_CHECK6_RX 102
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#define UDP_GRO 104
#endif

static const struct option rows[] = {
	/* clang-format off */
	INT(IPPROTO_IP, IP_TTL, ON_BOTH, EFFECT_STACK, option_get_ttl,
		option_set_ttl, 0, "1..255, -1 the default of 64"),
	INT(IPPROTO_IP, IP_TOS, ON_BOTH, EFFECT_STACK, option_get_u8,
		option_set_tos, FIELD(tos), "TCP keeps the two ECN bits"),
	U8(IPPROTO_IP, IP_MTU_DISCOVER, ON_BOTH, EFFECT_STACK, mtu_discover, 0, 5,
		"IP_PMTUDISC_*"),
	INT(IPPROTO_IP, IP_RECVERR, ON_BOTH, EFFECT_YES, option_get_ip_bit,
		option_set_recverr, SHM_IP_RECVERR,
		"errors also on unconnected sockets, and in the error queue"),
	INT(IPPROTO_IP, IP_RECVERR_RFC4884, ON_BOTH, EFFECT_YES, option_get_ip_bit,
		option_set_rfc4884, SHM_IP_RFC4884,
		"ee_data of datagrams' reports: where ICMP extensions begin"),
	IPBIT(IP_PKTINFO, ON_BOTH, SHM_IP_PKTINFO,
		"ancillary data: where a datagram was sent to"),
	IPBIT(IP_RECVTTL, ON_BOTH, SHM_IP_RECVTTL, "ancillary data"),
	IPBIT(IP_RECVTOS, ON_BOTH, SHM_IP_RECVTOS, "ancillary data"),
	IPBIT(IP_RECVOPTS, ON_BOTH, SHM_IP_RECVOPTS,
		"ancillary data: IP options that came, our slots filled"),
	IPBIT(IP_RETOPTS, ON_BOTH, SHM_IP_RETOPTS,
		"ancillary data: IP options for an answer"),
	IPBIT(IP_RECVORIGDSTADDR, ON_BOTH, SHM_IP_ORIGDSTADDR,
		"ancillary data: address and port that a datagram was sent to"),
	IPBIT(IP_CHECKSUM, ON_BOTH, SHM_IP_CHECKSUM,
		"ancillary data, if the device summed it up: none does"),
	INT(IPPROTO_IP, IP_UNICAST_IF, ON_BOTH, EFFECT_YES, option_get_unicast_if,
		option_set_unicast_if, FIELD(unicast_if),
		"the interface that unicast leaves by; network order"),
	BIT(IPPROTO_IP, IP_FREEBIND, ON_BOTH, EFFECT_YES, SHM_O_FREEBIND,
		"bind to an address that the host does not have"),
	BIT(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, ON_BOTH, EFFECT_YES,
		SHM_O_BIND_NO_PORT, "TCP: connect chooses the port, not bind"),
	INT(IPPROTO_IP, IP_MULTICAST_TTL, ON_BOTH, EFFECT_YES, option_get_u8,
		option_set_multicast_ttl, FIELD(multicast_ttl), "0..255, -1 for 1"),
	BITS_(IPPROTO_IP, IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP", ON_BOTH, EFFECT_YES, ip_not,
		SHM_IP_NO_MC_LOOP, "do members on this host hear it"),
	INT(IPPROTO_IP, IP_MULTICAST_ALL, ON_BOTH, EFFECT_YES, option_get_ip_not,
		option_set_multicast_all, SHM_IP_NO_MC_ALL,
		"hear groups that others on this host have joined"),
	RAW(IPPROTO_IP, IP_MULTICAST_IF, ON_BOTH, EFFECT_YES,
		option_get_multicast_if, option_set_multicast_if, 0,
		"the interface that groups are reached by"),
	RAW(IPPROTO_IP, IP_ADD_MEMBERSHIP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_mreq, 0, "join; 20 at most; other hosts are told by IGMP"),
	RAW(IPPROTO_IP, IP_DROP_MEMBERSHIP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_mreq, 0, "leave"),
	RAW(IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_mreqs, 0, "join, from one source more"),
	RAW(IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_mreqs, 0, "from one less"),
	RAW(IPPROTO_IP, IP_BLOCK_SOURCE, ON_BOTH, EFFECT_STACK, NULL,
		option_group_mreqs, 0, "joined, but not from this source"),
	RAW(IPPROTO_IP, IP_UNBLOCK_SOURCE, ON_BOTH, EFFECT_STACK, NULL,
		option_group_mreqs, 0, "from this one again"),
	RAW(IPPROTO_IP, IP_MSFILTER, ON_BOTH, EFFECT_STACK, option_get_msfilter,
		option_set_msfilter, 0, "all sources at once; 10 at most"),
	RAW(IPPROTO_IP, MCAST_JOIN_GROUP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_req, 0, "join, whatever the family"),
	RAW(IPPROTO_IP, MCAST_LEAVE_GROUP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_req, 0, "leave"),
	RAW(IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_source_req, 0, "as IP_ADD_SOURCE_MEMBERSHIP"),
	RAW(IPPROTO_IP, MCAST_LEAVE_SOURCE_GROUP, ON_BOTH, EFFECT_STACK, NULL,
		option_group_source_req, 0, "likewise"),
	RAW(IPPROTO_IP, MCAST_BLOCK_SOURCE, ON_BOTH, EFFECT_STACK, NULL,
		option_group_source_req, 0, "likewise"),
	RAW(IPPROTO_IP, MCAST_UNBLOCK_SOURCE, ON_BOTH, EFFECT_STACK, NULL,
		option_group_source_req, 0, "likewise"),
	RAW(IPPROTO_IP, MCAST_MSFILTER, ON_BOTH, EFFECT_STACK, option_get_group_filter,
		option_set_group_filter, 0, "all sources at once; 10 at most"),
	INT(IPPROTO_IP, IP_MTU, ON_BOTH, EFFECT_YES, option_get_mtu, NULL, 0,
		"of a connection"),
	RAW(IPPROTO_IP, IP_OPTIONS, ON_BOTH, EFFECT_STACK, option_get_ip_options,
		option_set_ip_options, 0,
		"in each packet; of an accepted stream, an echo of its SYN's"),

	INT(IPPROTO_IPV6, IPV6_V6ONLY, ON_STREAM | ON_DGRAM | ON_V6, EFFECT_YES,
		option_get_bit, option_set_v6only, SHM_O_V6ONLY,
		"no IPv4 in it; EINVAL once bound"),
	INT(IPPROTO_IPV6, IPV6_UNICAST_HOPS, ON_STREAM | ON_DGRAM | ON_V6,
		EFFECT_STACK, option_get_hops, option_set_hops, 0,
		"0..255, -1 the default of 64"),
	INT(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, ON_6, EFFECT_YES, option_get_u8,
		option_set_multicast_hops, FIELD(multicast_hops),
		"0..255, -1 for 1"),
	INT(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, ON_6, EFFECT_YES,
		option_get_ip6_not, option_set_multicast_loop6,
		SHM_IP6_NO_MC_LOOP, "do members on this host hear it"),
	INT(IPPROTO_IPV6, IPV6_MULTICAST_ALL, ON_6, EFFECT_YES,
		option_get_ip6_not, option_set_ip6_not, SHM_IP6_NO_MC_ALL,
		"hear groups that others on this host have joined"),
	INT(IPPROTO_IPV6, IPV6_MULTICAST_IF, ON_6, EFFECT_YES, option_get_u32,
		option_set_multicast_if6, FIELD(multicast_if6),
		"index of the interface that groups are reached by"),
	RAW(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, ON_6, EFFECT_STACK, NULL,
		option_group_mreq6, 0, "join; other hosts are told by MLD"),
	RAW(IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, ON_6, EFFECT_STACK, NULL,
		option_group_mreq6, 0, "leave"),
	RAW(IPPROTO_IPV6, MCAST_JOIN_GROUP, ON_6, EFFECT_STACK, NULL,
		option_group_req, 0, "join, whatever the family"),
	RAW(IPPROTO_IPV6, MCAST_LEAVE_GROUP, ON_6, EFFECT_STACK, NULL,
		option_group_req, 0, "leave"),
	RAW(IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, ON_6, EFFECT_STACK, NULL,
		option_group_source_req, 0, "as IP_ADD_SOURCE_MEMBERSHIP"),
	RAW(IPPROTO_IPV6, MCAST_LEAVE_SOURCE_GROUP, ON_6, EFFECT_STACK, NULL,
		option_group_source_req, 0, "likewise"),
	RAW(IPPROTO_IPV6, MCAST_BLOCK_SOURCE, ON_6, EFFECT_STACK, NULL,
		option_group_source_req, 0, "likewise"),
	RAW(IPPROTO_IPV6, MCAST_UNBLOCK_SOURCE, ON_6, EFFECT_STACK, NULL,
		option_group_source_req, 0, "likewise"),
	RAW(IPPROTO_IPV6, MCAST_MSFILTER, ON_6, EFFECT_STACK, option_get_group_filter,
		option_set_group_filter, 0, "all sources at once; 64 at most"),
	INT(IPPROTO_IPV6, IPV6_UNICAST_IF, ON_6, EFFECT_YES,
		option_get_unicast_if, option_set_unicast_if, FIELD(unicast_if6),
		"the interface that unicast leaves by; network order"),
	INT(IPPROTO_IPV6, IPV6_TCLASS, ON_STREAM | ON_DGRAM | ON_V6, EFFECT_STACK,
		option_get_u8, option_set_tos, FIELD(tclass), "0..255, -1 for 0"),
	IP6BIT(IPV6_RECVPKTINFO, SHM_IP6_PKTINFO,
		"ancillary data: where a datagram was sent to"),
	IP6BIT(IPV6_RECVHOPLIMIT, SHM_IP6_HOPLIMIT, "ancillary data"),
	IP6BIT(IPV6_RECVTCLASS, SHM_IP6_TCLASS, "ancillary data"),
	IP6BIT(IPV6_2292PKTINFO, SHM_IP6_OLD_PKTINFO, "as RFC 2292 had it"),
	IP6BIT(IPV6_2292HOPLIMIT, SHM_IP6_OLD_HOPLIMIT, "as RFC 2292 had it"),
	IP6BIT(IPV6_FLOWINFO, SHM_IP6_FLOWINFO,
		"ancillary data: class and flow label, if not 0"),
	IP6BIT(IPV6_RECVORIGDSTADDR, SHM_IP6_ORIGDSTADDR,
		"ancillary data: address and port that a datagram was sent to"),
	IP6BIT(IPV6_RECVHOPOPTS, SHM_IP6_HOPOPTS,
		"ancillary data, if a packet has such a header: not told"),
	IP6BIT(IPV6_RECVRTHDR, SHM_IP6_RTHDR, "likewise"),
	IP6BIT(IPV6_RECVDSTOPTS, SHM_IP6_DSTOPTS, "likewise"),
	IP6BIT(IPV6_2292HOPOPTS, SHM_IP6_OLD_HOPOPTS, "likewise"),
	IP6BIT(IPV6_2292RTHDR, SHM_IP6_OLD_RTHDR, "likewise"),
	IP6BIT(IPV6_2292DSTOPTS, SHM_IP6_OLD_DSTOPTS, "likewise"),
	IP6BIT(IPV6_RECVPATHMTU, SHM_IP6_PATHMTU,
		"a datagram that was too long is told by an empty message"),
	IP6BIT(IPV6_DONTFRAG, SHM_IP6_DONTFRAG,
		"EMSGSIZE for what does not fit the way"),
	RAW(IPPROTO_IPV6, IPV6_PATHMTU, ON_6, EFFECT_YES, option_get_pathmtu, NULL,
		0, "of a connection: struct ip6_mtuinfo"),
	INT(IPPROTO_IPV6, IPV6_RECVERR, ON_6, EFFECT_YES, option_get_ip6_bit,
		option_set_recverr, SHM_IP6_RECVERR, "as IP_RECVERR"),
	INT(IPPROTO_IPV6, IPV6_RECVERR_RFC4884, ON_6, EFFECT_YES,
		option_get_ip6_bit, option_set_rfc4884, SHM_IP6_RFC4884,
		"as IP_RECVERR_RFC4884"),
	U8(IPPROTO_IPV6, IPV6_MTU_DISCOVER, ON_STREAM | ON_DGRAM | ON_V6,
		EFFECT_STACK, mtu_discover6, 0, 5, "IPV6_PMTUDISC_*"),
	INT(IPPROTO_IPV6, IPV6_MTU, ON_STREAM | ON_DGRAM | ON_V6, EFFECT_YES,
		option_get_mtu, option_set_ip6_mtu, 0,
		"get: of a connection; set: the longest packet of datagrams, 1280 at least"),

	INT(IPPROTO_UDP, UDP_CORK, ON_UDP, EFFECT_YES, option_get_dgram_bit,
		option_set_udp_cork, SHM_D_CORK,
		"gather one datagram until it is turned off"),
	INT(IPPROTO_UDP, UDP_ENCAP, ON_UDP, EFFECT_YES, option_get_encap,
		option_set_udp_encap, 0, "0 only, else ENOPROTOOPT"),
	DBIT(IPPROTO_UDP, UDP_NO_CHECK6_TX, ON_UDP, EFFECT_NONE,
		SHM_D_NO_CHECK6_TX, "kept; UDP between hosts has its checksum"),
	DBIT(IPPROTO_UDP, UDP_NO_CHECK6_RX, ON_UDP, EFFECT_NONE,
		SHM_D_NO_CHECK6_RX, "kept; such are not taken (RFC 8200 8.1)"),
	INT(IPPROTO_UDP, UDP_SEGMENT, ON_UDP, EFFECT_YES, option_get_gso,
		option_set_gso, 0, "bytes of each datagram that a send is cut into"),
	DBIT(IPPROTO_UDP, UDP_GRO, ON_UDP, EFFECT_YES, SHM_D_GRO,
		"what UDP_SEGMENT would cut comes whole within the host"),
	INT(IPPROTO_UDPLITE, UDPLITE_SEND_CSCOV, ON_UDP, EFFECT_YES,
		option_get_coverage, option_set_coverage, FIELD(lite_send),
		"bytes that the checksum covers, 8 at least; 0: all"),
	INT(IPPROTO_UDPLITE, UDPLITE_RECV_CSCOV, ON_UDP, EFFECT_YES,
		option_get_coverage, option_set_coverage, FIELD(lite_recv),
		"who is sent less drops it; 0: takes only all"),
	/* clang-format on */
};

const struct option_table sock_options_ip = { rows,
	sizeof(rows) / sizeof(rows[0]) };
