/* Congestion controls by the names of TCP_CONGESTION.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_CONGESTION_H
#define SOCK_CONGESTION_H

#include <stdint.h>

/* The name of number k (tcp/tcp.h's enum tcp_cc); NULL: there are no more. */
const char *sock_congestion_name(unsigned k);
/* The number of a name, of at most 16 bytes; 0, the default, for one that is none. */
unsigned sock_congestion(const char *name);

#endif
