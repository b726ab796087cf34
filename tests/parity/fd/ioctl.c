/* ioctl()'s requests on sockets of each kind. SPDX-License-Identifier: BSD-2-Clause */
#include <linux/sockios.h>

#include "say.h"

static const struct {
	const char *name;
	unsigned long request;
} requests[] = {
	{ "FIONREAD", FIONREAD }, { "SIOCOUTQ", SIOCOUTQ },
	{ "SIOCOUTQNSD", SIOCOUTQNSD }, { "FIONBIO", FIONBIO },
	{ "FIGETBSZ", 2 }, { "FIOQSIZE", FIOQSIZE }, { "TCGETS", TCGETS },
	{ "TIOCGWINSZ", TIOCGWINSZ }, { "SIOCPROTOPRIVATE", SIOCPROTOPRIVATE },
	{ "BLKGETSIZE", 0x1260 }, { "0", 0 }, { "0x1234", 0x1234 },
};

static void ask(const char *what, int fd)
{
	say("%s", what);
	for (size_t k = 0; k < sizeof(requests) / sizeof(requests[0]); k++) {
		int room[32] = { 0 };

		if (SHOW_AS(requests[k].name,
			ioctl(fd, requests[k].request, room)) == 0)
			say("  %d", room[0]);
	}
}

int main(void)
{
	int fd[2], on = 1;

	stream_pair(AF_INET, fd);
	send_all(fd[1], "hello", 5);
	await(fd[0], POLLIN);
	ask("stream", fd[0]);
	ask("fresh", stream_socket(AF_INET));
	ask("listener", listener(AF_INET, 4, NULL));
	ask("datagrams", dgram_socket(AF_INET));
	SHOW(ioctl(fd[0], FIONBIO, &on));
	SHOW(fcntl(fd[0], F_GETFL));
	on = 0;
	SHOW(ioctl(fd[0], FIONBIO, &on));
	SHOW(fcntl(fd[0], F_GETFL));
	SHOW(ioctl(fd[0], FIOCLEX));
	SHOW(fcntl(fd[0], F_GETFD));
	SHOW(ioctl(fd[0], FIONCLEX));
	SHOW(fcntl(fd[0], F_GETFD));
	SHOW(ioctl(fd[0], SIOCINQ, &on));
	say("%d wait", on);
	on = 1;
	SHOW(ioctl(fd[0], FIOASYNC, &on));
	SHOW(fcntl(fd[0], F_GETFL) & O_ASYNC);
	on = 0;
	SHOW(ioctl(fd[0], FIOASYNC, &on));
	SHOW(fcntl(fd[0], F_GETFL) & O_ASYNC);
	SHOW(ioctl(99, FIONREAD, &on));
	SHOW(ioctl(-1, FIONREAD, &on));
	return 0;
}
