/* Bad pointers to addresses, lengths, options, headers, sets: EFAULT.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static void *volatile bad = (void *)8;
#define BAD bad

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd[2], u[2], l, ep, s = stream_socket(AF_INET);
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct place at;
	struct iovec v = { &ss, 8 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	struct mmsghdr mm = { .msg_hdr = m };
	struct timeval t = { 0, 0 };
	struct pollfd p;
	fd_set set;

	stream_pair(AF_INET, fd);
	dgram_pair(AF_INET, u);
	l = listener(AF_INET, 5, &at);
	ep = MUST(epoll_create1(0));
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[1], &ev));
	SHOW(bind(s, BAD, 16));
	SHOW(connect(s, BAD, 16));
	SHOW(getsockname(s, BAD, &len));
	SHOW(getsockname(s, (void *)&ss, BAD));
	SHOW(getpeername(fd[0], BAD, &len));
	SHOW(getpeername(fd[0], (void *)&ss, NULL));
	SHOW(getsockopt(s, SOL_SOCKET, SO_RCVBUF, BAD, &len));
	SHOW(getsockopt(s, SOL_SOCKET, SO_RCVBUF, &ss, BAD));
	SHOW(setsockopt(s, SOL_SOCKET, SO_RCVBUF, BAD, 4));
	SHOW(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, BAD, sizeof(t)));
	SHOW(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, BAD, 4));
	SHOW(sendto(u[0], "x", 1, 0, BAD, 16));
	SHOW(sendmsg(u[0], BAD, 0));
	SHOW(sendmmsg(u[0], BAD, 1, 0));
	SHOW(recvmsg(u[0], BAD, MSG_DONTWAIT));
	SHOW(recvmmsg(u[0], BAD, 1, MSG_DONTWAIT, NULL));
	SHOW(recvmmsg(u[0], &mm, 1, MSG_DONTWAIT, BAD));
	m.msg_iov = BAD;
	SHOW(sendmsg(fd[0], &m, 0));
	m.msg_iov = &v;
	m.msg_name = BAD;
	m.msg_namelen = 16;
	SHOW(sendmsg(u[0], &m, 0));
	m.msg_name = NULL;
	m.msg_control = BAD;
	m.msg_controllen = 64;
	SHOW(sendmsg(u[0], &m, 0));
	MUST((int)send(u[1], "y", 1, 0));
	await(u[0], POLLIN);
	SHOW(recvfrom(u[0], &ss, 8, 0, BAD, &len));
	SHOW(recvfrom(u[0], &ss, 8, MSG_DONTWAIT, NULL, NULL));
	SHOW(ioctl(fd[0], FIONREAD, BAD));
	SHOW(ioctl(fd[0], FIONBIO, BAD));
	SHOW(poll(BAD, 1, 0));
	p = (struct pollfd){ .fd = fd[1], .events = POLLIN };
	SHOW(ppoll(&p, 1, NULL, BAD));
	FD_ZERO(&set);
	FD_SET(fd[1], &set);
	SHOW(select(fd[1] + 1, BAD, NULL, NULL, &t));
	SHOW(select(fd[1] + 1, &set, BAD, NULL, &t));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[1], BAD));
	MUST((int)send(fd[0], "z", 1, 0));
	await(fd[1], POLLIN);
	SHOW(epoll_wait(ep, BAD, 1, 0));
	connected_to(&at);
	await(l, POLLIN);
	SHOW(accept(l, BAD, &len));
	SHOW(fcntl(s, F_SETOWN_EX, BAD));
	return 0;
}
