/* sendmmsg() and recvmmsg(): several at once, MSG_WAITFORONE.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct mmsghdr m[4];
	struct iovec v[4];
	char data[4][8] = { "one", "two", "three", "" };
	int fd[2];

	dgram_pair(AF_INET, fd);
	for (int k = 0; k < 4; k++) {
		v[k] = (struct iovec){ data[k], strlen(data[k]) };
		m[k] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &v[k],
			.msg_iovlen = 1 } };
	}
	SHOW(sendmmsg(fd[0], m, 4, 0));
	say("%u %u %u %u", m[0].msg_len, m[1].msg_len, m[2].msg_len, m[3].msg_len);
	for (int k = 0; k < 4; k++)
		v[k].iov_len = 4;
	settle();
	SHOW(recvmmsg(fd[1], m, 3, MSG_WAITFORONE, NULL));
	say("%u %u %u, flags %#x", m[0].msg_len, m[1].msg_len, m[2].msg_len,
		m[2].msg_hdr.msg_flags);
	SHOW(recvmmsg(fd[1], m, 3, MSG_WAITFORONE, NULL));
	SHOW(recvmmsg(settled(fd[1]), m, 3, MSG_DONTWAIT, NULL));
	return 0;
}
