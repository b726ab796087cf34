/* When the bytes of a stream came: SO_TIMESTAMP, SO_TIMESTAMPNS and SO_TIMESTAMPING,
 * set on the socket or on its listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include <linux/net_tstamp.h>

static int64_t wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int64_t time_of(const struct cmsghdr *c)
{
	struct timespec ts;
	struct timeval tv;

	if (c->cmsg_type == SCM_TIMESTAMP) {
		memcpy(&tv, CMSG_DATA(c), sizeof(tv));
		return (tv.tv_sec * INT64_C(1000000) + tv.tv_usec) * 1000;
	}
	memcpy(&ts, CMSG_DATA(c), sizeof(ts));
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* From that time, to a microsecond. */
static void get(int fd, int64_t since, int flags)
{
	union {
		struct cmsghdr align;
		char room[200];
	} control;
	char b[20];
	struct iovec v = { b, sizeof(b) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control) };

	await(fd, POLLIN);
	if (SHOW(recvmsg(fd, &m, flags)) < 0)
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		int64_t ns = time_of(c);

		say("%d %d, %zu bytes: %s", c->cmsg_level, c->cmsg_type, c->cmsg_len,
			ns / 1000 >= since / 1000 && ns <= wall_ns() ? "now" :
			"another time");
	}
}

/* Linux begins to stamp what comes some time after the first socket wished it, and
 * ends with the last: this one stays, and its first stamp is awaited. */
static void stamping_begins(int fd[2])
{
	char b, room[CMSG_SPACE(sizeof(struct timeval))];
	struct iovec v = { &b, 1 };

	stream_pair(AF_INET, fd);
	set_option(fd[1], SOL_SOCKET, SO_TIMESTAMP, 1);
	for (int tries = 0; tries < 6000; tries++) {
		struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			.msg_control = room, .msg_controllen = sizeof(room) };

		MUST(send(fd[0], "x", 1, 0));
		MUST(recvmsg(fd[1], &m, 0));
		if (m.msg_controllen > 0)
			return;
		sleep_ms(10);
	}
	broken("no byte is ever stamped");
}

static void one(int from, int to, int name, int value)
{
	int64_t since = wall_ns();

	say("option %d, %#x", name, value);
	SHOW(setsockopt(to, SOL_SOCKET, name, &value, sizeof(value)));
	MUST(send(from, "abc", 3, 0));
	get(to, since, MSG_PEEK);
	get(to, since, 0);
	say_option("there", to, SOL_SOCKET, name);
}

static void look(int family)
{
	int software = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	int64_t since = wall_ns();
	struct place at;
	int fd[2], l;

	stream_pair(family, fd);
	MUST(send(fd[0], "abc", 3, 0));
	get(fd[1], 0, 0);
	one(fd[0], fd[1], SO_TIMESTAMP, 1);
	one(fd[0], fd[1], SO_TIMESTAMP, 0);
	one(fd[0], fd[1], SO_TIMESTAMPNS, 1);
	one(fd[1], fd[0], SO_TIMESTAMPNS, 1);
	one(fd[0], fd[1], SO_TIMESTAMPING, software);
	one(fd[0], fd[1], SO_TIMESTAMPNS, 0);
	one(fd[0], fd[1], SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE);
	MUST(close(fd[0]));
	MUST(close(fd[1]));
	l = listener(family, 5, &at);
	set_option(l, SOL_SOCKET, SO_TIMESTAMP, 1);
	fd[0] = stream_socket(family);
	set_option(fd[0], SOL_SOCKET, SO_TIMESTAMPNS, 1);
	MUST(connect(fd[0], &at.any, at.length));
	fd[1] = accept_one(l);
	MUST(send(fd[0], "abc", 3, 0));
	get(fd[1], since, 0);
	MUST(send(fd[1], "abc", 3, 0));
	get(fd[0], since, 0);
	MUST(close(fd[0]));
	get(fd[1], since, 0);
	MUST(close(fd[1]));
	MUST(close(l));
}

int main(void)
{
	int fd[2];

	stamping_begins(fd);
	both_families(look);
	MUST(close(fd[0]));
	MUST(close(fd[1]));
	return 0;
}
