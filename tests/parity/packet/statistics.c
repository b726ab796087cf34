/* PACKET_STATISTICS: what came, what was lost, since the last look. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static void look(int fd, const char *when)
{
	struct tpacket_stats st = { 99, 99 };
	socklen_t len = sizeof(st);

	MUST(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len));
	say("%s: %u came, of these %s lost", when, st.tp_packets,
		st.tp_drops ? "some were" : "none was");
}

int main(void)
{
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO), small = 1;
	int out = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[2000];

	look(fd, "before");
	send_ours(out, 100);
	SHOW(poll(&p, 1, LIMIT_MS));
	look(fd, "one");
	look(fd, "again");
	SHOW(recv(fd, buf, sizeof(buf), 0));
	MUST(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)));
	for (int k = 0; k < 20; k++)
		send_ours(out, 1400);
	/* The last has come when the sender's own copy has. */
	SHOW(poll(&p, 1, LIMIT_MS));
	return 0;
}
