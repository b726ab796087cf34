/* packet_diag: a list of packet sockets, with what they are set to. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

static int nl;

static void say_info(const void *data)
{
	struct packet_diag_info i;

	memcpy(&i, data, sizeof(i));
	say("    index %u version %u reserve %u stamp %u flags %#x", i.pdi_index,
		i.pdi_version, i.pdi_reserve, i.pdi_tstamp, i.pdi_flags);
}

static void say_ring(const void *data)
{
	struct packet_diag_ring r;

	memcpy(&r, data, sizeof(r));
	say("    ring %u x %u, %u x %u", r.pdr_block_nr, r.pdr_block_size, r.pdr_frame_nr,
		r.pdr_frame_size);
}

static void say_one(const struct nlmsghdr *n)
{
	const struct packet_diag_msg *m = NLMSG_DATA(n);
	long left = (long)n->nlmsg_len - (long)NLMSG_LENGTH(sizeof(*m));

	say("  family %u type %u number %#x%s", m->pdiag_family, m->pdiag_type, m->pdiag_num,
		m->pdiag_ino ? " inode" : "");
	for (const struct rtattr *t = (const void *)(m + 1); RTA_OK(t, left);
		t = RTA_NEXT(t, left)) {
		if (t->rta_type == PACKET_DIAG_INFO)
			say_info(RTA_DATA(t));
		else if (t->rta_type == PACKET_DIAG_RX_RING)
			say_ring(RTA_DATA(t));
		else
			say("    %u: %u bytes", t->rta_type, (unsigned)RTA_PAYLOAD(t));
	}
}

static void list(const char *what, unsigned show)
{
	struct {
		struct nlmsghdr n;
		struct packet_diag_req r;
	} q = { { sizeof(q), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 1, 0 },
		{ .sdiag_family = AF_PACKET, .pdiag_show = show } };
	static char buf[32768] __attribute__((aligned(8)));
	bool more = true;

	say("%s:", what);
	MUST(send(nl, &q, sizeof(q), 0));
	while (more) {
		long left = MUST(recv(nl, buf, sizeof(buf), 0));

		for (struct nlmsghdr *n = (void *)buf; NLMSG_OK(n, left);
			n = NLMSG_NEXT(n, left)) {
			more = n->nlmsg_type == SOCK_DIAG_BY_FAMILY;
			if (more)
				say_one(n);
		}
	}
}

int main(void)
{
	struct sockaddr_ll lo = { .sll_family = AF_PACKET, .sll_ifindex = 1,
		.sll_protocol = htons(ETH_P_IP) };
	struct tpacket_req ring = { 4096, 2, 2048, 4 };
	int fd, on = 1, group = 7;

	nl = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));
	list("none", ~0u);
	fd = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	list("not bound", PACKET_SHOW_INFO);
	MUST(setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)));
	MUST(bind(fd, (struct sockaddr *)&lo, sizeof(lo)));
	MUST(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)));
	MUST(setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &group, sizeof(group)));
	list("nothing shown", 0);
	list("all", PACKET_SHOW_INFO | PACKET_SHOW_RING_CFG | PACKET_SHOW_FANOUT |
		PACKET_SHOW_MEMINFO | PACKET_SHOW_MCLIST);
	close(fd);
	fd = MUST(socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL)));
	list("cooked", PACKET_SHOW_INFO);
	close(fd);
	list("closed", PACKET_SHOW_INFO);
	return 0;
}
