/* For programs about packet sockets: frames as lines of text. On lo, in both
 * directions; what else may pass there is left out by the UDP port, or by a protocol
 * of Ethernet's that is for experiments.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_FRAMES_H
#define PARITY_FRAMES_H

#include "say.h"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/mman.h>

#define LO 1
#define ETH_P_OURS 0x88b5 /* IEEE 802 local experiments */

static inline int packet_on(int type, int protocol, int ifindex)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
		.sll_protocol = htons((uint16_t)protocol), .sll_ifindex = ifindex };
	int fd = MUST(socket(AF_PACKET, type, 0));

	MUST(bind(fd, (void *)&ll, sizeof(ll)));
	return fd;
}

static inline const char *direction(int type)
{
	static const char *const names[] = { "to us", "broadcast", "multicast",
		"to others", "out" };

	return type >= 0 && type < 5 ? names[type] : "?";
}

static inline void say_from(const char *what, const struct sockaddr_ll *ll)
{
	say("%s %s, protocol %04x, interface %d, hardware %d, address of %d", what,
		direction(ll->sll_pkttype), ntohs(ll->sll_protocol), ll->sll_ifindex,
		ll->sll_hatype, ll->sll_halen);
}

/* One frame, waited for: its length (with MSG_TRUNC: the whole). */
static inline int next_frame(int fd, void *buf, size_t size, int flags)
{
	struct sockaddr_ll ll = { 0 };
	socklen_t len = sizeof(ll);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	if (poll(&p, 1, LIMIT_MS) != 1)
		broken("no frame came");
	n = (int)recvfrom(fd, buf, size, flags, (void *)&ll, &len);
	if (n < 0)
		broken("recvfrom: %s", error_name(errno));
	say("%d bytes, name of %d", n, (int)len);
	say_from("  frame", &ll);
	return n;
}

/* A UDP socket that is bound to lo and connected to itself. */
static inline int udp_to_itself(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	MUST(bind(fd, (void *)&in, sizeof(in)));
	MUST(getsockname(fd, (void *)&in, &len));
	MUST(connect(fd, (void *)&in, len));
	return fd;
}

/* Only frames of our own protocol: at `at` the type stands. */
static inline void only_ours(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_OURS, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0x40000),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog f = { 4, code };

	MUST(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &f, sizeof(f)));
}

/* A frame of our own protocol, `size` bytes in all, the payload counting up. */
static inline void send_ours(int fd, size_t size)
{
	uint8_t frame[4096] = { [12] = ETH_P_OURS >> 8, ETH_P_OURS & 0xff };
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = LO,
		.sll_protocol = htons(ETH_P_OURS), .sll_halen = 6 };

	for (size_t k = 14; k < size; k++)
		frame[k] = (uint8_t)k;
	if (sendto(fd, frame, size, 0, (void *)&ll, sizeof(ll)) != (ssize_t)size)
		broken("sendto: %s", error_name(errno));
}

#endif
