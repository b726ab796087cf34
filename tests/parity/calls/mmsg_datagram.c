/* sendmmsg() and recvmmsg() on datagrams: WAITFORONE, time limits, an error in
 * the middle.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct timespec zero = { 0, 0 }, bad = { 0, -1 };
	struct place wrong = loopback(family, 0);
	char text[3][8] = { "one", "two", "three" }, got[6][8];
	struct iovec out[3], in[6];
	struct mmsghdr o[3] = { 0 }, m[6] = { 0 };
	int fd[2];

	dgram_pair(family, fd);
	for (int i = 0; i < 3; i++) {
		out[i] = (struct iovec){ text[i], strlen(text[i]) };
		o[i].msg_hdr = (struct msghdr){ .msg_iov = &out[i], .msg_iovlen = 1 };
	}
	for (int i = 0; i < 6; i++) {
		in[i] = (struct iovec){ got[i], 8 };
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &in[i], .msg_iovlen = 1 };
	}
	SHOW(sendmmsg(fd[0], o, 3, 0));
	await(fd[1], POLLIN);
	SHOW(recvmmsg(fd[1], m, 2, 0, NULL));
	SHOW(recvmmsg(fd[1], m, 6, MSG_WAITFORONE, NULL));
	SHOW(recvmmsg(fd[1], m, 6, MSG_DONTWAIT, NULL));
	SHOW(sendmmsg(fd[0], o, 3, 0));
	await(fd[1], POLLIN);
	SHOW(recvmmsg(fd[1], m, 6, 0, &zero));
	SHOW(recvmmsg(fd[1], m, 6, 0, &bad));
	MUST(recvmmsg(fd[1], m, 6, MSG_DONTWAIT, NULL));
	o[1].msg_hdr.msg_name = &wrong.any;
	o[1].msg_hdr.msg_namelen = wrong.length;
	SHOW(sendmmsg(fd[0], o, 3, 0));
	SHOW(sendmmsg(fd[0], o + 1, 2, 0));
	await(fd[1], POLLIN);
	SHOW(recvmmsg(fd[1], m, 6, MSG_DONTWAIT, NULL));
}

int main(void)
{
	both_families(look);
	return 0;
}
