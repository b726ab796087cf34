/* The first network call after a change of root, or of user. Run as root; else it
 * has nothing to compare. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void talk(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	send_all(fd[0], "hello", 5);
	await(fd[1], POLLIN);
	say_recv("talks", fd[1], 0);
}

static void other_root(void *unused)
{
	(void)unused;
	SHOW(chroot("/tmp"));
	SHOW(chdir("/"));
	talk();
}

static void grandchild(void *unused)
{
	(void)unused;
	talk();
}

static void other_user(void *unused)
{
	int s;

	(void)unused;
	SHOW(setgid(65534));
	SHOW(setuid(65534));
	talk();
	s = stream_socket(AF_INET);
	SHOW(setsockopt(s, SOL_SOCKET, SO_MARK, &(int){ 1 }, sizeof(int)));
	child_say_end("its child", child_start(grandchild, NULL));
}

int main(void)
{
	if (geteuid() != 0)
		return 0;
	child_say_end("another root", child_start(other_root, NULL));
	child_say_end("another user", child_start(other_user, NULL));
	return 0;
}
