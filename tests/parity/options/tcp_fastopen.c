/* TCP Fast Open where servers do not offer it (the default): sendto() connects, and
 * the options keep what they are given.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int server;
static struct place at;

static void get(int fd, int name, socklen_t size)
{
	int value[16] = { 0 };
	socklen_t length = size;

	SHOW(getsockopt(fd, IPPROTO_TCP, name, value, &length));
	say("option %d: %d, %u bytes", name, value[0], length);
}

static void set(int fd, int name, int value)
{
	say("option %d to %d", name, value);
	SHOW(setsockopt(fd, IPPROTO_TCP, name, &value, sizeof(value)));
}

#define FAST(fd, flags) \
	SHOW(sendto(fd, "abc", 3, MSG_FASTOPEN | (flags), &at.any, at.length))

/* What the other end got. */
static void taken(int fd)
{
	int peer = MUST(accept(server, NULL, NULL));
	char room[32];

	close(fd);
	SHOW(recv(peer, room, sizeof(room), MSG_WAITALL));
	close(peer);
}

static void sends(int family)
{
	struct pollfd p;
	int fd = stream_socket(family);

	FAST(fd, 0);
	FAST(fd, 0);
	SHOW(send(fd, "abc", 3, MSG_FASTOPEN));
	SHOW(send(fd, "abc", 3, 0));
	taken(fd);
	fd = stream_socket(family);
	SHOW(send(fd, "abc", 3, MSG_FASTOPEN));
	SHOW(sendto(fd, "abc", 3, MSG_FASTOPEN, &at.any, 2));
	SHOW(sendto(fd, "abc", 3, MSG_FASTOPEN,
		&(struct sockaddr){ AF_UNSPEC }, sizeof(struct sockaddr)));
	FAST(fd, MSG_DONTWAIT);
	p = (struct pollfd){ fd, POLLOUT, 0 };
	SHOW(poll(&p, 1, LIMIT_MS));
	FAST(fd, MSG_DONTWAIT);
	FAST(fd, MSG_DONTWAIT);
	taken(fd);
}

static void refused(int family)
{
	struct place nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int fd = stream_socket(family);
	struct pollfd p;

	SHOW(sendto(fd, "abc", 3, MSG_FASTOPEN, &nobody.any, nobody.length));
	SHOW(sendto(fd, "abc", 3, MSG_FASTOPEN | MSG_DONTWAIT, &nobody.any,
		nobody.length));
	p = (struct pollfd){ fd, POLLOUT, 0 };
	SHOW(poll(&p, 1, LIMIT_MS));
	SHOW(sendto(fd, "abc", 3, MSG_FASTOPEN | MSG_DONTWAIT, &nobody.any,
		nobody.length));
	close(fd);
}

static void options(int family)
{
	int fd = stream_socket(family);
	char key[33] = "0123456789abcdef0123456789abcdef";

	get(fd, TCP_FASTOPEN, 4);
	set(fd, TCP_FASTOPEN, 5);
	get(fd, TCP_FASTOPEN, 4);
	set(fd, TCP_FASTOPEN, -1);
	set(fd, TCP_FASTOPEN, 100000);
	get(fd, TCP_FASTOPEN, 4);
	set(fd, TCP_FASTOPEN_CONNECT, 2);
	set(fd, TCP_FASTOPEN_CONNECT, 1);
	get(fd, TCP_FASTOPEN_CONNECT, 4);
	set(fd, TCP_FASTOPEN_NO_COOKIE, -1);
	set(fd, TCP_FASTOPEN_NO_COOKIE, 1);
	get(fd, TCP_FASTOPEN_NO_COOKIE, 4);
	set(fd, TCP_FASTOPEN_NO_COOKIE, 0);
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, 15));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, 17));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, 16));
	get(fd, TCP_FASTOPEN_KEY, 40);
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, 32));
	get(fd, TCP_FASTOPEN_KEY, 40);
	get(fd, TCP_FASTOPEN_KEY, 20);
	SHOW(connect(fd, &at.any, at.length));
	set(fd, TCP_FASTOPEN, 1);
	set(fd, TCP_FASTOPEN_CONNECT, 1);
	set(fd, TCP_FASTOPEN_NO_COOKIE, 1);
	SHOW(send(fd, "abc", 3, 0));
	taken(fd);
}

static void look(int family)
{
	server = listener(family, 8, &at);
	set(server, TCP_FASTOPEN, 5);
	sends(family);
	refused(family);
	options(family);
	close(server);
}

int main(void)
{
	both_families(look);
	return 0;
}
