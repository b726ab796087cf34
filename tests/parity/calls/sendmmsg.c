/* sendmmsg(): lengths, an error after some, and before any.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define MOST 4

static char big[70000];
static struct iovec v[MOST];
static struct mmsghdr m[MOST];

static void give(const char *what, int fd, unsigned n)
{
	for (int k = 0; k < MOST; k++)
		m[k].msg_len = 99;
	SHOW_AS(what, sendmmsg(fd, m, n, MSG_NOSIGNAL));
	say("  %u %u %u %u", m[0].msg_len, m[1].msg_len, m[2].msg_len,
		m[3].msg_len);
}

int main(void)
{
	int fd[2];

	dgram_pair(AF_INET, fd);
	for (int k = 0; k < MOST; k++) {
		v[k] = (struct iovec){ big, (size_t)k + 1 };
		m[k].msg_hdr.msg_iov = &v[k];
		m[k].msg_hdr.msg_iovlen = 1;
	}
	give("four", fd[0], 4);
	for (int k = 0; k < MOST; k++)
		say_recv("came", fd[1], MSG_TRUNC);
	give("none", fd[0], 0);
	v[2].iov_len = sizeof(big);
	give("the third is too big", fd[0], 4);
	v[0].iov_len = sizeof(big);
	give("the first", fd[0], 4);
	give("to nobody", stream_socket(AF_INET), 2);
	SHOW(sendmmsg(99, m, 1, 0));
	v[0].iov_len = 2;
	v[2].iov_len = 3;
	stream_pair(AF_INET, fd);
	give("a stream", fd[0], 4);
	return 0;
}
