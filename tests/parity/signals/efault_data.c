/* Bad pointers to bytes: EFAULT, and what is good before them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/mman.h>

#include "sent.h"

#define PAGE 4096

static char *edge; /* a page, then nothing */

int main(void)
{
	char *readonly = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec v[2];
	struct iovec *volatile bad = (void *)8;
	char b[64];
	int fd[2], u[2];

	edge = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(edge + PAGE, PAGE);
	stream_pair(AF_INET, fd);
	dgram_pair(AF_INET, u);
	SHOW(send(fd[0], NULL, 5, 0));
	SHOW(send(fd[0], edge + PAGE, 5, 0));
	SHOW(send(fd[0], edge + PAGE - 3, 5, 0));
	SHOW(send(fd[0], (char *)8, 5, 0));
	SHOW(send(fd[0], (char *)0xdead000000000000, 5, 0));
	SHOW(write(fd[0], edge + PAGE, 5));
	SHOW(send(fd[0], NULL, 0, 0));
	v[0] = (struct iovec){ edge, 3 };
	v[1] = (struct iovec){ NULL, 5 };
	SHOW(writev(fd[0], v, 2));
	v[1] = (struct iovec){ NULL, 0 };
	SHOW(writev(fd[0], v, 2));
	SHOW(writev(fd[0], bad, 2));
	SHOW(writev(fd[0], NULL, 0));
	SHOW(recv(fd[1], b, 64, 0));
	SHOW(recv(fd[1], b, 64, MSG_DONTWAIT));
	send_all(fd[0], "0123456789", 10);
	await(fd[1], POLLIN);
	SHOW(recv(fd[1], NULL, 5, 0));
	SHOW(recv(fd[1], readonly, 5, 0));
	SHOW(recv(fd[1], edge + PAGE, 5, 0));
	SHOW(recv(fd[1], edge + PAGE - 3, 5, 0));
	SHOW(read(fd[1], edge + PAGE, 5));
	v[0] = (struct iovec){ edge, 3 };
	v[1] = (struct iovec){ edge + PAGE, 5 };
	SHOW(readv(fd[1], v, 2));
	SHOW(readv(fd[1], bad, 2));
	SHOW(recv(fd[1], NULL, 5, MSG_PEEK));
	SHOW(recv(fd[1], NULL, 5, MSG_TRUNC));
	SHOW(recv(fd[1], b, 64, 0));
	SHOW(recv(fd[1], NULL, 5, MSG_DONTWAIT));
	say("datagrams");
	SHOW(send(u[0], NULL, 5, 0));
	SHOW(send(u[0], edge + PAGE - 3, 5, 0));
	SHOW(send(u[0], "abc", 3, 0));
	SHOW(recv(u[1], NULL, 5, 0));
	SHOW(recv(u[1], b, 5, MSG_DONTWAIT));
	SHOW(send(u[0], "abc", 3, 0));
	SHOW(recv(u[1], readonly, 2, MSG_PEEK));
	SHOW(recv(u[1], b, 5, 0));
	return 0;
}
