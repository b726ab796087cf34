/* Sockets passed over a Unix socket, both ways, several at once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define MOST 8

static int way[2];

static void give(int to, const int *fds, int n)
{
	char byte = 'f', room[CMSG_SPACE(sizeof(int) * MOST)] = "";
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)n) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)n);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * (size_t)n);
	MUST(sendmsg(to, &m, 0));
}

/* How many came of the `places` there is room for. */
static int take(const char *what, int from, int *fds, int places, int flags)
{
	char byte, room[CMSG_SPACE(sizeof(int) * MOST)] = "";
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = CMSG_LEN(sizeof(int) * (size_t)places) };
	struct cmsghdr *c;
	int n = 0;

	MUST(recvmsg(from, &m, flags));
	c = CMSG_FIRSTHDR(&m);
	if (c)
		n = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	if (c)
		memcpy(fds, CMSG_DATA(c), sizeof(int) * (size_t)n);
	say("%s: %d, %s%s", what, n, m.msg_flags & MSG_CTRUNC ? "CTRUNC " : "",
		m.msg_flags & MSG_CMSG_CLOEXEC ? "CLOEXEC" : "");
	return n;
}

static void child(void *unused)
{
	int got[MOST], own[2];

	(void)unused;
	take("three", way[1], got, 4, 0);
	SHOW(write(got[0], "hello", 5));
	SHOW(fcntl(got[0], F_GETFD));
	say_wait("the set", got[2], 8, LIMIT_MS);
	send_all(accept_one(got[1]), "served", 6);
	take("one, close-on-exec", way[1], got, 4, MSG_CMSG_CLOEXEC);
	SHOW(fcntl(got[0], F_GETFD));
	take("two, room for one", way[1], got, 1, 0);
	stream_pair(AF_INET, own);
	give(way[1], own, 2);
}

int main(void)
{
	int fd[2], in_set[2], three[3], got[MOST], c;
	struct place at;
	pid_t pid;

	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, way));
	pid = child_start(child, NULL);
	stream_pair(AF_INET, fd);
	stream_pair(AF_INET, in_set);
	three[0] = fd[0];
	three[1] = listener(AF_INET, 4, &at);
	three[2] = epoll_create1(0);
	set_add(three[2], in_set[0], EPOLLIN, 77);
	send_all(in_set[1], "e", 1);
	c = connected_to(&at);
	give(way[0], three, 3);
	close(fd[0]);
	close(three[1]);
	await(c, POLLIN);
	give(way[0], &c, 1);
	give(way[0], in_set, 2);
	child_say_end("the child", pid);
	take("its own", way[0], got, 4, 0);
	await(fd[1], POLLIN);
	say_recv("written there", fd[1], 0);
	await(fd[1], POLLRDHUP);
	say_recv("ended there", fd[1], 0);
	say_recv("accepted there", c, 0);
	send_all(got[0], "own", 3);
	await(got[1], POLLIN);
	say_recv("made there", got[1], 0);
	return 0;
}
