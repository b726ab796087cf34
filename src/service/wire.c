/* Wires: a link, its ports' owners, its device and its capture file.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "topology.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "capture.h"
#include "host.h"
#include "log.h"
#include "wire.h"

static void wire_deliver(void *user, struct instant now, const void *frame,
	size_t len)
{
	struct host_port *p = user;

	publish_frame(p->host->arena.hdr, p->ifindex, true, len);
	net_input(p->host->net, p->ifindex, now, frame, len);
}

static void wire_deliver_super(void *user, struct instant now, const void *frame,
	size_t len, const struct offload *o)
{
	struct host_port *p = user;

	publish_frame(p->host->arena.hdr, p->ifindex, true, len);
	net_input_super(p->host->net, p->ifindex, now, frame, len, o);
}

/* Straight from a host that is sending into another, one step deep: what that one sends
 * in turn waits, so that nobody is entered twice. */
static bool wire_deliver_straight(void *user, struct instant now,
	const struct span *spans, unsigned n, size_t len, const struct offload *o)
{
	struct host_port *p = user;
	struct wire *w = p->wire;
	bool taken;

	if (w->svc->straight || w->ports[0]->host == w->ports[1]->host)
		return false;
	w->svc->straight = true;
	taken = net_input_text(p->host->net, p->ifindex, now, spans, n, o);
	w->svc->straight = false;
	if (taken)
		publish_frame(p->host->arena.hdr, p->ifindex, true, len);
	return taken;
}

static void wire_ready(struct loop_source *src, uint32_t events)
{
	struct wire *w = LIST_ENTRY(src, struct wire, device);
	int n, got = 0;

	(void)events;
	/* What comes meanwhile came later: a round trip is not to seem shorter than it
	 * was, because the service was kept from its work. */
	do {
		n = link_readable(w->link, loop_look(w->svc->loop), DEVICE_BATCH);
		got += n;
	} while (n == DEVICE_BATCH && got < DEVICE_BUDGET);
	if (n >= 0)
		return;
	log_line("link %s: device failed: %s", w->name, strerror(-n));
	/* The descriptor is the link's: only take it out of the loop. */
	loop_change(w->svc->loop, src, 0);
}

struct wire *wire_new(struct service *svc, const struct wire_config *cfg, int *err)
{
	struct wire *w = calloc(1, sizeof(*w));

	*err = -ENOMEM;
	if (!w)
		return NULL;
	w->svc = svc;
	w->kind = cfg->kind;
	w->device = (struct loop_source){ -1, wire_ready };
	strncpy(w->name, cfg->name, sizeof(w->name) - 1);
	if (cfg->kind == WIRE_PAIR)
		w->link = link_new_pair(cfg->name, cfg->seed);
	else if (cfg->kind == WIRE_SWITCH)
		w->link = link_new_switch(cfg->name, cfg->seed);
	else if (cfg->kind == WIRE_TAP)
		w->link = link_new_tap(cfg->name, cfg->ifname, cfg->seed, err);
	else
		w->link = link_new_packet(cfg->name, cfg->ifname, cfg->mtu, cfg->seed, err);
	if (!w->link) {
		free(w);
		return NULL;
	}
	*err = link_set_impair(w->link, &cfg->impair);
	w->device.fd = link_fd(w->link);
	if (!*err && w->device.fd >= 0)
		*err = loop_add(svc->loop, &w->device, EPOLLIN);
	if (!*err && svc->n_wires == SERVICE_LINKS_MAX)
		*err = -ENOSPC;
	if (*err) {
		wire_free(w);
		return NULL;
	}
	svc->wires[svc->n_wires++] = w;
	return w;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	capture_detach(w);
	link_free(w->link); /* closes the device: out of the loop as well */
	free(w->ports);
	free(w);
}

/* "A-B" or "B-A" for the wire between those two. */
static bool wire_joins(const struct wire *w, const char *name)
{
	char pair[2 * SHM_NAME_MAX + 2];

	if (w->kind != WIRE_PAIR || w->n_ports != 2)
		return false;
	for (int i = 0; i < 2; i++) {
		snprintf(pair, sizeof(pair), "%s-%s", w->ports[i]->host->name,
			w->ports[!i]->host->name);
		if (!strcmp(pair, name))
			return true;
	}
	return false;
}

struct wire *wire_find(const struct service *svc, const char *name)
{
	for (unsigned i = 0; i < svc->n_wires; i++) {
		if (!strcmp(svc->wires[i]->name, name))
			return svc->wires[i];
	}
	for (unsigned i = 0; i < svc->n_wires; i++) {
		if (wire_joins(svc->wires[i], name))
			return svc->wires[i];
	}
	return NULL;
}

int wire_plug(struct wire *w, struct host_port *p)
{
	struct link_port_ops ops = { wire_deliver, p, wire_deliver_super,
		wire_deliver_straight };
	struct host_port **ports = realloc(w->ports,
		(w->n_ports + 1) * sizeof(*ports));
	int port;

	if (!ports)
		return -ENOMEM;
	w->ports = ports;
	port = link_add_port(w->link, &ops);
	if (port < 0)
		return port;
	link_set_port_name(w->link, port, p->host->name);
	ports[w->n_ports++] = p;
	return port;
}

bool topology_work(struct service *svc, struct instant now)
{
	bool more = false;

	for (unsigned i = 0; i < svc->n_wires; i++) {
		struct link *l = svc->wires[i]->link;

		if (instant_before(now, link_deadline(l)))
			continue;
		link_tick(l, now);
		more |= !instant_before(now, link_deadline(l));
	}
	capture_work(svc, now);
	return more;
}

struct instant topology_deadline(const struct service *svc)
{
	struct instant at = capture_deadline(svc);

	for (unsigned i = 0; i < svc->n_wires; i++)
		at = instant_min(at, link_deadline(svc->wires[i]->link));
	return at;
}
