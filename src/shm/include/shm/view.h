/* What lies in the header of an arena about the host's network: its rules,
 * interfaces, addresses, routes and neighbours. The service writes it, programs read
 * it (shm/layout.h).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_VIEW_H
#define SHM_VIEW_H

#include <assert.h>
#include <stdint.h>

struct shm_addr {
	uint8_t family; /* IP_NONE, IP_V4, IP_V6 as in base/ipaddr.h */
	uint8_t bits;	/* prefix length, in the header's list only */
	uint16_t port;	/* host order */
	uint32_t scope;
	uint8_t b[16]; /* network order */
};
static_assert(sizeof(struct shm_addr) == 24, "shm_addr");

/* S; what Linux calls net.ipv4.tcp_...: a new socket's options begin with it.
 * Seconds, and numbers of segments. */
struct shm_sysctl {
	uint32_t tcp_keepalive_time, tcp_keepalive_intvl, tcp_keepalive_probes;
	uint32_t tcp_fin_timeout, tcp_syn_retries;
	uint32_t tcp_rmem_default, tcp_rmem_max, tcp_wmem_default, tcp_wmem_max;
	uint32_t tcp_notsent_lowat; /* bytes, as the four before */
	uint32_t tcp_fastopen;	    /* Linux's bits */
	uint32_t tcp_congestion;    /* number: sock/congestion.h */
	uint32_t tcp_mtu_probing, tcp_base_mss;
	uint32_t spare[2];
};
struct shm_iface {
	char name[16];
	uint8_t mac[6]; /* zeros: lo */
	uint8_t up, pad;
	uint32_t mtu; /* bytes of IP packet */
	uint32_t pad1;
	/* S, as frames pass. */
	_Atomic uint64_t rx_frames, rx_bytes, tx_frames, tx_bytes;
};
static_assert(sizeof(struct shm_iface) == 64, "shm_iface");

struct shm_route {
	struct shm_addr dst;	 /* with bits */
	struct shm_addr gateway; /* family IP_NONE: on link */
	uint32_t ifindex, pad;
};
static_assert(sizeof(struct shm_route) == 56, "shm_route");

struct shm_neigh {
	struct shm_addr addr;
	uint32_t ifindex;
	uint8_t state; /* Linux's NUD_ */
	uint8_t has_mac;
	uint8_t mac[6];
	uint32_t pad;
};
static_assert(sizeof(struct shm_neigh) == 40, "shm_neigh");

/* A path that takes less than its first link; only advice. */
struct shm_path {
	struct shm_addr dst;
	_Atomic uint32_t mtu; /* 0 while it is written */
	uint32_t pad;
	_Atomic int64_t until; /* monotonic ns */
};
static_assert(sizeof(struct shm_path) == 40, "shm_path");

#endif
