/* A connection's state in the form that sock shows as TCP_INFO.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef INET_TCPINFO_H
#define INET_TCPINFO_H

#include <stdint.h>

#include "sock/info.h"
#include "tcp/tcp.h"

void tcpinfo_store(const struct tcp_info_view *v, uint32_t info[SOCK_INFO_WORDS]);

/* TCP has let go of it. */
void tcpinfo_closed(uint32_t info[SOCK_INFO_WORDS]);

#endif
