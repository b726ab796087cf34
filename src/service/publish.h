/* What programs are told of their host's network.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_PUBLISH_H
#define SERVICE_PUBLISH_H

#include "shm/layout.h"
#include "stack/stack.h"

/* Copies the stack's interfaces, addresses and routes into the header: after each
 * change of them. What does not fit there is left out. */
void publish(struct shm_header *hdr, const struct stack *s);

#endif
