/* shutdown() of datagram sockets, connected and not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

static void look(const char *what, int how, bool connected)
{
	int fd[2];
	char c;

	dgram_pair(AF_INET, fd);
	if (!connected) {
		struct sockaddr none = { .sa_family = AF_UNSPEC };

		MUST(connect(fd[0], &none, sizeof(none)));
	}
	MUST(send(fd[1], "waits", 5, 0));
	settle();
	say("%s", what);
	SHOW_AS("shutdown", shutdown(fd[0], how));
	say_poll("poll", fd[0]);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	SHOW(send(fd[1], "late", 4, 0));
	say_recv("one", fd[0], MSG_DONTWAIT);
	say_recv("two", fd[0], MSG_DONTWAIT);
	SHOW(recv(fd[0], &c, 1, MSG_DONTWAIT));
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	look("SHUT_RD", SHUT_RD, true);
	look("SHUT_WR", SHUT_WR, true);
	look("SHUT_RDWR", SHUT_RDWR, true);
	return 0;
}
