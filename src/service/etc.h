/* A host's own files in place of the machine's /etc: beside the control socket,
 * NET.HOST.hosts and so on. The shim gives them to whoever opens the file in /etc.
 *
 *   hosts          all hosts of the network, as this one sees them
 *   resolv.conf    its `resolver` and `search`
 *   nsswitch.conf  the machine's, but names are looked for in hosts and DNS only:
 *                  other modules would ask daemons of the machine
 *   hostname       the host's name, if the network has given it one
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_ETC_H
#define SERVICE_ETC_H

struct host;

/* All of them, when all addresses of the network are known. 0 or -errno. */
int etc_write(struct host *h);
void etc_remove(struct host *h);

#endif
