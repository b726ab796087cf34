/* shutdown() by one thread, another sleeping in a call on that socket.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static int fd[2], l;
static char big[64 << 20];

static void receive(void *argument)
{
	char b[8];

	SHOW(recv(fd[0], b, 8, 0));
}

static void transmit(void *argument)
{
	ssize_t n = send(fd[0], big, sizeof(big), MSG_NOSIGNAL);

	say("send %s", n > 0 && n < (ssize_t)sizeof(big) ? "a part" :
		error_name(errno));
	SHOW(send(fd[0], big, 1, MSG_NOSIGNAL));
}

static void take(void *argument)
{
	SHOW(accept(l, NULL, NULL));
}

static void look(void *argument)
{
	struct pollfd p = { .fd = fd[0], .events = POLLIN };

	SHOW(poll(&p, 1, -1));
	say("%s", poll_text(p.revents));
}

static void try(const char *what, void (*f)(void *), int sock, int how)
{
	struct thread t;

	say("%s", what);
	thread_start(&t, f, NULL);
	await_asleep(t.tid);
	MUST(shutdown(sock, how));
	thread_join(&t);
}

int main(void)
{
	stream_pair(AF_INET, fd);
	try("recv, SHUT_RD", receive, fd[0], SHUT_RD);
	stream_pair(AF_INET, fd);
	try("recv, SHUT_RDWR", receive, fd[0], SHUT_RDWR);
	stream_pair(AF_INET, fd);
	try("recv, other end SHUT_WR", receive, fd[1], SHUT_WR);
	stream_pair(AF_INET, fd);
	try("send, SHUT_WR", transmit, fd[0], SHUT_WR);
	stream_pair(AF_INET, fd);
	try("send, SHUT_RDWR", transmit, fd[0], SHUT_RDWR);
	stream_pair(AF_INET, fd);
	try("poll, SHUT_RD", look, fd[0], SHUT_RD);
	l = listener(AF_INET, 5, NULL);
	try("accept, SHUT_RD", take, l, SHUT_RD);
	dgram_pair(AF_INET, fd);
	try("datagram recv, SHUT_RD", receive, fd[0], SHUT_RD);
	return 0;
}
