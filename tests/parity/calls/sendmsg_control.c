/* Ancillary data that a socket cannot send, and headers that lie about it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

union room {
	struct cmsghdr c;
	char bytes[256];
};

static struct iovec iov = { (char[]){ "x" }, 1 };

static void one(const char *what, int fd, int level, int type, size_t len, int value)
{
	union room room = { 0 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &room,
		.msg_controllen = CMSG_SPACE(16) };
	int r;

	room.c.cmsg_level = level;
	room.c.cmsg_type = type;
	room.c.cmsg_len = len;
	memcpy(CMSG_DATA(&room.c), &value, sizeof(value));
	r = (int)sendmsg(fd, &m, 0);
	say("%s: level %d type %d length %zu value %d: %s", what, level, type, len, value,
		r < 0 ? error_name(errno) : "sent");
}

static void headers(const char *what, int fd)
{
	union room room = { 0 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_controllen = 32 };
	static const size_t lengths[] = { 0, 1, 15, 1 << 20 };

	say("-- %s", what);
	SHOW(sendmsg(fd, &m, 0));
	m.msg_control = &room;
	for (int k = 0; k < 4; k++) {
		m.msg_controllen = lengths[k];
		SHOW_AS("another length", sendmsg(fd, &m, 0));
	}
	m.msg_controllen = 0;
	m.msg_name = (void *)1;
	m.msg_namelen = (socklen_t)-1;
	SHOW(sendmsg(fd, &m, 0));
	m.msg_namelen = 16;
	SHOW(sendmsg(fd, &m, 0));
	m.msg_iovlen = 1025;
	SHOW(sendmsg(fd, &m, 0));
	m.msg_name = NULL;
	SHOW(sendmsg(fd, &m, 0));
}

static void messages(const char *what, int fd, int family)
{
	static const int types[] = { SCM_RIGHTS, SCM_CREDENTIALS, SO_TIMESTAMPING, 77 };

	for (int k = 0; k < 4; k++)
		one(what, fd, SOL_SOCKET, types[k], CMSG_LEN(4), 1);
	for (size_t len = 0; len < CMSG_LEN(0); len += 5)
		one(what, fd, 77, 1, len, 1);
	one(what, fd, 77, 1, CMSG_LEN(4), 1);
	one(what, fd, SOL_SOCKET, SCM_RIGHTS, 1000, 1);
	if (family == AF_INET) {
		one(what, fd, IPPROTO_IP, IP_TTL, CMSG_LEN(4), 0);
		one(what, fd, IPPROTO_IP, IP_TTL, CMSG_LEN(4), 256);
		one(what, fd, IPPROTO_IP, IP_TTL, CMSG_LEN(4), 255);
		one(what, fd, IPPROTO_IP, IP_TTL, CMSG_LEN(3), 1);
		one(what, fd, IPPROTO_IP, IP_TOS, CMSG_LEN(1), 4);
		one(what, fd, IPPROTO_IP, 77, CMSG_LEN(4), 1);
	}
	one(what, fd, IPPROTO_UDP, UDP_SEGMENT, CMSG_LEN(2), 100);
	one(what, fd, IPPROTO_UDP, UDP_SEGMENT, CMSG_LEN(4), 100);
}

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	headers("stream", fd[0]);
	messages("stream", fd[0], family);
	dgram_pair(family, fd);
	headers("datagrams", fd[0]);
	messages("datagrams", fd[0], family);
}

int main(void)
{
	both_families(look);
}
