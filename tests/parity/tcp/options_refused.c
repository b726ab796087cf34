/* TCP options that an ordinary socket is refused, or that take only some values.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void set(const char *what, int fd, int name, const void *v, socklen_t len)
{
	int r = setsockopt(fd, IPPROTO_TCP, name, v, len);

	say("%s: %s", what, r == 0 ? "0" : error_name(errno));
}

static void set_value(const char *what, int fd, int name, int v)
{
	set(what, fd, name, &v, sizeof(v));
}

int main(void)
{
	int p[2], fd = stream_socket(AF_INET);

	set("ulp unknown", fd, 31, "nothing", 8);
	set_value("maxseg 10", fd, TCP_MAXSEG, 10);
	set_value("maxseg 40000", fd, TCP_MAXSEG, 40000);
	set_value("maxseg 1000", fd, TCP_MAXSEG, 1000);
	say_option("maxseg", fd, IPPROTO_TCP, TCP_MAXSEG);
	set_value("keepidle 0", fd, TCP_KEEPIDLE, 0);
	set_value("keepidle 32768", fd, TCP_KEEPIDLE, 32768);
	set_value("keepcnt 128", fd, TCP_KEEPCNT, 128);
	set_value("syncnt 0", fd, TCP_SYNCNT, 0);
	set_value("syncnt 128", fd, TCP_SYNCNT, 128);
	set_value("user timeout -1", fd, TCP_USER_TIMEOUT, -1);
	set_value("linger2 -5", fd, TCP_LINGER2, -5);
	say_option("linger2", fd, IPPROTO_TCP, TCP_LINGER2);
	set_value("linger2 1000", fd, TCP_LINGER2, 1000);
	say_option("linger2", fd, IPPROTO_TCP, TCP_LINGER2);
	set_value("clamp 1", fd, TCP_WINDOW_CLAMP, 1);
	say_option("clamp", fd, IPPROTO_TCP, TCP_WINDOW_CLAMP);
	set_value("unknown 999", fd, 999, 1);
	stream_pair(AF_INET, p);
	set_value("maxseg later", p[0], TCP_MAXSEG, 1000);
	set_value("clamp 0 later", p[0], TCP_WINDOW_CLAMP, 0);
	set_value("quickack 0", p[0], TCP_QUICKACK, 0);
	say_option("quickack", p[0], IPPROTO_TCP, TCP_QUICKACK);
	set_value("quickack 1", p[0], TCP_QUICKACK, 1);
	say_option("quickack", p[0], IPPROTO_TCP, TCP_QUICKACK);
	return 0;
}
