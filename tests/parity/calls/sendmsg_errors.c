/* sendmsg() and recvmsg(): too many pieces, bad lengths of names and pieces.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static struct iovec many[1100];
	struct place at;
	char b[4] = "abc";
	struct msghdr m = { .msg_iov = many };
	int u = dgram_bound(family, &at), fd[2];

	for (int i = 0; i < 1100; i++)
		many[i] = (struct iovec){ b, 1 };
	stream_pair(family, fd);
	m.msg_iovlen = 1024;
	SHOW(sendmsg(fd[0], &m, 0));
	m.msg_iovlen = 1025;
	SHOW(sendmsg(fd[0], &m, 0));
	SHOW(recvmsg(fd[1], &m, MSG_DONTWAIT));
	m.msg_iovlen = (size_t)-1;
	SHOW(sendmsg(fd[0], &m, 0));
	m.msg_iovlen = 2;
	many[1].iov_len = (size_t)-1;
	SHOW(sendmsg(fd[0], &m, 0));
	SHOW(recvmsg(fd[1], &m, MSG_DONTWAIT));
	many[1].iov_len = 1;
	m.msg_name = &at.any;
	m.msg_namelen = (socklen_t)-1;
	SHOW(sendmsg(u, &m, 0));
	SHOW(sendmsg(fd[0], &m, 0));
	SHOW(recvmsg(fd[1], &m, MSG_DONTWAIT));
	m.msg_namelen = 1000;
	SHOW(sendmsg(u, &m, 0));
	m.msg_namelen = at.length;
	SHOW(sendmsg(u, &m, 0));
	m.msg_namelen = 0;
	SHOW(sendmsg(u, &m, 0));
	m.msg_name = NULL;
	m.msg_namelen = at.length;
	SHOW(sendmsg(u, &m, 0));
	SHOW(writev(fd[0], many, 1024));
	SHOW(writev(fd[0], many, 1025));
	SHOW(writev(fd[0], many, -1));
	SHOW(writev(fd[0], many, 0));
	SHOW(readv(fd[1], many, 1025));
	SHOW(readv(fd[1], many, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
