/* packet_diag: which packet sockets there are, and what they are set to (`ss -0`).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_packet.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>

#include "sock/packets.h"
#include "sockdiag.h"

#define MEMINFO_WORDS 9 /* SK_MEMINFO_VARS */

static int option(uint32_t i, int name)
{
	int v = 0;
	socklen_t len = sizeof(v);

	return sock_getopt(&cl.env, i, SOL_PACKET, name, &v, &len) == 0 ? v : 0;
}

static void put_info(struct nlmsghdr *n, uint32_t i, const struct sock_packet_view *v)
{
	struct packet_diag_info info = {
		.pdi_index = v->ifindex,
		.pdi_version = (uint32_t)option(i, PACKET_VERSION),
		.pdi_reserve = (uint32_t)option(i, PACKET_RESERVE),
		.pdi_copy_thresh = (uint32_t)option(i, PACKET_COPY_THRESH),
		.pdi_tstamp = (uint32_t)option(i, PACKET_TIMESTAMP),
		.pdi_flags = (v->protocol ? PDI_RUNNING : 0) |
			(option(i, PACKET_AUXDATA) ? PDI_AUXDATA : 0) |
			(option(i, PACKET_ORIGDEV) ? PDI_ORIGDEV : 0) |
			(option(i, PACKET_LOSS) ? PDI_LOSS : 0),
	};

	rtnl_attr(n, PACKET_DIAG_INFO, &info, sizeof(info));
}

static void put_ring(struct nlmsghdr *n, const struct sock_packet_view *v)
{
	struct packet_diag_ring r = { v->block_size, v->block_nr, v->frame_size,
		v->frame_nr, v->timeout_ms, v->priv_size, 0 };

	if (v->block_nr)
		rtnl_attr(n, PACKET_DIAG_RX_RING, &r, sizeof(r));
}

static void put_memory(struct nlmsghdr *n, uint32_t i)
{
	uint32_t m[MEMINFO_WORDS] = { 0 };
	socklen_t len = sizeof(m);

	if (sock_getopt(&cl.env, i, SOL_SOCKET, SO_MEMINFO, m, &len) == 0)
		rtnl_attr(n, PACKET_DIAG_MEMINFO, m, sizeof(m));
}

static void put(struct rtnl_out *o, uint32_t i, uint32_t show, const struct shm_sock *s,
	const struct sock_packet_view *v, const struct standin_seen *seen)
{
	uint64_t cookie = atomic_get_acquire( /* standin_record()'s release */
		&((struct shm_sock *)(uintptr_t)s)->cookie);
	struct packet_diag_msg m = { .pdiag_family = AF_PACKET,
		.pdiag_type = (uint8_t)v->type, .pdiag_num = v->protocol,
		.pdiag_ino = (uint32_t)atomic_get_relaxed(
			&((struct shm_sock *)(uintptr_t)s)->ino),
		.pdiag_cookie = { (uint32_t)cookie, (uint32_t)(cookie >> 32) } };
	struct nlmsghdr *n = rtnl_begin(o, SOCK_DIAG_BY_FAMILY, &m, sizeof(m));

	if (show & PACKET_SHOW_INFO) {
		put_info(n, i, v);
		rtnl_attr_u32(n, PACKET_DIAG_UID, seen->uid);
	}
	if (show & PACKET_SHOW_MCLIST)
		rtnl_nest_end(n, rtnl_nest(n, PACKET_DIAG_MCLIST));
	if (show & PACKET_SHOW_RING_CFG)
		put_ring(n, v);
	if ((show & PACKET_SHOW_FANOUT) && v->fanout)
		rtnl_attr_u32(n, PACKET_DIAG_FANOUT, v->fanout);
	if (show & PACKET_SHOW_MEMINFO)
		put_memory(n, i);
	rtnl_end(o, n);
}

int sockdiag_packet(struct rtnl_out *o, const struct nlmsghdr *n, struct sockdiag_at *at,
	bool *more)
{
	uint32_t last = atomic_get_relaxed(&cl.arena.hdr->socks.fresh);
	unsigned room = SOCKDIAG_PIECE;
	struct packet_diag_req r;
	struct sock_packet_view v;

	if (n->nlmsg_len < NLMSG_LENGTH(sizeof(r)))
		return -EINVAL;
	memcpy(&r, NLMSG_DATA(n), sizeof(r));
	if (r.sdiag_protocol)
		return -EINVAL;
	if (n->nlmsg_type == SOCK_DESTROY || !(n->nlmsg_flags & NLM_F_DUMP))
		return -EOPNOTSUPP;
	o->flags = NLM_F_MULTI;
	for (; at->next < last && at->next < cl.arena.n_socks; at->next++) {
		struct shm_sock *s = shm_sock_at(&cl.arena, at->next);
		struct standin_seen seen;

		if (!s || !sock_packet_view(&cl.env, at->next, &v) ||
			standin_see(atomic_get_relaxed(&s->ino),
				atomic_get_relaxed(&s->cookie), &seen) == 1)
			continue;
		*more = room-- == 0;
		if (*more)
			return 1;
		put(o, at->next, r.pdiag_show, s, &v, &seen);
	}
	rtnl_done(o, true, 0);
	return 1;
}
