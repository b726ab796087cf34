/* A report into buffers that are too short.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd = dgram_socket(AF_INET);
	struct place to = loopback(AF_INET, quiet_port(AF_INET, SOCK_DGRAM));
	static const size_t rooms[] = { 0, 8, 16, 24, 40, 47, 48, 56 };
	char big[2000] = "a", got[4];
	struct iovec v = { got, sizeof(got) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };

	turn_on(fd, IPPROTO_IP, IP_RECVERR);
	for (unsigned k = 0; k < sizeof(rooms) / sizeof(rooms[0]); k++) {
		int error;
		socklen_t len = sizeof(error);

		sendto(fd, "payload", 7, 0, &to.any, to.length);
		getsockopt(settled(fd), SOL_SOCKET, SO_ERROR, &error, &len);
		say("room %zu", rooms[k]);
		say_message(fd, MSG_ERRQUEUE, rooms[k]);
	}
	SHOW(sendto(fd, big, sizeof(big), 0, &to.any, to.length));
	SHOW(recvmsg(settled(fd), &m, MSG_ERRQUEUE));
	say("flags %#x", m.msg_flags);
	SHOW(sendto(fd, big, sizeof(big), 0, &to.any, to.length));
	SHOW(recv(settled(fd), big, sizeof(big), MSG_ERRQUEUE));
	return 0;
}
