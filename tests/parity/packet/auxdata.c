/* PACKET_AUXDATA, MSG_TRUNC, MSG_PEEK and times of packet sockets. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static void receive(int fd, size_t size, int flags)
{
	char buf[200], control[200];
	struct sockaddr_ll ll;
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_name = &ll, .msg_namelen = sizeof(ll), .msg_iov = &iov,
		.msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control) };

	SHOW(recvmsg(fd, &m, flags));
	say("  cut %d, control cut %d", !!(m.msg_flags & MSG_TRUNC),
		!!(m.msg_flags & MSG_CTRUNC));
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		const struct tpacket_auxdata *a = (void *)CMSG_DATA(c);

		say("  level %d type %d length %zu", c->cmsg_level, c->cmsg_type,
			c->cmsg_len);
		if (c->cmsg_level == SOL_PACKET)
			say("  ours %d, length %u, kept %u, at %d, network at %d, tag %d",
				!!(a->tp_status & TP_STATUS_USER), a->tp_len,
				a->tp_snaplen, a->tp_mac, a->tp_net, a->tp_vlan_tci);
	}
}

int main(void)
{
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO), on = 1, n = 0;
	int out = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	struct pollfd p = { .fd = fd, .events = POLLIN };

	MUST(setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)));
	MUST(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on)));
	for (int k = 0; k < 4; k++)
		send_ours(out, 100);
	SHOW(poll(&p, 1, LIMIT_MS));
	SHOW(ioctl(fd, FIONREAD, &n));
	say("next has %d bytes", n);
	receive(fd, 200, 0);
	receive(fd, 50, 0);
	receive(fd, 50, MSG_TRUNC);
	receive(fd, 0, 0);
	/* After a look Linux has forgotten the length, so it is not asked for. */
	send_ours(out, 100);
	SHOW(poll(&p, 1, LIMIT_MS));
	SHOW(recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC));
	return 0;
}
