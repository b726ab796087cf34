/* Links move frames and know nothing above Ethernet.
 *
 *   host A iface --port--+                      +--port-- host B iface
 *                        +-- [impair][capture] -+
 *
 * A `struct link` joins two or more ports (pair, switch) or one port and a
 * device (tap, packet). What a port's owner sends goes in by link_send(); what arrives
 * for it comes out by the port's deliver callback, from within link_tick() or
 * link_readable(), never from within link_send(): so a deliver callback may
 * call link_send(), and whoever sends is not entered again. (deliver_straight is the
 * exception: who offers it sees to that.) After sending,
 * ask link_deadline() again; with no delay it is the present.
 * Between the two lie the wrappers: impairments (delay, jitter,
 * loss, rate with a queue, reorder, duplicate, corrupt), each direction with
 * its own state from one seeded generator, and capture.
 *
 * Time is an argument; pair and switch make no system call and run in virtual
 * time. A device link has a descriptor to be polled by the service's loop.
 *
 * Frames are copied on entry (they may lie in a fifo that moves on), but for those
 * that are taken straight.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/time.h"
#include "wire/offload.h"

struct link;
struct pcapng; /* capture file, link/pcapng.h */

#define LINK_NAME_MAX 64 /* bytes with the closing zero */
#define LINK_PORTS_MAX 1024
#define LINK_FRAME_MIN 14    /* bytes: an Ethernet header */
#define LINK_FRAME_MAX 65600 /* bytes: the largest IP packet and its headers */
#define LINK_RATE_MIN 1000ull		/* bits a second */
#define LINK_RATE_MAX 1000000000000ull	/* bits a second */
#define LINK_QUEUE_MAX 1000000		/* frames */
#define LINK_QUEUE_DEFAULT 1000		/* frames */
#define LINK_DELAY_MAX DURATION_S(3600) /* also of the jitter */
#define LINK_BURST_MAX 1e6		/* frames */

struct link_impair {
	struct duration delay;	/* each way */
	struct duration jitter; /* +- this, uniform; order is kept unless reorder */
	double loss;		/* probability 0..1, independent for each frame */
	double loss_burst;	/* mean length of a burst in frames, 0 or 1: none
				   (Gilbert model with the same mean loss; at least
				   loss / (1 - loss), or the model has no answer) */
	double duplicate;	/* probability */
	double corrupt;		/* probability that one bit is turned */
	double reorder;		/* probability of being sent at once, unqueued */
	uint64_t rate;		/* bits a second, 0: unlimited */
	uint32_t queue;		/* frames that may wait for the rate, 0: 1000 */
};

/* What became of a frame is counted at the port whose owner sent it (once for
 * each port it was meant for, when a switch floods it); of a frame that came
 * from a device, at the port it was meant for. */
struct link_port_stats {
	uint64_t frames_in, bytes_in;	/* from the owner */
	uint64_t frames_out, bytes_out; /* to the owner */
	uint64_t lost, queue_full, corrupted, duplicated, reordered;
	uint64_t invalid; /* shorter or longer than a frame can be: dropped */
};

struct link_port_ops {
	void (*deliver)(void *user, struct instant now, const void *frame,
		size_t len);
	void *user;
	/* Takes what is longer than a frame, or has no checksum yet; NULL: such is
	 * made into ordinary frames first. */
	void (*deliver_super)(void *user, struct instant now, const void *frame,
		size_t len, const struct offload *o);
	/* A super-segment at once, from within link_send_super() and without a copy: the
	 * spans are the sender's, who is not to be entered meanwhile. False: not now,
	 * or not in pieces; it comes by deliver_super. NULL: all come so. */
	bool (*deliver_straight)(void *user, struct instant now,
		const struct span *spans, unsigned nspans, size_t len,
		const struct offload *o);
};

/* A pair (two ports) or a learning switch (up to LINK_PORTS_MAX); NULL without
 * memory. seed: of all its impairments; it is mixed with the link's name and
 * the direction, so that all links of a network can be given the same. */
struct link *link_new_pair(const char *name, uint64_t seed);
struct link *link_new_switch(const char *name, uint64_t seed);
/* A TAP device of this name ("" or a pattern with %d: the kernel chooses) as
 * one end, one port as the other. Opens the device in the caller's network
 * namespace and leaves it down and without addresses: those are the kernel's
 * side. NULL with *err = -errno (EPERM without CAP_NET_ADMIN, EBUSY ...). */
struct link *link_new_tap(const char *name, const char *ifname, uint64_t seed,
	int *err);
/* The same with an interface of the machine that is there already, and goes on serving
 * it; needs CAP_NET_RAW. mtu: of the link's packets, which have to fit. *err = -EPERM,
 * -ENODEV, -EMSGSIZE, -EOPNOTSUPP (it has no Ethernet frames) ... */
struct link *link_new_packet(const char *name, const char *ifname, uint32_t mtu,
	uint64_t seed, int *err);
/* Not from within a callback. Frames under way are gone. */
void link_free(struct link *l);

const char *link_name(const struct link *l);
/* Copies ops. Returns the port's number (0, 1, 2 ...), -ENOSPC when a pair has
 * both or the limit is reached, -ENOMEM. */
int link_add_port(struct link *l, const struct link_port_ops *ops);
/* The name of a port in captures, "LINK/NAME"; its number unless set. Before
 * the first captured frame. */
void link_set_port_name(struct link *l, int port, const char *name);
/* For all ports and both ways; may be changed at any time, frames under way keep
 * their fate. On a switch each frame meets them once, on its way out. -EINVAL
 * when a value is out of range: then nothing has changed. */
int link_set_impair(struct link *l, const struct link_impair *i);
void link_get_impair(const struct link *l, struct link_impair *out);
/* The check alone: 0 or -EINVAL. */
int link_check_impair(const struct link_impair *i);
/* Capture what enters the wire, with direction and, in a comment, when a
 * frame will arrive ("arrives in 20.000000 ms", unless at once) and why it was dropped
 * or altered (the bytes are those that were sent). The link does
 * not own the file. NULL: stop. */
void link_set_capture(struct link *l, struct pcapng *file);

void link_send(struct link *l, int port, struct instant now,
	const struct span *spans, unsigned nspans);
/* A frame with work left to the device (LINK_SPANS_MAX spans at most). It crosses the
 * link whole when nothing there needs single frames (no impairment, no capture) and
 * everybody takes it; else the link does that work. */
void link_send_super(struct link *l, int port, struct instant now,
	const struct span *spans, unsigned nspans, const struct offload *o);
/* When link_tick() is wanted next; never, when nothing is under way. */
struct instant link_deadline(const struct link *l);
/* Deliver what is due. Frames sent meanwhile by the callbacks wait for the next
 * call, even when due at once: the work is bounded. */
void link_tick(struct link *l, struct instant now);

/* Device links: descriptor to poll for reading (-1 for pair and switch), and
 * the reading itself, at most `budget` frames. Returns frames read, or -errno
 * when the device has failed. */
int link_fd(const struct link *l);
int link_readable(struct link *l, struct instant now, unsigned budget);
/* The device's name as the kernel gave it, "" otherwise. */
const char *link_ifname(const struct link *l);

void link_get_stats(const struct link *l, int port, struct link_port_stats *out);

#endif
