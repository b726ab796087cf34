/* sendmmsg() and recvmmsg() on a stream. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char text[3][8] = { "one", "two", "three" }, got[4][4];
	struct iovec out[3], in[4];
	struct mmsghdr o[3] = { 0 }, m[4] = { 0 };
	int fd[2];

	stream_pair(family, fd);
	for (int i = 0; i < 3; i++) {
		out[i] = (struct iovec){ text[i], strlen(text[i]) };
		o[i].msg_hdr = (struct msghdr){ .msg_iov = &out[i], .msg_iovlen = 1 };
	}
	for (int i = 0; i < 4; i++) {
		in[i] = (struct iovec){ got[i], 4 };
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &in[i], .msg_iovlen = 1 };
	}
	SHOW(sendmmsg(fd[0], o, 3, 0));
	say("%u %u %u", o[0].msg_len, o[1].msg_len, o[2].msg_len);
	await(fd[1], POLLIN);
	SHOW(recvmmsg(fd[1], m, 4, MSG_DONTWAIT, NULL));
	say("%u %u %u", m[0].msg_len, m[1].msg_len, m[2].msg_len);
	say("%s %s %s", bytes_text(got[0], 4), bytes_text(got[1], 4), bytes_text(got[2], 3));
	SHOW(sendmmsg(fd[0], o, 0, 0));
	SHOW(recvmmsg(fd[1], m, 0, 0, NULL));
}

int main(void)
{
	both_families(look);
	return 0;
}
