/* recvmmsg(): MSG_WAITFORONE, the timeout and what is left of it, errors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define MOST 8

static int fd[2];
static char bytes[MOST][10];
static struct iovec v[MOST];
static struct mmsghdr m[MOST];

static void some(int n)
{
	for (int k = 0; k < n; k++)
		send_all(fd[0], "abcdefgh", (size_t)k + 1);
	await(fd[1], POLLIN);
	settle();
}

static void take(const char *what, unsigned n, int flags, struct timespec *t)
{
	int got = (int)SHOW_AS(what, recvmmsg(fd[1], m, n, flags, t));

	for (int k = 0; k < got; k++)
		say("  %u bytes, flags %x", m[k].msg_len, m[k].msg_hdr.msg_flags);
}

int main(void)
{
	struct timespec t = { 0, 1 };

	dgram_pair(AF_INET, fd);
	for (int k = 0; k < MOST; k++) {
		v[k] = (struct iovec){ bytes[k], sizeof(bytes[k]) };
		m[k].msg_hdr.msg_iov = &v[k];
		m[k].msg_hdr.msg_iovlen = 1;
	}
	some(4);
	take("WAITFORONE", MOST, MSG_WAITFORONE, NULL);
	take("none", MOST, MSG_DONTWAIT, NULL);
	some(3);
	take("no time", MOST, 0, &t);
	say("left %d", t.tv_sec || t.tv_nsec);
	t = (struct timespec){ 50, 0 };
	take("as many as there are", 2, 0, &t);
	say("left %d", t.tv_sec < 50 && t.tv_sec > 40);
	t = (struct timespec){ 5, 0 };
	take("none", MOST, MSG_DONTWAIT, &t);
	say("left %d", (int)t.tv_sec);
	t.tv_nsec = 1000000000;
	take("bad time", MOST, MSG_DONTWAIT, &t);
	t = (struct timespec){ -1, 0 };
	take("bad time", MOST, MSG_DONTWAIT, &t);
	take("no places", 0, 0, NULL);
	v[0].iov_len = 3;
	some(8);
	take("cut", 8, 0, NULL);
	SHOW(recvmmsg(99, m, 1, 0, NULL));
	SHOW(recvmmsg(stream_socket(AF_INET), m, 1, 0, NULL));
	stream_pair(AF_INET, fd);
	some(2);
	take("a stream", MOST, MSG_WAITFORONE, NULL);
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	take("its end", 3, 0, NULL);
	return 0;
}
