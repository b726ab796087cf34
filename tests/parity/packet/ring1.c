/* PACKET_RX_RING of TPACKET_V1: frames in a mapping, given and taken back. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

enum { BLOCK = 4096, BLOCKS = 2, FRAME = 1024, FRAMES = BLOCK / FRAME * BLOCKS };

static volatile struct tpacket_hdr *frame_at(uint8_t *ring, int k)
{
	return (void *)(ring + k * FRAME);
}

int main(void)
{
	struct tpacket_req q = { BLOCK, BLOCKS, FRAME, FRAMES };
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO), one = 1, lost = 0;
	int out = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct tpacket_stats st;
	socklen_t len = sizeof(st);
	uint8_t *ring;

	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)));
	ring = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	say("mapped %d", ring != MAP_FAILED);
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)));
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &one, sizeof(one)));
	SHOW(poll(&p, 1, 0));
	for (int round = 0; round < 3; round++)
		for (int k = 0; k < FRAMES; k++) {
			volatile struct tpacket_hdr *h = frame_at(ring, k);
			const struct sockaddr_ll *ll = (void *)((uint8_t *)h +
				TPACKET_ALIGN(sizeof(*h)));

			send_ours(out, (size_t)(60 + 100 * k));
			if (poll(&p, 1, LIMIT_MS) != 1)
				broken("no frame");
			say("%d: user %d, length %u, kept %u, at %d, network at %d, %d",
				k, !!(h->tp_status & TP_STATUS_USER), h->tp_len,
				h->tp_snaplen, h->tp_mac, h->tp_net,
				((uint8_t *)h)[h->tp_mac + 40]);
			say_from("  frame", ll);
			h->tp_status = TP_STATUS_KERNEL;
			SHOW(poll(&p, 1, 0));
		}
	say("more than there is room for");
	for (int k = 0; k < FRAMES + 3; k++)
		send_ours(out, 60);
	do { /* all have come, or were lost */
		len = sizeof(st);
		MUST(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len));
		one += (int)st.tp_packets;
		lost += (int)st.tp_drops;
	} while (one < 1 + 3 * FRAMES + FRAMES + 3);
	say("%d in all, lost some %d", one - 1, lost > 0);
	SHOW(munmap(ring, BLOCK * BLOCKS));
	q.tp_block_nr = q.tp_frame_nr = 0;
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)));
	return 0;
}
