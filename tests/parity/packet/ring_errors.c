/* PACKET_RX_RING and mmap() of it: what is refused. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static void ring(int fd, unsigned block, unsigned blocks, unsigned frame, unsigned frames)
{
	struct tpacket_req q = { block, blocks, frame, frames };

	say("%u bytes, %u times, of %u, %u in all", block, blocks, frame, frames);
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)));
}

static void map(int fd, size_t len, off_t offset)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

	say("%zu bytes at %d", len, (int)offset);
	SHOW_AS("mmap", p == MAP_FAILED ? -1 : 0);
	if (p != MAP_FAILED)
		munmap(p, len);
}

int main(void)
{
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO), v = TPACKET_V3;
	struct tpacket_req3 q3 = { 4096, 1, 2048, 2, 0, 0, 0 };

	map(fd, 4096, 0);
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q3, 15));
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &q3, 15));
	SHOW(getsockopt(fd, SOL_PACKET, PACKET_TX_RING, &q3, &(socklen_t){ 16 }));
	ring(fd, 0, 1, 2048, 2);
	ring(fd, 4095, 1, 2048, 2);
	ring(fd, 4096, 1, 2047, 2);
	ring(fd, 4096, 1, 32, 128);
	ring(fd, 4096, 1, 2048, 3);
	ring(fd, 4096, 1, 8192, 1);
	ring(fd, 0x80000000u, 1, 2048, 2);
	ring(fd, 4096, 0, 2048, 2);
	ring(fd, 4096, 0, 0, 0);
	ring(fd, 4096, 0x10000000u, 16, 0);
	ring(fd, 4096, 2, 2048, 4);
	ring(fd, 4096, 2, 2048, 4);
	map(fd, 4096, 0);
	map(fd, 8192, 4096);
	map(fd, 16384, 0);
	map(fd, 8192, 0);
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &v, sizeof(v)));
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &v, sizeof(v)));
	ring(fd, 4096, 0, 0, 0);
	MUST(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &v, sizeof(v)));
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q3, 16));
	q3.tp_sizeof_priv = 4096;
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q3, sizeof(q3)));
	q3.tp_sizeof_priv = 0xffffffff;
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q3, sizeof(q3)));
	q3.tp_sizeof_priv = 13;
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q3, sizeof(q3)));
	map(fd, 4096, 0);
	return 0;
}
