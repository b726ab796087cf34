/* A socket's options as they lie in its record.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_OPTS_H
#define SHM_OPTS_H

#include <stdint.h>

/* Socket options as set, in the units of Linux. */
struct shm_opts {
	uint32_t bits; /* enum shm_opt_bit */
	uint32_t rcvbuf, sndbuf; /* as getsockopt reports (doubled) */
	uint32_t rcvlowat;
	int64_t rcvtimeo_us, sndtimeo_us; /* 0: none; -1: do not wait at all */
	int32_t linger_s;	/* -1: off */
	uint32_t priority, mark;
	uint32_t keep_idle, keep_intvl, keep_cnt; /* s, s, probes */
	uint32_t user_timeout_ms;
	uint32_t defer_accept_s, linger2_s, syncnt, window_clamp, notsent_lowat;
	uint16_t maxseg;
	uint8_t ttl, tos;	/* 0: default */
	int16_t hops;		/* IPv6, -1: default */
	uint8_t tclass, mtu_discover, mtu_discover6;
	uint8_t multicast_ttl, multicast_hops;
	uint8_t nodelays;	/* times that TCP_NODELAY was set to 1 */
	char congestion[16];
	uint32_t ip_bits, ip6_bits, dgram_bits; /* SHM_IP_*, SHM_IP6_*, SHM_D_* */
	uint32_t multicast_if, multicast_if6;	/* ifindex; 0: by route */
	uint32_t unicast_if, unicast_if6;
	uint32_t multicast_addr; /* IP_MULTICAST_IF's address, network order */
	uint32_t tsflags;	 /* SO_TIMESTAMPING's SOF_TIMESTAMPING_* */
	int32_t peek_off;	 /* SO_PEEK_OFF; -1: none */
	uint16_t gso_size;	 /* UDP_SEGMENT, bytes; 0: none */
	uint8_t min_ttl, min_hops;
	uint16_t lite_send, lite_recv; /* UDP-Lite's checksum coverage */
	uint16_t raw_checksum; /* IPV6_CHECKSUM's offset + 1; 0: off */
	uint16_t frag_size6;   /* IPV6_MTU: no longer piece of a datagram; 0: as may be */
	uint32_t icmp_filter[8]; /* raw: bit set, type blocked; IPv4: one word */
	uint32_t bound_if; /* SO_BINDTODEVICE; 0: any */
};

enum shm_opt_bit {
	SHM_O_REUSEADDR = 1 << 0,
	SHM_O_REUSEPORT = 1 << 1,
	SHM_O_KEEPALIVE = 1 << 2,
	SHM_O_BROADCAST = 1 << 3,
	SHM_O_OOBINLINE = 1 << 4,
	SHM_O_NODELAY = 1 << 5,
	SHM_O_CORK = 1 << 6,
	SHM_O_QUICKACK = 1 << 7,
	SHM_O_V6ONLY = 1 << 8,
	SHM_O_TIMESTAMP = 1 << 13,   /* SO_TIMESTAMP */
	SHM_O_TIMESTAMPNS = 1 << 14, /* SO_TIMESTAMPNS */
	SHM_O_RCVBUF_SET = 1 << 15, /* by the user: no autotuning */
	SHM_O_SNDBUF_SET = 1 << 16,
	SHM_O_FREEBIND = 1 << 17,
	SHM_O_BIND_NO_PORT = 1 << 18,
	SHM_O_QUICKACK_ASKED = 1 << 19, /* by the user, not the default */
	SHM_O_HDRINCL = 1 << 20,
	SHM_O_PEEK_OFF = 1 << 21, /* streams: peek_off is not negative */
};

/* Level IPPROTO_IP, for both families' sockets: what is told with IPv4 packets. */
enum shm_ip_bit {
	SHM_IP_RECVERR = 1 << 0,
	SHM_IP_PKTINFO = 1 << 1,
	SHM_IP_RECVTTL = 1 << 2,
	SHM_IP_RECVTOS = 1 << 3,
	SHM_IP_RECVOPTS = 1 << 4,
	SHM_IP_RETOPTS = 1 << 5,
	SHM_IP_ORIGDSTADDR = 1 << 6,
	SHM_IP_CHECKSUM = 1 << 7,
	SHM_IP_FRAGSIZE = 1 << 8,
	SHM_IP_RFC4884 = 1 << 9,
	SHM_IP_NO_MC_LOOP = 1 << 10,  /* IP_MULTICAST_LOOP is 1 by default */
	SHM_IP_NO_MC_ALL = 1 << 11,   /* so is IP_MULTICAST_ALL */
};

enum shm_ip6_bit {
	SHM_IP6_RECVERR = 1 << 0,
	SHM_IP6_PKTINFO = 1 << 1,
	SHM_IP6_HOPLIMIT = 1 << 2,
	SHM_IP6_TCLASS = 1 << 3,
	SHM_IP6_OLD_PKTINFO = 1 << 4, /* IPV6_2292PKTINFO ... */
	SHM_IP6_OLD_HOPLIMIT = 1 << 5,
	SHM_IP6_HOPOPTS = 1 << 6,
	SHM_IP6_RTHDR = 1 << 7,
	SHM_IP6_DSTOPTS = 1 << 8,
	SHM_IP6_OLD_HOPOPTS = 1 << 9,
	SHM_IP6_OLD_RTHDR = 1 << 10,
	SHM_IP6_OLD_DSTOPTS = 1 << 11,
	SHM_IP6_ORIGDSTADDR = 1 << 12,
	SHM_IP6_FRAGSIZE = 1 << 13,
	SHM_IP6_PATHMTU = 1 << 14,
	SHM_IP6_DONTFRAG = 1 << 15,
	SHM_IP6_RFC4884 = 1 << 16,
	SHM_IP6_NO_MC_LOOP = 1 << 17,
	SHM_IP6_NO_MC_ALL = 1 << 18,
	SHM_IP6_FLOWINFO = 1 << 19,
};

/* What else sockets of datagrams know. */
enum shm_dgram_bit {
	SHM_D_CORK = 1 << 0,	/* UDP_CORK */
	SHM_D_GRO = 1 << 1,
	SHM_D_NO_CHECK = 1 << 2, /* SO_NO_CHECK */
	SHM_D_NO_CHECK6_TX = 1 << 3,
	SHM_D_NO_CHECK6_RX = 1 << 4,
	SHM_D_RXQ_OVFL = 1 << 5,
	SHM_D_SELECT_ERR = 1 << 6, /* SO_SELECT_ERR_QUEUE */
	SHM_D_STAMP = 1 << 7,	   /* somebody asked for arrival times */
	SHM_D_TSTAMP_NEW = 1 << 8, /* SO_TIMESTAMP*_NEW: 64-bit times */
	SHM_D_RCVMARK = 1 << 9,
	SHM_D_RCVPRIORITY = 1 << 10,
	SHM_D_LITE_RECV = 1 << 11, /* lite_recv was set */
};

#endif
