/* Inside the client: looking at sockets that need not be this process's: what the
 * service knows of them (tcpinfo.c), and the kernel (diag.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_LOOK_H
#define CLIENT_LOOK_H

#include "internal.h"

/* Before getsockopt(): TCP_INFO becomes today's. */
void tcpinfo_refresh(const struct fd_ref *r, int level, int name);
/* The same for any socket; false: the service is silent. */
bool tcpinfo_refresh_any(uint32_t i);

/* As standin_ask_kernel(), and whose it is; a listener's queue. */
struct standin_seen {
	uint32_t uid, queued;
};
int standin_see(uint64_t ino, uint64_t cookie, struct standin_seen *out);

#endif
