/* Hosts and the wires between them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_TOPOLOGY_H
#define SERVICE_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "link/link.h"
#include "service.h"

struct host_port;
struct capture;
struct netfile;

#define WIRE_MTU_DEFAULT 1500 /* bytes of IP packet */

enum wire_kind { WIRE_PAIR, WIRE_SWITCH, WIRE_TAP, WIRE_PACKET };

/* A link and who is plugged in. */
struct wire {
	struct service *svc;
	struct link *link;
	enum wire_kind kind;
	char name[LINK_NAME_MAX];
	struct host_port **ports; /* by the link's port number; ours */
	unsigned n_ports;
	struct capture *capture;   /* NULL: none */
	struct loop_source device; /* fd -1: pair, switch */
};

/* The one host of the default network. 0 or -errno. */
int topology_default(struct service *svc);
/* What a network's file says. 0, or -errno with what failed in msg. */
int topology_load(struct service *svc, const struct netfile *file, char *msg,
	size_t size);
void topology_free(struct service *svc);

/* By its name, or "A-B" for the wire between two hosts. */
struct wire *wire_find(const struct service *svc, const char *name);
/* Is its other end a device of the kernel? */
static inline bool wire_has_device(const struct wire *w)
{
	return w->kind == WIRE_TAP || w->kind == WIRE_PACKET;
}
/* Plug a host's interface in: port number or -errno. */
int wire_plug(struct wire *w, struct host_port *p);

/* Capture into a new file at path: one link (name), all links of a host, or all
 * (NULL). 0; -ENOENT no such thing; -ENODEV it has no link; -EBUSY captured
 * already; -errno of the file. */
int capture_start(struct service *svc, const char *name, const char *path);
/* The path that a wire is captured into, NULL none. */
const char *capture_path(const struct wire *w);

/* What is due on the wires now; true when more is due already. */
bool topology_work(struct service *svc, struct instant now);
struct instant topology_deadline(const struct service *svc);

#endif
