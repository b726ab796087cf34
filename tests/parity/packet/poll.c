/* Readiness of packet sockets, with poll() and epoll. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

int main(void)
{
	int fd = packet_on(SOCK_RAW, ETH_P_OURS, LO);
	int out = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	int ep = MUST(epoll_create1(0));
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };
	char buf[200];

	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	SHOW(poll(&p, 1, 0));
	say("%s", poll_text(p.revents));
	send_ours(out, 60);
	SHOW(epoll_wait(ep, &e, 1, LIMIT_MS));
	say("%s", epoll_text(e.events));
	SHOW(epoll_wait(ep, &e, 1, 0));
	SHOW(poll(&p, 1, 0));
	say("%s", poll_text(p.revents));
	SHOW(recv(fd, buf, sizeof(buf), 0));
	SHOW(recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(poll(&p, 1, 0));
	say("%s", poll_text(p.revents));
	return 0;
}
