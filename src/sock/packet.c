/* Packet sockets: packet(7), Linux's af_packet.c. Such a socket sees the frames that
 * pass the host's interfaces, in both directions, and sends frames as they stand.
 *
 *	the stack shows a frame	-> sock_packet_find(), filter -> queue, or ring
 *	sendto()		-> transmit queue -> the service -> the link
 *
 * What a host says to itself through shared memory is no packet. While a packet socket
 * watches lo, new connections and all datagrams within the host go by the stack, so
 * that there is something to see (sock_packets_on_lo()).
 *
 * The record's family and type are SHM_FAMILY_PACKET and SHM_TYPE_PACKET; all that is
 * special to them lies in a page (shm/packet.h). They hang in a chain of their own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"

#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <string.h>

#define PACKETS_MAX 64 /* sockets that see one frame */

struct shm_packet *packet_page(const struct sock_env *e, const struct shm_sock *s)
{
	uint32_t at = sock_once(&s->packet);
	struct fifo_end end;

	if (!sock_is_packet(s) || !shm_fifo_at(e->arena, at) ||
		shm_fifo_reader(e->arena, at, &end) < 0)
		return NULL;
	return (struct shm_packet *)(void *)end.data;
}

/* --- life --- */

int packet_init(struct sock_env *e, uint32_t i, struct shm_sock *s, bool cooked,
	uint16_t protocol)
{
	uint32_t at = shm_fifo_take(e->arena, sizeof(struct shm_packet));
	struct shm_packet *p;

	atomic_word_put(&s->packet, at);
	p = packet_page(e, s);
	if (!p)
		return -ENOBUFS;
	memset(p, 0, sizeof(*p));
	atomic_put_relaxed(&p->bits, cooked ? SHM_P_COOKED : 0);
	atomic_put_relaxed(&p->protocol, protocol);
	if (sock_dgram_queue(e, s) < 0)
		return -ENOBUFS;
	return sock_port_enter_raw(e, i, s) ? 0 : -EAGAIN;
}

void packet_fini(struct sock_env *e, struct shm_sock *s)
{
	struct shm_packet *p = packet_page(e, s);
	uint32_t at = sock_once(&s->packet);

	if (p)
		packet_ring_free(e, p);
	atomic_word_put(&s->packet, 0);
	shm_fifo_free(e->arena, at);
}

/* --- names --- */

/* Linux: packet_bind(), packet_do_bind(). */
int packet_bind(struct sock_env *e, struct shm_sock *s, const struct sockaddr *sa,
	socklen_t len)
{
	struct shm_packet *p = packet_page(e, s);
	struct shm_iface iface;
	struct sockaddr_ll ll;

	if (!p || len < sizeof(ll))
		return -EINVAL;
	memcpy(&ll, sa, sizeof(ll));
	if (ll.sll_family != AF_PACKET)
		return -EINVAL;
	if (!sock_lock(e, s))
		return -EAGAIN;
	if (p->fanout || (ll.sll_ifindex &&
			!sock_iface(e, (uint32_t)ll.sll_ifindex, &iface))) {
		sock_unlock(e, s);
		return p->fanout ? -EINVAL : -ENODEV;
	}
	/* One word each: who delivers meanwhile sees the old or the new. */
	if (ll.sll_protocol)
		atomic_put_relaxed(&p->protocol, ntohs(ll.sll_protocol));
	atomic_put_relaxed(&p->bound, (uint32_t)ll.sll_ifindex);
	if (ll.sll_ifindex && !iface.up)
		sock_set_error(s, ENETDOWN);
	sock_unlock(e, s);
	return 0;
}

/* Linux: packet_getname(): as long as the interface's addresses. */
int packet_name(const struct sock_env *e, const struct shm_sock *s,
	struct sockaddr *sa, socklen_t *len)
{
	const struct shm_packet *p = packet_page(e, s);
	struct sockaddr_ll ll = { .sll_family = AF_PACKET };
	socklen_t full = offsetof(struct sockaddr_ll, sll_addr);
	struct shm_iface iface;

	if ((int)*len < 0 || !p)
		return -EINVAL;
	ll.sll_ifindex = (int)atomic_get_relaxed(&p->bound);
	ll.sll_protocol = htons((uint16_t)atomic_get_relaxed(&p->protocol));
	if (ll.sll_ifindex && sock_iface(e, (uint32_t)ll.sll_ifindex, &iface)) {
		ll.sll_hatype = ll.sll_ifindex == SOCK_LO_INDEX ? ARPHRD_LOOPBACK :
								  ARPHRD_ETHER;
		ll.sll_halen = sizeof(iface.mac);
		memcpy(ll.sll_addr, iface.mac, sizeof(iface.mac));
		full += sizeof(iface.mac);
	}
	memcpy(sa, &ll, *len < full ? *len : full);
	*len = full;
	return 0;
}

/* --- who sees what --- */

/* Linux: only who wants all protocols sees what goes out (dev_queue_xmit_nit()). */
static bool sees(const struct sock_env *e, const struct shm_sock *s,
	const struct sock_frame *f)
{
	const struct shm_packet *p = packet_page(e, s);
	uint32_t bound, protocol;

	if (!p)
		return false;
	bound = atomic_get_relaxed(&p->bound);
	protocol = atomic_get_relaxed(&p->protocol);
	if (bound && bound != f->ifindex)
		return false;
	if (protocol == PACKET_ETH_ALL)
		return f->type != PACKET_OUTGOING ||
			!(atomic_get_relaxed(&p->bits) & SHM_P_IGNORE_OUTGOING);
	return protocol && protocol == f->protocol && f->type != PACKET_OUTGOING;
}

uint32_t packet_copy(const struct sock_frame *f, uint32_t at, uint8_t *out, uint32_t size)
{
	struct span parts[PACKET_IN_SPANS];
	uint32_t len = f->len > at ? f->len - at : 0, done = 0;
	unsigned n;

	if (len > size)
		len = size;
	n = f->n <= PACKET_IN_SPANS ? span_slice(f->spans, f->n, at, len, parts) : 0;
	for (unsigned k = 0; k < n; k++) {
		memcpy(out + done, parts[k].base, parts[k].len);
		done += (uint32_t)parts[k].len;
	}
	return done;
}

static uint32_t group_of(const struct sock_env *e, uint32_t i)
{
	const struct shm_sock *s = sock_live(e, i);
	const struct shm_packet *p = s ? packet_page(e, s) : NULL;

	return p ? sock_once(&p->fanout) : 0;
}

/* all[k] and those behind it that are in its group, out of all; who of them gets it. */
static uint32_t of_group(struct sock_env *e, const struct sock_frame *f, uint32_t *all,
	unsigned k, unsigned n)
{
	uint32_t group = group_of(e, all[k]), members[PACKETS_MAX];
	unsigned count = 0;
	bool own = false;

	for (; k < n; k++) {
		if (group_of(e, all[k]) != group)
			continue;
		own |= all[k] == f->sender;
		if (!packet_fanout_left(e, all[k]))
			members[count++] = all[k];
		all[k] = 0;
	}
	/* Linux: match_fanout_group(), a group does not see what its members send. */
	return own || count == 0 ? 0 : packet_fanout_pick(e, f, members, count);
}

unsigned sock_packet_find(struct sock_env *e, const struct sock_frame *f,
	uint32_t *out, unsigned max)
{
	uint32_t all[PACKETS_MAX];
	unsigned n = sock_port_packets(e, all, PACKETS_MAX), found = 0;

	for (unsigned k = 0; k < n && found < max; k++) {
		const struct shm_sock *s = sock_live(e, all[k]);
		uint32_t i = all[k];

		if (!s || !sees(e, s, f))
			continue;
		if (group_of(e, i))
			i = of_group(e, f, all, k, n);
		if (i && i != f->sender)
			out[found++] = i;
	}
	return found;
}

static bool watches_lo(const struct sock_env *e, const struct shm_sock *s)
{
	const struct shm_packet *p = packet_page(e, s);
	uint32_t bound;

	if (!p || atomic_get_relaxed(&p->protocol) == 0)
		return false;
	bound = atomic_get_relaxed(&p->bound);
	return bound == 0 || bound == SOCK_LO_INDEX;
}

bool sock_packets_on_lo(struct sock_env *e)
{
	uint32_t all[PACKETS_MAX];
	unsigned n;

	if (!sock_any_packet(e))
		return false;
	n = sock_port_packets(e, all, PACKETS_MAX);
	for (unsigned k = 0; k < n; k++) {
		const struct shm_sock *s = sock_live(e, all[k]);

		if (s && watches_lo(e, s))
			return true;
	}
	return false;
}

bool sock_packet_bypasses(const struct sock_env *e, uint32_t i)
{
	const struct shm_sock *s = sock_live(e, i);
	const struct shm_packet *p = s ? packet_page(e, s) : NULL;

	return p && (atomic_get_relaxed(&p->bits) & SHM_P_QDISC_BYPASS);
}

bool sock_packet_view(const struct sock_env *e, uint32_t i,
	struct sock_packet_view *out)
{
	const struct shm_sock *s = sock_live(e, i);
	const struct shm_packet *p = s ? packet_page(e, s) : NULL;
	struct shm_fifo *rx = p ? sock_rx(e, s) : NULL;

	if (!p)
		return false;
	*out = (struct sock_packet_view){
		.type = atomic_get_relaxed(&p->bits) & SHM_P_COOKED ? SOCK_DGRAM :
								      SOCK_RAW,
		.protocol = (uint16_t)atomic_get_relaxed(&p->protocol),
		.ifindex = atomic_get_relaxed(&p->bound),
		.fanout = packet_fanout_told(p),
	};
	if (sock_once(&p->rx.fifo)) {
		out->block_size = sock_once(&p->rx.block_size);
		out->block_nr = sock_once(&p->rx.block_nr);
		out->frame_size = sock_once(&p->rx.frame_size);
		out->frame_nr = sock_once(&p->rx.frame_nr);
		out->timeout_ms = sock_once(&p->rx.timeout_ms);
		out->priv_size = sock_once(&p->rx.priv_size);
	}
	if (rx) /* a statistic: in no order */
		out->unread = atomic_get_relaxed(&rx->sh.tail) -
			atomic_get_relaxed(&rx->sh.head);
	return true;
}
