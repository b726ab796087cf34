/* PACKET_RX_RING of TPACKET_V3: blocks, full or after their time. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

enum { BLOCK = 4096, BLOCKS = 3 };

int main(void)
{
	struct tpacket_req3 q = { .tp_block_size = BLOCK, .tp_block_nr = BLOCKS,
		.tp_frame_size = 2048, .tp_frame_nr = 2 * BLOCKS,
		.tp_retire_blk_tov = 20, .tp_sizeof_priv = 10 };
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO), v = TPACKET_V3;
	int out = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct tpacket_stats_v3 st;
	socklen_t len = sizeof(st);
	unsigned seen = 0, last_seq = 0;
	uint8_t *ring;

	MUST(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &v, sizeof(v)));
	MUST(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)));
	ring = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		broken("mmap");
	SHOW(poll(&p, 1, 0));
	for (int k = 0; seen < 30; k = (k + 1) % BLOCKS) {
		struct tpacket_block_desc *b = (void *)(ring + k * BLOCK);
		struct tpacket_hdr_v1 *h = &b->hdr.bh1;
		uint8_t *at;

		for (int j = 0; j < 3 && seen % 3 == 0; j++)
			send_ours(out, 300);
		if (poll(&p, 1, LIMIT_MS) != 1)
			broken("no block");
		while (!(*(volatile uint32_t *)&h->block_status & TP_STATUS_USER))
			usleep(1000);
		if (b->version != TPACKET_V3 || b->offset_to_priv != 48 ||
			h->offset_to_first_pkt != 64 || h->seq_num != last_seq + 1 ||
			h->blk_len != 64 + 384 * h->num_pkts)
			broken("block %d: version %u, private at %u, first at %u, "
				"number %llu, %u packets in %u bytes", k, b->version,
				b->offset_to_priv, h->offset_to_first_pkt,
				(unsigned long long)h->seq_num, h->num_pkts, h->blk_len);
		last_seq++;
		at = (uint8_t *)b + h->offset_to_first_pkt;
		for (unsigned j = 0; j < h->num_pkts; j++) {
			struct tpacket3_hdr *f = (void *)at;

			say("length %u, kept %u, at %d, network at %d, byte 100: %d",
				f->tp_len, f->tp_snaplen, f->tp_mac, f->tp_net,
				at[f->tp_mac + 100]);
			say_from("  frame", (void *)(at + TPACKET_ALIGN(sizeof(*f))));
			if ((f->tp_next_offset == 0) != (j == h->num_pkts - 1))
				broken("next after %u: %u", j, f->tp_next_offset);
			at += f->tp_next_offset;
			seen++;
		}
		*(volatile uint32_t *)&h->block_status = TP_STATUS_KERNEL;
	}
	MUST(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len));
	say("%u packets, %u lost, of %d bytes", st.tp_packets, st.tp_drops, (int)len);
	return 0;
}
