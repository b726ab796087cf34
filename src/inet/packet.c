/* Packet sockets over the transport NET: frames to those who look on, frames from them
 * to the links (net.c has the picture, sock/packet.c the rules).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>

#include "base/atomic.h"
#include "base/cursor.h"
#include "ip/look.h"
#include "limits.h"
#include "sock/packets.h"
#include "wire/eth.h"

/* As Linux's eth_type_trans() has them. */
static uint16_t protocol_of(const uint8_t *header, const struct span *payload)
{
	uint16_t type = get_be16(header + 12);
	const uint8_t *p = payload->base;

	if (type >= ETH_TYPE_MIN)
		return type;
	return payload->len >= 2 && p[0] == 0xff && p[1] == 0xff ? ETH_P_802_3 :
								     ETH_P_802_2;
}

static uint8_t type_of(const struct ip_look *l, const uint8_t *to)
{
	if (l->out)
		return PACKET_OUTGOING;
	if (eth_addr_is_group(to))
		return eth_addr_is_broadcast(to) ? PACKET_BROADCAST :
						   PACKET_MULTICAST;
	return memcmp(to, l->mac, ETH_ADDR_LEN) == 0 ? PACKET_HOST :
						      PACKET_OTHERHOST;
}

/* Its block of a ring shall be given to the program in time. */
static void retire_later(struct net *n, struct instant now, uint32_t i,
	struct shm_sock *s, uint32_t ms)
{
	uint32_t gen = atomic_get_acquire(&s->gen);
	struct net_retire *place = NULL;

	for (unsigned k = 0; k < RETIRES_MAX; k++) {
		struct net_retire *r = &n->retires[k];

		if (r->sock == i && r->gen == gen)
			return;
		if (r->sock == 0 && !place)
			place = r;
	}
	if (ms > RETIRE_MS_MAX)
		ms = RETIRE_MS_MAX;
	if (!place)
		return;
	*place = (struct net_retire){ i, gen, instant_add(now, DURATION_MS(ms)) };
	n->n_retires++;
}

struct instant net_packet_deadline(const struct net *n)
{
	struct instant at = INSTANT_NEVER;

	for (unsigned k = 0; n->n_retires && k < RETIRES_MAX; k++) {
		if (n->retires[k].sock)
			at = instant_min(at, n->retires[k].at);
	}
	return at;
}

void net_packet_tick(struct net *n, struct instant now)
{
	for (unsigned k = 0; n->n_retires && k < RETIRES_MAX; k++) {
		struct net_retire r = n->retires[k];
		struct shm_sock *s = r.sock ? net_record(n, r.sock, r.gen) : NULL;

		if (!r.sock || instant_before(now, r.at))
			continue;
		n->retires[k] = (struct net_retire){ 0 };
		n->n_retires--;
		if (s && sock_packet_retire(n->env, r.sock))
			net_ring_name(n, r.sock, s);
	}
}

void net_packets_look(struct net *n)
{
	stack_watch(n->stack, sock_any_packet(n->env));
}

static void give(struct net *n, struct instant now, uint32_t i,
	const struct sock_frame *f)
{
	struct shm_sock *s = shm_sock_at(n->arena, i);
	uint32_t retire_ms = 0;

	if (!s)
		return;
	if (sock_packet_deliver(n->env, i, f, &retire_ms))
		net_ring_name(n, i, s);
	if (retire_ms)
		retire_later(n, now, i, s, retire_ms);
}

void net_on_look(void *user, struct instant now, const struct ip_look *l)
{
	struct net *n = user;
	struct sock_frame f = { .ifindex = l->ifindex, .spans = l->spans,
		.n = l->nspans, .len = (uint32_t)l->len,
		.sender = l->out ? n->frame_sender : 0 };
	uint32_t found[PACKET_COPIES];
	const uint8_t *header = l->spans[0].base;
	struct span payload = { 0 };
	unsigned count;

	if (l->spans[0].len < ETH_HEADER_LEN || (l->out && n->frame_hidden))
		return;
	span_slice(l->spans, 1, ETH_HEADER_LEN, l->spans[0].len - ETH_HEADER_LEN,
		&payload);
	f.type = type_of(l, header);
	f.protocol = protocol_of(header, &payload);
	memcpy(f.source, header + ETH_ADDR_LEN, ETH_ADDR_LEN);
	count = sock_packet_find(n->env, &f, found, PACKET_COPIES);
	if (count)
		f.time_ns = n->ops.wall_ns(n->ops.user);
	for (unsigned k = 0; k < count; k++)
		give(n, now, found[k], &f);
}

int net_packet_send(struct net *n, uint32_t i, const struct shm_msg *m)
{
	int r;

	n->frame_sender = i; /* Linux: who sends it does not see it go out */
	n->frame_hidden = sock_packet_bypasses(n->env, i);
	r = stack_send_frame(n->stack, n->now, m->ifindex, n->datagram, m->len);
	n->frame_sender = 0;
	n->frame_hidden = false;
	return r;
}
