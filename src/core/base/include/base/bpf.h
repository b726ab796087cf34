/* Classic BPF: small programs that say how much of a packet somebody wants to have
 * (McCanne and Jacobson, 1993; the instructions as <linux/filter.h> numbers them).
 *
 * Programs only jump forward, so each ends after at most as many steps as it has
 * instructions. bpf_check() refuses what Linux refuses; bpf_run() trusts nothing all
 * the same: the instructions may lie where others write.
 *
 * Sans-IO, no state. SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_BPF_H
#define BASE_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define BPF_PROGRAM_MAX 4096 /* instructions: Linux's BPF_MAXINSNS */

struct bpf_insn { /* struct sock_filter */
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

/* What a program may ask besides the bytes (SKF_AD_*). */
struct bpf_meta {
	uint16_t protocol; /* of Ethernet */
	uint8_t pkttype;   /* PACKET_HOST ... */
	uint32_t ifindex;
	uint32_t mark;
	uint16_t hatype;   /* ARPHRD_* */
	uint32_t cpu, random;
	uint32_t payload_at; /* where the transport's payload begins, from data */
};

struct bpf_packet {
	/* All bytes there are, link or network header first. */
	const struct span *spans;
	unsigned nspans;
	size_t data; /* offset 0 of the program */
	size_t net;  /* SKF_NET_OFF: the network header */
	size_t len;  /* of all */
	struct bpf_meta meta;
};

/* Is it a program that Linux would take? */
bool bpf_check(const struct bpf_insn *p, unsigned n);
/* Bytes that are wanted, from data on; 0: none, the packet is not. */
uint32_t bpf_run(const struct bpf_insn *p, unsigned n, const struct bpf_packet *k);

#endif
