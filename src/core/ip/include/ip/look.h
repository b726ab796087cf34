/* The network layer's onlookers: frames as they pass, and frames that are sent as they
 * stand. SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_LOOK_H
#define IP_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/time.h"

struct ip_host;

/* A frame as it passes, link header first. Lives during the call of ops.look. */
struct ip_look {
	uint32_t ifindex;
	bool out;
	const uint8_t *mac; /* the interface's, 6 bytes */
	const struct span *spans;
	unsigned nspans;
	size_t len;
};

void ip_watch(struct ip_host *h, bool on);
/* A frame as it stands; on lo it comes in again. -ENXIO (no such interface),
 * -ENETDOWN, -EINVAL (shorter than its header), -ENOBUFS. */
int ip_send_frame(struct ip_host *h, struct instant now, uint32_t ifindex,
	const void *frame, size_t len);

#endif
