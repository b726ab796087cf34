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
	uint8_t tclass, mtu_discover, mtu_discover6, multicast_ttl, pad[2];
	char congestion[16];
	uint32_t spare[8];
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
	SHM_O_RECVERR = 1 << 9,
	SHM_O_PKTINFO = 1 << 10,
	SHM_O_RECVTTL = 1 << 11,
	SHM_O_RECVTOS = 1 << 12,
	SHM_O_TIMESTAMP = 1 << 13,
	SHM_O_TIMESTAMPNS = 1 << 14,
	SHM_O_RCVBUF_SET = 1 << 15, /* by the user: no autotuning */
	SHM_O_SNDBUF_SET = 1 << 16,
	SHM_O_FREEBIND = 1 << 17,
	SHM_O_BIND_NO_PORT = 1 << 18,
	SHM_O_QUICKACK_ASKED = 1 << 19, /* by the user, not the default */
};

#endif
