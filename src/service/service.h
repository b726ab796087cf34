/* What the files of the service share: one process, one network.
 *
 *   main      arguments, start, ready signal, end
 *   loop      the only waiting place
 *   host      a virtual host: arena, addresses, its net
 *   net       records <-> protocol stack (no system calls)
 *   rendezvous  the abstract sockets by which programs reach a host
 *   process   who has joined; what their death leaves behind
 *   sweep     records whose stand-in is gone
 *   topology  hosts, links and their ports, from the network's file
 *   control   the control socket: programs that join, commands
 *   status    the network as text and JSON
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include <stdbool.h>

#include "diag.h"
#include "limits.h"
#include "loop.h"
#include "run/rundir.h"
#include "shm/layout.h"

struct host;
struct wire;
struct control;

struct service {
	struct loop *loop;
	struct rundir dir;
	char net[SHM_NAME_MAX];
	bool is_default;   /* leaves when its last program has */
	uint64_t seed;	   /* of stacks and links */
	struct diag diag;
	int bell_fd;	   /* unbound datagram socket: doorbells by name */
	struct host *hosts[SERVICE_HOSTS_MAX];
	unsigned n_hosts;
	bool straight; /* a host is being entered from within another */
	struct wire *wires[SERVICE_LINKS_MAX];
	unsigned n_wires;
	struct control *control;
	struct loop_timer leave; /* default network: look whether to go */
	struct instant started;
};

/* NULL when there is none of that name. */
struct host *service_host(const struct service *svc, const char *name);
/* A process came or went: perhaps the default network may leave. */
void service_population_changed(struct service *svc);

#endif
