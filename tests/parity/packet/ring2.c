/* PACKET_RX_RING of TPACKET_V2, cooked, with PACKET_RESERVE and a filter. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

enum { BLOCK = 8192, BLOCKS = 3, FRAME = 512 };

int main(void)
{
	struct tpacket_req q = { BLOCK, BLOCKS, FRAME, BLOCK / FRAME * BLOCKS };
	int fd = packet_on(SOCK_DGRAM, ETH_P_ALL, LO), v = TPACKET_V2;
	int out = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct tpacket2_hdr *h;
	uint8_t *ring;

	only_ours(fd);
	MUST(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &v, sizeof(v)));
	v = 32;
	MUST(setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &v, sizeof(v)));
	MUST(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)));
	ring = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		broken("mmap");
	for (int k = 0; k < 40; k += 2) {
		send_ours(out, (size_t)(60 + 40 * k));
		for (int j = k; j < k + 2; j++) {
			h = (void *)(ring + j * FRAME);
			/* Given back only later: poll() would not say it of this one. */
			while (!(*(volatile uint32_t *)&h->tp_status & TP_STATUS_USER))
				if (poll(&p, 1, LIMIT_MS) != 1)
					broken("no frame");
			say("length %u, kept %u, at %d, network at %d", h->tp_len,
				h->tp_snaplen, h->tp_mac, h->tp_net);
			say_from("  frame",
				(void *)((uint8_t *)h + TPACKET_ALIGN(sizeof(*h))));
		}
		h[0].tp_status = TP_STATUS_KERNEL;
	}
	return 0;
}
