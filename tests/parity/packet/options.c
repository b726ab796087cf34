/* Options of packet sockets: what is known, defaults, what is refused. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static void get(int fd, int level, int name)
{
	int v[8] = { 0 };
	socklen_t len = sizeof(int);
	long r;

	say("option %d of level %d", name, level);
	r = SHOW(getsockopt(fd, level, name, v, &len));
	if (r == 0)
		say("  %d, of %d bytes", v[0], (int)len);
}

static void set(int fd, int name, int v, socklen_t len)
{
	say("option %d = %d, of %d bytes", name, v, (int)len);
	SHOW(setsockopt(fd, SOL_PACKET, name, &v, len));
}

int main(void)
{
	static const int socket_options[] = { SO_TYPE, SO_DOMAIN, SO_PROTOCOL,
		SO_ACCEPTCONN, SO_ERROR, SO_RCVBUF, SO_REUSEADDR, SO_PEEK_OFF,
		SO_TIMESTAMP, SO_BROADCAST };
	static const int packet_options[] = { PACKET_STATISTICS, PACKET_AUXDATA,
		PACKET_ORIGDEV, PACKET_VERSION, PACKET_HDRLEN, PACKET_RESERVE,
		PACKET_COPY_THRESH, PACKET_LOSS, PACKET_TIMESTAMP, PACKET_TX_HAS_OFF,
		PACKET_QDISC_BYPASS, PACKET_IGNORE_OUTGOING, PACKET_RX_RING,
		PACKET_VNET_HDR, PACKET_FANOUT, 0, 4 };
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO);
	struct packet_mreq m = { .mr_ifindex = LO, .mr_type = PACKET_MR_PROMISC };

	for (size_t k = 0; k < sizeof(socket_options) / sizeof(int); k++)
		get(fd, SOL_SOCKET, socket_options[k]);
	for (size_t k = 0; k < sizeof(packet_options) / sizeof(int); k++)
		get(fd, SOL_PACKET, packet_options[k]);
	get(fd, IPPROTO_IP, IP_TOS);
	get(fd, IPPROTO_TCP, TCP_NODELAY);
	for (int v = -1; v < 4; v++)
		set(fd, PACKET_VERSION, v, 4);
	set(fd, PACKET_VERSION, 1, 3);
	get(fd, SOL_PACKET, PACKET_VERSION);
	set(fd, PACKET_RESERVE, 100, 4);
	set(fd, PACKET_RESERVE, -1, 4);
	get(fd, SOL_PACKET, PACKET_RESERVE);
	set(fd, PACKET_AUXDATA, 5, 4);
	set(fd, PACKET_AUXDATA, 0, 2);
	get(fd, SOL_PACKET, PACKET_AUXDATA);
	for (int v = -1; v < 3; v++)
		set(fd, PACKET_IGNORE_OUTGOING, v, 4);
	set(fd, PACKET_QDISC_BYPASS, 7, 4);
	get(fd, SOL_PACKET, PACKET_QDISC_BYPASS);
	set(fd, PACKET_LOSS, 1, 1);
	set(fd, PACKET_STATISTICS, 1, 4);
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, 4));
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_DROP_MEMBERSHIP, &m, sizeof(m)));
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_DROP_MEMBERSHIP, &m, sizeof(m)));
	m.mr_ifindex = 4711;
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)));
	m.mr_ifindex = LO;
	m.mr_type = PACKET_MR_MULTICAST;
	m.mr_alen = 4;
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)));
	m.mr_alen = 7;
	SHOW(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)));
	return 0;
}
