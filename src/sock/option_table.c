/* The options: one line each; how lengths are treated is in options.c. What is
 * not here is refused with ENOPROTOOPT. docs/options.md is this table, and a test
 * holds them together.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <asm/socket.h>
#include <netinet/tcp.h>

#include "options.h"

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#define FIELD(f) offsetof(struct shm_opts, f)

#define BIT(level_, name_, on_, effect_, bit_, doc_) \
	{ level_, name_, #name_, on_, effect_, option_get_bit, option_set_bit, \
		NULL, NULL, bit_, 0, 0, doc_ }
#define U32(level_, name_, on_, effect_, field_, lo_, hi_, doc_) \
	{ level_, name_, #name_, on_, effect_, option_get_u32, option_set_u32, \
		NULL, NULL, FIELD(field_), lo_, hi_, doc_ }
#define U8(level_, name_, on_, effect_, field_, lo_, hi_, doc_) \
	{ level_, name_, #name_, on_, effect_, option_get_u8, option_set_u8, \
		NULL, NULL, FIELD(field_), lo_, hi_, doc_ }
#define INT(level_, name_, on_, effect_, get_, set_, field_, doc_) \
	{ level_, name_, #name_, on_, effect_, get_, set_, NULL, NULL, field_, \
		0, 0, doc_ }
#define RAW(level_, name_, on_, effect_, get_, set_, field_, doc_) \
	{ level_, name_, #name_, on_, effect_, NULL, NULL, get_, set_, field_, \
		0, 0, doc_ }

#define INT_MAX_ 0x7fffffff

static const struct option rows[] = {
	/* clang-format off */
	BIT(SOL_SOCKET, SO_REUSEADDR, ON_BOTH, EFFECT_YES, SHM_O_REUSEADDR,
		"bind to a name in use, unless somebody listens there"),
	BIT(SOL_SOCKET, SO_REUSEPORT, ON_BOTH, EFFECT_YES, SHM_O_REUSEPORT,
		"several sockets on one name; peers are spread over them"),
	INT(SOL_SOCKET, SO_TYPE, ON_BOTH, EFFECT_YES, option_get_type, NULL, 0,
		"SOCK_STREAM or SOCK_DGRAM"),
	INT(SOL_SOCKET, SO_DOMAIN, ON_BOTH, EFFECT_YES, option_get_domain, NULL, 0,
		"AF_INET or AF_INET6"),
	INT(SOL_SOCKET, SO_PROTOCOL, ON_BOTH, EFFECT_YES, option_get_protocol, NULL,
		0, "IPPROTO_TCP, UDP, ICMP or ICMPV6"),
	INT(SOL_SOCKET, SO_ERROR, ON_BOTH, EFFECT_YES, option_get_error, NULL, 0,
		"the pending error, which is then cleared"),
	INT(SOL_SOCKET, SO_ACCEPTCONN, ON_BOTH, EFFECT_YES, option_get_acceptconn,
		NULL, 0, "does it listen"),
	BIT(SOL_SOCKET, SO_KEEPALIVE, ON_BOTH, EFFECT_STACK, SHM_O_KEEPALIVE,
		"probe an idle connection; one within the host needs none: its "
		"end is known at once"),
	RAW(SOL_SOCKET, SO_LINGER, ON_BOTH, EFFECT_YES, option_get_linger,
		option_set_linger, 0, "close waits; with 0 s it resets"),
	BIT(SOL_SOCKET, SO_BROADCAST, ON_BOTH, EFFECT_YES, SHM_O_BROADCAST,
		"datagrams to broadcast addresses"),
	BIT(SOL_SOCKET, SO_OOBINLINE, ON_BOTH, EFFECT_YES, SHM_O_OOBINLINE,
		"the urgent byte stays in the stream"),
	INT(SOL_SOCKET, SO_SNDBUF, ON_BOTH, EFFECT_YES, option_get_u32,
		option_set_sndbuf, FIELD(sndbuf), "bytes, doubled as Linux does"),
	INT(SOL_SOCKET, SO_RCVBUF, ON_BOTH, EFFECT_YES, option_get_u32,
		option_set_rcvbuf, FIELD(rcvbuf), "bytes, doubled as Linux does"),
	INT(SOL_SOCKET, SO_SNDBUFFORCE, ON_BOTH, EFFECT_YES, NULL,
		option_set_sndbuf_force, FIELD(sndbuf),
		"SO_SNDBUF beyond the maximum; EPERM without privilege"),
	INT(SOL_SOCKET, SO_RCVBUFFORCE, ON_BOTH, EFFECT_YES, NULL,
		option_set_rcvbuf_force, FIELD(rcvbuf),
		"SO_RCVBUF beyond the maximum; EPERM without privilege"),
	INT(SOL_SOCKET, SO_RCVLOWAT, ON_BOTH, EFFECT_YES, option_get_u32,
		option_set_rcvlowat, FIELD(rcvlowat), "bytes before it is readable"),
	INT(SOL_SOCKET, SO_SNDLOWAT, ON_BOTH, EFFECT_YES, option_get_one, NULL, 0,
		"always 1"),
	RAW(SOL_SOCKET, SO_RCVTIMEO_OLD, ON_BOTH, EFFECT_YES, option_get_time,
		option_set_time, FIELD(rcvtimeo_us), "struct timeval"),
	RAW(SOL_SOCKET, SO_SNDTIMEO_OLD, ON_BOTH, EFFECT_YES, option_get_time,
		option_set_time, FIELD(sndtimeo_us), "struct timeval"),
	RAW(SOL_SOCKET, SO_RCVTIMEO_NEW, ON_BOTH, EFFECT_YES, option_get_time,
		option_set_time, FIELD(rcvtimeo_us), "the same on 64-bit machines"),
	RAW(SOL_SOCKET, SO_SNDTIMEO_NEW, ON_BOTH, EFFECT_YES, option_get_time,
		option_set_time, FIELD(sndtimeo_us), "the same on 64-bit machines"),
	INT(SOL_SOCKET, SO_PRIORITY, ON_BOTH, EFFECT_NONE, option_get_u32,
		option_set_priority, FIELD(priority),
		"kept; no queue looks at it; above 6: EPERM without privilege"),
	INT(SOL_SOCKET, SO_MARK, ON_BOTH, EFFECT_NONE, option_get_u32,
		option_set_mark, FIELD(mark),
		"kept; no rule looks at it; EPERM without privilege"),
	RAW(SOL_SOCKET, SO_COOKIE, ON_BOTH, EFFECT_YES, option_get_cookie, NULL, 0,
		"a number that no other socket has"),
	RAW(SOL_SOCKET, SO_BINDTODEVICE, ON_BOTH, EFFECT_REFUSED,
		option_get_nothing, option_set_device, 0,
		"\"\" only, else ENODEV"),

	INT(IPPROTO_IP, IP_TTL, ON_BOTH, EFFECT_STACK, option_get_ttl,
		option_set_ttl, 0, "1..255, -1 the default of 64"),
	INT(IPPROTO_IP, IP_TOS, ON_BOTH, EFFECT_STACK, option_get_u8,
		option_set_tos, FIELD(tos), "TCP keeps the two ECN bits"),
	U8(IPPROTO_IP, IP_MTU_DISCOVER, ON_BOTH, EFFECT_STACK, mtu_discover, 0, 5,
		"IP_PMTUDISC_*"),
	BIT(IPPROTO_IP, IP_RECVERR, ON_BOTH, EFFECT_YES, SHM_O_RECVERR,
		"errors also on unconnected sockets; the error queue (MSG_ERRQUEUE) "
		"stays empty"),
	BIT(IPPROTO_IP, IP_PKTINFO, ON_DGRAM | ON_V4, EFFECT_YES, SHM_O_PKTINFO,
		"ancillary data: where a datagram was sent to"),
	BIT(IPPROTO_IP, IP_RECVTTL, ON_DGRAM | ON_V4, EFFECT_YES, SHM_O_RECVTTL,
		"ancillary data"),
	BIT(IPPROTO_IP, IP_RECVTOS, ON_DGRAM | ON_V4, EFFECT_YES, SHM_O_RECVTOS,
		"ancillary data"),
	BIT(IPPROTO_IP, IP_FREEBIND, ON_BOTH, EFFECT_YES, SHM_O_FREEBIND,
		"bind to an address that the host does not have"),
	BIT(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, ON_BOTH, EFFECT_YES,
		SHM_O_BIND_NO_PORT, "TCP: connect chooses the port, not bind"),
	INT(IPPROTO_IP, IP_MULTICAST_TTL, ON_UDP, EFFECT_STACK, option_get_u8,
		option_set_multicast_ttl, FIELD(multicast_ttl), "0..255, -1 for 1"),
	INT(IPPROTO_IP, IP_MTU, ON_BOTH, EFFECT_YES, option_get_mtu, NULL, 0,
		"of a connection"),
	RAW(IPPROTO_IP, IP_OPTIONS, ON_BOTH, EFFECT_YES, option_get_nothing, NULL,
		0, "none are ever there"),

	INT(IPPROTO_IPV6, IPV6_V6ONLY, ON_STREAM | ON_DGRAM | ON_V6, EFFECT_YES,
		option_get_bit, option_set_v6only, SHM_O_V6ONLY,
		"no IPv4 in it; EINVAL once bound"),
	INT(IPPROTO_IPV6, IPV6_UNICAST_HOPS, ON_STREAM | ON_DGRAM | ON_V6,
		EFFECT_STACK, option_get_hops, option_set_hops, 0,
		"0..255, -1 the default of 64"),
	INT(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, ON_DGRAM | ON_V6, EFFECT_STACK,
		option_get_u8, option_set_multicast_ttl, FIELD(multicast_ttl),
		"0..255, -1 for 1"),
	INT(IPPROTO_IPV6, IPV6_TCLASS, ON_STREAM | ON_DGRAM | ON_V6, EFFECT_STACK,
		option_get_u8, option_set_tos, FIELD(tclass), "0..255, -1 for 0"),
	BIT(IPPROTO_IPV6, IPV6_RECVPKTINFO, ON_DGRAM | ON_V6, EFFECT_YES,
		SHM_O_PKTINFO, "ancillary data: where a datagram was sent to"),
	BIT(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, ON_DGRAM | ON_V6, EFFECT_YES,
		SHM_O_RECVTTL, "ancillary data"),
	BIT(IPPROTO_IPV6, IPV6_RECVTCLASS, ON_DGRAM | ON_V6, EFFECT_YES,
		SHM_O_RECVTOS, "ancillary data"),
	BIT(IPPROTO_IPV6, IPV6_RECVERR, ON_STREAM | ON_DGRAM | ON_V6, EFFECT_YES,
		SHM_O_RECVERR, "as IP_RECVERR"),
	U8(IPPROTO_IPV6, IPV6_MTU_DISCOVER, ON_STREAM | ON_DGRAM | ON_V6,
		EFFECT_STACK, mtu_discover6, 0, 5, "IPV6_PMTUDISC_*"),
	INT(IPPROTO_IPV6, IPV6_MTU, ON_STREAM | ON_DGRAM | ON_V6, EFFECT_YES,
		option_get_mtu, NULL, 0, "of a connection"),

	BIT(IPPROTO_TCP, TCP_NODELAY, ON_TCP, EFFECT_STACK, SHM_O_NODELAY,
		"no waiting for a full segment; within the host there is none"),
	BIT(IPPROTO_TCP, TCP_CORK, ON_TCP, EFFECT_STACK, SHM_O_CORK,
		"wait for a full segment; within the host bytes go at once"),
	INT(IPPROTO_TCP, TCP_MAXSEG, ON_TCP, EFFECT_STACK, option_get_maxseg,
		option_set_maxseg, FIELD(maxseg), "88..32767"),
	U32(IPPROTO_TCP, TCP_KEEPIDLE, ON_TCP, EFFECT_STACK, keep_idle, 1, 32767,
		"seconds before the first probe"),
	U32(IPPROTO_TCP, TCP_KEEPINTVL, ON_TCP, EFFECT_STACK, keep_intvl, 1, 32767,
		"seconds between probes"),
	U32(IPPROTO_TCP, TCP_KEEPCNT, ON_TCP, EFFECT_STACK, keep_cnt, 1, 127,
		"probes before the connection is dropped"),
	U32(IPPROTO_TCP, TCP_USER_TIMEOUT, ON_TCP, EFFECT_STACK, user_timeout_ms, 0,
		INT_MAX_, "milliseconds that sent data may stay unacknowledged"),
	U32(IPPROTO_TCP, TCP_SYNCNT, ON_TCP, EFFECT_STACK, syncnt, 1, 127,
		"SYNs sent again before connect gives up"),
	INT(IPPROTO_TCP, TCP_LINGER2, ON_TCP, EFFECT_STACK, option_get_u32,
		option_set_linger2, FIELD(linger2_s), "seconds in FIN-WAIT-2"),
	INT(IPPROTO_TCP, TCP_DEFER_ACCEPT, ON_TCP, EFFECT_NONE, option_get_u32,
		option_set_defer, FIELD(defer_accept_s),
		"kept; accept returns as soon as the connection is there"),
	INT(IPPROTO_TCP, TCP_WINDOW_CLAMP, ON_TCP, EFFECT_STACK, option_get_u32,
		option_set_clamp, FIELD(window_clamp), "bytes"),
	INT(IPPROTO_TCP, TCP_QUICKACK, ON_TCP, EFFECT_STACK, option_get_bit,
		option_set_quickack, SHM_O_QUICKACK,
		"1: acknowledge at once, until set to 0"),
	U32(IPPROTO_TCP, TCP_NOTSENT_LOWAT, ON_TCP, EFFECT_NONE, notsent_lowat,
		-INT_MAX_ - 1, INT_MAX_, "kept; poll goes by the buffer"),
	RAW(IPPROTO_TCP, TCP_CONGESTION, ON_TCP, EFFECT_STACK,
		option_get_congestion, option_set_congestion, FIELD(congestion),
		"\"reno\" or \"cubic\", else ENOENT"),
	RAW(IPPROTO_TCP, TCP_INFO, ON_TCP, EFFECT_YES, option_get_info, NULL, 0,
		"struct tcp_info as in <netinet/tcp.h>"),
	INT(IPPROTO_TCP, TCP_FASTOPEN, ON_TCP, EFFECT_REFUSED, NULL,
		option_refuse_fastopen, 0, "EOPNOTSUPP"),
	INT(IPPROTO_TCP, TCP_FASTOPEN_CONNECT, ON_TCP, EFFECT_REFUSED, NULL,
		option_refuse_fastopen, 0, "EOPNOTSUPP"),
	/* clang-format on */
};

const struct option_table sock_options = { rows, sizeof(rows) / sizeof(rows[0]) };
