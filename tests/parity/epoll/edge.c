/* Edge-triggered: told once for each thing that happens, also if what was told
 * before has not been read. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2], ep;

static void one_more(const char *byte)
{
	size_t before = 0, now = 0;

	ioctl(fd[0], FIONREAD, &before);
	send_all(fd[1], byte, 1);
	while (ioctl(fd[0], FIONREAD, &now) == 0 && now == before)
		sleep_ms(1);
}

int main(void)
{
	char bytes[8];

	ep = epoll_create1(0);
	stream_pair(AF_INET, fd);
	set_option(fd[1], IPPROTO_TCP, TCP_NODELAY, 1);
	set_add(ep, fd[0], EPOLLIN | EPOLLET, 1);
	say_wait("nothing there", ep, 8, 0);
	one_more("a");
	say_wait("a byte", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	one_more("b");
	say_wait("one more", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	recv_all(fd[0], bytes, 1);
	say_wait("one of two read", ep, 8, 0);
	one_more("c");
	one_more("d");
	say_wait("two more at once", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	set_change(ep, fd[0], EPOLLIN | EPOLLET, 2);
	say_wait("changed: told anew", ep, 8, 0);
	say_wait("once", ep, 8, 0);
	set_change(ep, fd[0], EPOLLIN | EPOLLOUT | EPOLLET, 3);
	say_wait("both", ep, 8, 0);
	one_more("e");
	say_wait("all that is true then", ep, 8, LIMIT_MS);
	recv_all(fd[0], bytes, 4);
	say_wait("read all", ep, 8, 0);
	shutdown(fd[1], SHUT_WR);
	await(fd[0], POLLIN);
	say_wait("end", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	return 0;
}
