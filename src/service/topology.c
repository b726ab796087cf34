/* From the network's file to hosts and wires. Order: all hosts, then the links
 * in the file's order (so that interfaces are numbered as a reader expects), then
 * the hosts files, when all addresses are known.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "topology.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "capture.h"
#include "etc.h"
#include "host.h"
#include "log.h"
#include "netfile.h"
#include "inet/publish.h"
#include "stack/view.h"
#include "wire.h"

#define DEFAULT_HOST "default"

static int add_host(struct service *svc, const struct netfile_host *conf)
{
	int err;

	if (svc->n_hosts == SERVICE_HOSTS_MAX)
		return -ENOSPC;
	if (strlen(conf->name) >= SHM_NAME_MAX)
		return -ENAMETOOLONG;
	svc->hosts[svc->n_hosts] = host_new(svc, conf, &err);
	if (!svc->hosts[svc->n_hosts])
		return err;
	svc->hosts[svc->n_hosts]->arena.hdr->loopback_packets =
		conf->loopback_packets;
	svc->hosts[svc->n_hosts]->arena.hdr->raw_for_all = conf->raw_for_all;
	svc->n_hosts++;
	return 0;
}

static int write_names(struct service *svc)
{
	int err = 0;

	for (unsigned i = 0; i < svc->n_hosts && !err; i++) {
		publish(svc->hosts[i]->arena.hdr, net_stack(svc->hosts[i]->net));
		err = etc_write(svc->hosts[i]);
	}
	return err;
}

/* --- from the file ------------------------------------------------------------- */

struct load {
	struct service *svc;
	const struct netfile *file;
	char *msg; /* what failed */
	size_t size;
};

static int load_fail(const struct load *l, const char *kind, const char *name,
	int err)
{
	snprintf(l->msg, l->size, "%s %s: %s", kind, name, strerror(-err));
	return err;
}

static int load_gateways(const struct netfile_link *nl, struct host *h,
	uint32_t ifindex)
{
	const struct ip_addr *gw[] = { &nl->gateway, &nl->gateway6 };
	int err = 0;

	for (int i = 0; i < 2 && !err; i++) {
		struct ip_prefix all = { .bits = 0 };

		if (gw[i]->family == IP_NONE)
			continue;
		all.addr = ip_addr_any(gw[i]->family);
		err = stack_add_route(net_stack(h->net), &all, gw[i], ifindex);
	}
	return err;
}

static int load_end(const struct load *l, const struct netfile_link *nl,
	const struct netfile_end *e, struct wire *w)
{
	struct host *h = l->svc->hosts[e->host];
	int err;
	struct host_port *p = host_add_port(h, w, nl->mtu, &err);

	for (uint32_t i = 0; p && !err && i < e->naddrs; i++)
		err = host_add_addr(h, p->ifindex, &e->addrs[i]);
	if (!err)
		err = load_gateways(nl, h, p->ifindex);
	return err;
}

static enum wire_kind kind_of(enum netfile_link_kind k)
{
	return k == NETFILE_PAIR ? WIRE_PAIR : k == NETFILE_SWITCH ? WIRE_SWITCH :
		k == NETFILE_TAP ? WIRE_TAP : WIRE_PACKET;
}

/* What opening a device has said, to whom that errno alone says too little. */
static const char *device_fault(enum wire_kind kind, int err)
{
	if (err == -EPERM)
		return kind == WIRE_TAP ? "needs CAP_NET_ADMIN in this network namespace" :
			"needs CAP_NET_RAW in this network namespace";
	if (kind != WIRE_PACKET)
		return strerror(-err);
	return err == -ENODEV ? "there is no such interface" :
		err == -EMSGSIZE ? "the link's mtu is larger than the interface's" :
		err == -EOPNOTSUPP ? "it is no Ethernet interface" : strerror(-err);
}

static int load_device_fail(const struct load *l, const struct wire_config *cfg, int err)
{
	snprintf(l->msg, l->size, "%s %s, device %s: %s",
		cfg->kind == WIRE_TAP ? "tap" : "packet", cfg->name,
		cfg->ifname[0] ? cfg->ifname : "(any)", device_fault(cfg->kind, err));
	return err;
}

static int load_link(const struct load *l, uint32_t index)
{
	const struct netfile_link *nl = &l->file->links[index];
	struct wire_config cfg = {
		.kind = kind_of(nl->kind),
		.name = nl->name,
		.ifname = nl->device,
		.mtu = nl->mtu,
		.impair = nl->impair,
		.seed = l->svc->seed + index + 1,
	};
	struct wire *w;
	int err;

	w = wire_new(l->svc, &cfg, &err);
	if (!w && (cfg.kind == WIRE_TAP || cfg.kind == WIRE_PACKET))
		return load_device_fail(l, &cfg, err);
	if (!w)
		return load_fail(l, "link", nl->name, err);
	for (uint32_t i = 0; i < nl->nends; i++) {
		err = load_end(l, nl, &nl->ends[i], w);
		if (err)
			return load_fail(l, "link", nl->name, err);
	}
	if (!nl->capture)
		return 0;
	err = capture_wire(w, nl->capture);
	return err ? load_fail(l, "capture", nl->capture, err) : 0;
}

static int load_all(const struct load *l)
{
	int err;

	for (uint32_t i = 0; i < l->file->nhosts; i++) {
		err = add_host(l->svc, &l->file->hosts[i]);
		if (err)
			return load_fail(l, "host", l->file->hosts[i].name, err);
	}
	for (uint32_t i = 0; i < l->file->nlinks; i++) {
		err = load_link(l, i);
		if (err)
			return err;
	}
	err = write_names(l->svc);
	if (err)
		return load_fail(l, "hosts file of", l->svc->net, err);
	for (unsigned i = 0; i < l->svc->n_hosts; i++)
		net_announce(l->svc->hosts[i]->net, loop_now(l->svc->loop));
	return 0;
}

static int load_seed(struct service *svc, const struct netfile *file)
{
	svc->seed = file->seed;
	if (!file->has_seed &&
		getrandom(&svc->seed, sizeof(svc->seed), 0) != sizeof(svc->seed))
		return -EIO;
	log_line("seed %llu", (unsigned long long)svc->seed);
	return 0;
}

int topology_load(struct service *svc, const struct netfile *file, char *msg,
	size_t size)
{
	const struct load l = { svc, file, msg, size };
	int err = load_seed(svc, file);

	if (err)
		return load_fail(&l, "network", svc->net, err);
	return load_all(&l);
}

/* An ordinary machine has a default route, by which groups of IPv4 are reached; where
 * nothing lies beyond the link, a route for them alone does. */
static int route_groups(struct service *svc)
{
	struct ip_prefix groups;
	int err = ip_prefix_parse("224.0.0.0/4", &groups);

	return err ? err : stack_add_route(net_stack(svc->hosts[0]->net), &groups, NULL,
		svc->hosts[0]->ports[0].ifindex);
}

/* One host, on a link with nobody else: programs that look for addresses other
 * than the loopback's (getaddrinfo's AI_ADDRCONFIG, say) find some, as on any
 * ordinary machine. */
int topology_default(struct service *svc)
{
	struct netfile_host host;
	struct netfile_end end = { .naddrs = 2 };
	struct netfile_link link = { .name = "link0", .kind = NETFILE_SWITCH,
		.mtu = NETFILE_MTU_DEFAULT, .ends = &end, .nends = 1 };
	const struct netfile net = { .hosts = &host, .nhosts = 1,
		.links = &link, .nlinks = 1 };
	char msg[NETFILE_ERROR_MAX];
	const struct load l = { svc, &net, msg, sizeof(msg) };
	int err;

	netfile_host_init(&host);
	strcpy(host.name, DEFAULT_HOST);
	err = ip_prefix_parse("10.0.0.1/24", &end.addrs[0]);
	if (!err)
		err = ip_prefix_parse("fd00::1/64", &end.addrs[1]);
	if (!err)
		err = load_all(&l);
	return err ? err : route_groups(svc);
}

void topology_free(struct service *svc)
{
	/* The wires first: their frames may name hosts. */
	for (unsigned i = 0; i < svc->n_wires; i++)
		wire_free(svc->wires[i]);
	svc->n_wires = 0;
	for (unsigned i = 0; i < svc->n_hosts; i++)
		host_free(svc->hosts[i]);
	svc->n_hosts = 0;
}
