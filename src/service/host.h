/* A virtual host: an arena that its programs map, a protocol stack, and the
 * abstract sockets by which the programs reach the service.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_HOST_H
#define SERVICE_HOST_H

#include "inet/net.h"
#include "inet/publish.h"
#include "netfile.h"
#include "service.h"
#include "shm/arena.h"
#include "sock/service.h"
#include "orphans.h"
#include "sweep.h"

struct process;
struct rendezvous;

/* Where an interface of the host is plugged in. */
struct host_port {
	struct host *host;
	struct wire *wire;
	int port;	  /* of the link */
	uint32_t ifindex; /* of the stack */
	char name[STACK_IFNAME_MAX];
	uint8_t mac[6];
};

struct host {
	struct service *svc;
	char name[SHM_NAME_MAX];
	int memfd;
	void *map;
	struct shm_arena arena;
	struct sock_env env;
	struct net *net;
	/* Private copies of what the header tells to programs. */
	uint64_t key;
	char prefix[SHM_PREFIX_MAX];
	char etc_path[SHM_PATH_MAX]; /* + "hosts" and so on: etc.h */
	struct netfile_host conf;
	struct ip_prefix addrs[SHM_ADDRS_MAX];
	unsigned n_addrs;
	struct host_port ports[SERVICE_PORTS_MAX];
	unsigned n_ports;
	struct rendezvous *rendezvous;
	struct list lobby; /* connectors that wait for bytes to send */
	struct process *procs[SHM_PROCS]; /* by slot; 0 is the service */
	uint32_t gens[SHM_PROCS];	  /* what procs[].gen must be */
	unsigned n_procs;
	struct sweep sweep;
	struct orphans orphans;
	struct rng rng;
	struct published published;
};

/* Makes arena, stack and rendezvous. NULL with *err. */
struct host *host_new(struct service *svc, const struct netfile_host *conf, int *err);
void host_free(struct host *h);
/* Adds the address to the stack. 0 or -errno. */
int host_add_addr(struct host *h, uint32_t ifindex, const struct ip_prefix *p);
/* Interface "ethN" on a port of a wire: its host_port or NULL with *err. */
struct host_port *host_add_port(struct host *h, struct wire *w, uint32_t mtu,
	int *err);
/* Abstract address PREFIX/what into sa; returns its length. */
socklen_t host_abstract(const struct host *h, const char *what,
	struct sockaddr_un *sa);
socklen_t host_standin(const struct host *h, uint32_t sock, uint32_t gen,
	struct sockaddr_un *sa);
/* Is the stand-in of this record alive? 0, -ENOENT, other: unknown. */
int host_look(struct host *h, uint32_t sock, uint32_t *queued, uint32_t *backlog);

#endif
