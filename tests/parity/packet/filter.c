/* Filters on packet sockets: what they may ask, how much they let through. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static void attach(int fd, uint32_t at, uint16_t size, uint32_t value, uint32_t keep)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | size | BPF_ABS, at),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, keep),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog f = { 4, code };

	MUST(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &f, sizeof(f)));
}

/* Which of the two frames, out and in, come through. */
static void through(const char *what, int type, uint32_t at, uint16_t size,
	uint32_t value, uint32_t keep)
{
	/* The later one is served first: what has come to `all` has come to fd. */
	int all = packet_on(type, ETH_P_ALL, LO), fd = packet_on(type, ETH_P_ALL, LO);
	int out = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	struct sockaddr_ll ll;
	socklen_t len = sizeof(ll);
	uint8_t buf[200];
	int n;

	say("%s:", what);
	attach(fd, at, size, value, keep);
	only_ours(all);
	send_ours(out, 100);
	while (recvfrom(all, buf, sizeof(buf), 0, (void *)&ll, &len) >= 0 &&
		ll.sll_pkttype == PACKET_OUTGOING)
		; /* now it has come in */
	while ((n = (int)recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC,
			(void *)&ll, &len)) >= 0) {
		say("  %d bytes", n);
		say_from("  frame", &ll);
	}
	close(fd);
	close(all);
	close(out);
}

#define AD(what) ((uint32_t)(SKF_AD_OFF + SKF_AD_##what))

int main(void)
{
	through("the type, from the frame", SOCK_RAW, 12, BPF_H, ETH_P_OURS, 0x40000);
	through("cooked: the payload", SOCK_DGRAM, 0, BPF_H, 0x0e0f, 0x40000);
	through("cooked: the link header", SOCK_DGRAM, (uint32_t)SKF_LL_OFF + 12, BPF_H,
		ETH_P_OURS, 0x40000);
	through("the network header", SOCK_RAW, (uint32_t)SKF_NET_OFF, BPF_H, 0x0e0f,
		0x40000);
	through("protocol, cut to 20", SOCK_RAW, AD(PROTOCOL), BPF_H, ETH_P_OURS, 20);
	through("only what goes out", SOCK_RAW, AD(PKTTYPE), BPF_B, PACKET_OUTGOING, 60);
	through("only to us", SOCK_RAW, AD(PKTTYPE), BPF_B, PACKET_HOST, 60);
	through("the interface", SOCK_RAW, AD(IFINDEX), BPF_W, LO, 60);
	through("hardware", SOCK_RAW, AD(HATYPE), BPF_W, 772, 60);
	through("no such type", SOCK_RAW, 12, BPF_H, 0x1234, 0x40000);
	return 0;
}
