/* connect() to a listener whose queue is full and stays so: TCP_USER_TIMEOUT,
 * TCP_SYNCNT, SO_SNDTIMEO; and what the socket is good for afterwards.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <netinet/tcp.h>

static struct place at;

static int caller(int user_timeout, int syncnt)
{
	int fd = stream_socket(AF_INET);

	if (user_timeout)
		MUST(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout,
			sizeof(user_timeout)));
	if (syncnt)
		MUST(setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &syncnt, sizeof(syncnt)));
	return fd;
}

static void after(int fd)
{
	say_option("error", fd, SOL_SOCKET, SO_ERROR);
	say_poll("poll", fd);
}

static void blocking(const char *what, int fd)
{
	say("%s", what);
	SHOW(connect(fd, &at.any, at.length));
	after(fd);
	close(fd);
}

static void nonblocking(const char *what, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	say("%s, without waiting", what);
	set_nonblocking(fd, true);
	SHOW(connect(fd, &at.any, at.length));
	MUST(poll(&p, 1, 60000));
	say_poll("poll", fd);
	after(fd);
	SHOW(connect(fd, &at.any, at.length));
	close(fd);
}

/* SO_SNDTIMEO ends the wait, not the attempt. */
static void limited(void)
{
	struct timeval t = { .tv_usec = 100000 };
	struct pollfd p;
	int fd = caller(1200, 0);

	say("SO_SNDTIMEO");
	MUST(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)));
	SHOW(connect(fd, &at.any, at.length));
	p = (struct pollfd){ .fd = fd, .events = POLLOUT };
	MUST(poll(&p, 1, 60000));
	say_poll("poll", fd);
	after(fd);
	close(fd);
}

static void once_more(int l)
{
	int fd = caller(500, 0), first[2], k;

	say("and again, with room");
	SHOW(connect(fd, &at.any, at.length));
	for (k = 0; k < 2; k++)
		first[k] = MUST(accept(l, NULL, NULL));
	SHOW(connect(fd, &at.any, at.length));
	close(MUST(accept(l, NULL, NULL)));
	for (k = 0; k < 2; k++)
		close(first[k]);
	close(fd);
}

int main(void)
{
	int l = listener(AF_INET, 1, &at), in[2];

	for (int k = 0; k < 2; k++) {
		in[k] = stream_socket(AF_INET);
		MUST(connect(in[k], &at.any, at.length));
	}
	blocking("TCP_USER_TIMEOUT", caller(500, 0));
	blocking("TCP_SYNCNT", caller(0, 1));
	nonblocking("TCP_USER_TIMEOUT", caller(500, 0));
	nonblocking("TCP_SYNCNT", caller(0, 1));
	limited();
	once_more(l);
	for (int k = 0; k < 2; k++)
		close(in[k]);
	close(l);
	return 0;
}
