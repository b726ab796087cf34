/* A negative SO_RCVTIMEO or SO_SNDTIMEO: no waiting at all, though the descriptor
 * blocks. SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../ends.h"

static const struct timeval before = { .tv_sec = -1 };

static void reads(int fd)
{
	struct timeval t = { 7, 7 };
	socklen_t len = sizeof(t);
	char c;
	struct iovec v = { &c, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	struct mmsghdr mm = { .msg_hdr = m };

	SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &before, sizeof(before)));
	SHOW(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, &len));
	say("%ld s %ld us", t.tv_sec, t.tv_usec);
	SHOW(recv(fd, &c, 1, 0));
	SHOW(recv(fd, &c, 1, MSG_PEEK));
	SHOW(recv(fd, &c, 1, MSG_WAITALL));
	SHOW(recv(fd, &c, 0, 0));
	SHOW(read(fd, &c, 1));
	SHOW(recvmsg(fd, &m, 0));
	SHOW(recvmmsg(fd, &mm, 1, 0, NULL));
}

static void look(int family)
{
	struct place at;
	int pair[2], l = listener(family, 1, &at);
	char bytes[4096] = { 0 };

	stream_pair(family, pair);
	reads(pair[0]);
	SHOW(setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &before, sizeof(before)));
	say("filled %d", fill(pair[0]) > 0);
	SHOW(send(pair[0], bytes, sizeof(bytes), 0));
	close(pair[0]);
	close(pair[1]);
	dgram_pair(family, pair);
	reads(pair[0]);
	SHOW(setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &before, sizeof(before)));
	SHOW(accept(l, NULL, NULL));
	close(l);
	l = stream_socket(family);
	SHOW(setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &before, sizeof(before)));
	MUST(listen(l, 1));
	SHOW(accept(l, NULL, NULL));
	close(l);
}

int main(void)
{
	both_families(look);
	return 0;
}
