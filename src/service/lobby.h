/* The lobby: connectors within a host whose listener wants bytes first
 * (TCP_DEFER_ACCEPT) and who have sent none yet.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_LOBBY_H
#define SERVICE_LOBBY_H

#include <stdint.h>

struct host;

/* Socket (sock, gen) waits; fd is the other end of its stand-in, ours from now on. */
void lobby_enter(struct host *h, int fd, uint32_t sock, uint32_t gen);
/* All who wait are hung up. */
void lobby_free(struct host *h);

#endif
