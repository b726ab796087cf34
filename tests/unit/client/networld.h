/* A host for the tests of what programs see of its network: lo, eth0 (10.0.0.1/24,
 * fd00::1/64, fe80::1/64, 02:00:00:00:00:01) and eth1, which is down; a route by
 * 10.0.0.254, the neighbour 10.0.0.2 and one that nobody has answered for.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef NETWORLD_H
#define NETWORLD_H

/* `cl` of this process is about it from now on. */
void networld(void);

#endif
