/* The hosts and the network of chaos.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_CHAOS_H
#define SIM_CHAOS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/rng.h"
#include "base/time.h"

struct subject;

enum { CHAOS_HOSTS = 3, CHAOS_ENDS = 64, CHAOS_PORT = 80 };

struct chaos_host {
	struct subject *subject; /* own */
	struct ip_addr addr;
	uint32_t listener;
	bool relistened; /* it was closed once, and made afresh */
};

struct chaos_end {
	struct chaos_host *host;
	uint32_t sock;
	const struct chaos_host *to; /* a connector's */
	struct chaos_end *peer; /* known once it was accepted */
	uint64_t key;		/* of what it sends */
	uint64_t written, read; /* bytes */
	struct sockaddr_in name; /* a connector's own */
	bool accepted, connected, to_nobody;
	bool shut, closed, eof, failed;
};

struct chaos_packet {
	struct chaos_packet *next;
	struct instant at;
	unsigned to;
	size_t len;
	uint8_t bytes[];
};

/* What becomes of a packet, the same for each pair of hosts. */
struct chaos_path {
	double loss, duplicate, corrupt;
	uint32_t delay_us, jitter_us; /* jitter reorders */
	uint64_t rate;		      /* bytes a second, 0: no limit */
	struct instant free_at[CHAOS_HOSTS];
	struct instant cut_until; /* nothing arrives */
};

struct chaos {
	uint64_t seed;
	struct rng rng;
	struct instant now;
	struct chaos_path path;
	struct chaos_host host[CHAOS_HOSTS];
	struct chaos_packet *queue;
	struct chaos_end end[CHAOS_ENDS];
	unsigned nends, nconnects;
	bool polite; /* nobody closes or resets before the end */
	bool failed;
};

void chaos_init(struct chaos *w, uint64_t seed);
void chaos_fini(struct chaos *w);
void chaos_listen(struct chaos_host *h);
/* Rarely: all wires are cut for some seconds. */
void chaos_cut(struct chaos *w);
/* Time passes, packets arrive; TCP's invariants are looked at. */
void chaos_pass(struct chaos *w, struct duration d);
/* Nothing is left on any host. */
void chaos_check_empty(struct chaos *w);
void chaos_fail(struct chaos *w, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
