/* A hundred thousand datagrams that nobody reads meanwhile: none is lost where the
 * receive buffer was made for them; where it was not, the first ones stay, the others
 * are counted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

enum { BURST = 100000, BYTES = 64, ROOM = 50000000 /* doubled */, PAUSE = 250 };

static int receiver(int size, struct place *at)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	*at = loopback(AF_INET, 0);
	if (size)
		MUST(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)));
	turn_on(fd, SOL_SOCKET, SO_RXQ_OVFL);
	MUST(bind(fd, &at->any, at->length));
	MUST(getsockname(fd, &at->any, &at->length));
	return fd;
}

/* In steps: what lies before a socket's queue holds less. */
static void burst(const struct place *to)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	unsigned text[BYTES / sizeof(unsigned)] = { 0 };

	for (unsigned n = 0; n < BURST; n++) {
		text[0] = n;
		MUST(sendto(fd, text, sizeof(text), 0, &to->any, to->length));
		if (n % PAUSE == PAUSE - 1)
			settle();
	}
	close(fd);
}

static void count(int size)
{
	unsigned text[BYTES / sizeof(unsigned)], n = 0, astray = 0;
	struct place at;
	int fd = receiver(size, &at), other = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	burst(&at);
	for (; recv(fd, text, sizeof(text), MSG_DONTWAIT) == BYTES; n++)
		astray += text[0] != n;
	say("%u came, %u of them out of place", n, astray);
	MUST(sendto(other, "next", 4, 0, &at.any, at.length));
	await(fd, POLLIN);
	say_message(fd, MSG_DONTWAIT, 256);
	close(other);
	close(fd);
}

int main(void)
{
	if (geteuid() == 0)
		count(ROOM);
	count(0);
	return 0;
}
