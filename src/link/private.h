/* Inside the link layer: a link is a driver (who says where a frame goes) in
 * the midst of what all have in common (ports, impairments, frames under way,
 * capture, counters). A further driver is a file with a table of verbs.
 *
 *   link_send()      -> link_enter -> driver.route -> link_cross (per exit)
 *   link_readable() -> driver.read -> link_enter_device --^    |
 *                                                     fate, delay queue
 *   link_tick()     -> out of the queue -> port's deliver, or driver.transmit
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_PRIVATE_H
#define LINK_PRIVATE_H

#include "dqueue.h"
#include "impair.h"
#include "link/link.h"
#include "pool.h"

#define LINK_DEVICE (-1) /* in place of a port's number */
#define LINK_PORT_NAME_MAX 64
#define LINK_SPANS_MAX 8 /* spans written to a device without gathering */
#define LINK_NOTE_MAX 256

struct link_driver {
	int ports_max;
	/* A frame from a port or LINK_DEVICE: call link_cross() for each exit. */
	void (*route)(struct link *l, int from, struct instant now,
		struct frame *f);
	/* The one port that all from this one go to; -1: none now. NULL: it depends. */
	int (*straight)(const struct link *l, int from);
	/* The rest: of drivers with a device, else NULL. */
	/* 0; -EAGAIN when the device's queue is full; another error: lost. */
	int (*transmit)(struct link *l, const struct span *spans, unsigned n,
		const struct offload *o);
	/* Send what transmit has only gathered (link->held); NULL: it gathers nothing. */
	void (*flush)(struct link *l);
	/* May the device leave work to us from now on? NULL: it never does, nor takes
	 * such frames. */
	void (*offload)(struct link *l, bool on);
	/* Frames in by link_enter_device(); as link_readable(). */
	int (*read)(struct link *l, struct instant now, unsigned budget);
	int (*fd)(const struct link *l);
	const char *(*ifname)(const struct link *l);
	void (*fini)(struct link *l);
};

struct link_port {
	struct link_port_ops ops;
	struct link_port_stats stats;
	struct impair out; /* impairments on the way to this port */
	char name[LINK_PORT_NAME_MAX];
	int capture_if; /* number in the capture file, -1: not yet */
	unsigned coming; /* frames under way to it */
};

struct link {
	char name[LINK_NAME_MAX];
	const struct link_driver *drv;
	void *priv; /* the driver's */
	uint64_t seed;
	struct link_impair cfg;
	bool impaired; /* cfg does something */
	bool supers;   /* all that are joined take super-segments */
	bool ticking;
	bool held;     /* the driver has frames that wait for its flush */
	struct link_port **ports;
	int nports;
	struct impair device_out; /* impairments on the way to the device */
	struct pool pool;
	struct dqueue queue;
	struct pcapng *capture;	  /* not owned */
	char note[LINK_NOTE_MAX]; /* comment of the frame being captured */
};

/* NULL without memory. priv is released by the driver's fini. */
struct link *link_new(const char *name, uint64_t seed,
	const struct link_driver *drv, void *priv);
/* The frame goes to this exit (port or LINK_DEVICE), whatever its fate. */
void link_cross(struct link *l, int from, int to, struct instant now,
	struct frame *f);
/* The way of those with a device and one port: out, or in. */
void link_route_device(struct link *l, int from, struct instant now, struct frame *f);
/* A frame read from the device; copied if it has to wait. A device's frame may come
 * for port 0 only. */
void link_enter_device(struct link *l, struct instant now, const uint8_t *data,
	size_t len, const struct offload *o);

#endif
