/* What all links have in common.
 *
 * A frame that enters is copied into the pool (from a fifo's spans), routed by
 * the driver to one or more exits, and for each exit meets the impairments on
 * its way there; they decide at once what will become of it and when it
 * arrives. Until then a reference to it lies in the delay queue. Several exits
 * and duplicates share the same bytes; only a corrupted frame is copied.
 *
 * Nothing is delivered from within link_send(), even if due at once: a host
 * that is sending must not be entered. The exception are super-segments, where nothing
 * is on the way that could do anything to them: they are offered to the other end at
 * once and in place, which copies the text to where it belongs. A device may be written
 * to directly, since it never calls back: without impairments and with an empty queue
 * its frames are not even copied.
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/pcapng.h"
#include "private.h"
#include "segment.h"

/* An own stream of random numbers for each direction of each link, so that the
 * fate of one does not depend on the other's traffic (FNV-1a over the link's
 * name, then splitmix64's increment). */
static uint64_t exit_seed(const struct link *l, int exit)
{
	uint64_t name = 0xcbf29ce484222325u;

	for (const char *c = l->name; *c; c++)
		name = (name ^ (uint8_t)*c) * 0x100000001b3u;
	return l->seed + name + (uint64_t)(exit + 2) * 0x9e3779b97f4a7c15u;
}

struct link *link_new(const char *name, uint64_t seed,
	const struct link_driver *drv, void *priv)
{
	struct link *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	snprintf(l->name, sizeof(l->name), "%s", name);
	l->seed = seed;
	l->drv = drv;
	l->priv = priv;
	frame_pool_init(&l->pool, POOL_BYTES_MAX);
	dqueue_init(&l->queue);
	impair_init(&l->device_out, exit_seed(l, LINK_DEVICE));
	return l;
}

void link_free(struct link *l)
{
	if (!l)
		return;
	if (l->drv->fini)
		l->drv->fini(l);
	for (int i = 0; i < l->nports; i++) {
		impair_fini(&l->ports[i]->out);
		free(l->ports[i]);
	}
	free(l->ports);
	impair_fini(&l->device_out);
	dqueue_fini(&l->queue);
	frame_pool_fini(&l->pool);
	free(l);
}

const char *link_name(const struct link *l)
{
	return l->name;
}

static const struct offload none;

/* May a frame be more than one, or unfinished? */
static bool link_carries_super(const struct link *l)
{
	return l->supers && !l->impaired && !l->capture;
}

static void update_offload(struct link *l)
{
	if (l->drv->offload)
		l->drv->offload(l, link_carries_super(l));
}

static bool is_port(const struct link *l, int port)
{
	return port >= 0 && port < l->nports;
}

int link_add_port(struct link *l, const struct link_port_ops *ops)
{
	struct link_port **ports, *p;
	int port = l->nports;

	if (port >= l->drv->ports_max)
		return -ENOSPC;
	ports = realloc(l->ports, (size_t)(port + 1) * sizeof(*ports));
	if (!ports)
		return -ENOMEM;
	l->ports = ports;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->ops = *ops;
	p->capture_if = -1;
	snprintf(p->name, sizeof(p->name), "%d", port);
	impair_init(&p->out, exit_seed(l, port));
	ports[port] = p;
	l->nports++;
	l->supers = (port == 0 ? !l->drv->transmit || l->drv->offload : l->supers) &&
		ops->deliver_super;
	update_offload(l);
	return port;
}

void link_set_port_name(struct link *l, int port, const char *name)
{
	if (is_port(l, port))
		snprintf(l->ports[port]->name, sizeof(l->ports[port]->name), "%s",
			name);
}

int link_set_impair(struct link *l, const struct link_impair *i)
{
	int r = link_check_impair(i);

	if (r < 0)
		return r;
	l->cfg = *i;
	l->impaired = !impair_is_none(i);
	update_offload(l);
	return 0;
}

void link_get_impair(const struct link *l, struct link_impair *out)
{
	*out = l->cfg;
}

void link_set_capture(struct link *l, struct pcapng *file)
{
	l->capture = file;
	for (int i = 0; i < l->nports; i++)
		l->ports[i]->capture_if = -1;
	update_offload(l);
}

void link_get_stats(const struct link *l, int port, struct link_port_stats *out)
{
	if (is_port(l, port))
		*out = l->ports[port]->stats;
	else
		*out = (struct link_port_stats){ 0 };
}

/* The counters of a frame's journey, by the contract of struct
 * link_port_stats. */
static struct link_port_stats *stats_of(struct link *l, int from, int to)
{
	return &l->ports[from == LINK_DEVICE ? to : from]->stats;
}

/* Add what happened to the comment of the frame being captured. */
static void link_note(struct link *l, int to, const char *what)
{
	size_t used = strlen(l->note);
	const char *comma = used ? ", " : "";

	if (!l->capture)
		return;
	if (l->nports > 2) /* several exits: say which */
		snprintf(l->note + used, sizeof(l->note) - used, "%s%s: %s", comma,
			l->ports[to]->name, what);
	else
		snprintf(l->note + used, sizeof(l->note) - used, "%s%s", comma,
			what);
}

/* The frames of a device are seen at its one port: those that the host sends
 * go out there, the others come in. */
static void link_capture_spans(struct link *l, int from, struct instant now,
	const struct span *spans, unsigned nspans)
{
	struct link_port *p = l->ports[from == LINK_DEVICE ? 0 : from];
	char name[LINK_NAME_MAX + LINK_PORT_NAME_MAX + 2];

	if (!l->capture)
		return;
	if (p->capture_if < 0) {
		snprintf(name, sizeof(name), "%s/%s", l->name, p->name);
		p->capture_if = pcapng_add_interface(l->capture, name);
	}
	if (p->capture_if >= 0)
		pcapng_write(l->capture, p->capture_if, now,
			from == LINK_DEVICE ? PCAPNG_INBOUND : PCAPNG_OUTBOUND,
			spans, nspans, l->note[0] ? l->note : NULL);
	l->note[0] = 0;
}

static void link_capture(struct link *l, int from, struct instant now,
	const struct frame *f)
{
	struct span whole = { f->data, f->len };

	link_capture_spans(l, from, now, &whole, 1);
}

/* Put a reference to the frame under way. */
static bool link_put(struct link *l, int from, int to, struct instant at,
	struct frame *f)
{
	struct dqueue_entry e = {
		.at = at, .frame = f, .from = from, .to = to
	};

	if (dqueue_put(&l->queue, &e) < 0)
		return false;
	if (to != LINK_DEVICE)
		l->ports[to]->coming++;
	frame_ref(f);
	return true;
}

static struct frame *link_corrupt(struct link *l, const struct frame *f,
	uint32_t bit)
{
	struct frame *copy = frame_pool_get(&l->pool, f->len);

	if (!copy)
		return NULL;
	memcpy(copy->data, f->data, f->len);
	copy->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	return copy;
}

/* When it will be there: a capture has each frame once, as it is sent. */
static void link_note_arrival(struct link *l, int to, struct duration d)
{
	char text[48];

	if (!l->capture || d.ns <= 0)
		return;
	snprintf(text, sizeof(text), "arrives in %lld.%06lld ms",
		(long long)(d.ns / 1000000), (long long)(d.ns % 1000000));
	link_note(l, to, text);
}

/* Send a frame on its way, as decided. */
static void link_depart(struct link *l, int from, int to, struct instant now,
	struct frame *f, const struct impair_fate *fate)
{
	struct link_port_stats *s = stats_of(l, from, to);
	struct frame *sent = f;

	if (fate->corrupted)
		sent = link_corrupt(l, f, fate->bit);
	if (!sent || !link_put(l, from, to, fate->at, sent)) {
		s->queue_full++;
		link_note(l, to, "no memory for frames under way");
	} else {
		link_note_arrival(l, to, instant_sub(fate->at, now));
		if (fate->corrupted) {
			s->corrupted++;
			link_note(l, to, "corrupted");
		}
		if (fate->reordered) {
			s->reordered++;
			link_note(l, to, "reordered");
		}
		if (fate->duplicated && link_put(l, from, to, fate->at, sent)) {
			s->duplicated++;
			link_note(l, to, "duplicated");
		}
	}
	if (sent && sent != f)
		frame_pool_put(&l->pool, sent);
}

void link_cross(struct link *l, int from, int to, struct instant now,
	struct frame *f)
{
	struct link_port_stats *s = stats_of(l, from, to);
	struct impair_fate fate;

	impair_decide(to == LINK_DEVICE ? &l->device_out : &l->ports[to]->out,
		&l->cfg, now, f->len, &fate);
	switch (fate.verdict) {
	case IMPAIR_QUEUE_FULL:
		s->queue_full++;
		link_note(l, to, "queue full");
		break;
	case IMPAIR_LOST:
		s->lost++;
		link_note(l, to, "lost (impairment)");
		break;
	case IMPAIR_PASS:
		link_depart(l, from, to, now, f, &fate);
		break;
	}
}

void link_route_device(struct link *l, int from, struct instant now, struct frame *f)
{
	link_cross(l, from, from == LINK_DEVICE ? 0 : LINK_DEVICE, now, f);
}

static void link_deliver(struct link *l, int port, struct instant now,
	const void *data, size_t len, const struct offload *o)
{
	struct link_port *p = l->ports[port];

	p->stats.frames_out++;
	p->stats.bytes_out += len;
	if (o->segment || o->unsummed)
		p->ops.deliver_super(p->ops.user, now, data, len, o);
	else
		p->ops.deliver(p->ops.user, now, data, len);
}

static void frame_fill(struct frame *f, const struct span *spans, unsigned n)
{
	uint8_t *to = f->data;

	for (unsigned i = 0; i < n; i++) {
		if (spans[i].len)
			memcpy(to, spans[i].base, spans[i].len);
		to += spans[i].len;
	}
}

/* Returns what to say of it in a capture, NULL when it went. */
static const char *link_transmit(struct link *l, int from,
	const struct span *spans, unsigned nspans, const struct offload *o)
{
	struct link_port_stats *s = &l->ports[from]->stats;
	int r = l->drv->transmit(l, spans, nspans, o);

	if (r == 0)
		return NULL;
	if (r == -EAGAIN) {
		s->queue_full++;
		return "queue full (device)";
	}
	s->lost++;
	return "lost (device down)";
}

/* One that has to wait, or to be looked at. */
static void enter_copied(struct link *l, struct instant now, const struct span *spans,
	unsigned n, const struct offload *o)
{
	struct frame *f;
	size_t len = 0;

	for (unsigned k = 0; k < n; k++)
		len += spans[k].len;
	f = frame_pool_get(&l->pool, len);
	if (!f) {
		l->ports[0]->stats.queue_full++;
		return;
	}
	frame_fill(f, spans, n);
	f->offload = *o;
	l->drv->route(l, LINK_DEVICE, now, f);
	link_capture(l, LINK_DEVICE, now, f);
	frame_pool_put(&l->pool, f);
}

void link_enter_device(struct link *l, struct instant now, const uint8_t *data,
	size_t len, const struct offload *o)
{
	struct span whole = { data, len };
	struct segmenter s;

	if (!l->nports)
		return; /* nobody there yet */
	if (len < LINK_FRAME_MIN) {
		l->ports[0]->stats.invalid++;
		return;
	}
	if (segment_is_udp(o) || ((o->segment || o->unsummed) && !link_carries_super(l))) {
		/* Nobody above takes UDP's. The others were on their way when something
		 * here began to need frames. */
		if (!segment_begin(&s, &whole, 1, o))
			l->ports[0]->stats.invalid++;
		else
			while (segment_next(&s))
				enter_copied(l, now, s.out, s.nout, &none);
		return;
	}
	/* The caller is the service's loop, no host is being entered twice. */
	if (!l->impaired && !l->queue.count && !l->ticking) {
		link_capture_spans(l, LINK_DEVICE, now, &whole, 1);
		link_deliver(l, 0, now, data, len, o);
		return;
	}
	enter_copied(l, now, &whole, 1, o);
}

static void link_send_copied(struct link *l, int port, struct instant now,
	const struct span *spans, unsigned nspans, size_t len, const struct offload *o)
{
	struct frame *f = frame_pool_get(&l->pool, len);

	if (!f) {
		l->ports[port]->stats.queue_full++;
		snprintf(l->note, sizeof(l->note),
			"no memory for frames under way");
		link_capture_spans(l, port, now, spans, nspans);
		return;
	}
	frame_fill(f, spans, nspans);
	f->offload = *o;
	l->drv->route(l, port, now, f);
	link_capture(l, port, now, f);
	frame_pool_put(&l->pool, f);
}

/* Behind nothing that is still under way, or it would overtake. */
static bool link_send_straight(struct link *l, int port, struct instant now,
	const struct span *spans, unsigned nspans, size_t len, const struct offload *o)
{
	int to = l->drv->straight && o->segment ? l->drv->straight(l, port) : -1;
	struct link_port *p = to < 0 ? NULL : l->ports[to];

	if (!p || !p->ops.deliver_straight || p->coming || !link_carries_super(l) ||
		!p->ops.deliver_straight(p->ops.user, now, spans, nspans, len, o))
		return false;
	p->stats.frames_out++;
	p->stats.bytes_out += len;
	return true;
}

static void send_frame(struct link *l, int port, struct instant now,
	const struct span *spans, unsigned nspans, const struct offload *o)
{
	struct link_port_stats *s;
	const char *what;
	size_t len = 0;

	if (!is_port(l, port))
		return;
	s = &l->ports[port]->stats;
	for (unsigned i = 0; i < nspans; i++) {
		if (spans[i].len > LINK_FRAME_MAX - len) {
			s->invalid++;
			return;
		}
		len += spans[i].len;
	}
	if (len < LINK_FRAME_MIN) {
		s->invalid++;
		return;
	}
	s->frames_in++;
	s->bytes_in += len;
	if (link_send_straight(l, port, now, spans, nspans, len, o))
		return;
	if (!l->drv->transmit || l->impaired || l->queue.count ||
		nspans > LINK_SPANS_MAX) {
		link_send_copied(l, port, now, spans, nspans, len, o);
		return;
	}
	what = link_transmit(l, port, spans, nspans, o);
	if (what)
		link_note(l, port, what);
	link_capture_spans(l, port, now, spans, nspans);
}

void link_send(struct link *l, int port, struct instant now,
	const struct span *spans, unsigned nspans)
{
	send_frame(l, port, now, spans, nspans, &none);
}

void link_send_super(struct link *l, int port, struct instant now,
	const struct span *spans, unsigned nspans, const struct offload *o)
{
	struct segmenter s;

	if (!is_port(l, port))
		return;
	if ((!o->segment && !o->unsummed) || link_carries_super(l))
		send_frame(l, port, now, spans, nspans, o);
	else if (!segment_begin(&s, spans, nspans, o))
		l->ports[port]->stats.invalid++;
	else
		while (segment_next(&s))
			send_frame(l, port, now, s.out, s.nout, &none);
}

struct instant link_deadline(const struct link *l)
{
	return l->held ? (struct instant){ INT64_MIN } : dqueue_deadline(&l->queue);
}

void link_tick(struct link *l, struct instant now)
{
	uint64_t limit = l->queue.next_seq;
	struct dqueue_entry e;

	if (l->ticking)
		return;
	l->ticking = true;
	while (dqueue_take(&l->queue, now, limit, &e)) {
		struct span whole = { e.frame->data, e.frame->len };

		if (e.to != LINK_DEVICE)
			l->ports[e.to]->coming--;
		if (e.to == LINK_DEVICE)
			link_transmit(l, e.from, &whole, 1, &e.frame->offload);
		else
			link_deliver(l, e.to, now, whole.base, whole.len,
				&e.frame->offload);
		frame_pool_put(&l->pool, e.frame);
	}
	if (l->held)
		l->drv->flush(l);
	l->ticking = false;
}

int link_fd(const struct link *l)
{
	return l->drv->fd ? l->drv->fd(l) : -1;
}

int link_readable(struct link *l, struct instant now, unsigned budget)
{
	return l->drv->read ? l->drv->read(l, now, budget) : 0;
}

const char *link_ifname(const struct link *l)
{
	return l->drv->ifname ? l->drv->ifname(l) : "";
}
