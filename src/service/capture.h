/* Capture files: each may hold several wires, each wire goes into one.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_CAPTURE_H
#define SERVICE_CAPTURE_H

#include "topology.h"

/* Start capturing one wire into a file: a new one, or one that another wire of
 * this network is being captured into. 0, -EBUSY captured already, -errno. */
int capture_wire(struct wire *w, const char *path);
/* The wire no longer writes; the file is closed with its last wire. */
void capture_detach(struct wire *w);
void capture_work(struct service *svc, struct instant now);
struct instant capture_deadline(const struct service *svc);

#endif
