/* What TCP knows of a connection, for its socket: tcpinfo.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef INET_TCPINFO_H
#define INET_TCPINFO_H

#include "inside.h"

void tcpinfo_update(struct net *n, struct net_conn *c);
/* All of it, if a program has asked. */
void tcpinfo_answer(struct net *n, struct net_conn *c);
void tcpinfo_nobody(struct net *n, uint32_t sock); /* there is no connection */
/* TCP lets go of it. */
void tcpinfo_last(struct net *n, struct net_conn *c, const struct tcp_info_view *v);

#endif
