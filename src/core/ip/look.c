/* Onlookers: whoever wants to see the frames as they pass (packet sockets), and
 * frames that a program has made whole. What goes to ourselves has no link header;
 * onlookers are shown Linux's for lo: no addresses and the type.
 *
 *	out   as it is handed to the link, or put into the queue to ourselves
 *	in    as it comes, before anything is done with it
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/cursor.h"
#include "host_priv.h"
#include "ip/look.h"

void ip_watch(struct ip_host *h, bool on)
{
	h->watched = on && h->ops.look;
}

void look_frame(struct ip_host *h, struct instant now, const struct iface *i, bool out,
	const struct span *spans, unsigned n, size_t len)
{
	struct ip_look l = { .ifindex = i->ifindex, .out = out, .mac = i->mac,
		.spans = spans, .nspans = n, .len = len };

	if (h->watched)
		h->ops.look(h->ops.user, now, &l);
}

void look_loopback(struct ip_host *h, struct instant now, bool out,
	const struct span *spans, unsigned n)
{
	const struct iface *lo = iface_get(h, IP_LO_INDEX);
	struct span all[IP_OUT_SPANS + 2];
	uint8_t header[ETH_HEADER_LEN];
	size_t len = sizeof(header);

	if (!h->watched || n > IP_OUT_SPANS + 1)
		return;
	eth_emit(header, lo->mac, lo->mac,
		*(const uint8_t *)spans[0].base >> 4 == 4 ? ETH_TYPE_IPV4 :
							     ETH_TYPE_IPV6);
	all[0] = (struct span){ header, sizeof(header) };
	for (unsigned k = 0; k < n; len += spans[k].len, k++)
		all[k + 1] = spans[k];
	look_frame(h, now, lo, out, all, n + 1, len);
}

/* What lo's own driver does: it comes in as it went out. */
static int send_to_self(struct ip_host *h, struct instant now, const struct iface *lo,
	const struct span *frame)
{
	struct span packet = { (const uint8_t *)frame->base + ETH_HEADER_LEN,
		frame->len - ETH_HEADER_LEN };
	uint16_t type = get_be16((const uint8_t *)frame->base + 12);
	int r = 0;

	look_frame(h, now, lo, false, frame, 1, frame->len);
	if (memcmp(frame->base, lo->mac, ETH_ADDR_LEN) != 0 || packet.len == 0 ||
		(type != ETH_TYPE_IPV4 && type != ETH_TYPE_IPV6))
		return 0; /* nobody's */
	if (*(const uint8_t *)packet.base >> 4 != (type == ETH_TYPE_IPV4 ? 4 : 6))
		return 0;
	h->loop.unsure = h->loop.seen = true;
	/* Linux: no route of ours goes with it, so 127/8 and our own addresses as its
	 * source are martians (fib_validate_source()); IPv6 does not ask. */
	h->loop.foreign = type == ETH_TYPE_IPV4;
	r = loopback_put(h, lo->ifindex, &packet, 1, packet.len);
	h->loop.unsure = h->loop.seen = h->loop.foreign = false;
	return r;
}

int ip_send_frame(struct ip_host *h, struct instant now, uint32_t ifindex,
	const void *frame, size_t len)
{
	const struct iface *i = iface_get(h, ifindex);
	struct span s = { frame, len };

	h->now = now;
	if (!i)
		return -ENXIO;
	if (!i->up)
		return -ENETDOWN;
	if (len < ETH_HEADER_LEN)
		return -EINVAL;
	look_frame(h, now, i, true, &s, 1, len);
	if (ifindex == IP_LO_INDEX)
		return send_to_self(h, now, i, &s);
	h->stats.frames_out++;
	h->stats.bytes_out += len;
	h->ops.output(h->ops.user, ifindex, now, &s, 1, len);
	return 0;
}
