/* shutdown() of datagram sockets, connected and not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

/* A datagram of so many bytes is the next; poll() would not tell. */
static void await_next(int fd, int bytes)
{
	int n = 0;

	for (int k = 0; k < 200 && n != bytes; k++) {
		MUST(ioctl(fd, FIONREAD, &n));
		if (n != bytes)
			sleep_ms(1);
	}
}

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
	settled(fd[0], POLLIN);
	say("%s", what);
	SHOW_AS("shutdown", shutdown(fd[0], how));
	say_poll("poll", fd[0]);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	SHOW(send(fd[1], "late", 4, 0));
	say_recv("one", settled(fd[0], POLLIN), MSG_DONTWAIT);
	await_next(fd[0], 4);
	say_recv("two", settled(fd[0], POLLIN), MSG_DONTWAIT);
	SHOW(recv(settled(fd[0], POLLIN), &c, 1, MSG_DONTWAIT));
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
