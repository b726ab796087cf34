/* What a listener waits for: handshakes that are not complete, those with data in the
 * SYN (RFC 7413) apart. A listener without any is not kept.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_PENDING_H
#define TCP_PENDING_H

#include <stdint.h>

#include "base/list.h"

struct pending {
	struct list link;   /* in struct tcp */
	uint64_t listener;
	uint32_t requests;  /* half open (synqueue.h) */
	struct list requested; /* these, by struct request's by_listener */
	uint32_t opened;    /* connections with data in the SYN, resets counted */
	struct list resets; /* of `opened`, oldest first (fastopen.c) */
};

struct tcp;

/* NULL: nothing is pending, or (make) there is no memory. */
struct pending *pending_find(const struct tcp *t, uint64_t listener);
struct pending *pending_make(struct tcp *t, uint64_t listener);
/* A number went down; p may be gone afterwards. */
void pending_fell(struct pending *p);

#endif
