/* Packet sockets: frames in and out. Linux: packet_rcv(), packet_recvmsg(),
 * packet_snd(). In a message (shm/msgq.h):
 *
 *	src.b, src.port	  sender's link address, protocol (packet_address())
 *	type		  PACKET_HOST ...
 *	info, err	  the whole length; where the network header begins
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"

#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <poll.h>
#include <string.h>

#include "base/cursor.h"
#include "control.h"
#include "dgram.h"

#define VLAN_HEADER 4 /* may come on top of the MTU */
#define IOV_LINUX_MAX 1024

/* --- in --- */

void packet_address(const struct sock_frame *f, struct sockaddr_ll *out)
{
	*out = (struct sockaddr_ll){ .sll_family = AF_PACKET,
		.sll_protocol = htons(f->protocol), .sll_ifindex = (int)f->ifindex,
		.sll_hatype = f->ifindex == SOCK_LO_INDEX ? ARPHRD_LOOPBACK :
							    ARPHRD_ETHER,
		.sll_pkttype = f->type, .sll_halen = sizeof(f->source) };
	memcpy(out->sll_addr, f->source, sizeof(f->source));
}

/* Into the queue; false: there was no room. */
static bool enqueue(struct sock_env *e, struct shm_sock *s, const struct packet_in *in,
	const struct span *spans, unsigned n)
{
	const struct sock_frame *f = in->frame;
	struct shm_msg m = { .len = in->keep, .time_ns = f->time_ns,
		.ifindex = f->ifindex, .type = f->type, .info = in->len,
		.err = in->net,
		.src = { .family = SHM_FAMILY_PACKET, .port = f->protocol } };
	struct shm_fifo *q = sock_rx(e, s);

	memcpy(m.src.b, f->source, sizeof(f->source));
	if (q)
		m.drops = atomic_get_relaxed(&q->drops);
	return sock_enqueue(e, sock_once(&s->rx), &m, spans, n) == 0;
}

bool sock_packet_deliver(struct sock_env *e, uint32_t i, const struct sock_frame *f,
	uint32_t *retire_ms)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_packet *p = s ? packet_page(e, s) : NULL;
	struct span spans[PACKET_IN_SPANS];
	struct packet_in in = { .frame = f, .spans = spans };
	int64_t keep;
	bool fresh;

	*retire_ms = 0;
	if (!p || f->len < PACKET_ETH_HEADER || f->n > PACKET_IN_SPANS)
		return false;
	in.cooked = atomic_get_relaxed(&p->bits) & SHM_P_COOKED;
	in.net = in.cooked ? 0 : PACKET_ETH_HEADER;
	in.len = f->len - (in.cooked ? PACKET_ETH_HEADER : 0);
	keep = sock_once(&s->filter) ? filter_frame(e, s, f, in.cooked) : in.len;
	if (keep < 0)
		return false;
	in.keep = keep < in.len ? (uint32_t)keep : in.len;
	in.n = span_slice(f->spans, f->n, f->len - in.len, in.keep, spans);
	if (packet_has_ring(p)) {
		fresh = packet_ring_put(e, p, &in);
		if (p->version == TPACKET_V3)
			*retire_ms = sock_once(&p->rx.timeout_ms);
		return fresh && sock_notify(e, i, POLLIN | POLLRDNORM);
	}
	atomic_add(&p->packets, 1); /* statistics: no order */
	if (!enqueue(e, s, &in, spans, in.n)) {
		atomic_add(&p->drops, 1);
		return false;
	}
	return sock_notify(e, i, POLLIN | POLLRDNORM);
}

static void give_name(const struct shm_msg *m, struct sockaddr *from,
	socklen_t *fromlen)
{
	struct sock_frame f = { .ifindex = m->ifindex, .type = m->type,
		.protocol = m->src.port };
	struct sockaddr_ll ll;

	memcpy(f.source, m->src.b, sizeof(f.source));
	packet_address(&f, &ll);
	memcpy(from, &ll, *fromlen < sizeof(ll) ? *fromlen : sizeof(ll));
	*fromlen = sizeof(ll);
}

static void give_control(struct sock_env *e, struct shm_sock *s,
	const struct shm_packet *p, const struct shm_msg *m, struct msghdr *control,
	int *msg_flags)
{
	struct tpacket_auxdata aux = { .tp_status = TP_STATUS_USER,
		.tp_len = m->info, .tp_snaplen = m->len, .tp_mac = 0,
		.tp_net = (uint16_t)m->err };
	struct control_out o = control_begin(control);

	control_put_socket(e, s, m, &o);
	if (atomic_get_relaxed(&p->bits) & SHM_P_AUXDATA)
		control_put(&o, SOL_PACKET, PACKET_AUXDATA, &aux, sizeof(aux));
	control_end(&o, control, msg_flags);
}

ssize_t packet_recv(struct sock_env *e, struct shm_sock *s, const struct iovec *iov,
	int n, int flags, struct sockaddr *from, socklen_t *fromlen,
	struct msghdr *control, int *msg_flags)
{
	struct shm_packet *p = packet_page(e, s);
	struct shm_msg m;
	ssize_t len;
	int err;

	if (!p || (flags & ~(MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC)))
		return -EINVAL;
	err = sock_take_error(s);
	if (err)
		return err;
	len = sock_dgram_take(e, s, iov, n, flags, &m, msg_flags);
	if (len < 0)
		return len;
	if (from && fromlen)
		give_name(&m, from, fromlen);
	give_control(e, s, p, &m, control, msg_flags);
	return flags & MSG_TRUNC ? (ssize_t)m.len : len;
}

/* --- out --- */

struct frame_out {
	uint32_t ifindex;
	uint16_t protocol;
	const uint8_t *to; /* link address, NULL: none was given */
	uint8_t header[PACKET_ETH_HEADER];
	struct shm_iface iface;
};

/* Linux: packet_snd(), up to the device. */
static int where_to(struct sock_env *e, const struct shm_packet *p, bool cooked,
	const struct sockaddr_ll *ll, socklen_t len, struct frame_out *o)
{
	o->ifindex = atomic_get_relaxed(&p->bound);
	o->protocol = (uint16_t)atomic_get_relaxed(&p->protocol);
	if (ll) {
		socklen_t fixed = offsetof(struct sockaddr_ll, sll_addr);

		if (len < sizeof(*ll) || len < ll->sll_halen + fixed)
			return -EINVAL;
		o->ifindex = (uint32_t)ll->sll_ifindex;
		o->protocol = ntohs(ll->sll_protocol);
		o->to = cooked ? ll->sll_addr : NULL; /* whatever its length */
	}
	if (o->ifindex == 0 || !sock_iface(e, o->ifindex, &o->iface))
		return -ENXIO;
	return o->iface.up ? 0 : -ENETDOWN;
}

/* Linux: eth_header(); an interface like lo needs no address. */
static int make_header(struct frame_out *o)
{
	uint8_t *h = o->header;

	if (!o->to && o->ifindex != SOCK_LO_INDEX)
		return -EINVAL;
	if (o->to)
		memcpy(h, o->to, 6);
	memcpy(h + 6, o->iface.mac, 6);
	put_be16(h + 12, o->protocol);
	return 0;
}

/* A tag of IEEE 802.1Q may be there besides. */
static bool is_tagged(const struct iovec *iov, int n)
{
	uint8_t header[PACKET_ETH_HEADER];
	size_t got = 0;

	for (int k = 0; k < n && got < sizeof(header); k++) {
		size_t piece = iov[k].iov_len < sizeof(header) - got ?
			iov[k].iov_len : sizeof(header) - got;

		memcpy(header + got, iov[k].iov_base, piece);
		got += piece;
	}
	return got == sizeof(header) && get_be16(header + 12) == 0x8100;
}

static int check_frame(const struct frame_out *o, bool cooked, size_t total,
	const struct iovec *iov, int n)
{
	size_t most = o->iface.mtu + (cooked ? 0 : PACKET_ETH_HEADER);

	if (total > most + VLAN_HEADER)
		return -EMSGSIZE;
	if (!sock_can_read(iov, n, total))
		return -EFAULT;
	if (!cooked && total < PACKET_ETH_HEADER)
		return -EINVAL;
	if (total > most && (cooked || !is_tagged(iov, n)))
		return -EMSGSIZE;
	return 0;
}

ssize_t packet_send(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct iovec *iov, int n, const struct sockaddr *to, socklen_t tolen,
	const struct msghdr *control, struct sock_effect *fx)
{
	struct shm_packet *p = packet_page(e, s);
	size_t total = sock_iov_total(iov, n);
	struct span payload[IOV_LINUX_MAX + 1];
	struct shm_msg m = { .flags = SHM_MSG_WHOLE };
	struct frame_out o = { 0 };
	struct sockaddr_ll ll = { 0 };
	unsigned spans = 0;
	bool cooked;
	int r;

	if (!p || n < 0 || n > IOV_LINUX_MAX)
		return -EINVAL;
	cooked = atomic_get_relaxed(&p->bits) & SHM_P_COOKED;
	if (to)
		memcpy(&ll, to, tolen < sizeof(ll) ? tolen : sizeof(ll));
	r = where_to(e, p, cooked, to ? &ll : NULL, tolen, &o);
	if (r == 0 && control)
		r = sock_stream_control(e, i, control);
	if (r == 0)
		r = check_frame(&o, cooked, total, iov, n);
	if (r == 0 && cooked)
		r = make_header(&o);
	if (r < 0)
		return r;
	if (cooked)
		payload[spans++] = (struct span){ o.header, sizeof(o.header) };
	for (int k = 0; k < n; k++)
		payload[spans++] = (struct span){ iov[k].iov_base, iov[k].iov_len };
	m.len = (uint32_t)(total + (cooked ? sizeof(o.header) : 0));
	m.ifindex = o.ifindex;
	r = sock_dgram_to_service(e, i, s, &m, payload, spans, fx);
	return r < 0 ? r : (ssize_t)total;
}
