/* Options that a socket keeps, most of them without further effect: what programs
 * set and read again. In its record, under the record's lock for writers.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_KEPT_H
#define SHM_KEPT_H

#include <assert.h>
#include <stdint.h>

enum shm_kept_bit {
	SHM_K_DEBUG = 1 << 0,
	SHM_K_DONTROUTE = 1 << 1,
	SHM_K_LOCK_FILTER = 1 << 2,
	SHM_K_WIFI_STATUS = 1 << 3,
	SHM_K_NOFCS = 1 << 4,
	SHM_K_PREFER_BUSY_POLL = 1 << 5,
	SHM_K_PASSSEC = 1 << 6,
	SHM_K_TRANSPARENT = 1 << 7,
	SHM_K_ALERT_ISOLATE = 1 << 8,
	SHM_K_FLOWINFO_SEND = 1 << 9,
	SHM_K_AUTOFLOWLABEL = 1 << 10,
	SHM_K_THIN_LINEAR = 1 << 11,
	SHM_K_INQ = 1 << 12,
	SHM_K_TXREHASH = 1 << 13,
	SHM_K_FO_CONNECT = 1 << 14,   /* TCP_FASTOPEN_CONNECT */
	SHM_K_FO_NO_COOKIE = 1 << 15, /* TCP_FASTOPEN_NO_COOKIE */
	SHM_K_ZEROCOPY = 1 << 16,
	SHM_K_ALERT = 1 << 17,	      /* IP_ROUTER_ALERT, of raw sockets */
	SHM_K_ALERT_SHOWN = 1 << 18,
	SHM_K_NODEFRAG = 1 << 19,
};

struct shm_kept {
	uint64_t max_pacing; /* bytes a second, UINT64_MAX: no limit */
	uint32_t bits;	     /* enum shm_kept_bit */
	uint32_t busy_poll;  /* us */
	int32_t incoming_cpu; /* -1: none */
	int32_t txtime_clock;
	uint32_t txtime_flags;
	uint32_t port_range; /* first port, last << 16; 0: the host's */
	uint32_t tx_delay;   /* us */
	uint32_t rto_max_ms, rto_min_us, delack_max_us;
	uint32_t addr_prefs; /* IPV6_PREFER_SRC_* */
	uint16_t busy_budget;
	uint8_t buf_lock;    /* SOCK_BUF_LOCK_MASK */
	uint8_t save_syn;
	int32_t linger_s; /* SO_LINGER's time, also while it is off */
	uint32_t ip_optlen;
	uint8_t ip_opt[40]; /* IP_OPTIONS, slots empty */
};
static_assert(sizeof(struct shm_kept) == 104, "shm_kept");

#endif
