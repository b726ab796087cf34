/* A socket that is bound to an interface: SO_BINDTODEVICE, SO_BINDTOIFINDEX.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

static int device(int fd, const char *name, socklen_t len)
{
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, len);
}

static void say_device(int fd, socklen_t room)
{
	char b[64];
	socklen_t n = room;
	int r;

	memset(b, 'x', sizeof(b));
	r = SHOW_AS("getsockopt", getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, b, &n));
	if (r == 0)
		say("  room %u: %u bytes %s", room, n, bytes_text(b, n));
}

static void options(int fd)
{
	int none = -1, lo = 1, odd = 99, zero = 0;

	say_device(fd, 16);
	say_option("index", fd, SOL_SOCKET, SO_BINDTOIFINDEX);
	SHOW(device(fd, "none", 5));
	SHOW(device(fd, "lo", 3));
	say_device(fd, 16);
	say_device(fd, 15);
	say_device(fd, 32);
	say_option("index", fd, SOL_SOCKET, SO_BINDTOIFINDEX);
	SHOW(device(fd, "", 1));
	say_device(fd, 16);
	SHOW(device(fd, "lo", 2));
	say_device(fd, 16);
	SHOW(device(fd, "lo", 1));
	SHOW(device(fd, "lo", 0));
	say_device(fd, 16);
	SHOW(device(fd, "a name that is too long", 24));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &none, 4));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &lo, 4));
	say_device(fd, 16);
	SHOW(setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &odd, 4));
	say_device(fd, 16);
	SHOW(setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &zero, 4));
	say_device(fd, 16);
}

/* Two sockets of one name, one of which is on lo. */
static void share(int type)
{
	struct place any = anywhere(AF_INET, 0), to;
	int a = MUST(socket(AF_INET, type, 0)), b = MUST(socket(AF_INET, type, 0));
	int odd = 99;

	MUST(device(a, "lo", 3));
	MUST(bind(a, &any.any, any.length));
	any = own_place(a);
	SHOW(bind(b, &any.any, any.length));
	MUST(setsockopt(b, SOL_SOCKET, SO_BINDTOIFINDEX, &odd, 4));
	SHOW(bind(b, &any.any, any.length));
	to = loopback(AF_INET, place_port(&any));
	if (type == SOCK_DGRAM) {
		int s = MUST(socket(AF_INET, SOCK_DGRAM, 0));

		SHOW(sendto(s, "hello", 5, 0, &to.any, to.length));
		say_recv("lo", a, MSG_DONTWAIT);
		say_recv("99", b, MSG_DONTWAIT);
		close(a);
		SHOW(sendto(s, "again", 5, 0, &to.any, to.length));
		say_recv("99", b, MSG_DONTWAIT);
		SHOW(device(s, "lo", 3));
		SHOW(sendto(s, "by lo", 5, 0, &to.any, to.length));
		close(s);
	} else {
		int c = MUST(socket(AF_INET, SOCK_STREAM, 0)), d;

		MUST(listen(a, 5));
		SHOW(listen(b, 5));
		SHOW(connect(c, &to.any, to.length));
		d = MUST(accept(a, NULL, NULL));
		say_device(d, 16);
		close(c);
		close(d);
		close(a);
		c = MUST(socket(AF_INET, SOCK_STREAM, 0));
		SHOW(connect(c, &to.any, to.length));
		close(c);
	}
	close(b);
}

int main(void)
{
	for (int k = 0; k < 4; k++) {
		int fd = each_socket(k);

		say("%s", each_kinds[k].name);
		options(fd);
		close(fd);
	}
	share(SOCK_DGRAM);
	share(SOCK_STREAM);
	return 0;
}
