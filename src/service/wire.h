/* Making and ending wires. SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_WIRE_H
#define SERVICE_WIRE_H

#include "topology.h"

struct wire_config {
	enum wire_kind kind;
	const char *name;
	const char *ifname; /* WIRE_TAP, WIRE_PACKET: the device */
	uint32_t mtu;	    /* bytes of IP packet */
	struct link_impair impair;
	uint64_t seed;
};

/* Added to the service's list. NULL with *err. */
struct wire *wire_new(struct service *svc, const struct wire_config *cfg, int *err);
void wire_free(struct wire *w);

#endif
